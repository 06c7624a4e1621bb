"""The spine from the side: its curves, slips as large as measured, and the same heights as the front view."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from spinecourse.course.model import Fact
from spinecourse.pictures import describe_spine, draw_spine, geometry
from spinecourse.pictures.shapes import shapes, slips, wedges
from spinecourse.pictures.side_bones import foramen
from spinecourse.pictures.side_geometry import Curve, side_bones

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("first", "last", "lowest", "highest"),
    [("C2", "C7", -45, -10), ("T1", "T12", 20, 50), ("L1", "S1", -70, -40)],
    ids=["lordosis of the neck", "kyphosis of the chest", "lordosis of the loin"],
)  # fmt: skip
def test_the_curves_lie_in_the_usual_range(first: str, last: str, lowest: float, highest: float) -> None:
    """Angles between end plates as measured on standing films of healthy adults."""
    bones = side_bones()
    assert lowest <= bones[last].frame.tilt - bones[first].frame.tilt <= highest


def test_a_slip_is_as_far_as_it_was_measured() -> None:
    facts = [Fact("imaging", "slip_percent", 0, level="L4/5", value=30, unit="%")]
    assert slips(shapes(facts)) == {"L4/5": pytest.approx(0.3)}
    straight, slipped = side_bones(), side_bones({"L4/5": 0.3})

    def apart(bones: dict, upper: str, lower: str) -> float:
        return bones[lower].frame.x - bones[upper].frame.x

    moved = apart(slipped, "L4", "L5") - apart(straight, "L4", "L5")
    assert moved == pytest.approx(0.3 * straight["L5"].frame.depth)
    assert apart(slipped, "C4", "L4") == pytest.approx(apart(straight, "C4", "L4"))


@pytest.mark.parametrize(("grade", "share"), [("meyerding 1", 0.125), ("meyerding 3", 0.625)])
def test_a_named_grade_is_drawn_in_its_middle(grade: str, share: float) -> None:
    found = shapes([Fact("imaging", "spondylolisthesis", 0, level="L5/S1", grade=grade)])
    assert slips(found) == {"L5/S1": pytest.approx(share)}
    assert found[0].told


def test_a_slip_without_a_measure_is_drawn_at_a_usual_size_and_known_as_such() -> None:
    found = shapes([Fact("imaging", "spondylolisthesis", 0, level="L5/S1")])
    assert 0 < slips(found)["L5/S1"] < 0.3
    assert not found[0].told


def test_what_was_looked_for_and_not_found_has_no_shape() -> None:
    assert shapes([Fact("imaging", "vertebral_fracture", 0, level="T8", present=False)]) == []
    assert wedges([]) == {}


def test_every_root_leaves_at_the_height_of_the_front_view() -> None:
    curve = Curve(side_bones())
    for name, root in geometry.roots().items():
        if name.startswith("S"):
            continue  # the sacrum lies so flat that front and side view cannot agree there
        assert foramen(root, curve)[1] == pytest.approx(root.foramen[1], abs=9)


def test_vertebrae_stand_at_the_height_of_the_front_view() -> None:
    assert {name: bone.frame.y for name, bone in side_bones().items()} == {
        name: bone.centre for name, bone in geometry.vertebrae().items()
    }


def test_the_picture_says_what_it_shows() -> None:
    facts = [Fact("imaging", "spondylolisthesis", 0, level="L5/S1"),
             Fact("imaging", "slip_percent", 0, level="L5/S1", value=38, unit="%")]  # fmt: skip
    svg = ElementTree.fromstring(draw_spine([("root:L5", "left", 0.7)], facts, title="x", view="side"))
    words = " ".join(" ".join(text.itertext()) for text in svg.iter(f"{SVG}text"))
    assert "slip 38\u202f%" in words
    assert "front" in words
    assert describe_spine([], facts, view="side")[0].startswith("The spine seen from the patient’s left")
    assert svg.get("aria-labelledby") == "sc-spine-side-title sc-spine-side-desc"
