"""What is realistic, for the condition and the options that the pathway found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from spinecourse.course.model import Course
from spinecourse.expect.expectation_answer import Realistic
from spinecourse.expect.expecting import expected
from spinecourse.expect.names import conditions, treatment_named
from spinecourse.expect.support import support_for
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import by_column, load
from spinecourse.pathway.answer import Option, Pathway
from spinecourse.triage.answer import Triage

OPEN: Final = ("recommended", "possible", "later", "unknown")
"""Standings of options that are still open, the likeliest first."""

NO_TREATMENT: Final = ("investigation",)
"""Kinds of options that treat nothing, so that nothing is expected of them."""


def realistic(course: Course, urgency: Triage, plan: Pathway, treatments: Sequence[str] | None = None) -> Realistic:
    """What is realistic for the options that are open, or for the ``treatments`` named; empty, with a why, while a
    danger comes first.

    A course without a condition that was studied is answered with what is missing, never with a guess.
    """
    if urgency.urgency == "emergency":
        return Realistic(course.id, None, [], [], "a danger comes first: what is realistic is told once it is settled")
    condition, why = studied_condition(plan)
    if condition is None:
        return Realistic(course.id, None, [], [], why)
    chosen = open_treatments(plan.options, condition) if treatments is None else list(treatments)
    found = expected(course, condition, chosen)
    return structs.replace(found, why=f"{why}{found.why}")


def studied_condition(plan: Pathway) -> tuple[str | None, str]:
    """The first condition of the pathway that the evidence is about, and what to say of how it was chosen."""
    names = by_column(load("expect/condition_names"), "condition")
    for held in plan.conditions:
        if held.condition in conditions():
            return held.condition, ""
        if held.condition in names:
            return names[held.condition]["studied_as"], f"{names[held.condition]['why']}; "
    if not plan.conditions:
        return None, "nothing on record says which condition this is, so no course can be told"
    return None, f"no study on record says what becomes of it under any treatment ({plan.conditions[0].condition})"


def open_treatments(options: Sequence[Option], condition: str) -> list[str]:
    """The treatments that are still open, each way of studying them once.

    Only those in question for this patient: those somebody studied in the condition come first, then by standing.
    """
    open_ones = [
        each for each in options if each.in_question and each.standing in OPEN and each.kind not in NO_TREATMENT
    ]
    ranked = sorted(open_ones, key=lambda each: (_unstudied(condition, each), OPEN.index(each.standing)))
    studied: dict[str, str] = {}
    for each in ranked:
        studied.setdefault(treatment_named(each.treatment) or each.treatment, each.treatment)
    return list(studied.values())[: int(parameter("expect_options_shown"))]


def _unstudied(condition: str, option: Option) -> bool:
    name = treatment_named(option.treatment)
    return name is None or bool(support_for(condition, name).refusal)
