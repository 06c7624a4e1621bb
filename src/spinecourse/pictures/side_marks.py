"""A patient's findings, treatments and likely sites drawn into the side view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spinecourse.course.model import Fact
from spinecourse.pictures import geometry, shading
from spinecourse.pictures.geometry import Point
from spinecourse.pictures.lesions import Group, Lesion
from spinecourse.pictures.marks import LevelMark
from spinecourse.pictures.shapes import Shape
from spinecourse.pictures.side_bones import body_path, cord_strip, disc_path, discs, foramen, rank, root_path, rounded
from spinecourse.pictures.side_geometry import Curve, Frame, SideBone
from spinecourse.pictures.svg import element, pair, smooth
from spinecourse.pictures.words import treatment_marks

IMAGE = {"class_": "sc-image", "fill": "#1c5a94"}


@dataclass(frozen=True, slots=True)
class Stage:
    """The bones of one patient, their curve, and the share of height each broken vertebra lost."""

    bones: Mapping[str, SideBone]
    curve: Curve
    wedges: Mapping[str, float]

    def disc(self, level: str) -> Frame:
        """The frame in the middle of a disc."""
        above, below = discs(self.bones)[level]
        lower = above.frame.point(0, above.height / 2)
        upper = below.frame.point(0, -below.height / 2)
        tilt = (above.frame.tilt + below.frame.tilt) / 2
        return Frame((lower[0] + upper[0]) / 2, (lower[1] + upper[1]) / 2, tilt, below.frame.depth, below.frame.canal)

    def frame(self, level: str) -> Frame:
        """The frame at a vertebra or disc."""
        return self.bones[level].frame if level in self.bones else self.disc(level)


def finding(shape: Shape, stage: Stage) -> str:
    """One finding as the side view shows it; nothing for what only the front view or the zoom can show."""
    frame, in_disc = stage.frame(shape.level), shape.level not in stage.bones
    drawn = {
        "protrusion": _protrusion, "bulge": _bulge, "fragment": _fragment, "narrow_canal": _narrow,
        "canal_mass": _mass,
    }  # fmt: skip
    if shape.kind in drawn and (in_disc or shape.kind in {"narrow_canal", "canal_mass"}):
        return element("path", d=drawn[shape.kind](frame, shape.amount), **IMAGE)
    if shape.kind == "wedge" and not in_disc:
        return _crack(stage.bones[shape.level])
    if shape.kind == "growth" and not in_disc:
        path = body_path(stage.bones[shape.level])
        return element("path", d=path, fill="url(#sc-seen)", class_="sc-image-line", stroke="#1c5a94", stroke_width=1)
    if shape.kind == "narrow_foramen":
        return _ring(shape, stage)
    if shape.kind == "in_cord":
        path = cord_strip(stage.curve, frame.y - 9, frame.y + 9, -1.0)
        return element("path", d=path, **IMAGE, fill_opacity=0.75)
    return ""


def _protrusion(frame: Frame, amount: float) -> str:
    """A disc's tissue coming out backwards at its own height, on a narrow neck."""
    back, reach = frame.back, frame.canal * amount
    points = (
        (back - 3, -3.2),
        (back + reach * 0.7, -5.2),
        (back + reach, 0),
        (back + reach * 0.7, 5.2),
        (back - 3, 3.2),
    )
    return smooth([frame.point(*point) for point in points]) + "Z"


def _bulge(frame: Frame, amount: float) -> str:
    back, reach = frame.back, frame.canal * amount
    points = ((back - 2, -5), (back + reach * 0.8, -3.2), (back + reach, 0), (back + reach * 0.8, 3.2), (back - 2, 5))
    return smooth([frame.point(*point) for point in points]) + "Z"


def _fragment(frame: Frame, amount: float) -> str:
    """A piece that lies free below the disc it came from."""
    back, reach = frame.back, frame.canal * amount
    corners = ((back + 1, 7), (back + reach, 9), (back + reach, 19), (back + 2, 20))
    return rounded([frame.point(*corner) for corner in corners], 4)


def _narrow(frame: Frame, amount: float) -> str:
    """Thickened tissue from behind."""
    edge, reach = frame.back + frame.canal, frame.canal * amount
    points = ((edge + 1, -9), (edge - reach * 0.75, -4.5), (edge - reach, 0), (edge - reach * 0.75, 4.5), (edge + 1, 9))
    return smooth([frame.point(*point) for point in points]) + "Z"


def _mass(frame: Frame, amount: float) -> str:
    edge, reach = frame.back + frame.canal, frame.canal * amount
    points = ((edge, -17), (edge - reach, -9), (edge - reach, 9), (edge, 17))
    return smooth([frame.point(*point) for point in points]) + "Z"


def _crack(bone: SideBone) -> str:
    half, frame = bone.frame.depth / 2, bone.frame
    points = ((-half, 0.12), (-half * 0.45, -0.08), (-half * 0.1, 0.16), (half * 0.35, -0.06))
    path = "M" + "L".join(pair(frame.point(x, y * bone.height)) for x, y in points)
    return element("path", d=path, fill="none", class_="sc-image-line", stroke="#1c5a94", stroke_width=1.8)


def _ring(shape: Shape, stage: Stage) -> str:
    """A ring around the root that leaves at the narrowed foramen."""
    root = geometry.exiting_root(shape.level)
    if root is None:
        return ""
    x, y = foramen(geometry.roots()[root], stage.curve)
    return element("circle", cx=x, cy=y, r=4.4, fill="none", class_="sc-image-line", stroke="#1c5a94", stroke_width=1.8)


def frame_of(mark: LevelMark, stage: Stage) -> str:
    """The outline of a marked level: a full line for imaging, a dashed one for treatment."""
    name, colour = ("sc-image", "#1c5a94") if mark.kind == "imaging" else ("sc-mend", "#3d4a52")
    bone = stage.bones.get(mark.level)
    path = (
        disc_path(*discs(stage.bones)[mark.level]) if bone is None else body_path(bone, stage.wedges.get(mark.level, 0))
    )
    return element(
        "path", d=path, class_=f"{name}-line", stroke=colour, fill="none", stroke_width=1.6, stroke_linejoin="round",
        stroke_dasharray="none" if mark.kind == "imaging" else "4 2.5",
    )  # fmt: skip


def hardware(treatments: Iterable[Fact], stage: Stage) -> str:
    """What an operation left behind, as signs: a rod with screws, a plate in front, cement, an implant."""
    drawn = []
    for fact in treatments:
        row = treatment_marks().get(fact.name)
        if row and fact.level and (fact.level in stage.bones or fact.level in discs(stage.bones)):
            drawn.append(_implant(row["shape"], fact.level, stage))
    return "".join(dict.fromkeys(drawn))


def _implant(shape: str, level: str, stage: Stage) -> str:
    mend = {"class_": "sc-mend-line", "stroke": "#3d4a52", "fill": "none", "stroke_linecap": "round"}
    if level in stage.bones:
        bone = stage.bones[level]
        if shape != "cement":
            return ""
        x, y = bone.frame.x, bone.frame.y
        return element("ellipse", cx=x, cy=y, rx=bone.frame.depth * 0.3, ry=bone.height * 0.28, fill="url(#sc-done)",
                       class_="sc-mend-line", stroke="#3d4a52", stroke_width=1)  # fmt: skip
    above, below = discs(stage.bones)[level]
    if shape == "rod":
        ends = [bone.frame.point(bone.frame.back + bone.frame.canal + 4, -2) for bone in (above, below)]
        tips = [bone.frame.point(-bone.frame.back * 0.45, -2) for bone in (above, below)]
        screws = "".join(f"M{pair(end)}L{pair(tip)}" for end, tip in zip(ends, tips, strict=True))
        rod = f"M{pair(_beyond(ends[1], ends[0]))}L{pair(_beyond(ends[0], ends[1]))}"
        return element("path", d=screws, **mend, stroke_width=2) + element("path", d=rod, **mend, stroke_width=3.4)
    if shape == "front_plate":
        ends = [bone.frame.point(-bone.frame.back - 2.4, 0) for bone in (above, below)]
        return element("path", d=f"M{pair(ends[0])}L{pair(ends[1])}", **mend, stroke_width=3.4)
    if shape == "disc_implant":
        return element("path", d=disc_path(above, below), fill="url(#sc-done)", stroke="none")
    return ""


def _beyond(start: Point, end: Point) -> Point:
    return end[0] + (end[0] - start[0]) * 0.2, end[1] + (end[1] - start[1]) * 0.2


def lesion(found: Lesion, stage: Stage) -> str:
    """A likely site: a length of cord, the conus, the roots of the sac, or a root down to its foramen."""
    if found.place == "root":
        return _root(found, stage)
    top, bottom = shading.extent(found)
    path = (
        _sac(top, bottom, stage.curve) if found.place == "cauda_equina" else cord_strip(stage.curve, top, bottom, 1.6)
    )
    return shading.filled(path, found)


def _sac(top: float, bottom: float, curve: Curve) -> str:
    heights = [top + (bottom - top) * step / 14 for step in range(15)]
    front = [curve.in_canal(height, 0.12) for height in heights]
    back = [curve.in_canal(height, 0.9) for height in reversed(heights)]
    return smooth(front) + smooth(back, start="L") + "Z"


def _root(found: Lesion, stage: Stage) -> str:
    root = geometry.roots()[found.name]
    x, y = foramen(root, stage.curve)
    path = root_path(root, rank(root.name), stage.curve, last=22.0)
    radius = 4.6 + 2.2 * found.probability
    return (
        element("path", d=path, class_="sc-lesion-line", stroke="#a8201a", stroke_width=2.2, fill="none",
                stroke_linecap="round")
        + element("circle", cx=x, cy=y, r=radius, class_="sc-paper", fill="#ffffff")
        + element("circle", cx=x, cy=y, r=radius, fill=f"url(#{shading.hatching(found.probability)})",
                  class_="sc-lesion-line", stroke="#a8201a", stroke_width=1.4)
    )  # fmt: skip


def anchor_of(group: Group, stage: Stage) -> Point:
    """Where the callout of a likely site points, from behind."""
    first, last = group.lesions[0], group.lesions[-1]
    if first.place == "root":
        x, y = foramen(geometry.roots()[first.name], stage.curve)
        return x + 6, y
    middle = (shading.extent(first)[0] + shading.extent(last)[1]) / 2
    return stage.curve.in_canal(middle, 0.8)
