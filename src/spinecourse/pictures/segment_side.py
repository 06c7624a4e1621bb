"""The side half of the segment's picture: two vertebrae, the foramen between them and the roots of one side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import cos, pi, radians, sin
from typing import Final

from spinecourse.knowledge import anatomy
from spinecourse.pictures import geometry
from spinecourse.pictures.geometry import Point
from spinecourse.pictures.shapes import Shape, slips, wedges
from spinecourse.pictures.side_bones import disc_path, pedicle_path, process_path, rounded
from spinecourse.pictures.side_geometry import Curve, Frame, SideBone, side_bones
from spinecourse.pictures.side_marks import Stage
from spinecourse.pictures.svg import Style, element, pair, smooth, text

_LEFT: Final = 14.0
_RIGHT: Final = 352.0
_MIDDLE: Final = 158.0
_HEIGHT: Final = 232.0
"""The room for both vertebrae: from the left to the right edge, around the middle, and how high."""
_SHORTER: Final = 0.75
"""The spinous processes are drawn shorter than they are, to leave room for the foramen."""


def draw(level: str, found: Sequence[Shape], squeezed: dict[tuple[str, int], str]) -> str:
    """The segment from the side. Only what the side can show is drawn: slip, height, disc, canal and foramen."""
    above, below = _enlarged(level, found)
    stage = Stage({above.name: above, below.name: below}, Curve({above.name: above, below.name: below}), wedges(found))
    bone: Style = {"class_": "sc-bone", "fill": "#f3efe6", "stroke": "#8d8778", "stroke_width": 1.2}
    nerve: Style = {"class_": "sc-root", "stroke": "#8a7a2f", "fill": "none", "stroke_linecap": "round"}
    parts = [element("path", d=process_path(item), **bone) for item in (above, below)]
    parts += [element("path", d=_sac(above, below), class_="sc-canal", fill="#ffffff", stroke="#8d8778")]
    parts += [element("path", d=path, **nerve, stroke_width=7) for path in _courses(level, above, below)]
    parts += [element("path", d=pedicle_path(item), **bone, opacity=0.75) for item in (above, below)]
    parts += [element("path", d=_out(shape, stage), class_="sc-image", fill="#1c5a94") for shape in found
              if shape.kind == "narrow_canal"]  # fmt: skip
    parts += [element("path", d=path, **bone) for path in _joint(above, below)]
    parts += [element("path", d=disc_path(above, below), class_="sc-disc sc-line", fill="#d3dee2", stroke="#8d8778")]
    parts += [
        element("path", d=_body(item, stage.wedges.get(item.name, 0.0)), **bone, stroke_linejoin="round")
        for item in (above, below)
    ]
    parts += [element("path", d=_out(shape, stage), class_="sc-image", fill="#1c5a94") for shape in found
              if shape.kind in {"protrusion", "bulge", "fragment"}]  # fmt: skip
    parts += [_leaving(level, above, below, found, squeezed), _names(level, above, below)]
    return "".join(parts)


def _enlarged(level: str, found: Sequence[Shape]) -> tuple[SideBone, SideBone]:
    """Both vertebrae as large as the panel allows, placed in its middle."""
    bones = side_bones(slips(found))
    above, below = (bones[bone.name] for bone in geometry.discs()[level])
    tilt = (above.frame.tilt + below.frame.tilt) / 2
    above, below = _upright(above, tilt), _upright(below, tilt)
    ends = [point for bone in (above, below) for point in _extremes(bone)]
    left, right = min(x for x, _ in ends), max(x for x, _ in ends)
    top, bottom = min(y for _, y in ends), max(y for _, y in ends)
    scale = min((_RIGHT - _LEFT) / (right - left), _HEIGHT / (bottom - top))
    middle = ((left + right) / 2, (top + bottom) / 2)
    return _scaled(above, scale, middle), _scaled(below, scale, middle)


def _upright(bone: SideBone, tilt: float) -> SideBone:
    """A vertebra turned so that an axis of this tilt stands upright."""
    frame, angle = bone.frame, radians(tilt)
    x = frame.x * cos(angle) + frame.y * sin(angle)
    y = frame.y * cos(angle) - frame.x * sin(angle)
    return replace(bone, frame=replace(frame, x=x, y=y, tilt=frame.tilt - tilt))


def _extremes(bone: SideBone) -> list[Point]:
    """The corners of the body and the tip of the process."""
    frame, half = bone.frame, bone.height / 2
    corners = [frame.point(back * frame.back, down * half) for back in (-1, 1) for down in (-1, 1)]
    tip = bone.process_drop * _SHORTER
    start = frame.back + frame.canal + bone.process_length * _SHORTER + 2
    return [*corners, frame.point(start, tip), frame.point(start, tip + 0.36 * bone.height)]


def _scaled(bone: SideBone, scale: float, middle: Point) -> SideBone:
    frame = bone.frame
    place = Frame(
        (_LEFT + _RIGHT) / 2 + (frame.x - middle[0]) * scale, _MIDDLE + (frame.y - middle[1]) * scale, frame.tilt,
        frame.depth * scale, frame.canal * scale,
    )  # fmt: skip
    return replace(
        bone, frame=place, height=bone.height * scale, process_length=bone.process_length * scale * _SHORTER,
        process_drop=bone.process_drop * scale * _SHORTER,
    )  # fmt: skip


def _body(bone: SideBone, wedge: float) -> str:
    """A body with hollowed edges; ``wedge`` is the share of the front height lost."""
    frame, half, height = bone.frame, bone.frame.back, bone.height / 2
    top = -height + 2 * height * wedge
    corners = [frame.point(*at) for at in ((-half, top), (half, -height), (half, height), (-half, height))]
    bends = [frame.point(*at) for at in ((0, (top - height) / 2 + height * 0.16), (half * 0.84, 0), (0, height * 0.86),
                                         (-half * 0.82, height * wedge))]  # fmt: skip
    curves = "".join(
        f"Q{pair(bend)} {pair(corner)}" for bend, corner in zip(bends, [*corners[1:], corners[0]], strict=True)
    )
    return f"M{pair(corners[0])}{curves}Z"


def _behind(bone: SideBone, share: float, down: float) -> Point:
    """A point of the canal at a vertebra: share of its depth behind the body, share of the body's height below."""
    return bone.frame.point(bone.frame.back + bone.frame.canal * share, bone.height * down)


def _sac(above: SideBone, below: SideBone) -> str:
    front = [
        _behind(above, 0.16, -0.5),
        _behind(above, 0.16, 0.3),
        _behind(below, 0.16, -0.3),
        _behind(below, 0.16, 0.5),
    ]
    back = [
        _behind(below, 0.86, 0.5),
        _behind(below, 0.86, -0.3),
        _behind(above, 0.86, 0.3),
        _behind(above, 0.86, -0.5),
    ]
    return smooth(front) + smooth(back, start="L") + "Z"


def _under_pedicle(level: str, above: SideBone, below: SideBone) -> Point:
    """Where the root leaves: under the upper pedicle, or in the neck above the lower one."""
    if anatomy.motion_segments()[level]["root_exiting"][1:] == level.split("/")[0][1:]:
        return _behind(above, 0.36, 0.3)
    return _behind(below, 0.4, -0.62)


def _courses(level: str, above: SideBone, below: SideBone) -> list[str]:
    """The roots in the canal: the one that leaves here, and the one that crosses to leave below."""
    row, end = anatomy.motion_segments()[level], _under_pedicle(level, above, below)
    start = _behind(above, 0.5, -0.5) if row["root_exiting"] != row["root_paracentral"] else _behind(above, 0.5, 0.2)
    paths = [smooth([start, (start[0] * 0.4 + end[0] * 0.6, start[1] * 0.5 + end[1] * 0.5 - 6), end])]
    if row["root_exiting"] != row["root_paracentral"]:
        points = [
            _behind(above, 0.66, -0.5),
            _behind(above, 0.62, 0.3),
            _behind(below, 0.44, -0.5),
            _behind(below, 0.36, 0.3),
        ]
        paths.append(smooth(points))
    return paths


def _joint(above: SideBone, below: SideBone) -> list[str]:
    """The joint behind the foramen: the process from below in front of the one from above."""
    top, bottom = _behind(above, 0.9, -0.05), _behind(above, 1.5, -0.05)
    upper = [top, bottom, _behind(above, 1.45, 0.5), _behind(below, 1.25, -0.42), _behind(below, 1.02, -0.5)]
    start, end = _behind(below, 0.78, 0.0), _behind(below, 1.3, 0.02)
    lower = [start, end, _behind(below, 1.0, -0.5), _behind(above, 0.92, 0.44), _behind(above, 0.72, 0.5)]
    return [rounded(upper, 7), rounded(lower, 7)]


def _out(shape: Shape, stage: Stage) -> str:
    """Disc tissue or thick ligament in the canal, at the size of the enlarged disc."""
    frame, gap = stage.disc(shape.level), 13.0
    back, reach = frame.back, frame.canal * shape.amount
    if shape.kind == "narrow_canal":
        edge, steps = back + frame.canal, range(16)
        points = [(edge - reach * cos(step * pi / 8), 2 * gap * sin(step * pi / 8)) for step in steps]
    elif shape.kind == "fragment":
        points = [(back + 3, gap * 1.6), (back + reach, gap * 2), (back + reach, gap * 3.6), (back + 5, gap * 4)]
    else:
        wide = gap * (0.8 if shape.kind == "protrusion" else 1.2)
        points = [(back - 8, -wide * 0.7), (back + reach * 0.75, -wide), (back + reach, 0), (back + reach * 0.75, wide),
                  (back - 8, wide * 0.7)]  # fmt: skip
    return smooth([frame.point(*point) for point in [*points, points[0]]]) + "Z"


def _leaving(
    level: str, above: SideBone, below: SideBone, found: Sequence[Shape], squeezed: dict[tuple[str, int], str]
) -> str:
    """The cut end of the root that leaves, in its foramen; narrowed from front and back where imaging says so."""
    x, y = _under_pedicle(level, above, below)
    root = anatomy.motion_segments()[level]["root_exiting"]
    narrow = max((shape.amount for shape in found if shape.kind == "narrow_foramen"), default=0.0)
    drawn = element("ellipse", cx=x, cy=y, rx=9.5 * (1 - narrow * 0.5), ry=11.5, class_="sc-cord", fill="#eadf9f",
                    stroke="#8a7a2f", stroke_width=1.4)  # fmt: skip
    if narrow:
        reach = 8 * narrow
        for side in (-1, 1):
            points = [(x + side * 24, y - 16), (x + side * (11 - reach * 0.5), y), (x + side * 24, y + 16)]
            drawn += element("path", d=rounded(points, 4), class_="sc-image", fill="#1c5a94")
    strength = {squeezed.get((root, side)) for side in (-1, 1)}
    if strength & {"likely", "possible"}:
        likely = "likely" in strength
        drawn += element("circle", cx=x, cy=y, r=15, fill="none", class_="sc-lesion-line", stroke="#a8201a",
                         stroke_width=3 if likely else 1.4, stroke_dasharray="none" if likely else "3 2.4")  # fmt: skip
    return drawn


def _names(level: str, above: SideBone, below: SideBone) -> str:
    """Vertebrae on their bodies, roots at the right edge with a line to each."""
    row = anatomy.motion_segments()[level]
    shown = [_text(bone.name, bone.frame.x, bone.frame.y + 6, "middle", 17) for bone in (above, below)]
    targets = [(f"{row['root_exiting']} leaves", _under_pedicle(level, above, below))]
    if row["root_exiting"] != row["root_paracentral"]:
        targets.append((f"{row['root_paracentral']} crosses", _behind(below, 0.4, 0.05)))
    for index, (words, place) in enumerate(targets):
        y = 60 + index * 216
        line = f"M{pair((350, y + (5 if index == 0 else -14)))}L{pair(place)}"
        shown.append(element("path", d=line, class_="sc-rule", stroke="#596267", stroke_width=0.9))
        shown.append(element("circle", cx=place[0], cy=place[1], r=1.8, class_="sc-ink", fill="#1d2326"))
        shown.append(_text(words, 392, y, "end", 13.5))
    return "".join(shown)


def _text(words: str, x: float, y: float, align: str, size: float) -> str:
    return element("text", text(words), x=x, y=y, text_anchor=align, font_size=size, font_weight=650, class_="sc-ink",
                   fill="#1d2326")  # fmt: skip
