"""The graph of the nervous system: shares of supply, and where it differs from the international standards."""

from __future__ import annotations

import pytest

from spinecourse.knowledge import anatomy
from spinecourse.knowledge.anatomy import Leaf
from spinecourse.knowledge.tables import Row, load

LEAVES = list(anatomy.leaves().values())
KNOWN_DISAGREEMENTS = {"ankle_dorsiflexion": "L5", "knee_extension": "L4"}
"""Movements whose main root is not the level of the international standards, with that root (docs/verification)."""


def power(movement: str) -> Leaf:
    return anatomy.leaves()["power", movement]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: f"{leaf.kind}:{leaf.name}")
def test_the_roots_carry_the_whole_supply_and_no_node_more(leaf: Leaf) -> None:
    assert sum(leaf.roots.values()) == pytest.approx(1)
    assert {root: leaf.shares[f"root:{root}"] for root in leaf.roots} == pytest.approx(leaf.roots)
    assert max(leaf.shares.values()) <= 1 + 1e-9
    assert min(leaf.shares.values()) > 0


@pytest.mark.parametrize(
    ("node", "leaf"),
    [
        ("nerve:common_fibular", ("power", "ankle_dorsiflexion")),
        ("nerve:common_fibular", ("power", "ankle_eversion")),
        ("nerve:sciatic", ("power", "ankle_dorsiflexion")),
        ("nerve:femoral", ("power", "knee_extension")),
        ("nerve:ulnar", ("power", "finger_abduction")),
        ("nerve:median", ("power", "thumb_abduction")),
        ("plexus:brachial_lower_trunk", ("power", "finger_abduction")),
        ("plexus:brachial_medial_cord", ("power", "thumb_abduction")),
        ("nerve:ulnar", ("sensation", "little_finger")),
        ("nerve:femoral", ("reflex", "knee")),
        ("root:L5", ("sensation", "L5")),
    ],
)
def test_all_of_the_supply_runs_through(node: str, leaf: tuple[str, str]) -> None:
    assert anatomy.leaves()[leaf].shares[node] == pytest.approx(1)


@pytest.mark.parametrize(
    ("node", "leaf"),
    [
        ("nerve:common_fibular", ("power", "ankle_plantarflexion")),
        ("nerve:ulnar", ("power", "finger_extension")),
        ("nerve:deep_ulnar", ("sensation", "little_finger")),
        ("plexus:brachial_lateral_cord", ("power", "thumb_abduction")),
        ("root:C5", ("reflex", "triceps")),
        ("nerve:sciatic", ("power", "hip_abduction")),
    ],
)
def test_none_of_the_supply_runs_through(node: str, leaf: tuple[str, str]) -> None:
    assert anatomy.leaves()[leaf].shares.get(node, 0) == 0


def test_inversion_and_abduction_tell_the_root_from_the_fibular_nerve() -> None:
    """The classic differential of foot drop follows from the shares."""
    for movement in ("ankle_inversion", "hip_abduction"):
        assert power(movement).shares["root:L5"] > 0.5
        assert power(movement).shares.get("nerve:common_fibular", 0) < 0.2


@pytest.mark.parametrize("segment", ["L1", "L2", "L3", "L4"])
def test_psoas_hangs_on_each_of_its_roots(segment: str) -> None:
    assert "nerve:lumbar_ventral_rami" in anatomy.strand(segment, "lumbar_ventral_rami")
    assert any(
        row["from"] == f"root:{segment}" for row in load("anatomy/plexus") if row["to"] == "nerve:lumbar_ventral_rami"
    )


def test_key_movements_agree_with_the_standards_but_for_two() -> None:
    keyed = {row["movement"]: row["isncsci_level"] for row in load("anatomy/movements") if row["isncsci_key"] == "yes"}
    main = {movement: max(power(movement).roots, key=power(movement).roots.__getitem__) for movement in keyed}
    assert len(keyed) == 10
    assert {name: root for name, root in main.items() if root != keyed[name]} == KNOWN_DISAGREEMENTS


def test_the_key_points_are_those_of_the_standards() -> None:
    points = [row["isncsci_level"] for row in load("anatomy/skin") if row["isncsci_key_point"] == "yes"]
    segments = [name for name in anatomy.segments() if name not in ("C1", "S4", "S5", "Co")]
    assert sorted(points) == sorted([*segments, "S4-5"])


@pytest.mark.parametrize("row", anatomy.motion_segments().values(), ids=lambda row: row["name"])
def test_discs_hit_the_roots_they_should(row: Row) -> None:
    segments = anatomy.segments()
    exiting, crossing = segments.index(row["root_exiting"]), segments.index(row["root_paracentral"])
    assert row["root_foraminal"] == row["root_exiting"]
    assert crossing - exiting == (1 if row["region"] == "lumbar" else 0)
