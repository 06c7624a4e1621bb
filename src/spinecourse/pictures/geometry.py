"""Where everything of the drawn spine lies: vertebrae, discs, canal, cord segments, roots.

All lengths are units of the drawing (the picture is ``WIDTH`` wide; the spine stands on ``MIDLINE``). Half-widths
count from the midline, so that left and right are mirror images by construction. Proportions come from
``pictures/spine_geometry`` and ``pictures/root_geometry``, the place of each cord segment from ``anatomy/levels``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from spinecourse.knowledge.tables import Row, by_column, load

WIDTH: Final = 420.0
MIDLINE: Final = WIDTH / 2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Vertebra:
    """One vertebra: its body, its reach from tip to tip of the transverse processes, its part of the canal."""

    name: str
    region: str
    centre: float
    height: float
    width: float
    span: float
    canal_width: float
    cord_width: float

    @property
    def top(self) -> float:
        """Height of the upper end plate."""
        return self.centre - self.height / 2

    @property
    def bottom(self) -> float:
        """Height of the lower end plate."""
        return self.centre + self.height / 2


@dataclass(frozen=True, slots=True)
class Root:
    """One root: where it leaves the cord, where the canal, and where its drawing ends (half-widths, heights)."""

    name: str
    origin: Point
    foramen: Point
    end: Point
    lane: float


SIZES: Final = ("centre_y", "height", "width", "span", "canal_width", "cord_width")
"""The columns of a vertebra's sizes, in the order of its fields."""


@cache
def vertebrae() -> dict[str, Vertebra]:
    """All vertebrae from C1 to S5, from the top down."""
    return {
        row["vertebra"]: Vertebra(row["vertebra"], row["region"], *map(row.needed_number, SIZES))
        for row in load("pictures/spine_geometry")
    }


@cache
def discs() -> dict[str, tuple[Vertebra, Vertebra]]:
    """The motion segments with a disc (``L4/5``), each with the vertebra above and the one below."""
    found = {}
    ordered = list(vertebrae().values())
    for row in load("anatomy/levels"):
        if row["kind"] == "motion_segment":
            above = vertebrae()[row["name"].split("/")[0]]
            found[row["name"]] = (above, ordered[ordered.index(above) + 1])
    return found


def exiting_root(level: str) -> str | None:
    """The root that leaves at a motion segment; None elsewhere."""
    row = next(
        (row for row in load("anatomy/levels") if row["kind"] == "motion_segment" and row["name"] == level), None
    )
    return row["root_exiting"] if row else None


def level_height(level: str) -> float | None:
    """Height of a vertebra (``L4``) or of a disc (``L4/5``); None for a level that is not drawn."""
    if level in vertebrae():
        return vertebrae()[level].centre
    if level in discs():
        above, below = discs()[level]
        return (above.bottom + below.top) / 2
    return None


def level_half_width(level: str) -> float:
    """Half the width of the vertebral body or disc at this level."""
    if level in discs():
        above, below = discs()[level]
        return min(above.width, below.width) / 2 + 1
    vertebra = vertebrae()[level]
    return vertebra.width / 2


def _opposite(text: str) -> float:
    """Height of a place of the levels table: a vertebra, or the disc between two written ``T12-L1``."""
    first, _, last = text.partition("-")
    if not last:
        return vertebrae()[first].centre
    return (vertebrae()[first].bottom + vertebrae()[last].top) / 2


@cache
def cord_segments() -> dict[str, tuple[float, float]]:
    """Upper and lower height of each cord segment, C1 to Co.

    Segments that the levels table puts opposite the same place share it evenly, in their order.
    """
    rows = [row for row in load("anatomy/levels") if row["kind"] == "cord_segment"]
    centres = _spread([_opposite(row["vertebra_opposite"]) for row in rows])
    edges = [(upper + lower) / 2 for upper, lower in pairwise(centres)]
    edges = [2 * centres[0] - edges[0], *edges, 2 * centres[-1] - edges[-1]]
    return {row["name"]: (edges[index], edges[index + 1]) for index, row in enumerate(rows)}


def _spread(heights: list[float]) -> list[float]:
    """The same heights with runs of equal ones spaced evenly between their neighbours."""
    spread = list(heights)
    start = 0
    while start < len(heights):
        stop = start
        while stop + 1 < len(heights) and heights[stop + 1] == heights[start]:
            stop += 1
        if stop > start:
            above, below = heights[start - 1], heights[stop + 1]
            for index in range(start, stop + 1):
                spread[index] = above + (below - above) * (index - start + 1) / (stop - start + 2)
        start = stop + 1
    return spread


@cache
def canal_profile() -> tuple[Point, ...]:
    """Half-width of the canal by height, from above C1 to the sacral hiatus."""
    bones = list(vertebrae().values())
    points = [(bones[0].canal_width / 2 + 1, bones[0].top - 14)]
    points += [(bone.canal_width / 2, bone.centre) for bone in bones]
    return (*points, (1.0, bones[-1].bottom))


@cache
def cord_profile() -> tuple[Point, ...]:
    """Half-width of the cord by height, from above C1 to the tip of the conus."""
    bones = [bone for bone in vertebrae().values() if bone.cord_width]
    points = [(bones[0].cord_width / 2, bones[0].top - 14)]
    points += [(bone.cord_width / 2, bone.centre) for bone in bones]
    return (*points, (0.4, cord_segments()["Co"][1]))


def half_width_at(profile: tuple[Point, ...], height: float) -> float:
    """Half-width of a profile at a height, straight between its points; 0 beyond its ends."""
    for (upper_width, upper), (lower_width, lower) in pairwise(profile):
        if upper <= height <= lower:
            return upper_width + (lower_width - upper_width) * (height - upper) / (lower - upper)
    return 0.0


@cache
def conus_extent() -> tuple[float, float]:
    """Upper and lower height of the conus medullaris, from the segments the levels table gives it."""
    first, last = _landmark("conus_medullaris")["cord_segment_opposite"].split("-")
    return cord_segments()[first][0], cord_segments()[last][1]


@cache
def cauda_equina_extent() -> tuple[float, float]:
    """Upper and lower height of the cauda equina in the canal: from the conus tip to the end of the dural sac."""
    return cord_segments()["Co"][1], vertebrae()[_landmark("dural_sac_end")["vertebra_opposite"]].centre


def _landmark(name: str) -> Row:
    return by_column((row for row in load("anatomy/levels") if row["kind"] == "landmark"), "name")[name]


@cache
def roots() -> dict[str, Root]:
    """All roots from C1 to S5 as drawn on either side."""
    rows = load("pictures/root_geometry")
    return {row["root"]: _root(row, len(rows) - index) for index, row in enumerate(rows)}


def _root(row: Row, rank_from_below: int) -> Root:
    """A root from its table row; the lower it leaves, the nearer to the midline it runs in the canal."""
    bone = vertebrae()[row["vertebra"]]
    top, bottom = cord_segments()[row["root"]]
    origin_height = (top + bottom) / 2
    exit_height = _exit_height(bone, row["edge"])
    canal = half_width_at(canal_profile(), exit_height)
    foramen_x = canal + 4 if bone.region != "sacral" else canal + 5
    lane = min(1.2 + (rank_from_below - 1) * 1.15, canal - 1.5)
    return Root(
        row["root"],
        (max(half_width_at(cord_profile(), origin_height) - 1.5, 0.3), origin_height),
        (foramen_x, exit_height),
        (row.needed_number("end_x"), exit_height + row.needed_number("drop")),
        max(lane, 0.6),
    )


def _exit_height(bone: Vertebra, edge: str) -> float:
    """Above a vertebra a root leaves at the disc; below it, just under the pedicle or through the sacral foramen."""
    if edge == "above":
        return bone.top - 3
    return bone.bottom if bone.region == "sacral" else bone.bottom - bone.height * 0.12
