"""The classes of urgency have one order: in the answer, in the columns of the tables, and in what they ask for."""

from __future__ import annotations

from spinecourse.knowledge.tables import URGENCIES as OF_TABLES
from spinecourse.knowledge.tables import load
from spinecourse.triage.rules import URGENCIES


def test_the_classes_are_the_same_everywhere() -> None:
    assert URGENCIES == OF_TABLES == tuple(row["urgency"] for row in load("model/urgency_classes"))
