"""No rule of triage needs a normal finding: taking one away could then lower the urgency."""

from __future__ import annotations

import pytest

from spinecourse.findings.catalogue import FULL_STRENGTH
from spinecourse.findings.evaluate import plain_atoms
from spinecourse.findings.truth import COMPARE
from spinecourse.knowledge.conditions import Atom, Term
from spinecourse.triage.rules import RedFlag, red_flags


@pytest.mark.parametrize("flag", red_flags(), ids=lambda flag: flag.row["id"])
def test_no_rule_is_met_by_something_normal(flag: RedFlag) -> None:
    assert [str(atom) for atom in plain_atoms(flag.condition) if met_by_normal(atom)] == []


def met_by_normal(atom: Atom) -> bool:
    """Whether one alternative speaks of a state, and everything it says of it is true of a normal finding."""
    states = [[term for term in terms if term.key in ("mrc", "grade")] for terms in atom.alternatives]
    return any(said and all(is_normal(term) for term in said) for said in states)


def is_normal(term: Term) -> bool:
    if term.key == "mrc":
        return COMPARE[term.operator](FULL_STRENGTH, float(term.value))
    return term.value == "normal"
