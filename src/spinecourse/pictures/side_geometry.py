"""Where everything lies in the spine seen from the patient's left side, the front at the viewer's left.

Heights are those of the front view (``geometry``), so that the two pictures can be read side by side. The curve comes
from ``pictures/side_geometry``: ``tilt`` is the slope in degrees of each vertebra's long axis, positive where it runs
forward on its way down; walking down along the tilts gives the lordosis of the neck, the kyphosis of the chest, the
lordosis of the loin and the sacrum. A slip moves a vertebra and all above it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians, sin, tan
from typing import Final

from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.pictures import geometry
from spinecourse.pictures.geometry import MIDLINE, Point

_BODIES_AT: Final = MIDLINE + 6
"""Where the middle of all bodies comes to lie; the processes behind need the room at the other side."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A place on the spine's curve: a point in the middle of the bodies, the slope, body depth and canal depth."""

    x: float
    y: float
    tilt: float
    depth: float
    canal: float

    def point(self, backward: float, down: float) -> Point:
        """A point from its distances behind the middle of the body and below it, along the tilted axes."""
        angle = radians(self.tilt)
        return (
            self.x + backward * cos(angle) - down * sin(angle),
            self.y + backward * sin(angle) + down * cos(angle),
        )

    @property
    def back(self) -> float:
        """How far behind the middle the body ends and the canal begins."""
        return self.depth / 2


@dataclass(frozen=True, slots=True)
class SideBone:
    """A vertebra from the side; ``height`` is that of the body along its own axis."""

    name: str
    region: str
    frame: Frame
    height: float
    process_length: float
    process_drop: float


@cache
def _shapes() -> dict[str, Row]:
    return by_column(load("pictures/side_geometry"), "vertebra")


def tilt_of(vertebra: str) -> float:
    """Slope of a vertebra's long axis in degrees, positive where it runs forward on its way down."""
    return _shapes()[vertebra].needed_number("tilt")


@cache
def _columns() -> dict[str, float]:
    """How far from the middle each vertebra's centre stands: the sum of the slopes above it."""
    bones = list(geometry.vertebrae().values())
    offsets = [0.0]
    for above, below in pairwise(bones):
        first, second = tilt_of(above.name), tilt_of(below.name)
        steps = (
            (above.height / 2, first),
            (below.top - above.bottom, (first + second) / 2),
            (below.height / 2, second),
        )
        offsets.append(offsets[-1] - sum(height * tan(radians(slope)) for height, slope in steps))
    middle = (max(offsets) + min(offsets)) / 2
    return {bone.name: _BODIES_AT + offset - middle for bone, offset in zip(bones, offsets, strict=True)}


def side_bones(slips: Mapping[str, float] | None = None) -> dict[str, SideBone]:
    """All vertebrae from the side; ``slips`` gives for a motion segment how far its upper vertebra has come forward,
    as a share of the depth of the body below."""
    forward = _forward(slips or {})
    return {bone.name: _side_bone(bone, forward.get(bone.name, 0.0)) for bone in geometry.vertebrae().values()}


def _forward(slips: Mapping[str, float]) -> dict[str, float]:
    """How far forward every vertebra stands because of the slips at and below it, half of all taken back so that the
    picture stays in the middle."""
    moved: dict[str, float] = {}
    total = 0.0
    for level, (above, below) in reversed(geometry.discs().items()):
        total += slips.get(level, 0.0) * _shapes()[below.name].needed_number("depth")
        moved[above.name] = total
    moved["C1"] = total
    return {name: share - total / 2 for name, share in moved.items()} | {
        bone.name: -total / 2 for bone in geometry.vertebrae().values() if bone.name not in moved
    }


def _side_bone(bone: geometry.Vertebra, forward: float) -> SideBone:
    row = _shapes()[bone.name]
    tilt = row.needed_number("tilt")
    frame = Frame(
        _columns()[bone.name] - forward, bone.centre, tilt, row.needed_number("depth"), row.needed_number("canal_depth")
    )
    height = bone.height / cos(radians(tilt))
    return SideBone(
        bone.name, bone.region, frame, height, row.needed_number("process_length"), row.needed_number("process_drop")
    )


class Curve:
    """The curve through all vertebrae, asked for a frame at any height."""

    def __init__(self, bones: Mapping[str, SideBone]) -> None:
        self._knots: list[Frame] = []
        for bone in bones.values():
            half = bone.height / 2 * 0.8
            for down in (-half, half):
                x, y = bone.frame.point(0, down)
                self._knots.append(Frame(x, y, bone.frame.tilt, bone.frame.depth, bone.frame.canal))
        self._heights = [knot.y for knot in self._knots]

    def at(self, height: float) -> Frame:
        """The frame at a height; beyond the ends the first or last one carried on along its slope."""
        index = min(max(bisect_right(self._heights, height), 1), len(self._knots) - 1)
        upper, lower = self._knots[index - 1], self._knots[index]
        share = (height - upper.y) / (lower.y - upper.y)
        held = min(max(share, 0.0), 1.0)
        return Frame(
            upper.x + (lower.x - upper.x) * share,
            height,
            upper.tilt + (lower.tilt - upper.tilt) * held,
            upper.depth + (lower.depth - upper.depth) * held,
            upper.canal + (lower.canal - upper.canal) * held,
        )

    def in_canal(self, height: float, share: float) -> Point:
        """A point of the canal at a height: share 0 at the bodies, 1 at the arches behind."""
        frame = self.at(height)
        return frame.point(frame.back + frame.canal * share, 0)
