"""The drawn spine: anatomy, likely lesion sites, imaged and treated levels, with callouts and a legend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from spinecourse.course.model import Fact
from spinecourse.pictures import levels, shading
from spinecourse.pictures.bones import anatomy
from spinecourse.pictures.captions import foot, level_names, sides
from spinecourse.pictures.description import describe_marks
from spinecourse.pictures.geometry import MIDLINE, WIDTH, Point
from spinecourse.pictures.labels import LINE, SIZE, Label, Placed, choose_side, place, wrapped
from spinecourse.pictures.lesions import Group, LikelySite
from spinecourse.pictures.marks import LevelMark, Marks, collect
from spinecourse.pictures.style import STYLE, hatchings
from spinecourse.pictures.svg import element, pair, text
from spinecourse.pictures.words import probability

_COLUMN_EDGE: Final = 117.0
_TOP: Final = 62.0
_BOTTOM: Final = 838.0


def draw_spine(
    sites: Iterable[LikelySite], imaging: Iterable[Fact] = (), treatments: Iterable[Fact] = (), *, title: str
) -> str:
    """The spine seen from the front as an SVG document, with the patient's right on the viewer's left.

    ``sites`` are likely lesion sites with side and probability; ``imaging`` and ``treatments`` the facts of these
    kinds. A site without a side is drawn on both and says so. Whatever has no place on the spine is listed below it.
    """
    marks = collect(sites, imaging, treatments)
    labels, symbols = _labels(marks)
    columns = [place([label for label in labels if label.side == side], _TOP, _BOTTOM) for side in (-1, 1)]
    unlabelled = [label for _, left_out in columns for label in left_out]
    below, height = foot(marks, len(unlabelled))
    body = [
        element("title", text(title), id="sc-title"),
        element("desc", text(" ".join(describe_marks(marks))), id="sc-desc"),
        element("style", STYLE),
        hatchings(),
        anatomy(),
        *(shading.draw(lesion) for group in reversed(marks.groups) for lesion in group.lesions),
        *(levels.frame(mark) for mark in marks.levels),
        *(_leader(placed) for column, _ in columns for placed in column),
        *(shading.bracket(group) for group in marks.groups),
        level_names(marks),
        *symbols,
        *(_callout(placed) for column, _ in columns for placed in column),
        sides(),
        below,
    ]
    return element(
        "svg", *body, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH:g} {height:g}", class_="sc-spine",
        role="img", aria_labelledby="sc-title sc-desc", font_family="system-ui, 'Segoe UI', Roboto, sans-serif",
        font_size=12,
    )  # fmt: skip


def describe_spine(
    sites: Iterable[LikelySite], imaging: Iterable[Fact] = (), treatments: Iterable[Fact] = ()
) -> list[str]:
    """Everything the drawing shows, as sentences: the text alternative."""
    return describe_marks(collect(sites, imaging, treatments))


def _labels(marks: Marks) -> tuple[list[Label], list[str]]:
    """The callouts of all marks, and the symbols of the marked levels."""
    columns: dict[int, list[Label]] = {-1: [], 1: []}
    for group in sorted(marks.groups, key=lambda item: item.side is None or item.side == "both"):
        side = choose_side(_preferred(group.side), columns[-1], columns[1])
        columns[side].append(_group_label(group, side))
    symbols, marked = _placed_symbols(marks.levels, columns)
    for side, label in marked:
        columns[side].append(label)
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
        side = _preferred(mark.side) or _emptier(mark.level, taken, columns, labels)
        for drawn in (-1, 1) if mark.side == "both" else (side,):
            where = levels.symbol_place(mark.level, drawn, taken[mark.level, drawn])
            taken[mark.level, drawn] += 1
            symbols.append(levels.symbol(mark.kind, where))
            if drawn == side:
                labels.append((side, _level_label(mark, side, where, taken[mark.level, drawn])))
    return symbols, labels


def _emptier(
    level: str,
    taken: dict[tuple[str, int], int],
    columns: dict[int, list[Label]],
    labels: Sequence[tuple[int, Label]],
) -> int:
    if taken[level, -1] != taken[level, 1]:
        return -1 if taken[level, -1] < taken[level, 1] else 1
    both = {side: columns[side] + [label for at_side, label in labels if at_side == side] for side in (-1, 1)}
    return choose_side(None, both[-1], both[1])


def _preferred(side: str | None) -> int | None:
    return {"right": -1, "left": 1}.get(side or "")


_SHORT: Final = {"cord": "{} cord", "conus": "conus", "cauda_equina": "cauda equina", "root": "{} root"}
_SIDED: Final = {"both": " both sides", "left": " left", "right": " right"}


def _group_label(group: Group, side: int) -> Label:
    """The callout of one structure, or of neighbouring cord segments with what they add up to."""
    unsided = " side not known" if group.place == "root" else ""
    odds = probability(group.probability) + _SIDED.get(group.side or "", unsided)
    head, lines = wrapped(_SHORT[group.place].format(group.range), odds)
    return Label(shading.anchor(group, side), side, head + lines, "lesion", 1 + group.probability, len(head))


def _level_label(mark: LevelMark, side: int, where: Point, slot: int) -> Label:
    """The callout of a level; its leader leaves the first symbol sideways, further ones from below."""
    sided = f" {mark.side}" if mark.side in {"left", "right"} else ""
    head, lines = wrapped(mark.level + sided, ", ".join(mark.words))
    anchor = (where[0] + side * 6, where[1]) if slot == 1 else (where[0], where[1] + 6)
    return Label(anchor, side, head + lines, mark.kind, 0.5 if mark.kind == "imaging" else 0.4, len(head))


_TONES: Final = {"lesion": ("sc-lesion", "#a8201a"), "imaging": ("sc-image", "#1c5a94")}


def _edge(side: int) -> float:
    return MIDLINE + side * (MIDLINE - _COLUMN_EDGE)


def _leader(placed: Placed) -> str:
    """The line from a callout to what it names."""
    label = placed.label
    (name, colour), edge = _TONES.get(label.kind, ("sc-mend", "#3d4a52")), _edge(label.side)
    bend = (edge + label.anchor[0]) / 2
    curve = f"C{pair((bend, placed.top))} {pair((bend, label.anchor[1]))} {pair(label.anchor)}"
    path = f"M{pair((edge - label.side * 3, placed.top))}{curve}"
    return (
        element("path", d=path, class_="sc-halo", fill="none", stroke="#ffffff", stroke_width=3)
        + element("path", d=path, class_=f"{name}-line", fill="none", stroke=colour, stroke_width=1)
        + element("circle", cx=label.anchor[0], cy=label.anchor[1], r=1.8, class_=name, fill=colour)
    )


def _callout(placed: Placed) -> str:
    """A label's lines in its column, the first one strong."""
    label, edge = placed.label, _edge(placed.label.side)
    lines = [
        element(
            "tspan",
            text(line),
            x=edge,
            y=placed.top + 4.5 + index * LINE,
            font_weight=650 if index < label.heads else 400,
        )
        for index, line in enumerate(label.lines)
    ]
    align = "end" if label.side < 0 else "start"
    return element("text", *lines, class_="sc-ink", fill="#1d2326", text_anchor=align, font_size=SIZE)
