"""The body as patches with their own coordinates, and areas of skin as exact polygons on them.

A patch is a strip of one half of the body, such as the forearm. ``u`` runs across it from the outer edge (0) to the
inner one (1), ``v`` along it from the top (0) to the bottom (1). ``pictures/body_patches`` says where the two edges
run, ``pictures/body_areas`` which polygons of (u, v) make up each area. Three layers tile every patch, each on its
own: dermatomes, areas of cutaneous nerves, and the regions on which a patient draws. Lengths are units of half a body
that is 525 high; x counts from the midline outwards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil, dist
from typing import Final, Literal

from numpy import interp

from spinecourse.errors import KnowledgeError
from spinecourse.knowledge.tables import Row, load

Point = tuple[float, float]
View = Literal["front", "back"]
Layer = Literal["dermatome", "skin", "region"]

VIEWS: Final[tuple[View, ...]] = ("front", "back")
_STEP: Final = 4.0
"""Curved edges are drawn with a point about every so many units."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge of a patch: points along it by v, smooth except at corners."""

    at: tuple[float, ...]
    points: tuple[Point, ...]
    corners: tuple[bool, ...]

    def point(self, v: float) -> Point:
        """The point at v, by cubic pieces that meet smoothly unless the table makes a corner."""
        index = min(max(bisect_right(self.at, v) - 1, 0), len(self.at) - 2)
        width = self.at[index + 1] - self.at[index]
        share = (v - self.at[index]) / width
        start, end = self.points[index], self.points[index + 1]
        first, last = self._slope(index, forward=True), self._slope(index + 1, forward=False)
        return _hermite(start, end, first, last, share, width)

    def _slope(self, index: int, *, forward: bool) -> Point:
        before, after = index - 1, index + 1
        if self.corners[index] or before < 0 or after >= len(self.at):
            before, after = (index, index + 1) if forward else (index - 1, index)
        span = self.at[after] - self.at[before]
        (x0, y0), (x1, y1) = self.points[before], self.points[after]
        return (x1 - x0) / span, (y1 - y0) / span


def _hermite(start: Point, end: Point, first: Point, last: Point, share: float, width: float) -> Point:
    square, cube = share * share, share * share * share
    a, b = 2 * cube - 3 * square + 1, (cube - 2 * square + share) * width
    c, d = 3 * square - 2 * cube, (cube - square) * width
    return (
        a * start[0] + b * first[0] + c * end[0] + d * last[0],
        a * start[1] + b * first[1] + c * end[1] + d * last[1],
    )


@dataclass(frozen=True, slots=True)
class Patch:
    """A strip of one half of the body between its outer and its inner edge."""

    outer: Edge
    inner: Edge
    bends: tuple[float, ...]

    def point(self, u: float, v: float) -> Point:
        """The place of (u, v) on the drawn half body; a bent patch runs level where it meets the midline."""
        (x0, y0), (x1, y1) = self.outer.point(v), self.inner.point(v)
        bend = self.bend(v)
        return x0 + (x1 - x0) * u, y0 + (y1 - y0) * (u + bend * u * (1 - u))

    def bend(self, v: float) -> float:
        """How much lines across the patch are bent at v: 0 straight, 1 level at the inner edge."""
        return float(interp(v, self.outer.at, self.bends))


@dataclass(frozen=True, slots=True)
class Area:
    """One polygon of an area: corners in (u, v), and the drawn outline of the half body's polygon."""

    layer: str
    view: View
    patch: str
    name: str
    corners: tuple[Point, ...]
    outline: tuple[Point, ...]


@cache
def patches(view: View) -> dict[str, Patch]:
    """All patches of a view by name."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in load("pictures/body_patches"):
        if row["view"] in {view, "both"}:
            rows[row["patch"]].append(row)
    return {
        name: Patch(_edge(found, "outer"), _edge(found, "inner"), tuple(row.needed_number("bend") for row in found))
        for name, found in rows.items()
    }


def _edge(rows: Sequence[Row], which: str) -> Edge:
    return Edge(
        tuple(row.needed_number("v") for row in rows),
        tuple((row.needed_number(f"{which}_x"), row.needed_number(f"{which}_y")) for row in rows),
        tuple(row["corner"] == "yes" for row in rows),
    )


@cache
def areas(layer: Layer, view: View) -> tuple[Area, ...]:
    """All polygons of one layer as seen from one side, those of the half body at the outer positive x."""
    return tuple(
        _area(row, view) for row in load("pictures/body_areas") if (row["layer"], row["view"]) == (layer, view)
    )


def _area(row: Row, view: View) -> Area:
    try:
        corners = tuple((float(u), float(v)) for u, v in (part.split() for part in row.items_of("corners")))
    except ValueError:
        message = f"corners should look like 0 0;1 0;1 1, is {row['corners']!r}"
        raise KnowledgeError([row.problem(message)]) from None
    patch = patches(view)[row["patch"]]
    return Area(row["layer"], view, row["patch"], row["area"], corners, tuple(_outline(patch, corners)))


def _outline(patch: Patch, corners: Sequence[Point]) -> Iterator[Point]:
    """The drawn outline: straight across the strip, along it in steps that follow the curve."""
    for (u0, v0), (u1, v1) in zip(corners, (*corners[1:], corners[0]), strict=True):
        start, end = patch.point(u0, v0), patch.point(u1, v1)
        straight = v0 == v1 and patch.bend(v0) == 0
        steps = 1 if straight else max(ceil(dist(start, end) / _STEP), 1)
        for index in range(steps):
            share = index / steps
            yield patch.point(u0 + (u1 - u0) * share, v0 + (v1 - v0) * share)


def inside(point: Point, outline: Sequence[Point]) -> bool:
    """Whether a point lies within a polygon."""
    x, y = point
    found = False
    for (x0, y0), (x1, y1) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            found = not found
    return found


@cache
def _boxes(layer: Layer, view: View) -> tuple[tuple[float, float, float, float, Area], ...]:
    return tuple(
        (min(x for x, _ in area.outline), max(x for x, _ in area.outline),
         min(y for _, y in area.outline), max(y for _, y in area.outline), area)
        for area in areas(layer, view)
    )  # fmt: skip


def area_at(layer: Layer, view: View, point: Point) -> Area | None:
    """The polygon in which a point of the half body lies; None outside the body."""
    x, y = point
    for left, right, top, bottom, area in _boxes(layer, view):
        if left <= x <= right and top <= y <= bottom and inside(point, area.outline):
            return area
    return None


@cache
def borders(layer: Layer, view: View) -> tuple[tuple[Point, ...], ...]:
    """The lines between different areas as chains of points; the seams within one area are left out."""
    return tuple(_chains(layer, view, outer=False))


@cache
def silhouette(view: View) -> tuple[tuple[Point, ...], ...]:
    """The outline of the half body as chains of points, without the midline."""
    return tuple(_chains("region", view, outer=True))


def _chains(layer: Layer, view: View, *, outer: bool) -> Iterator[tuple[Point, ...]]:
    seen: set[tuple[int, int]] = set()
    for area in areas(layer, view):
        chain: list[Point] = []
        for start, end in _pieces(area.outline):
            middle = (round((start[0] + end[0]) * 2), round((start[1] + end[1]) * 2))
            if middle not in seen and _is_border(layer, view, start, end, outer):
                seen.add(middle)
                chain = [*chain, end] if chain else [start, end]
            elif chain:
                yield tuple(chain)
                chain = []
        if chain:
            yield tuple(chain)


def _pieces(outline: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """The outline in pieces so short that each has one neighbour."""
    for (x0, y0), (x1, y1) in zip(outline, (*outline[1:], outline[0]), strict=True):
        count = max(ceil(dist((x0, y0), (x1, y1)) / (_STEP * 0.6)), 1)
        stops = [(x0 + (x1 - x0) * step / count, y0 + (y1 - y0) * step / count) for step in range(count + 1)]
        yield from pairwise(stops)


def _is_border(layer: Layer, view: View, start: Point, end: Point, outer: bool) -> bool:
    """Whether a piece of outline parts two areas, or (``outer``) the body from what is around it."""
    length = dist(start, end)
    if length == 0 or (start[0] <= 0.01 and end[0] <= 0.01):
        return False
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    dx, dy = -(end[1] - start[1]) / length * 0.3, (end[0] - start[0]) / length * 0.3
    one, other = area_at(layer, view, (x + dx, y + dy)), area_at(layer, view, (x - dx, y - dy))
    if one is None or other is None:
        return outer
    return not outer and one.name != other.name
