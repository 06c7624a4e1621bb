"""Vertebrae, discs, canal, cord and roots as shapes, without anything about a patient."""

from __future__ import annotations

from functools import cache

from spinecourse.pictures import geometry
from spinecourse.pictures.geometry import MIDLINE, Point, Root, Vertebra, half_width_at
from spinecourse.pictures.svg import at, element, outline, pair, smooth

_SIDES = (-1, 1)


@cache
def anatomy() -> str:
    """The whole spine seen from the front, from the processes behind to the cord in front."""
    return "".join(
        [
            element("g", _processes(), class_="sc-bone", fill="#f3efe6", stroke="#8d8778", stroke_width=0.9),
            element("g", _discs(), class_="sc-disc", fill="#d3dee2", stroke="none"),
            element("g", _sacrum(), class_="sc-bone", fill="#f3efe6", stroke="#8d8778", stroke_width=1.1),
            element("g", _bodies(), class_="sc-bone", fill="#f3efe6", stroke="#8d8778", stroke_width=1.1),
            element("g", _pedicles(), class_="sc-line", fill="none", stroke="#b3ad9e", stroke_width=0.9),
            element("path", d=outline(geometry.canal_profile()), class_="sc-canal", fill="#ffffff", fill_opacity=0.7,
                    stroke="#8d8778", stroke_width=0.6),
            element("g", _roots(), class_="sc-root", fill="none", stroke="#8a7a2f", stroke_width=0.9,
                    stroke_linecap="round"),
            element("path", d=outline(geometry.cord_profile()), class_="sc-cord", fill="#e9dc9e", stroke="#8a7a2f",
                    stroke_width=0.9),
        ]
    )  # fmt: skip


def _free() -> list[Vertebra]:
    return [bone for bone in geometry.vertebrae().values() if bone.region != "sacral"]


def body_path(bone: Vertebra) -> str:
    """A vertebral body: waisted, its upper end plate hollowed (deeper in the neck), wider below than above."""
    above, below = _neighbour_widths(bone)
    upper, lower = (bone.width + above) / 4, (bone.width + below) / 4
    waist = min(upper, lower) - bone.width * 0.055
    hollow = 2.4 if bone.region == "cervical" else 1.0
    top, bottom, corner = bone.top, bone.bottom, 2.6
    right = [
        f"Q{pair((MIDLINE, top + 2 * hollow))} {pair(at(upper - corner, top, 1))}",
        f"Q{pair(at(upper, top, 1))} {pair(at(upper, top + corner, 1))}",
        f"C{pair(at(waist, top + bone.height * 0.36, 1))} {pair(at(waist, bottom - bone.height * 0.36, 1))}"
        f" {pair(at(lower, bottom - corner, 1))}",
        f"Q{pair(at(lower, bottom, 1))} {pair(at(lower - corner, bottom, 1))}",
    ]
    left = [
        f"Q{pair((MIDLINE, bottom + hollow * 0.6))} {pair(at(lower - corner, bottom, -1))}",
        f"Q{pair(at(lower, bottom, -1))} {pair(at(lower, bottom - corner, -1))}",
        f"C{pair(at(waist, bottom - bone.height * 0.36, -1))} {pair(at(waist, top + bone.height * 0.36, -1))}"
        f" {pair(at(upper, top + corner, -1))}",
        f"Q{pair(at(upper, top, -1))} {pair(at(upper - corner, top, -1))}",
    ]
    return f"M{pair(at(upper - corner, top, -1))}" + "".join(right + left) + "Z"


def _neighbour_widths(bone: Vertebra) -> tuple[float, float]:
    """Widths of the bodies above and below; at either end of the free spine the bone's own."""
    bones = _free()
    index = bones.index(bone)
    above = bones[index - 1].width if index > 1 else bone.width
    below = bones[index + 1].width if index + 1 < len(bones) and index > 0 else bone.width
    return above, below


def _bodies() -> str:
    return "".join(element("path", d=_atlas_or_body(bone)) for bone in _free())


def _atlas_or_body(bone: Vertebra) -> str:
    if bone.name == "C1":
        return _atlas(bone)
    if bone.name == "C2":
        return body_path(bone) + _dens(bone)
    return body_path(bone)


def _atlas(bone: Vertebra) -> str:
    """The atlas: two lateral masses joined by a slender arch, no body."""
    half = bone.width / 2
    points = [
        (half * 0.42, bone.top - 1),
        (half, bone.top - 2.5),
        (half + 1, bone.bottom + 1),
        (half * 0.5, bone.bottom),
    ]
    arch_low = [(half * 0.25, bone.centre + 2.5), (0.0, bone.centre + 1.6)]
    right = [at(x, y, 1) for x, y in [(0.0, bone.centre - 2.2), *points, *arch_low]]
    left = [at(x, y, -1) for x, y in reversed([(0.0, bone.centre - 2.2), *points, *arch_low])]
    return smooth(right) + smooth(left, start="L") + "Z"


def _dens(bone: Vertebra) -> str:
    """The tooth of the axis, standing up behind the arch of the atlas."""
    tip = geometry.vertebrae()["C1"].top + 1
    profile = [(4.2, bone.top + 3), (3.6, bone.top - 4), (4.0, tip + 4), (1.2, tip)]
    return outline(profile)


def _processes() -> str:
    """Transverse processes, tapering outwards; they end in the body's upper half."""
    return "".join(element("path", d=_process(bone, side)) for bone in _free() for side in _SIDES)


def _process(bone: Vertebra, side: int) -> str:
    inner, tip = bone.width / 2 - 3, bone.span / 2
    height = bone.centre - bone.height * 0.12
    rise = {"cervical": 1.5, "thoracic": -2.0, "lumbar": -2.5}[bone.region]
    thick = min(bone.height * 0.24, 5.2)
    reach, slim = tip - inner, thick * 0.62
    upper = [
        (inner + reach * 0.4, height - thick * 0.7),
        (tip - reach * 0.4, height + rise - slim),
        (tip - 2, height + rise - slim),
    ]
    lower = [
        (tip - reach * 0.4, height + rise + slim),
        (inner + reach * 0.4, height + thick * 0.7),
        (inner, height + thick),
    ]
    over, under = (" ".join(pair(at(x, y, side)) for x, y in points) for points in (upper, lower))
    knob = " ".join(
        pair(at(x, y, side))
        for x, y in [
            (tip + 1.2, height + rise - slim),
            (tip + 1.2, height + rise + slim),
            (tip - 2, height + rise + slim),
        ]
    )
    return f"M{pair(at(inner, height - thick, side))}C{over}C{knob}C{under}Z"


def disc_path(level: str) -> str:
    """A disc between its two end plates, bulging a little at both sides."""
    above, below = geometry.discs()[level]
    upper = (above.width + _neighbour_widths(above)[1]) / 4 - 1.5
    lower = below.width / 4 + above.width / 4 - 1.5 if below.region != "sacral" else above.width / 2 - 2
    middle = (above.bottom + below.top) / 2
    return outline([(upper, above.bottom - 0.5), (max(upper, lower) + 1.2, middle), (lower, below.top + 0.5)])


def _discs() -> str:
    return "".join(element("path", d=disc_path(level)) for level in geometry.discs())


def _pedicles() -> str:
    """The pedicles as the ovals seen on a front film, in the upper half of each body."""
    shapes = []
    for bone in _free()[2:]:
        x = max(bone.canal_width / 2 + 3.2, bone.width * 0.34)
        for side in _SIDES:
            centre = at(x, bone.top + bone.height * 0.36, side)
            shapes.append(
                element("ellipse", cx=centre[0], cy=centre[1], rx=min(bone.width * 0.058, 3.4), ry=bone.height * 0.2)
            )
    return "".join(shapes)


def sacrum_profile() -> list[Point]:
    """Half-widths of sacrum and coccyx by height."""
    bones = [bone for bone in geometry.vertebrae().values() if bone.region == "sacral"]
    first = bones[0]
    profile = [(first.width * 0.31, first.top), (first.width * 0.44, first.top + 5), (first.width / 2, first.top + 13)]
    profile += [(bone.width / 2 - 1, bone.centre + 3) for bone in bones[1:]]
    end = bones[-1].bottom
    return [*profile, (11.5, end + 2), (9.5, end + 8), (5.5, end + 18), (1.2, end + 26)]


def _sacrum() -> str:
    """Sacrum and coccyx, the old discs as lines, the front foramina as holes."""
    bones = [bone for bone in geometry.vertebrae().values() if bone.region == "sacral"]
    lines = [
        element("path", d=_seam(half, above.bottom), fill="none", stroke_width=0.8)
        for above, half in zip(bones, (24.0, 19.0, 15.0, 11.0), strict=False)
    ]
    holes = [
        element("ellipse", cx=centre[0], cy=centre[1], rx=size, ry=size * 0.8, class_="sc-hole", fill="#ffffff")
        for name, size in (("S1", 4.2), ("S2", 3.8), ("S3", 3.2), ("S4", 2.6))
        for side in _SIDES
        for centre in [at(geometry.roots()[name].foramen[0] + 1, geometry.roots()[name].foramen[1], side)]
    ]
    return element("path", d=outline(sacrum_profile())) + "".join(lines + holes)


def _seam(half: float, height: float) -> str:
    """The line where two sacral vertebrae have grown together."""
    return f"M{pair(at(half, height, -1))}Q{pair((MIDLINE, height + 2))} {pair(at(half, height, 1))}"


def _curve(first: Point, second: Point, end: Point, side: int) -> str:
    """One cubic Bézier of path data from half-widths and heights."""
    return f"C{pair(at(*first, side))} {pair(at(*second, side))} {pair(at(*end, side))}"


def root_path(root: Root, side: int, *, from_foramen: bool = False) -> str:
    """A root from cord to end, or only its part outside the canal."""
    (x, y), (end_x, end_y) = root.foramen, root.end
    first = (x + (end_x - x) * 0.32, y + (end_y - y) * 0.08)
    second = (x + (end_x - x) * 0.68, y + (end_y - y) * 0.62)
    outside = _curve(first, second, root.end, side)
    if from_foramen:
        return f"M{pair(at(*root.foramen, side))}{outside}"
    return f"M{pair(at(*root.origin, side))}{_within(root, side)}{outside}"


def _within(root: Root, side: int) -> str:
    """The part in the canal: down along its lane, then out to the foramen."""
    (x, top), (foramen_x, bottom) = root.origin, root.foramen
    fall = bottom - top
    if fall < 22:
        return _curve((x + 2, top + fall * 0.5), (foramen_x - 3, bottom), root.foramen, side)
    lane = min(root.lane, half_width_at(geometry.canal_profile(), bottom - 8))
    turn = min(11.0, fall * 0.3)
    down = _curve((max(x, lane), top + fall * 0.18), (lane, top + fall * 0.3), (lane, bottom - turn), side)
    return down + _curve((lane, bottom - turn * 0.35), (foramen_x - 3, bottom), root.foramen, side)


def _roots() -> str:
    return "".join(element("path", d=root_path(root, side)) for root in geometry.roots().values() for side in _SIDES)
