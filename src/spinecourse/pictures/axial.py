"""One motion segment cut across at its disc, seen from below: front at the top, the patient's right at the left.

Outlines come from ``pictures/axial_geometry``, half of each; the other half is its mirror image. Disc tissue that has
come out pushes sac and root aside as far as it reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.knowledge.tables import by_column, load
from spinecourse.pictures.geometry import Point
from spinecourse.pictures.shapes import Shape
from spinecourse.pictures.svg import Style, element, pair, smooth

SIDES: Final = {"right": -1, "left": 1}
_CLEARANCE: Final = 5.0
_WIDTHS: Final = {"protrusion": 20.0, "fragment": 15.0, "bulge": 46.0}


@dataclass(frozen=True, slots=True)
class Push:
    """Tissue that came out of the disc: where from, in which direction, how far, how wide, at which side."""

    base: Point
    direction: Point
    reach: float
    width: float
    side: int
    dashed: bool

    def outline(self) -> list[Point]:
        """The bulge as a closed curve, its foot within the disc."""
        (x, y), (dx, dy) = self.base, self.direction
        foot = -5 / self.reach
        shape = ((-0.8, foot), (-0.84, 0.2), (-0.68, 0.72), (0, 1), (0.68, 0.72), (0.84, 0.2), (0.8, foot))
        points = [
            (x + dx * self.reach * far + dy * self.width * wide, y + dy * self.reach * far - dx * self.width * wide)
            for wide, far in shape
        ]
        return [(px * self.side, py) for px, py in points]

    def moved(self, point: Point, least: float = 0.0) -> Point:
        """Where a point comes to lie that the tissue pushes aside, ``least`` away from its edge."""
        (bx, by), (dx, dy) = self.base, self.direction
        x, y = point[0] * self.side - bx, point[1] - by
        far, wide = x * dx + y * dy, abs(x * dy - y * dx)
        edge = self.reach * max(1 - (wide / (self.width * 1.25)) ** 2, 0.0)
        if wide > self.width * 1.25 + least or far > edge + least or edge <= 0:
            return point
        more = edge + least - far
        return point[0] + dx * more * self.side, point[1] + dy * more


@cache
def half(region: str, part: str) -> tuple[Point, ...]:
    """The points of one part of a segment at one side; empty where the region has no such part."""
    rows = [row for row in load("pictures/axial_geometry") if (row["region"], row["part"]) == (region, part)]
    return tuple((float(x), float(y)) for x, y in (item.split() for row in rows for item in row.items_of("points")))


def region_of(level: str) -> str:
    """The region of a motion segment."""
    return by_column([row for row in load("anatomy/levels") if row["kind"] == "motion_segment"], "name")[level][
        "region"
    ]


def pushes(found: Iterable[Shape], region: str) -> list[Push]:
    """What comes out of the disc. Without a side it is drawn dashed at both; without a zone beside the middle, where
    most are; a bulge goes all round."""
    out: list[Push] = []
    for shape in found:
        if shape.kind not in _WIDTHS:
            continue
        zone = "central" if shape.kind == "bulge" else shape.zone or "paracentral"
        base, direction = half(region, f"zone_{zone}")
        depth = half(region, "canal")[-1][1] - half(region, "canal")[0][1]
        sides = [1] if zone == "central" else _sides(shape.side)
        dashed = zone != "central" and shape.side is None
        out += [Push(base, direction, depth * shape.amount, _WIDTHS[shape.kind], side, dashed) for side in sides]
    return out


def _sides(side: str | None) -> list[int]:
    return [SIDES[side]] if side in SIDES else [-1, 1]


def closed(points: Sequence[Point]) -> str:
    """Path data of a whole outline from its half, both ends on the midline."""
    left = [(-x, y) for x, y in reversed(points)]
    return smooth([*points, *left[1:]]) + "Z"


def one_sided(points: Sequence[Point], side: int) -> str:
    """Path data of an outline that stands on one side only."""
    turned = [(x * side, y) for x, y in points]
    return smooth([*turned, turned[0]]) + "Z"


def sac_outline(region: str, out: Sequence[Push], narrowing: float) -> list[Point]:
    """The dural sac, or the cord's outline within it, narrowed from behind and pushed aside by disc tissue."""
    return _pressed(half(region, "sac"), out, narrowing)


def _pressed(points: Sequence[Point], out: Sequence[Push], narrowing: float) -> list[Point]:
    top = points[0][1]
    fine = _finer([*points, *((-x, y) for x, y in reversed(points[1:-1]))])
    squeezed = [(x * (1 - 0.45 * narrowing), top + (y - top) * (1 - 0.6 * narrowing)) for x, y in fine]
    for push in out:
        squeezed = [push.moved(point) for point in squeezed]
    return squeezed


def _finer(points: Sequence[Point]) -> list[Point]:
    """A closed curve with four times as many points (Catmull-Rom)."""
    fine = []
    for index, here in enumerate(points):
        before, there, after = points[index - 1], points[(index + 1) % len(points)], points[(index + 2) % len(points)]
        fine += [_between(before, here, there, after, step / 4) for step in range(4)]
    return fine


def _between(before: Point, here: Point, there: Point, after: Point, share: float) -> Point:
    square, cube = share * share, share**3
    weights = (-cube + 2 * square - share, 3 * cube - 5 * square + 2, -3 * cube + 4 * square + share, cube - square)
    four = (before, here, there, after)
    return (
        sum(weight * x for weight, (x, _) in zip(weights, four, strict=True)) / 2,
        sum(weight * y for weight, (_, y) in zip(weights, four, strict=True)) / 2,
    )


def cord_outline(region: str, out: Sequence[Push], narrowing: float) -> list[Point]:
    """The cord in neck and chest; empty below, where the sac holds roots."""
    points = half(region, "cord")
    return _pressed(points, out, narrowing * 0.7) if points else []


def threads(region: str, out: Sequence[Push], narrowing: float) -> list[Point]:
    """The roots of the cauda equina in the sac, pressed together with it."""
    if half(region, "cord"):
        return []
    points = [(x * side, y) for side in (-1, 1) for x, y in ((5, 92), (12, 86), (18, 78), (20, 68), (9, 80), (6, 70))]
    top = half(region, "sac")[0][1]
    found = [(x * (1 - 0.45 * narrowing), top + (y - top) * (1 - 0.6 * narrowing)) for x, y in points]
    for push in out:
        found = [push.moved(point, 3) for point in found]
    return found


def crossing(region: str, side: int, out: Sequence[Push]) -> Point | None:
    """Where the root that crosses lies; None where the region has no root that only crosses."""
    points = half(region, "crossing")
    if not points:
        return None
    place = (points[0][0] * side, points[0][1])
    for push in out:
        if push.side == side or push.base[0] == 0:
            place = push.moved(place, _CLEARANCE)
    return place


def exiting(region: str, side: int, out: Sequence[Push]) -> list[Point]:
    """The course of the root that leaves, from near the canal outwards."""
    points = [(x * side, y) for x, y in half(region, "exiting")]
    for push in out:
        if push.side == side and push.base[0] > 0:
            points = [push.moved(point, _CLEARANCE) for point in points]
    return points


def bones(region: str, enlarged: dict[int, float]) -> str:
    """Arch, joints and ribs; ``enlarged`` says by how much the joints of a side have grown."""
    bone: Style = {"class_": "sc-bone", "fill": "#f3efe6", "stroke": "#8d8778", "stroke_width": 1.1}
    drawn = [element("path", d=closed(half(region, "arch")), **bone)]
    for side in (-1, 1):
        for part in ("rib", "upper_joint", "lower_joint"):
            if points := half(region, part):
                growth = enlarged.get(side, 0.0) * 0.35 if part != "rib" else 0.0
                drawn.append(element("path", d=one_sided(_grown(points, growth), side), **bone))
    return "".join(drawn)


def _grown(points: Sequence[Point], by: float) -> list[Point]:
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return [(x + (px - x) * (1 + by), y + (py - y) * (1 + by)) for px, py in points]


def disc(region: str) -> str:
    """The disc with its nucleus."""
    outer = element("path", d=closed(half(region, "disc")), class_="sc-disc sc-line", fill="#d3dee2", stroke="#8d8778",
                    stroke_width=1.1)  # fmt: skip
    return outer + element("path", d=closed(half(region, "nucleus")), class_="sc-canal", fill="#ffffff",
                           fill_opacity=0.45, stroke="none")  # fmt: skip


def polygon(points: Sequence[Point]) -> str:
    """Path data of a closed curve through points."""
    return smooth([*points, points[0]]) + "Z"


def flavum(region: str, narrowing: float) -> str:
    """The yellow ligament inside the arch, thicker where the canal is narrow."""
    points = list(half(region, "flavum"))
    middle = len(points) // 2
    inner = [(x * (1 - 0.3 * narrowing), y - 26 * narrowing) for x, y in points[:middle]]
    return closed([*inner, *points[middle:]])


def path_of(points: Sequence[Point]) -> str:
    """Path data of an open curve."""
    return smooth(points) if len(points) > 2 else "M" + "L".join(pair(point) for point in points)
