"""The drawn spine: anatomy, likely lesion sites, imaged and treated levels, with callouts and a legend."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from spinecourse.course.model import Fact
from spinecourse.pictures import levels, shading
from spinecourse.pictures.bones import anatomy
from spinecourse.pictures.description import describe_marks, listed
from spinecourse.pictures.geometry import MIDLINE, WIDTH, Point, roots, vertebrae
from spinecourse.pictures.labels import LINE, SIZE, Label, Placed, choose_side, place, wrapped
from spinecourse.pictures.lesions import Group, LikelySite
from spinecourse.pictures.marks import LevelMark, Marks, collect
from spinecourse.pictures.style import STYLE, hatchings
from spinecourse.pictures.svg import at, element, number, pair, text
from spinecourse.pictures.words import probability

_COLUMN_EDGE: Final = 117.0
_TOP: Final = 62.0
_BOTTOM: Final = 838.0
_FOOT: Final = 862.0


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
    foot, height = _foot(marks, len(unlabelled))
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
        _level_names(marks),
        *symbols,
        *(_callout(placed) for column, _ in columns for placed in column),
        _sides(),
        foot,
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


_SIDED: Final = {"both": " both sides", None: "", "left": " left", "right": " right"}


def _group_label(group: Group, side: int) -> Label:
    """The callout of one structure, or of neighbouring cord segments with what they add up to."""
    head, lines = wrapped(
        _SHORT[group.place].format(group.range), f"{probability(group.probability)}{_SIDED[group.side]}"
    )
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


def _level_names(marks: Marks) -> str:
    """Vertebrae named on their right transverse process, roots at their left end unless a callout names them."""
    named = {group.range for group in marks.groups if group.place == "root" and group.side != "right"}
    bones = [
        _name(bone.name, at(max(bone.width / 2 + 4, 27), bone.centre + 2.6, -1), "end", 650)
        for bone in vertebrae().values() if bone.region != "sacral"
    ] + [_name(bone.name, at(bone.canal_width / 2 + 17, bone.centre + 4, -1), "end", 650)
         for bone in vertebrae().values() if bone.region == "sacral"]  # fmt: skip
    ends = [
        _name(root.name, at(root.end[0] + 3, root.end[1] + 3.5, 1), "start", 400)
        for root in roots().values()
        if root.name not in named
    ]
    return "".join(bones + ends)


def _name(name: str, where: tuple[float, float], align: str, weight: int) -> str:
    tone = "sc-ink" if weight > 400 else "sc-soft"
    return element(
        "text", text(name), x=where[0], y=where[1], text_anchor=align, font_weight=weight, font_size=10.5,
        class_=f"{tone} sc-halo", fill="#1d2326" if weight > 400 else "#596267", stroke="#ffffff", stroke_width=2.4,
        paint_order="stroke", stroke_linejoin="round",
    )  # fmt: skip


def _sides() -> str:
    """Which side is which: large letters, and the words once."""
    shown = []
    for side, letter, words, align in ((-1, "R", "patient’s right", "start"), (1, "L", "patient’s left", "end")):
        edge = MIDLINE + side * (MIDLINE - 8)
        shown.append(
            element("text", letter, x=edge, y=30, font_size=26, font_weight=700, text_anchor=align, class_="sc-ink")
        )
        shown.append(element("text", words, x=edge, y=46, font_size=11, text_anchor=align, class_="sc-soft"))
    shown.append(
        element("text", "seen from the front", x=MIDLINE, y=16, font_size=11, text_anchor="middle", class_="sc-soft")
    )
    shown.append(
        element(
            "text",
            "vertebra",
            x=MIDLINE - 30,
            y=34,
            font_size=10.5,
            font_weight=650,
            text_anchor="end",
            class_="sc-ink",
        )
    )
    shown.append(element("text", "root", x=MIDLINE + 48, y=34, font_size=10.5, text_anchor="start", class_="sc-soft"))
    return "".join(shown)


def _foot(marks: Marks, unlabelled: int) -> tuple[str, float]:
    """What has no place on the spine, then the legend; and the height the whole drawing needs."""
    y = _FOOT
    shown: list[str] = []
    for heading, rows in listed(marks, unlabelled):
        shown.append(_line(heading, 8, y, 650))
        y += 18
        for row in rows:
            for index, line in enumerate(_folded(row)):
                shown.append(_line(line, 22 if index == 0 else 30, y, 400))
                if index == 0:
                    shown.append(element("circle", cx=13, cy=y - 4, r=2.6, class_="sc-mend", fill="#3d4a52"))
                y += 17
        y += 6
    legend, y = _legend(marks, y + 14)
    return "".join(shown) + legend, y + 2


def _folded(row: str) -> list[str]:
    return textwrap.wrap(row, 54)


def _line(words: str, x: float, y: float, weight: int) -> str:
    return element("text", text(words), x=x, y=y, font_weight=weight, font_size=SIZE, class_="sc-ink", fill="#1d2326")


def _legend(marks: Marks, y: float) -> tuple[str, float]:
    """The meaning of the symbols in use."""
    entries: list[tuple[str, str]] = []
    if marks.groups:
        swatches = "".join(
            element("rect", x=8 + 22 * index, y=y - 10, width=18, height=12, fill=f"url(#{name})", stroke="#a8201a",
                    class_="sc-lesion-line", stroke_width=0.9)
            for index, name in enumerate(("sc-light", "sc-medium", "sc-dense"))
        )  # fmt: skip
        entries.append((swatches, "likely site: the denser, the likelier"))
    words = {"imaging": "seen on imaging", "operation": "operated", "injection": "injected"}
    used = [kind for kind in ("imaging", "operation", "injection") if any(mark.kind == kind for mark in marks.levels)]
    shown = []
    if entries or used:
        shown.append(
            element("path", d=f"M8 {number(y - 24)}H412", class_="sc-rule", stroke="#596267", stroke_width=0.5)
        )
    for swatch, meaning in entries:
        shown += [swatch, _line(meaning, 80, y, 400)]
        y += 21
    x = 8.0
    for kind in used:
        shown += [levels.symbol(kind, (x + 7, y - 4.5)), _line(words[kind], x + 20, y, 400)]  # type: ignore[arg-type]
        x += 32 + 7.4 * len(words[kind])
    return "".join(shown), y + (17 if used else 0)
