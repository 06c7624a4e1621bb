"""The drawn spine: anatomy, likely lesion sites, imaged and treated levels, with callouts and a legend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from spinecourse.course.model import Fact
from spinecourse.pictures import levels, shading, side
from spinecourse.pictures.bones import anatomy
from spinecourse.pictures.callouts import BOTTOM, TOP, callout, group_label, leader, level_label
from spinecourse.pictures.captions import foot, level_names, sides
from spinecourse.pictures.description import describe_marks
from spinecourse.pictures.geometry import WIDTH
from spinecourse.pictures.labels import Label, choose_side, place
from spinecourse.pictures.lesions import LikelySite
from spinecourse.pictures.marks import LevelMark, Marks, collect
from spinecourse.pictures.page import document
from spinecourse.pictures.style import hatchings

View = Literal["front", "side"]


def draw_spine(
    sites: Iterable[LikelySite],
    imaging: Iterable[Fact] = (),
    treatments: Iterable[Fact] = (),
    *,
    title: str,
    view: View = "front",
) -> str:
    """The spine as an SVG document, from the front with the patient's right on the viewer's left, or from the side
    with the front of the body at the viewer's left.

    ``sites`` are likely lesion sites with side and probability; ``imaging`` and ``treatments`` the facts of these
    kinds. A site without a side is drawn on both and says so. Whatever has no place on the spine is listed below it.
    """
    seen, done = list(imaging), list(treatments)
    marks = collect(sites, seen, done)
    if view == "side":
        return side.draw(marks, seen, done, title)
    labels, symbols = _labels(marks)
    columns = [place([label for label in labels if label.side == column], TOP, BOTTOM) for column in (-1, 1)]
    unlabelled = [label for _, left_out in columns for label in left_out]
    below, height = foot(marks, len(unlabelled))
    body = [
        hatchings(),
        anatomy(),
        *(shading.draw(lesion) for group in reversed(marks.groups) for lesion in group.lesions),
        *(levels.frame(mark) for mark in marks.levels),
        *(leader(placed) for column, _ in columns for placed in column),
        *(shading.bracket(group) for group in marks.groups),
        level_names(marks),
        *symbols,
        *(callout(placed) for column, _ in columns for placed in column),
        sides(),
        below,
    ]
    return document("spine", title, describe_marks(marks), body, WIDTH, height)


def describe_spine(
    sites: Iterable[LikelySite],
    imaging: Iterable[Fact] = (),
    treatments: Iterable[Fact] = (),
    *,
    view: View = "front",
) -> list[str]:
    """Everything the drawing shows, as sentences: the text alternative."""
    return describe_marks(collect(sites, imaging, treatments), view)


def _labels(marks: Marks) -> tuple[list[Label], list[str]]:
    """The callouts of all marks, and the symbols of the marked levels."""
    columns: dict[int, list[Label]] = {-1: [], 1: []}
    for group in sorted(marks.groups, key=lambda item: item.side is None or item.side == "both"):
        column = choose_side(_preferred(group.side), columns[-1], columns[1])
        columns[column].append(group_label(group, column, shading.anchor(group, column)))
    symbols, marked = _placed_symbols(marks.levels, columns)
    for column, label in marked:
        columns[column].append(label)
    return columns[-1] + columns[1], symbols


def _placed_symbols(
    marks: Sequence[LevelMark], columns: dict[int, list[Label]]
) -> tuple[list[str], list[tuple[int, Label]]]:
    """Symbols at their levels, side by side where one level has several, and the callout of each mark.

    A mark without a side takes the less crowded edge of its level, then the emptier column.
    """
    taken: dict[tuple[str, int], int] = defaultdict(int)
    symbols: list[str] = []
    labels: list[tuple[int, Label]] = []
    for mark in sorted(marks, key=lambda item: item.side is None):
        column = _preferred(mark.side) or _emptier(mark.level, taken, columns, labels)
        for drawn in (-1, 1) if mark.side == "both" else (column,):
            where = levels.symbol_place(mark.level, drawn, taken[mark.level, drawn])
            taken[mark.level, drawn] += 1
            symbols.append(levels.symbol(mark.kind, where))
            if drawn == column:
                first = taken[mark.level, drawn] == 1
                anchor = (where[0] + column * 6, where[1]) if first else (where[0], where[1] + 6)
                labels.append((column, level_label(mark, column, anchor)))
    return symbols, labels


def _emptier(
    level: str,
    taken: dict[tuple[str, int], int],
    columns: dict[int, list[Label]],
    labels: Sequence[tuple[int, Label]],
) -> int:
    if taken[level, -1] != taken[level, 1]:
        return -1 if taken[level, -1] < taken[level, 1] else 1
    both = {column: columns[column] + [label for where, label in labels if where == column] for column in (-1, 1)}
    return choose_side(None, both[-1], both[1])


def _preferred(name: str | None) -> int | None:
    return {"right": -1, "left": 1}.get(name or "")
