"""Drawing the imaged, operated and injected levels: a frame around the level and a symbol at its edge."""

from __future__ import annotations

from typing import Final

from spinecourse.pictures import geometry
from spinecourse.pictures.bones import body_path, disc_path, sacrum_profile
from spinecourse.pictures.geometry import Point
from spinecourse.pictures.marks import LevelMark, MarkKind
from spinecourse.pictures.svg import at, element, number, outline, pair

_COLOURS: Final = {
    "imaging": ("sc-image", "#1c5a94"),
    "operation": ("sc-mend", "#3d4a52"),
    "injection": ("sc-mend", "#3d4a52"),
}
_STEP: Final = 12.0


def symbol(kind: MarkKind, centre: Point, size: float = 5.0) -> str:
    """A diamond for imaging, a square with a cross for an operation, a triangle for an injection."""
    (x, y), (name, colour) = centre, _COLOURS[kind]
    shape = {
        "imaging": [(x, y - size * 1.2), (x + size, y), (x, y + size * 1.2), (x - size, y)],
        "injection": [(x, y + size), (x - size, y - size), (x + size, y - size)],
        "operation": [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)],
    }[kind]
    path = "M" + "L".join(pair(corner) for corner in shape) + "Z"
    drawn = element(
        "path", d=path, class_=f"{name} sc-halo", fill=colour, stroke="#ffffff", stroke_width=1.4, paint_order="stroke",
    )  # fmt: skip
    if kind != "operation":
        return drawn
    arm = size * 0.6
    cross = f"M{pair((x - arm, y))}h{number(2 * arm)}M{pair((x, y - arm))}v{number(2 * arm)}"
    return drawn + element("path", d=cross, class_="sc-halo", stroke="#ffffff", stroke_width=1.5, fill="none")


def frame(mark: LevelMark) -> str:
    """The level's own outline, drawn strong: a full line for imaging, a dashed one for treatment."""
    name, colour = _COLOURS[mark.kind]
    return element(
        "path", d=_level_path(mark.level), class_=f"{name}-line", stroke=colour, fill="none", stroke_width=1.8,
        stroke_linejoin="round", stroke_dasharray="none" if mark.kind == "imaging" else "4 2.5",
    )  # fmt: skip


def _level_path(level: str) -> str:
    if level in geometry.discs():
        return disc_path(level)
    bone = geometry.vertebrae()[level]
    if bone.region != "sacral":
        return body_path(bone)
    return outline([(width, y) for width, y in sacrum_profile() if bone.top <= y <= bone.bottom + 4])


def symbol_place(level: str, side: int, slot: int) -> Point:
    """Where a symbol stands: at a disc's edge, or beyond a vertebra's name; further out for every one already there."""
    height = geometry.level_height(level) or 0.0
    start = 3.0 if level in geometry.discs() else 24.0
    return at(geometry.level_half_width(level) + start + slot * _STEP, height, side)
