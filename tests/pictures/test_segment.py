"""One motion segment: the roots named are those of the levels table, and what the tables put in reach is ringed."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from spinecourse.course.model import Fact
from spinecourse.errors import NotFound
from spinecourse.knowledge import anatomy
from spinecourse.pictures import axial, describe_segment, draw_segment, worst_level
from spinecourse.pictures.segment import in_reach
from spinecourse.pictures.shapes import shapes

SVG = "{http://www.w3.org/2000/svg}"
LEVELS = list(anatomy.motion_segments())


def herniation(zone: str | None, side: str | None, level: str = "L4/5") -> Fact:
    return Fact("imaging", "disc_herniation", 0, level=level, side=side, severity="moderate",
                grade=f"zone {zone}" if zone else None)  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
def test_every_motion_segment_is_drawn_with_its_roots(level: str) -> None:
    svg = ElementTree.fromstring(draw_segment([], level, title=level))
    words = [" ".join(text.itertext()) for text in svg.iter(f"{SVG}text")]
    row = anatomy.motion_segments()[level]
    assert words.count(f"{row['root_exiting']} leaves") == 3
    crossing = row["root_paracentral"] if row["root_paracentral"] != row["root_exiting"] else None
    assert sum(word.endswith("crosses") for word in words) == (3 if crossing else 0)
    assert "not the same as normal" in " ".join(words)


@pytest.mark.parametrize(
    ("zone", "reached"),
    [("paracentral", {("L5", 1): "likely"}), ("foraminal", {("L4", 1): "likely"}),
     ("far_lateral", {("L4", 1): "likely"}), ("central", {("L5", 1): "likely", ("L5", -1): "likely"})],
)  # fmt: skip
def test_a_disc_reaches_the_root_of_its_zone(zone: str, reached: dict[tuple[str, int], str]) -> None:
    found = in_reach(shapes([herniation(zone, "left" if zone != "central" else "midline")]), "L4/5")
    assert {key: word for key, word in found.items() if word == "likely"} == reached


def test_the_pressed_root_moves_and_the_other_one_does_not() -> None:
    found = shapes([herniation("paracentral", "left")])
    out = axial.pushes(found, "lumbar")
    rest = axial.crossing("lumbar", 1, [])
    assert axial.crossing("lumbar", 1, out) != rest
    assert axial.crossing("lumbar", -1, out) == axial.crossing("lumbar", -1, [])
    assert axial.exiting("lumbar", 1, out) == axial.exiting("lumbar", 1, [])


def test_a_foraminal_disc_moves_the_root_that_leaves() -> None:
    out = axial.pushes(shapes([herniation("foraminal", "right")]), "lumbar")
    assert axial.exiting("lumbar", -1, out) != axial.exiting("lumbar", -1, [])
    assert axial.crossing("lumbar", -1, out) == axial.crossing("lumbar", -1, [])


@pytest.mark.parametrize("zone", ["paracentral", "foraminal", "far_lateral"])
@pytest.mark.parametrize("level", ["L4/5", "C5/6", "T8/9"])
def test_the_other_side_is_the_mirror_image(zone: str, level: str) -> None:
    region = axial.region_of(level)
    left, right = (axial.pushes(shapes([herniation(zone, side, level)]), region)[0] for side in ("left", "right"))
    assert [(pytest.approx(-x), y) for x, y in left.outline()] == right.outline()


def test_what_was_not_told_is_said() -> None:
    lines = " ".join(describe_segment([replace(herniation(None, None), severity=None)], "L4/5"))
    assert "The zone was not told" in lines
    assert "The side was not told" in lines
    assert "Its size was not told" in lines


def test_the_sac_is_narrower_where_the_canal_is() -> None:
    def depth(narrowing: float) -> float:
        ys = [y for _, y in axial.sac_outline("lumbar", [], narrowing)]
        return max(ys) - min(ys)

    assert depth(0.7) < depth(0.3) < depth(0.0)


def test_the_worst_level_is_the_one_with_the_largest_finding() -> None:
    mild = Fact("imaging", "disc_herniation", 0, level="L5/S1", severity="mild")
    assert worst_level([mild, herniation("paracentral", "left")]) == "L4/5"
    assert worst_level([]) is None


def test_a_vertebra_is_no_segment() -> None:
    with pytest.raises(NotFound, match="motion segment"):
        draw_segment([], "L4", title="x")
