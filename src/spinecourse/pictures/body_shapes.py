"""The areas of the body as shapes of a drawing, each half once, with the place where a name fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import hypot

from spinecourse.knowledge.tables import load
from spinecourse.pictures.body_geometry import Area, Layer, Point, View, areas, borders, inside, silhouette
from spinecourse.pictures.svg import element, smooth

_GRID = 14
_LEADING_ZERO = re.compile(r"(?<!\d)0\.")


def area_path(outlines: Sequence[Sequence[Point]]) -> str:
    """Path data of polygons, point by point from the last one, which is the shortest way to write it."""
    pieces = []
    for outline in outlines:
        x, y = _tenth(outline[0])
        pieces.append(f"M{x / 10:g} {y / 10:g}l")
        steps = []
        for point in outline[1:]:
            to_x, to_y = _tenth(point)
            if (to_x, to_y) != (x, y):
                steps.append(f"{(to_x - x) / 10:g} {(to_y - y) / 10:g}")
                x, y = to_x, to_y
        pieces.append(" ".join(steps) + "z")
    return _LEADING_ZERO.sub(".", "".join(pieces)).replace(" -", "-")


def _tenth(point: Point) -> tuple[int, int]:
    return round(point[0] * 10), round(point[1] * 10)


@cache
def outlines(layer: Layer, view: View) -> dict[str, tuple[Area, ...]]:
    """The polygons of every area of one half body, by name, in the order of the table."""
    found: dict[str, list[Area]] = {}
    for area in areas(layer, view):
        found.setdefault(area.name, []).append(area)
    return {name: tuple(polygons) for name, polygons in found.items()}


def definitions(layer: Layer, view: View, prefix: str) -> str:
    """Every area as a shape to be used on either side, named ``PREFIX-layer-view-area``."""
    return "".join(definition(layer, view, name, prefix) for name in outlines(layer, view))


@cache
def definition(layer: Layer, view: View, name: str, prefix: str) -> str:
    """One area as a shape."""
    shape = area_path([_thinned(area.outline) for area in outlines(layer, view)[name]])
    return element("path", id=f"{prefix}-{layer}-{view}-{name}", d=shape)


@cache
def line_definitions(layer: Layer, view: View, prefix: str) -> str:
    """The lines of one half of a view as shapes: borders, fine lines, outline."""
    return (
        element("path", id=f"{prefix}-{view}-borders", d=lines(layer, view))
        + element("path", id=f"{prefix}-{view}-details", d=details(view))
        + element("path", id=f"{prefix}-{view}-outline", d=body_line(view))
    )


@cache
def lines(layer: Layer, view: View) -> str:
    """Path data of the borders between the areas of a layer."""
    return area_path([_thinned(chain) for chain in borders(layer, view)]).replace("z", "")


@cache
def body_line(view: View) -> str:
    """Path data of the outline of half a body."""
    return "".join(smooth(_thinned(chain)) for chain in silhouette(view) if len(chain) > 2)


@cache
def details(view: View) -> str:
    """Path data of the fine lines that make front and back recognisable."""
    chains = [
        [(float(x), float(y)) for x, y in (part.split() for part in row.items_of("points"))]
        for row in load("pictures/body_details")
        if row["view"] == view
    ]
    return "".join(smooth(chain) for chain in chains)


def _thinned(chain: Sequence[Point]) -> list[Point]:
    """A chain without the points that lie on the straight line between their neighbours."""
    kept = [chain[0]]
    for point, after in pairwise(chain[1:]):
        before = kept[-1]
        across = (point[0] - before[0]) * (after[1] - before[1]) - (point[1] - before[1]) * (after[0] - before[0])
        if abs(across) > 0.12 * hypot(after[0] - before[0], after[1] - before[1]):
            kept.append(point)
    return [*kept, chain[-1]]


@cache
def label_place(layer: Layer, view: View, name: str) -> tuple[Point, float]:
    """The point of an area farthest from its edges, and how far that is: where its name fits best."""
    return max((_deepest(area.outline) for area in outlines(layer, view)[name]), key=lambda found: found[1])


def _deepest(outline: Sequence[Point]) -> tuple[Point, float]:
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    best = ((sum(xs) / len(xs), sum(ys) / len(ys)), 0.0)
    for row in range(1, _GRID):
        for column in range(1, _GRID):
            point = (
                min(xs) + (max(xs) - min(xs)) * column / _GRID, min(ys) + (max(ys) - min(ys)) * row / _GRID,
            )  # fmt: skip
            if inside(point, outline) and (depth := _depth(point, outline)) > best[1]:
                best = (point, depth)
    return best


def _depth(point: Point, outline: Sequence[Point]) -> float:
    """Distance to the nearest edge; an edge on the midline counts for nothing, as the other half goes on there."""
    x, y = point
    nearest = float("inf")
    for (x0, y0), (x1, y1) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if x0 < 0.01 and x1 < 0.01:
            continue
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        share = min(max(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0.0), 1.0) if length else 0.0
        nearest = min(nearest, hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0)))
    return nearest
