"""Callouts beside the spine: what each says, where it points, and how it is drawn."""

from __future__ import annotations

from typing import Final

from spinecourse.pictures.geometry import MIDLINE, Point
from spinecourse.pictures.labels import LINE, SIZE, Label, Placed, wrapped
from spinecourse.pictures.lesions import Group
from spinecourse.pictures.marks import LevelMark
from spinecourse.pictures.svg import element, pair, text
from spinecourse.pictures.words import probability

COLUMN_EDGE: Final = 117.0
TOP: Final = 62.0
BOTTOM: Final = 838.0

_SHORT: Final = {"cord": "{} cord", "conus": "conus", "cauda_equina": "cauda equina", "root": "{} root"}
_SIDED: Final = {"both": " both sides", "left": " left", "right": " right"}


def group_label(group: Group, side: int, anchor: Point) -> Label:
    """The callout of one structure, or of neighbouring cord segments with what they add up to."""
    unsided = " side not known" if group.place == "root" else ""
    odds = probability(group.probability) + _SIDED.get(group.side or "", unsided)
    head, lines = wrapped(_SHORT[group.place].format(group.range), odds)
    return Label(anchor, side, head + lines, "lesion", 1 + group.probability, len(head))


def level_label(mark: LevelMark, side: int, anchor: Point) -> Label:
    """The callout of a level with everything of one kind seen or done there."""
    sided = f" {mark.side}" if mark.side in {"left", "right"} else ""
    head, lines = wrapped(mark.level + sided, ", ".join(mark.words))
    return Label(anchor, side, head + lines, mark.kind, 0.5 if mark.kind == "imaging" else 0.4, len(head))


_TONES: Final = {"lesion": ("sc-lesion", "#a8201a"), "imaging": ("sc-image", "#1c5a94")}


def _edge(side: int) -> float:
    return MIDLINE + side * (MIDLINE - COLUMN_EDGE)


def leader(placed: Placed) -> str:
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


def callout(placed: Placed) -> str:
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
