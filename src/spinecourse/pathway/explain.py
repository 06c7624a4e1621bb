"""The pathway of one patient in full: what holds, what was tried, what is left, and whether surgery's turn has come."""

from __future__ import annotations

from collections.abc import Sequence

from spinecourse.course.model import Fact
from spinecourse.pathway.after_surgery import four_ways
from spinecourse.pathway.answer import ConditionHeld, Option, Pathway, Surgery
from spinecourse.pathway.conditions import conditions_held
from spinecourse.pathway.gate_reasons import surgery
from spinecourse.pathway.model import PathwayBatch
from spinecourse.pathway.option_reasons import Patient, options
from spinecourse.pathway.referral import referrals
from spinecourse.pathway.tried import trials

FAILED_SURGERY = "psps_type_2"


def explain(found: PathwayBatch, facts: Sequence[Fact], row: int) -> Pathway:
    """The pathway of one patient of the batch, whose ``facts`` are those the batch was built from."""
    known = [fact for fact in facts if not fact.after]
    held = conditions_held(found.asked, row)
    gate = surgery(found.asked, found.gate, row)
    names = frozenset(entry.condition for entry in held)
    patient = Patient(found.asked, found.held, row, known, names, gate)
    standing = options(found.options, patient)
    return Pathway(
        condition=held[0].condition if held else None,
        surgery=gate,
        options=standing,
        why=_why(held, standing, gate),
        conditions=held,
        tried=trials(known),
        after_failed_surgery=four_ways(found.asked, row) if FAILED_SURGERY in names else [],
        referrals=referrals(found.asked, row),
    )


def _why(held: Sequence[ConditionHeld], standing: Sequence[Option], gate: Surgery) -> str:
    if not held:
        return "nothing is known that speaks for a condition: no option can be judged before somebody asks"
    now = [option for option in standing if option.standing in ("recommended", "possible")]
    named = ", ".join(entry.condition.replace("_", " ") for entry in held[:3])
    return f"{named}: {len(now)} treatments may be considered now; {gate.says}"
