"""The body map: areas tile the body, sides are mirror images, nothing is drawn that nobody said."""

from __future__ import annotations

import csv
import random
import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinecourse.course.model import Fact
from spinecourse.errors import UserError
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.tables import load
from spinecourse.pictures import describe_body, draw_body, drawn_facts, regions_of_codes
from spinecourse.pictures.body_geometry import VIEWS, Layer, areas, inside, patches
from spinecourse.pictures.body_marks import body_marks, places_of, territory

SVG = "{http://www.w3.org/2000/svg}"
LAYERS: tuple[Layer, ...] = ("dermatome", "skin", "region")
KEY_POINTS = list(csv.DictReader((Path(__file__).parent / "key_points.csv").read_text(encoding="utf-8").splitlines()))
BODY_MAPS = Path(__file__).resolve().parents[3] / "shared" / "data" / "port_body_map" / "data.csv"
FACTS = [
    Fact("symptom", "leg_pain", -9, side="left", nrs=8, area=("L5",)),
    Fact("symptom", "hand_paraesthesia", -2, side="right", area=("median",)),
    Fact("sensation", "L5", 0, side="left", grade="reduced"),
    Fact("sensation", "S1", 0, side="left", grade="normal"),
    Fact("power", "great_toe_extension", 0, side="left", mrc=3),
]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_tiles_every_patch(layer: Layer, view: str) -> None:
    """Every point of a patch lies in exactly one area, and the areas together are as large as the patch."""
    polygons = defaultdict(list)
    for area in areas(layer, view):
        polygons[area.patch].append(area)
    assert set(polygons) == set(patches(view))
    chance = random.Random(7)
    for patch, found in polygons.items():
        assert sum(size(area.corners) for area in found) == pytest.approx(1), patch
        for _ in range(300):
            point = (chance.random(), chance.random())
            assert sum(inside(point, area.corners) for area in found) == 1, (patch, point)


def size(corners: tuple[tuple[float, float], ...]) -> float:
    """The area of a polygon."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


@pytest.mark.parametrize("view", VIEWS)
def test_drawn_patches_do_not_overlap(view: str) -> None:
    """On the drawing itself: a point inside one area lies in no other."""
    chance = random.Random(3)
    found = areas("region", view)
    for area in found:
        patch = patches(view)[area.patch]
        u = sum(x for x, _ in area.corners) / len(area.corners) + chance.uniform(-0.02, 0.02)
        v = sum(y for _, y in area.corners) / len(area.corners)
        if inside((u, v), area.corners):
            assert [other.name for other in found if inside(patch.point(u, v), other.outline)] == [area.name]


@pytest.mark.parametrize("row", KEY_POINTS, ids=lambda row: row["segment"])
def test_key_points_of_the_international_standards_lie_in_their_dermatome(row: dict[str, str]) -> None:
    place = (float(row["u"]), float(row["v"]))
    found = [
        area.name
        for area in areas("dermatome", row["view"])
        if area.patch == row["patch"] and inside(place, area.corners)
    ]
    assert found == [row["segment"]], row["where"]


def test_every_dermatome_and_area_of_skin_has_a_place() -> None:
    segments = anatomy.segments()
    for segment in segments[segments.index("C2") : segments.index("S5") + 1]:
        assert places_of(segment), segment
    for row in load("anatomy/skin"):
        if row["isncsci_key_point"] == "no":
            assert places_of(row["area"]), row["area"]


def test_every_name_of_sensation_and_every_body_area_has_a_place() -> None:
    for name in vocabulary.names().values():
        if name.kind == "sensation" and name.name not in anatomy.nerves():
            assert places_of(name.name), name.name
    for row in load("vocabulary/areas"):
        assert places_of(row["area"]), row["area"]


def test_territories_of_nerves_follow_from_the_graph() -> None:
    assert set(territory("common_fibular")) >= {"lateral_leg_upper", "dorsal_foot", "first_web_space_foot"}
    assert set(territory("median")) >= {"thumb", "index_finger", "middle_finger", "ring_finger_radial_half"}
    assert "little_finger" in territory("ulnar")
    assert "little_finger" not in territory("median")


def test_tables_name_only_what_the_vocabulary_knows() -> None:
    known = {(kind, name) for kind, name in vocabulary.names()}
    assert {("symptom", row["symptom"]) for row in load("pictures/symptom_places")} <= known
    assert {("symptom", row["symptom"]) for row in load("pictures/body_regions") if row["symptom"]} <= known
    assert {("imaging", row["imaging"]) for row in load("pictures/finding_shapes")} <= known
    for row in load("pictures/body_regions"):
        assert all(places_of(area) for area in row.items_of("areas")), row["region"]


def test_the_seventy_four_areas_map_to_all_regions_of_both_sides() -> None:
    codes = [str(code) for code in (*range(101, 137), *range(201, 239))]
    regions = regions_of_codes(codes)
    assert len(set(regions)) == 74
    drawn = {(view, area.name) for view in VIEWS for area in areas("region", view)}
    assert {(view, region) for view, region, _ in regions} == drawn - {("back", "perineum")}, "which the 74 do not have"
    with pytest.raises(UserError, match="101 to 238"):
        regions_of_codes(["199"])


@pytest.mark.skipif(not BODY_MAPS.exists(), reason="the data lie beside the checkout")
def test_every_code_of_the_registry_is_known() -> None:
    with BODY_MAPS.open(encoding="utf-8") as stream:
        codes = {code for row in csv.DictReader(stream) for code in row["areas"].split()}
    assert len(regions_of_codes(sorted(codes))) == len(codes) == 74


def test_areas_drawn_become_facts_and_silence_none() -> None:
    assert drawn_facts([], 0) == []
    facts = drawn_facts([("back", "thigh", "left"), ("back", "calf", "left"), ("back", "low_back", "right")], -1)
    assert [(fact.name, fact.side, fact.area) for fact in facts] == [
        ("calf_pain", "left", ("posterior_calf",)), ("back_pain", None, ("low_back",)),
        ("thigh_pain", "left", ("posterior_thigh",)),
    ]  # fmt: skip
    with pytest.raises(UserError, match="no region"):
        drawn_facts([("front", "tail", "left")], 0)


def test_is_well_formed_with_title_and_description() -> None:
    svg = ElementTree.fromstring(draw_body(FACTS, title="Where it hurts"))
    assert svg.find(f"{SVG}title").text == "Where it hurts"
    assert "Pain: leg pain (L5) 8/10, left." in svg.find(f"{SVG}desc").text
    ids = [piece.get("id") for piece in svg.iter() if piece.get("id")]
    assert len(ids) == len(set(ids))
    used = {piece.get("href")[1:] for piece in svg.iter(f"{SVG}use")}
    assert used <= set(ids)
    assert all("style" not in piece.attrib for piece in svg.iter())


def test_nothing_recorded_is_not_no_complaint() -> None:
    assert "not the same as no complaint" in " ".join(describe_body([]))
    assert body_marks([Fact("symptom", "leg_pain", 0, side="left", present=False)]) == []


def test_normal_and_unexamined_are_told_apart() -> None:
    lines = describe_body(FACTS)
    assert "Feeling examined: normal: S1 normal, left." in lines
    assert not any("L4" in line for line in lines)


def marked(facts: list[Fact], view: str) -> set[tuple[str, str]]:
    """What is filled and on which side of the picture: the sign of the half's scale and the shape used."""
    svg = ElementTree.fromstring(draw_body(facts, title="x", view=view))
    found = set()
    for half in svg.iter(f"{SVG}g"):
        if turned := re.search(r"scale\((-?)", half.get("transform", "")):
            for piece in half:
                if "sc-body-" in piece.get("fill", ""):
                    found.add((turned[1], f"{piece.get('href')} {piece.get('fill')}"))
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_mirrored_patients_have_mirrored_maps(view: str) -> None:
    other = {"left": "right", "right": "left"}
    mirrored = [replace(fact, side=other[fact.side]) for fact in FACTS]
    here, there = marked(FACTS, view), marked(mirrored, view)
    assert here
    assert {("" if sign else "-", what) for sign, what in here} == there


def test_the_left_leg_is_on_the_viewers_right_in_front_and_on_the_left_behind() -> None:
    fact = [Fact("sensation", "S1", 0, side="left", grade="absent")]
    assert {sign for sign, _ in marked(fact, "front")} == {""}
    assert {sign for sign, _ in marked(fact, "back")} == {"-"}


def test_interactive_areas_have_names_roles_and_places_in_the_tab_order() -> None:
    svg = ElementTree.fromstring(draw_body([], title="Draw", layer="region", interactive=True))
    boxes = [piece for piece in svg.iter() if piece.get("role") == "checkbox"]
    assert len(boxes) == 76, "the 74 areas, and the perineum of both sides"
    assert len({piece.get("aria-label") for piece in boxes}) == 76
    assert all(piece.get("tabindex") == "0" and piece.get("data-side") and piece.get("data-area") for piece in boxes)
    assert svg.get("role") == "group"


sides = st.sampled_from(["left", "right", "both", None])
some_facts = st.lists(
    st.one_of(
        st.builds(lambda name, side: Fact("symptom", name, 0, side=side),
                  st.sampled_from([row["symptom"] for row in load("pictures/symptom_places")]), sides),
        st.builds(lambda name, side, grade: Fact("sensation", name, 0, side=side, grade=grade),
                  st.sampled_from(sorted(name for kind, name in vocabulary.names() if kind == "sensation")), sides,
                  st.sampled_from(["normal", "reduced", "absent", "increased"])),
        st.builds(lambda name, side, mrc: Fact("power", name, 0, side=side, mrc=mrc),
                  st.sampled_from(sorted(name for kind, name in vocabulary.names() if kind == "power")), sides,
                  st.sampled_from([0, 3, 4.3, 5])),
    ), max_size=6,
)  # fmt: skip


@given(some_facts)
@settings(derandomize=True, max_examples=40, deadline=None)
def test_any_facts_make_a_picture_that_says_all(facts: list[Fact]) -> None:
    svg = ElementTree.fromstring(draw_body(facts, title="x"))
    seen = " ".join(" ".join("".join(text.itertext()).split()) for text in svg.iter(f"{SVG}text"))
    for mark in body_marks(facts):
        assert mark.words.split()[0] in seen


def test_the_enlarged_hands_show_the_marks_of_their_own_side() -> None:
    """The right palm stands at the viewer's left, the back of the right hand at the viewer's right."""
    svg = ElementTree.fromstring(draw_body([FACTS[1]], title="x", view="hands"))
    filled = [
        (re.search(r"scale\((-?)", hand.get("transform", ""))[1], piece.get("href").split("-")[4])
        for hand in svg.iter(f"{SVG}g")
        if "scale" in hand.get("transform", "")
        for piece in hand.iter(f"{SVG}use")
        if "sc-body-" in piece.get("fill", "")
    ]
    assert {sign for sign, view in filled if view == "front"} == {"-"}
    assert {sign for sign, view in filled if view == "back"} == {""}
