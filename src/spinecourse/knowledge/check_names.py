"""The names that cells may hold, and checks that tables agree about what they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from spinecourse.errors import Problem
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.tables import Row, load

MUSCLE_KINDS: Final = ("emg", "stimulation", "power_or_emg")
"""Kinds of finding that are counted in a muscle or in a movement."""


def _column(table: str, column: str) -> frozenset[str]:
    return frozenset(row[column] for row in load(table))


@cache
def name_sets() -> Mapping[str, frozenset[str]]:
    """Every set of names that ``columns.csv`` refers to."""
    nodes = _column("anatomy/plexus", "from") | _column("anatomy/plexus", "to")
    muscles = _column("anatomy/muscles", "muscle")
    return {
        "segment": frozenset(anatomy.segments()),
        "muscle": muscles,
        "nerve": _column("anatomy/nerves", "nerve"),
        "movement": _column("anatomy/movements", "movement"),
        "area": _column("anatomy/skin", "area"),
        "node": nodes,
        "site": nodes | _column("model/site_weights", "site"),
        "target": nodes | _targets() | {f"muscle:{muscle}" for muscle in muscles},
        "leaf": frozenset(f"{kind}:{name}" for kind, name in anatomy.leaves()),
        "class": _column("model/site_classes", "class"),
        "instrument": _column("measures/instruments", "instrument"),
        "measure": frozenset(row["name"] for row in load("vocabulary/names") if row["kind"] == "measure"),
        "danger": _column("clinical/red_flags", "condition"),
        "pathway_condition": _column("pathway/conditions", "condition"),
        "treatment": _column("pathway/treatments", "treatment"),
        "block": _column("intake/blocks", "block"),
        "further": _column("intake/further", "field"),
    }


def _targets() -> frozenset[str]:
    """What a study may be about beside the nodes of the nervous system: sites, joints, and several taken together."""
    joints = frozenset(f"facet:{level}" for level in anatomy.motion_segments())
    return joints | _column("model/site_weights", "site") | _column("pooled_sites", "name")


def check_finding(row: Row, kind: str, name: str) -> Iterator[Problem]:
    """A row that speaks of one finding names it as the vocabulary does, or a muscle as the muscle table does."""
    if row["scope"] != "single":
        return
    if kind in MUSCLE_KINDS:
        known = name in name_sets()["muscle"] or ("power", name) in vocabulary.names()
    else:
        known = (kind, name) in vocabulary.names()
    if not known:
        near = vocabulary.nearest(kind, name) if kind in vocabulary.KINDS else None
        yield row.problem(f"{kind} {name!r} is not in the vocabulary" + (f"; did you mean {near}?" if near else ""))


def check_findings(rows: Sequence[Row], kind: str, name: str) -> Iterator[Problem]:
    """Every row of studies whose single finding nobody knows; ``kind`` and ``name`` are the columns."""
    for row in rows:
        yield from check_finding(row, row[kind], row[name])


def check_vocabulary_names(rows: Sequence[Row], kind: str, column: str) -> Iterator[Problem]:
    """Names of an anatomy table that the vocabulary does not have, so that no course can say them."""
    for name in dict.fromkeys(row[column] for row in rows):
        if vocabulary.find(kind, name) is None:
            row = next(row for row in rows if row[column] == name)
            yield row.problem(f"{kind} {name!r} is not in the vocabulary")
