"""The tree of supply: every line is in the anatomy graph, and weak, normal and unexamined are never confused."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinecourse.course.model import Fact
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.tables import load
from spinecourse.pictures import describe_supply, draw_supply
from spinecourse.pictures.supply_tree import LAST, column, limb_of, supply_tree

SVG = "{http://www.w3.org/2000/svg}"
FOOT = [
    Fact("power", "ankle_dorsiflexion", 0, side="left", mrc=3),
    Fact("power", "great_toe_extension", 0, side="left", mrc=2),
    Fact("power", "ankle_inversion", 0, side="left", mrc=5),
]
HAND = [
    Fact("power", "finger_abduction", 0, side="right", mrc=3),
    Fact("reflex", "triceps", 0, side="right", grade="normal"),
]


@pytest.mark.parametrize("facts", [FOOT, HAND, []], ids=["foot", "hand", "nothing"])
def test_every_line_is_in_the_anatomy_graph(facts: list[Fact]) -> None:
    """Whatever a line carries to a leaf, the graph says that this leaf's supply runs through both its ends."""
    tree = supply_tree(facts)
    leaves = {leaf.node: anatomy.leaves()[leaf.kind, leaf.name] for leaf in tree.leaves}
    below: dict[str, set[str]] = {node: {node} for node in leaves}
    for place in range(LAST - 1, -1, -1):
        for line in tree.strands:
            if column(line.start, tree.limb) == place:
                below.setdefault(line.start, set()).update(below.get(line.end, set()))
    for line in tree.strands:
        assert below[line.end], line
        assert any(leaves[leaf].shares.get(line.start, 0) > 0 for leaf in below[line.end]), line


def test_the_limb_and_side_with_the_weakness_is_drawn() -> None:
    assert (supply_tree(FOOT).limb, supply_tree(FOOT).side) == ("leg", "left")
    assert (supply_tree(HAND).limb, supply_tree(HAND).side) == ("arm", "right")


def test_weak_normal_and_unexamined_are_three_things() -> None:
    states = {leaf.name: leaf.state for leaf in supply_tree(FOOT).leaves}
    assert states["ankle_dorsiflexion"] == "weak"
    assert states["ankle_inversion"] == "normal"
    assert states["hip_abduction"] == "unexamined"
    lines = describe_supply(FOOT)
    assert any(line.startswith("Not examined: ") and "hip abduction" in line for line in lines)


def test_nothing_examined_is_nothing_normal() -> None:
    assert {leaf.state for leaf in supply_tree([]).leaves} == {"unexamined"}


def test_the_weak_lines_of_a_foot_drop_meet_in_the_common_fibular_nerve() -> None:
    tree = supply_tree(FOOT)
    weak = {(line.start, line.end) for line in tree.strands if line.state == "weak"}
    assert ("nerve:sciatic", "nerve:common_fibular") in weak
    assert ("nerve:sciatic", "nerve:tibial") not in weak


def test_weakness_without_a_side_counts_for_neither() -> None:
    facts = [replace(fact, side=None) for fact in FOOT[:2]]
    assert {leaf.state for leaf in supply_tree(facts).leaves} == {"unexamined"}


def test_usual_leaves_are_leaves_of_their_limb() -> None:
    for row in load("pictures/supply_leaves"):
        assert limb_of(row["kind"], row["name"]) == row["limb"], row["name"]


def test_likely_sites_are_marked_here_or_listed_below() -> None:
    sites = [("nerve:common_fibular", "left", 0.6), ("root:L5", "right", 0.2), ("cord:T10", None, 0.1)]
    lines = describe_supply(FOOT, sites)
    assert "Likely site: common fibular nerve 0.60." in lines
    assert "Not in this tree: L5 root, right 0.20." in lines
    assert "Not in this tree: T10 cord segment 0.10." in lines


def test_mirrored_for_reading_from_the_right() -> None:
    """Every shape and word of the mirrored picture stands at the mirrored place."""

    def places(right_to_left: bool) -> list[tuple[str, float]]:
        svg = ElementTree.fromstring(draw_supply(FOOT, title="x", right_to_left=right_to_left))
        return sorted((text.text, float(text.get("x"))) for text in svg.iter(f"{SVG}text"))

    mirrored = sorted((words, round(400 - x, 1)) for words, x in places(False))
    assert mirrored == [(words, pytest.approx(x, abs=0.11)) for words, x in places(True)]


names = sorted({row["movement"] for row in load("anatomy/movements")})
examinations = st.lists(
    st.builds(lambda name, side, mrc: Fact("power", name, 0, side=side, mrc=mrc), st.sampled_from(names),
              st.sampled_from(["left", "right", "both"]), st.sampled_from([0, 3, 4.3, 5])), max_size=10,
)  # fmt: skip


@given(examinations)
@settings(derandomize=True, max_examples=25, deadline=None)
def test_nodes_of_a_column_never_touch(facts: list[Fact]) -> None:
    tree = supply_tree(facts)
    for place in range(LAST + 1):
        rows = sorted(row for node, row in tree.rows.items() if column(node, tree.limb) == place)
        assert all(lower - upper >= 0.7 for upper, lower in pairwise(rows))
        assert all(-0.01 <= row <= max(len(tree.leaves) - 1, 0) + 0.01 for row in rows)
    ElementTree.fromstring(draw_supply(facts, title="x"))
