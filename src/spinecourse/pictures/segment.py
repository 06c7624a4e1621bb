"""One motion segment enlarged: cut across and from the side, with what imaging showed and the roots it can reach."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from spinecourse.course.model import Fact
from spinecourse.errors import NotFound
from spinecourse.knowledge import anatomy
from spinecourse.pictures import axial, segment_side
from spinecourse.pictures.axial import SIDES, Push
from spinecourse.pictures.captions import Caption, captions
from spinecourse.pictures.geometry import Point
from spinecourse.pictures.page import document
from spinecourse.pictures.shapes import Shape, shapes
from spinecourse.pictures.style import hatchings
from spinecourse.pictures.svg import Style, element, pair, text
from spinecourse.pictures.words import imaging_words, site_words
from spinecourse.structure import reached

WIDTH: Final = 400.0
_MIDDLE: Final = (200.0, 152.0)
_SCALE: Final = 1.05
_SIDE_TOP: Final = 372.0
_FOOT: Final = 690.0


def draw_segment(imaging: Iterable[Fact], level: str, *, title: str) -> str:
    """One motion segment (``L4/5``) as an SVG document: above cut across and seen from below, below from the side.

    Roots that a finding is likely to reach by ``structure/compression`` are ringed, those it may reach ringed thinly.
    Raises NotFound for a level that is no motion segment.
    """
    found = _found(imaging, level)
    region, squeezed = axial.region_of(level), in_reach(found, level)
    out, narrowing = axial.pushes(found, region), _largest(found, "narrow_canal", "canal_mass")
    words, height = _foot(_lines(found, level), set(squeezed.values()), _FOOT)
    body = [
        hatchings(),
        element("g", *_axial(found, level, region, out, narrowing, squeezed),
                transform=f"translate({_MIDDLE[0]:g} {_MIDDLE[1]:g}) scale({_SCALE:g})"),
        _root_names(level, region, out, squeezed),
        element("g", segment_side.draw(level, found, squeezed), transform=f"translate(0 {_SIDE_TOP:g})"),
        captions(_captions(level)),
        words,
    ]  # fmt: skip
    return document(f"segment-{level.replace('/', '-')}", title, describe_segment(imaging, level), body, WIDTH, height)


def describe_segment(imaging: Iterable[Fact], level: str) -> list[str]:
    """Everything the segment's picture shows, as sentences. Raises NotFound for a level that is no motion segment."""
    return _lines(_found(imaging, level), level)


def worst_level(imaging: Iterable[Fact]) -> str | None:
    """The motion segment with the largest drawn finding, the lower one where two are alike; None where none has any."""
    sizes: dict[str, float] = {}
    for shape in shapes(imaging):
        if shape.level in anatomy.motion_segments():
            sizes[shape.level] = max(shape.amount, sizes.get(shape.level, 0.0))
    order = list(anatomy.motion_segments())
    return max(sizes, key=lambda level: (sizes[level], order.index(level)), default=None)


def _found(imaging: Iterable[Fact], level: str) -> list[Shape]:
    if level not in anatomy.motion_segments():
        raise NotFound(f"{level} is no motion segment; write it as L4/5 or C7/T1")
    return [shape for shape in shapes(imaging) if shape.level == level]


def _largest(found: Iterable[Shape], *kinds: str) -> float:
    return max((shape.amount for shape in found if shape.kind in kinds), default=0.0)


def in_reach(found: Iterable[Shape], level: str) -> dict[tuple[str, int], str]:
    """How surely a finding reaches each root (likely or possible), by root and side of the picture."""
    strength: dict[tuple[str, int], str] = {}
    for shape in found:
        sides = [SIDES[shape.side]] if shape.side in SIDES else [-1, 1]
        for site in reached(shape.finding, shape.zone, level, shape.severity == "severe"):
            for side in sides if site.sides == "same" else (-1, 1):
                if site.site.startswith("root:") and strength.get((site.site, side)) != "likely":
                    strength[site.site, side] = site.strength
    return {(site.partition(":")[2], side): word for (site, side), word in strength.items()}


def _axial(
    found: Sequence[Shape], level: str, region: str, out: Sequence[Push], narrowing: float,
    squeezed: dict[tuple[str, int], str],
) -> Iterable[str]:  # fmt: skip
    """The cut across, from the bone behind to the findings in front."""
    row = anatomy.motion_segments()[level]
    image: Style = {"class_": "sc-image", "fill": "#1c5a94"}
    yield axial.bones(region, _enlarged(found))
    for push in out:
        yield element("path", d=axial.polygon(push.outline()), stroke="#1c5a94", stroke_width=1.4, fill="#1c5a94",
                      class_="sc-image sc-image-line", fill_opacity=0.35 if push.dashed else 0.9,
                      stroke_dasharray="4 3" if push.dashed else "none")  # fmt: skip
    yield axial.disc(region)
    yield element("path", d=axial.flavum(region, narrowing), **(image if narrowing else
                  {"class_": "sc-cord", "fill": "#eadf9f", "stroke": "#8a7a2f", "stroke_width": 0.6}))  # fmt: skip
    yield element("path", d=axial.polygon(axial.sac_outline(region, out, narrowing)), class_="sc-canal", fill="#ffffff",
                  stroke="#8d8778", stroke_width=1.2)  # fmt: skip
    nerve: Style = {"class_": "sc-cord", "fill": "#eadf9f", "stroke": "#8a7a2f", "stroke_width": 1.0}
    if cord := axial.cord_outline(region, out, narrowing):
        yield element("path", d=axial.polygon(cord), **nerve)
    for x, y in axial.threads(region, out, narrowing):
        yield element("circle", cx=x, cy=y, r=2.6, **nerve)
    for shape in found:
        yield from _beside(shape, region)
    for side in (-1, 1):
        yield from _roots(row["root_exiting"], row["root_paracentral"], region, side, out, squeezed)


def _enlarged(found: Iterable[Shape]) -> dict[int, float]:
    sizes: dict[int, float] = {}
    for shape in found:
        if shape.kind in {"facet", "narrow_recess"}:
            for side in [SIDES[shape.side]] if shape.side in SIDES else [-1, 1]:
                sizes[side] = max(sizes.get(side, 0.0), shape.amount)
    return sizes


def _beside(shape: Shape, region: str) -> Iterable[str]:
    """Findings beside the canal: a narrow foramen, a narrow recess, a worn joint, a cyst of the joint."""
    sides = [SIDES[shape.side]] if shape.side in SIDES else [-1, 1]
    image: Style = {"class_": "sc-image", "fill": "#1c5a94"}
    joint = axial.half(region, "upper_joint")
    for side in sides:
        if shape.kind in {"narrow_recess", "facet"}:
            yield element("path", d=axial.one_sided(joint, side), fill="url(#sc-seen)", stroke="#1c5a94",
                          class_="sc-image-line", stroke_width=1.4)  # fmt: skip
        elif shape.kind == "cyst":
            yield element("circle", cx=(joint[0][0] - 7) * side, cy=joint[0][1] - 2, r=5 + 9 * shape.amount, **image)
        elif shape.kind == "narrow_foramen":
            (x, y), grow = axial.half(region, "exiting")[1], 9 + 9 * shape.amount
            for dy in (-1, 1):
                foot = [
                    (side * (x - 14), y + dy * 20),
                    (side * x, y + dy * (20 - grow)),
                    (side * (x + 14), y + dy * 20),
                ]
                path = f"M{pair(foot[0])}Q{pair(foot[1])} {pair(foot[2])}Z"
                yield element("path", d=path, **image)


def _roots(
    leaves: str, crosses: str, region: str, side: int, out: Sequence[Push], squeezed: dict[tuple[str, int], str]
) -> Iterable[str]:
    """The roots of one side, ringed where a finding reaches them."""
    nerve: Style = {"class_": "sc-root", "stroke": "#8a7a2f", "fill": "none", "stroke_linecap": "round"}
    course = axial.exiting(region, side, out)
    yield element("path", d=axial.path_of(course), **nerve, stroke_width=11)
    yield element("path", d=axial.path_of(course), class_="sc-nerve-core", stroke="#eadf9f", fill="none",
                  stroke_linecap="round", stroke_width=8.4)  # fmt: skip
    yield _ring(course[0 if leaves != crosses else 1], squeezed.get((leaves, side)))
    place = axial.crossing(region, side, out)
    if place is not None:
        yield element("circle", cx=place[0], cy=place[1], r=5.4, class_="sc-cord", fill="#eadf9f", stroke="#8a7a2f",
                      stroke_width=1.2)  # fmt: skip
        yield _ring(place, squeezed.get((crosses, side)))


def _ring(place: Point, strength: str | None) -> str:
    if strength is None:
        return ""
    return element("circle", cx=place[0], cy=place[1], r=9.5, fill="none", class_="sc-lesion-line", stroke="#a8201a",
                   stroke_width=3 if strength == "likely" else 1.4,
                   stroke_dasharray="none" if strength == "likely" else "3 2.4")  # fmt: skip


def _root_names(level: str, region: str, out: Sequence[Push], squeezed: dict[tuple[str, int], str]) -> str:
    """The roots named at both edges, each with a line to it."""
    row, shown = anatomy.motion_segments()[level], []
    for side in (-1, 1):
        course, place = axial.exiting(region, side, out), axial.crossing(region, side, out)
        shown.append(_named(f"{row['root_exiting']} leaves", side, _NAME_AT[region], course[-1]))
        if place is not None:
            shown.append(_named(f"{row['root_paracentral']} crosses", side, 296, place))
    return "".join(shown)


_NAME_AT: Final = {"cervical": 136.0, "thoracic": 262.0, "lumbar": 206.0}
"""At which height the root that leaves is named, clear of bone and disc."""


def _named(words: str, side: int, y: float, end: Point) -> str:
    x = 200 + side * 192
    to = (_MIDDLE[0] + end[0] * _SCALE, _MIDDLE[1] + end[1] * _SCALE)
    start = (x - side * 30, y - 13 if to[1] < y - 13 else y + 5)
    line = element("path", d=f"M{pair(start)}L{pair(to)}", class_="sc-rule", stroke="#596267", stroke_width=0.9)
    dot = element("circle", cx=to[0], cy=to[1], r=1.8, class_="sc-ink", fill="#1d2326")
    return line + dot + element("text", text(words), x=x, y=y, font_size=13.5, font_weight=650, class_="sc-ink",
                                text_anchor="end" if side > 0 else "start", fill="#1d2326")  # fmt: skip


def _captions(level: str) -> list[Caption]:
    return [
        (8, 30, 24, 700, "start", "R"), (8, 46, 11.5, 400, "start", "patient’s right"),
        (392, 30, 24, 700, "end", "L"), (392, 46, 11.5, 400, "end", "patient’s left"),
        (200, 20, 15, 700, "middle", level), (200, 38, 12.5, 400, "middle", "cut across the disc, front above"),
        (200, _SIDE_TOP + 16, 12.5, 400, "middle", "from the side, turned upright"),
        (8, _SIDE_TOP + 16, 13.5, 700, "start", "front"), (392, _SIDE_TOP + 16, 13.5, 700, "end", "back"),
    ]  # fmt: skip


def _lines(found: Sequence[Shape], level: str) -> list[str]:
    """What is shown, what it can reach and how surely, and what was not told."""
    lines = []
    for shape in found:
        side = f", {shape.side}" if shape.side else ""
        zone = f", {shape.zone.replace('_', ' ')}" if shape.zone else ""
        severity = f"{shape.severity} " if shape.severity else ""
        lines.append(f"Seen at {level}: {severity}{imaging_words(shape.finding)}{zone}{side}{_measure(shape)}.")
        lines += _untold(shape)
        for strength, verb in (("likely", "Likely to reach"), ("possible", "May reach")):
            sites = [site.site for site in reached(shape.finding, shape.zone, level, shape.severity == "severe")
                     if site.strength == strength]  # fmt: skip
            if words := _nervous(sites):
                lines.append(f"{verb}: {words}.")
    return lines or [f"Nothing is recorded of {level}: not the same as normal."]


def _measure(shape: Shape) -> str:
    return (
        f", drawn at {100 * shape.amount:.0f}\u202f% of the body below" if shape.kind == "slip" and shape.told else ""
    )


def _nervous(sites: Sequence[str]) -> str:
    """Cord, conus, cauda equina and roots among the sites in words, neighbours as a range: ``S1–S5 roots``."""
    words = [site_words(site) for site in sites if site in {"conus", "cauda_equina"}]
    order = anatomy.segments()
    for group, one, several in (("root", "root", "roots"), ("cord", "cord segment", "cord segments")):
        numbers = sorted(order.index(site.partition(":")[2]) for site in sites if site.startswith(f"{group}:"))
        runs: list[list[int]] = []
        for number in numbers:
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        words += [
            f"{order[run[0]]} {one}" if len(run) == 1 else f"{order[run[0]]}–{order[run[-1]]} {several}" for run in runs
        ]
    return ", ".join(words)


def _untold(shape: Shape) -> list[str]:
    """What the picture had to assume."""
    lines = []
    if shape.kind in {"protrusion", "fragment"} and shape.zone is None:
        lines.append("The zone was not told; it is drawn beside the middle, where most lie.")
    if shape.kind in {"protrusion", "fragment"} and shape.side is None and shape.zone != "central":
        lines.append("The side was not told; it is drawn dashed on both.")
    if not shape.told:
        lines.append("Its size was not told; it is drawn at a usual size.")
    return lines


def _foot(lines: Sequence[str], used: set[str], y: float) -> tuple[str, float]:
    shown = []
    rings = (("likely", "a finding here is likely to reach this root"), ("possible", "may reach this root"))
    for strength, words in (ring for ring in rings if ring[0] in used):
        shown += [_ring((18, y - 4), strength), _text(words, 36, y)]
        y += 24
    for line in lines:
        for row in textwrap.wrap(line, 54):
            shown.append(_text(row, 8, y))
            y += 18
    return "".join(shown), y


def _text(words: str, x: float, y: float) -> str:
    return element("text", text(words), x=x, y=y, font_size=13.5, class_="sc-ink", fill="#1d2326")
