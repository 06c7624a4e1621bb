"""The drawn spine: well-formed, anatomically placed, mirrored with its sites, and never losing what it was given."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinecourse.course.model import Fact
from spinecourse.knowledge.tables import load
from spinecourse.knowledge.vocabulary import names
from spinecourse.pictures import describe_spine, draw_spine, geometry, plain, site_words
from spinecourse.pictures.labels import GAP, LINE, Label, place
from spinecourse.pictures.words import place_of

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
SVG = "{http://www.w3.org/2000/svg}"

CROWDED = (
    [("root:L5", "left", 0.55), ("root:L5+root:S1", "left", 0.2), ("cauda_equina", None, 0.12), ("conus", None, 0.05),
     ("cord:C5", None, 0.08), ("root:C7", "right", 0.3), ("nerve:common_fibular", "left", 0.22)],
    [Fact("imaging", "disc_herniation", 0, side="left", level="L4/5", severity="severe"),
     Fact("imaging", "central_stenosis", 0, level="L4/5"), Fact("imaging", "vertebral_fracture", 0, level="T8"),
     Fact("imaging", "foraminal_stenosis", 0, side="both", level="C5/6"), Fact("imaging", "disc_degeneration", 0),
     Fact("imaging", "syrinx", 0, present=False)],
    [Fact("treatment", "fusion", -400, level="L3/4"), Fact("treatment", "epidural_injection", -9, level="L4/5")],
)  # fmt: skip


def drawn(*arguments: object, title: str = "Likely site") -> ElementTree.Element:
    """The drawing as XML."""
    return ElementTree.fromstring(draw_spine(*arguments, title=title))


def words_of(svg: ElementTree.Element) -> str:
    """All words that can be seen, on one line."""
    return " ".join(" ".join(text.itertext()) for text in svg.iter(f"{SVG}text"))


def test_is_well_formed_with_title_and_description() -> None:
    svg = drawn(*CROWDED)
    assert svg.find(f"{SVG}title").text == "Likely site"
    assert "L5 root, left 0.75" in svg.find(f"{SVG}desc").text
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "sc-spine-title sc-spine-desc"


def test_hostile_title_is_text() -> None:
    hostile = "</title><script>alert(1)</script>&\x00"
    svg = drawn([], title=hostile)
    assert svg.find(f"{SVG}title").text == hostile.replace("\x00", "\ufffd")
    assert svg.find(f".//{SVG}script") is None


def test_no_inline_style_attributes() -> None:
    assert all("style" not in piece.attrib for piece in drawn(*CROWDED).iter())


def test_everything_given_is_seen() -> None:
    seen = words_of(drawn(*CROWDED))
    for expected in (
        "L5 root 0.75 left", "S1 root 0.20 left", "cauda equina 0.12", "C5 cord 0.08", "C7 root 0.30 right",
        "common fibular nerve, left 0.22", "severe herniation", "central stenosis", "fracture", "foraminal stenosis",
        "worn disc (level not told)", "syrinx (level not told)", "fusion", "epidural injection",
    ):  # fmt: skip
        assert expected in seen, expected
    assert "Looked for on imaging and not found" in seen


def test_right_is_on_the_viewers_left() -> None:
    texts = {text.text: text for text in drawn([]).iter(f"{SVG}text")}
    assert float(texts["R"].get("x")) < geometry.MIDLINE < float(texts["L"].get("x"))
    assert all(x < geometry.MIDLINE for x, _ in lesion_points([("root:L4", "right", 0.9)]))


def lesion_points(sites: list[tuple[str, str | None, float]]) -> set[tuple[float, float]]:
    """Every point of the paths that mark likely sites, leaders left out."""
    points = set()
    for path in drawn(sites).iter(f"{SVG}path"):
        if "sc-lesion-line" in path.get("class", "") and "C" in path.get("d") and path.get("stroke-width") != "1":
            numbers = [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", path.get("d"))]
            points |= {(round(x, 1), y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)}
    return points


@pytest.mark.parametrize("site", ["root:C6", "root:T7", "root:S2", "cord:T4", "conus", "cauda_equina"])
def test_mirrored_sites_mirror_the_drawing(site: str) -> None:
    left = lesion_points([(site, "left", 0.6)])
    right = lesion_points([(site, "right", 0.6)])
    assert left
    mirrored = sorted((round(geometry.WIDTH - x, 1), y) for x, y in left)
    assert mirrored == [pytest.approx(point, abs=0.11) for point in sorted(right)]


@pytest.mark.parametrize(
    ("row", "rule"),
    [(row["name"], row["exit_rule"]) for row in load("anatomy/levels") if row["kind"] == "cord_segment"][:25],
)
def test_roots_leave_where_the_levels_table_says(row: str, rule: str) -> None:
    height = geometry.roots()[row].foramen[1]
    bones = geometry.vertebrae()
    if found := re.search(r"(above|below) vertebra (\w+)", rule):
        bone = bones[found[2]]
        assert (height <= bone.top) if found[1] == "above" else (bone.centre < height <= bone.bottom)
    else:
        level = bones["C1"] if "occiput" in rule else bones["T1"]
        assert level.top - 8 < height <= level.top


def test_cord_ends_at_the_first_lumbar_disc() -> None:
    segments = list(geometry.cord_segments().values())
    assert all(upper[1] == lower[0] for upper, lower in pairwise(segments))
    assert geometry.vertebrae()["L1"].bottom <= segments[-1][1] <= geometry.vertebrae()["L2"].centre
    assert geometry.cauda_equina_extent() == (segments[-1][1], geometry.vertebrae()["S2"].centre)


def test_vertebrae_follow_each_other_without_overlap() -> None:
    bones = list(geometry.vertebrae().values())
    assert len(bones) == 29
    assert all(above.bottom <= below.top for above, below in pairwise(bones))


def test_tables_name_only_what_the_vocabulary_knows() -> None:
    assert {row["imaging"] for row in load("pictures/imaging_words")} <= {n for k, n in names() if k == "imaging"}
    assert {row["treatment"] for row in load("pictures/treatment_marks")} <= {n for k, n in names() if k == "treatment"}


@pytest.mark.parametrize(
    ("site", "words"),
    [("root:L5", "L5 root"), ("cord:T10", "T10 cord segment"), ("nerve:common_fibular", "common fibular nerve"),
     ("plexus:brachial_upper_trunk", "brachial upper trunk (plexus)"), ("root:L5+root:S1", "L5 root + S1 root"),
     ("nerve:nerve_to_piriformis", "nerve to piriformis"), ("something:new", "something new")],
)  # fmt: skip
def test_site_words(site: str, words: str) -> None:
    assert site_words(site) == words


@pytest.mark.parametrize(
    ("name", "written"),
    [("nsaid", "NSAID"), ("post_void_residual_ml", "post-void residual (ml)"), ("crp_mg_l", "CRP (mg/l)"),
     ("emg_c5_radiculopathy", "EMG C5 radiculopathy"), ("straight_leg_raise", "straight leg raise"),
     ("step_off", "step off"), ("vas_back_mm", "VAS back (mm)"), ("ctx", "ctx")],
)  # fmt: skip
def test_names_are_spelt_as_usual(name: str, written: str) -> None:
    assert plain(name) == written


def test_every_level_of_the_tables_has_a_place() -> None:
    for row in load("anatomy/levels"):
        if row["kind"] in {"vertebra", "motion_segment"} and row["name"] != "Co":
            assert geometry.level_height(row["name"]) is not None, row["name"]
            for view in ("front", "side"):
                fact = [Fact("imaging", "disc_herniation", 0, level=row["name"])]
                svg = ElementTree.fromstring(draw_spine([], fact, title="x", view=view))
                assert f"{row['name']} herniation" in words_of(svg), view


def test_unknown_site_is_listed_not_lost() -> None:
    assert "something new" in words_of(drawn([("something:new", "left", 0.4)]))
    assert place_of("something:new") == "outside"


def test_unknown_level_is_listed_not_lost() -> None:
    facts = [Fact("imaging", "vertebral_fracture", 0, level="Co")]
    assert any("fracture Co" in line for line in describe_spine([], facts))


def test_neighbouring_segments_are_named_together() -> None:
    sites = [
        ("cord:T8", "both", 0.2),
        ("cord:T9", "both", 0.3),
        ("cord:T9+cord:T10", "both", 0.1),
        ("cord:C5", None, 0.1),
    ]
    lines = describe_spine(sites)
    assert "Likely site: T8–T10 cord segments, both sides 0.60 together: T8 0.20, T9 0.40, T10 0.10." in lines
    assert "C5 cord 0.10" in words_of(drawn(sites))
    assert "T8–T10 cord 0.60 both sides" in words_of(drawn(sites))


def test_a_root_without_a_side_is_drawn_on_both_and_says_so() -> None:
    assert "L5 root 0.90 side not known" in words_of(drawn([("root:L5", None, 0.9)]))
    assert lesion_points([("root:L5", None, 0.9)]) == lesion_points([("root:L5", "both", 0.9)])


def test_less_likely_sites_are_counted() -> None:
    lines = describe_spine([("root:L5", "left", 0.97), ("root:L4", "left", 0.01), ("root:S1", "left", 0.01)])
    assert "2 less likely sites not drawn." in lines


labels = st.builds(
    lambda y, lines, weight: Label((200.0, y), 1, ("x",) * lines, "lesion", weight, 1),
    st.floats(60, 840), st.integers(1, 4), st.floats(0, 2),
)  # fmt: skip


@given(st.lists(labels, max_size=40))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_callouts_never_overlap_and_none_is_lost(given_labels: list[Label]) -> None:
    placed, left_out = place(given_labels, 62, 838)
    assert len(placed) + len(left_out) == len(given_labels)
    for upper, lower in pairwise(placed):
        assert lower.top - upper.top >= upper.label.height - 0.001
    assert all(item.top >= 62 and item.top + item.label.height - GAP - LINE / 2 <= 838.001 for item in placed)


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium at /usr/bin/chromium")
def test_no_text_overlaps_another_at_320_pixels(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    page_file = tmp_path / "spine.html"
    page_file.write_text("<!doctype html><body style='margin:0'>" + draw_spine(*CROWDED, title="x"), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())
        page = browser.new_page(viewport={"width": 320, "height": 700})
        page.goto(page_file.as_uri())
        boxes = page.evaluate("""[...document.querySelectorAll('tspan, text:not(:has(tspan))')].map(text => {
            const box = text.getBoundingClientRect()
            return [text.textContent, box.left, box.top, box.right, box.bottom, box.height]})""")
        browser.close()
    assert all(left >= 0 and right <= 320 for _, left, _, right, _, _ in boxes)
    for index, (name, left, top, right, bottom, _) in enumerate(boxes):
        for other, left2, top2, right2, bottom2, _ in boxes[index + 1 :]:
            apart = right - 2 <= left2 or right2 <= left + 2 or bottom - 3 <= top2 or bottom2 <= top + 3
            assert apart, (name, other)
