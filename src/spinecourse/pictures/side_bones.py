"""Vertebrae, discs, canal, cord and roots from the side as shapes, without anything about a patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from spinecourse.pictures import geometry
from spinecourse.pictures.geometry import Point
from spinecourse.pictures.side_geometry import Curve, Frame, SideBone
from spinecourse.pictures.svg import element, pair, smooth

CORD_AT = 0.5
"""Where in the depth of the canal the cord lies."""


def rounded(corners: Sequence[Point], radius: float) -> str:
    """Path data of a closed shape with its corners rounded."""
    pieces: list[str] = []
    count = len(corners)
    for index, corner in enumerate(corners):
        before, after = corners[index - 1], corners[(index + 1) % count]
        first, last = _towards(corner, before, radius), _towards(corner, after, radius)
        pieces.append(f"{'L' if pieces else 'M'}{pair(first)}Q{pair(corner)} {pair(last)}")
    return "".join(pieces) + "Z"


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 or 1.0
    share = min(distance / length, 0.45)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def body_corners(bone: SideBone, wedge: float = 0.0) -> list[Point]:
    """The outline of a body from its upper front corner round; ``wedge`` is the share of the front height lost."""
    frame, half, height = bone.frame, bone.frame.depth / 2, bone.height / 2
    waist = half * 0.9
    top = -height + 2 * height * wedge
    hollow = 0.06 * bone.height
    return [
        frame.point(-half, top), frame.point(0, -height + hollow + wedge * height * 0.8), frame.point(half, -height),
        frame.point(half * 0.94, 0), frame.point(half, height), frame.point(0, height - hollow),
        frame.point(-half, height), frame.point(-waist, height * wedge * 0.6),
    ]  # fmt: skip


def body_path(bone: SideBone, wedge: float = 0.0) -> str:
    """A vertebral body; the axis with its tooth, the atlas as the cut through its front arch."""
    if bone.name == "C1":
        return rounded([bone.frame.point(*corner) for corner in ((-11, -4), (-6, -5), (-5, 5), (-10, 5))], 3)
    body = rounded(body_corners(bone, wedge), 2.4)
    return body + _dens(bone) if bone.name == "C2" else body


def _dens(bone: SideBone) -> str:
    top = -bone.height / 2
    points = (
        (-4.2, top + 2),
        (-4.0, top - 9),
        (-2.6, top - 19),
        (1.4, top - 21),
        (4, top - 16),
        (4.2, top - 6),
        (5.5, top + 2),
    )
    return smooth([bone.frame.point(*point) for point in points]) + "Z"


def disc_path(above: SideBone, below: SideBone) -> str:
    """A disc between two end plates, bulging a little to the front."""
    front = [above.frame.point(-above.frame.back + 0.6, above.height / 2),
             below.frame.point(-below.frame.back + 0.6, -below.height / 2)]  # fmt: skip
    back = [above.frame.point(above.frame.back - 0.4, above.height / 2),
            below.frame.point(below.frame.back - 0.4, -below.height / 2)]  # fmt: skip
    bulge = ((front[0][0] + front[1][0]) / 2 - 2.2, (front[0][1] + front[1][1]) / 2)
    behind = ((back[0][0] + back[1][0]) / 2 + 0.8, (back[0][1] + back[1][1]) / 2)
    return f"M{pair(front[0])}Q{pair(bulge)} {pair(front[1])}L{pair(back[1])}Q{pair(behind)} {pair(back[0])}Z"


def process_path(bone: SideBone) -> str:
    """Lamina and spinous process behind the canal, blunt at its end."""
    frame, start = bone.frame, bone.frame.back + bone.frame.canal
    height, length, drop = bone.height, bone.process_length, bone.process_drop
    blade = {"cervical": 0.3, "thoracic": 0.2, "lumbar": 0.36}.get(bone.region, 0.3) * height
    upper, lower = -0.3 * height, 0.5 * height
    points = [
        frame.point(start, upper), frame.point(start + length * 0.35, upper + drop * 0.25),
        frame.point(start + length, drop - blade * 0.4), frame.point(start + length + 1.5, drop + blade),
        frame.point(start + length * 0.4, lower + drop * 0.35), frame.point(start, lower),
    ]  # fmt: skip
    return rounded(points, 3.2)


def pedicle_path(bone: SideBone) -> str:
    """The pedicle, behind the cord: from the upper half of the body across the canal to the lamina."""
    frame, height = bone.frame, bone.height
    near, far = frame.back - 1.5, frame.back + frame.canal + 1
    return rounded(
        [frame.point(near, -0.42 * height), frame.point(far, -0.3 * height), frame.point(far, 0.12 * height),
         frame.point(near, 0.04 * height)], 3,
    )  # fmt: skip


def free(bones: Mapping[str, SideBone]) -> list[SideBone]:
    """The vertebrae above the sacrum."""
    return [bone for bone in bones.values() if bone.region != "sacral"]


def discs(bones: Mapping[str, SideBone]) -> dict[str, tuple[SideBone, SideBone]]:
    """The motion segments with a disc, each with the vertebra above and the one below."""
    return {
        level: (bones[above.name], bones[below.name])
        for level, (above, below) in geometry.discs().items()
        if above.name in bones and below.name in bones
    }


def canal_path(curve: Curve) -> str:
    """The canal from above the atlas to the sacral hiatus."""
    heights = _heights(geometry.vertebrae()["C1"].top - 14, geometry.vertebrae()["S5"].bottom, 11)
    front = [curve.in_canal(height, 0.04) for height in heights]
    back = [curve.in_canal(height, 0.98) for height in reversed(heights)]
    return smooth(front) + smooth(back, start="L") + "Z"


def _heights(top: float, bottom: float, step: float) -> list[float]:
    count = max(round((bottom - top) / step), 2)
    return [top + (bottom - top) * index / count for index in range(count + 1)]


def cord_strip(curve: Curve, top: float, bottom: float, swell: float = 0.0) -> str:
    """The cord between two heights; ``swell`` widens it on both sides."""
    profile = geometry.cord_profile()
    heights = _heights(top, bottom, 9)
    half = [max(geometry.half_width_at(profile, height) * 0.78, 0.4) + swell for height in heights]
    front = [_beside(curve.at(height), -width) for height, width in zip(heights, half, strict=True)]
    back = [_beside(curve.at(height), width) for height, width in zip(heights, half, strict=True)]
    return smooth(front) + smooth(back[::-1], start="L") + "Z"


def _beside(frame: Frame, backward: float) -> Point:
    return frame.point(frame.back + frame.canal * CORD_AT + backward, 0)


def foramen(root: geometry.Root, curve: Curve) -> Point:
    """Where a root leaves: in front in the canal, at the height of its foramen."""
    return curve.in_canal(root.foramen[1], 0.3)


def root_path(root: geometry.Root, rank: float, curve: Curve, last: float | None = None) -> str:
    """A root from the cord down the canal to its foramen; ``rank`` 0 to 1 spreads the long ones over the sac.

    ``last`` draws only so much of its height before the foramen.
    """
    (_, top), (_, bottom) = root.origin, root.foramen
    start, end = curve.in_canal(top, CORD_AT), foramen(root, curve)
    fall = bottom - top
    if last is not None and fall > last:
        lane = 0.82 - 0.52 * rank
        return smooth([curve.in_canal(bottom - last, lane), curve.in_canal(bottom - 9, lane), end])
    if fall < 24:
        return smooth([start, curve.in_canal(top + fall * 0.5, 0.42), end])
    lane = 0.82 - 0.52 * rank
    down = [curve.in_canal(top + (fall - 9) * share, lane) for share in (0.18, 0.36, 0.52, 0.68, 0.84, 1.0)]
    return smooth([start, *down, end])


def roots(curve: Curve) -> str:
    """All roots of one side."""
    return "".join(element("path", d=root_path(root, rank(root.name), curve)) for root in geometry.roots().values())


def rank(root: str) -> float:
    """Where a long root runs in the sac: 0 for the lowest, in the middle and behind, 1 for the upper lumbar ones."""
    names = list(geometry.roots())
    lumbar = names.index("T11")
    return min(max((len(names) - 1 - names.index(root)) / (len(names) - 1 - lumbar), 0.0), 1.0)


def foramina(curve: Curve) -> str:
    """The cut end of every root in its foramen."""
    centres = (foramen(root, curve) for root in geometry.roots().values())
    return "".join(element("circle", cx=x, cy=y, r=2.1) for x, y in centres)


def coccyx(bones: Mapping[str, SideBone]) -> str:
    """Three small bones below the sacrum, turning forward."""
    x, y = bones["S5"].frame.point(0, bones["S5"].height / 2)
    places = ((x - 1.5, y + 6, 4.4), (x - 5, y + 13, 3.6), (x - 9.5, y + 18.5, 2.6))
    return "".join(element("ellipse", cx=cx, cy=cy, rx=size, ry=size * 0.86) for cx, cy, size in places)


def layers(bones: Mapping[str, SideBone], curve: Curve, wedges: Mapping[str, float]) -> Iterable[str]:
    """The whole spine from the side, from the processes behind to the roots in front."""
    bone = {"class_": "sc-bone", "fill": "#f3efe6", "stroke": "#8d8778"}
    behind = "".join(element("path", d=process_path(item)) for item in bones.values() if item.name != "S5")
    ghosts = "".join(element("path", d=pedicle_path(item)) for item in free(bones)[1:])
    bodies = "".join(element("path", d=body_path(item, wedges.get(item.name, 0.0))) for item in free(bones))
    sacrum = element("path", d=sacrum_path(bones)) + "".join(
        element("path", d=f"M{pair(start)}L{pair(end)}", stroke_width=0.8) for start, end in seams(bones)
    )
    yield element("g", behind, **bone, stroke_width=0.9)
    yield element("path", d=canal_path(curve), class_="sc-canal", fill="#ffffff", stroke="#8d8778", stroke_width=0.6)
    yield element("g", ghosts, **bone, stroke_width=0.7, opacity=0.8)
    yield element("g", *(element("path", d=disc_path(*pair)) for pair in discs(bones).values()), class_="sc-disc",
                  fill="#d3dee2", stroke="none")  # fmt: skip
    yield element("g", bodies + sacrum + coccyx(bones), **bone, stroke_width=1.1)
    yield element("g", roots(curve), class_="sc-root", fill="none", stroke="#8a7a2f", stroke_width=0.8,
                  stroke_linecap="round")  # fmt: skip
    tops = geometry.cord_profile()
    yield element("path", d=cord_strip(curve, tops[0][1], tops[-1][1]), class_="sc-cord", fill="#e9dc9e",
                  stroke="#8a7a2f", stroke_width=0.9)  # fmt: skip
    yield element("g", foramina(curve), class_="sc-cord", fill="#e9dc9e", stroke="#8a7a2f", stroke_width=0.9)


def sacrum_path(bones: Mapping[str, SideBone]) -> str:
    """The sacral bodies as one bone."""
    sacral = [bone for bone in bones.values() if bone.region == "sacral"]
    first = sacral[0]
    front = [first.frame.point(-first.frame.back, -first.height / 2)]
    front += [bone.frame.point(-bone.frame.back * 0.94, 0) for bone in sacral]
    back = [first.frame.point(first.frame.back, -first.height / 2)]
    back += [bone.frame.point(bone.frame.back * 0.96, 0) for bone in sacral]
    end = sacral[-1]
    tip = [
        end.frame.point(-end.frame.back * 0.7, end.height / 2),
        end.frame.point(end.frame.back * 0.6, end.height / 2),
    ]
    return smooth([*front, tip[0]]) + smooth([tip[1], *back[:0:-1]], start="L") + f"L{pair(back[0])}Z"


def seams(bones: Mapping[str, SideBone]) -> list[tuple[Point, Point]]:
    """The lines where the sacral vertebrae have grown together."""
    sacral = [bone for bone in bones.values() if bone.region == "sacral"]
    return [(_between(above, below, -0.72), _between(above, below, 0.72)) for above, below in pairwise(sacral)]


def _between(above: SideBone, below: SideBone, share: float) -> Point:
    """A point where two fused vertebrae meet; ``share`` -1 is the front edge, 1 the back edge."""
    upper = above.frame.point(above.frame.back * share, above.height / 2)
    lower = below.frame.point(below.frame.back * share, -below.height / 2)
    return (upper[0] + lower[0]) / 2, (upper[1] + lower[1]) / 2
