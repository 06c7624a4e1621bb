"""Treatments that were tried: for how long, how often, whether long enough, and what they did.

A treatment that no fact names may still have been had: it is unknown, never untried. One that a fact denies
(``present: false``) was not had. A trial whose last day or sessions nobody wrote down has an unknown length.
How long is long enough stands in ``pathway/adequate_trials``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from spinecourse.course.model import Fact
from spinecourse.knowledge.conditions import Term
from spinecourse.knowledge.tables import Row, by_column, load

TRIED: Final = "tried"
"""The kind of atom that asks for a trial of treatment, such as ``tried:physiotherapy[weeks>=6, response=none]``."""

DAYS_PER_WEEK: Final = 7

SUMMED: Final = ("weeks", "count")
"""Properties of several courses of treatment together; all others belong to one course."""

Said = Mapping[tuple[str, str], Sequence[Fact]]

_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def tried(names: Sequence[str], terms: Sequence[Term], said: Said) -> tuple[bool | None, tuple[Fact, ...]]:
    """Whether a treatment of these names was tried as the terms ask: true, false, or None for unknown; with the facts.

    ``weeks`` and ``count`` are met by several courses of treatment together. Where what is on record falls short and
    its length is known, the answer is false; where nothing is on record it is unknown, unless every name is denied.
    """
    facts = [fact for name in names for fact in said.get(("treatment", name), ())]
    had = [fact for fact in facts if fact.present]
    if not had:
        denied = {fact.name for fact in facts if not fact.present}
        return (False, tuple(facts)) if denied and denied == set(names) else (None, ())
    single = [term for term in terms if term.key not in SUMMED]
    judged = [(fact, _course_meets(fact, single)) for fact in had]
    meeting = [fact for fact, met in judged if met]
    possible = [fact for fact, met in judged if met is not False]
    summed = [term for term in terms if term.key in SUMMED]
    return _together(meeting, possible, summed), tuple(meeting or possible or had)


def _together(meeting: Sequence[Fact], possible: Sequence[Fact], summed: Sequence[Term]) -> bool | None:
    """Whether the courses of treatment that meet the other terms are together long or many enough."""
    if not possible:
        return False
    answers = [_sum_meets(meeting, possible, term) for term in summed] or [bool(meeting) or None]
    if False in answers:
        return False
    return None if None in answers or not meeting else True


def _sum_meets(meeting: Sequence[Fact], possible: Sequence[Fact], term: Term) -> bool | None:
    least = float(term.value)
    if term.key == "count":
        if _COMPARE[term.operator](len(meeting), least):
            return True
        return None if _COMPARE[term.operator](len(possible), least) else False
    if _COMPARE[term.operator](total_weeks(meeting), least):
        return True
    open_ended = any(weeks_of(fact) is None for fact in possible)
    return None if open_ended or _COMPARE[term.operator](total_weeks(possible), least) else False


def _course_meets(fact: Fact, terms: Iterable[Term]) -> bool | None:
    answers = [_meets(fact, term) for term in terms]
    return False if False in answers else None if None in answers else True


def _meets(fact: Fact, term: Term) -> bool | None:
    if term.key == "adequate":
        found = adequate(fact)
        return None if found is None else found == (term.value == "yes")
    if term.key == "response":
        return None if fact.response is None else fact.response == term.value
    number = fact.relief_pct if term.key == "relief_pct" else fact.sessions
    if number is None:
        # Somebody who says that it did nothing has said that the relief was small.
        return False if term.key == "relief_pct" and fact.response == "none" else None
    return _COMPARE[term.operator](number, float(term.value))


def weeks_of(fact: Fact) -> float | None:
    """How many weeks a course of treatment lasted; None where a day is missing."""
    if fact.day is None or fact.until_day is None:
        return None
    return (fact.until_day - fact.day) / DAYS_PER_WEEK


def total_weeks(facts: Iterable[Fact]) -> float:
    """The weeks covered by any of the courses of treatment whose days are known; overlaps count once."""
    known = sorted((fact.day, fact.until_day) for fact in facts if fact.day is not None and fact.until_day is not None)
    total, reached = 0, None
    for first, last in known:
        start = first if reached is None else max(first, reached)
        total += max(0, last - start)
        reached = last if reached is None else max(reached, last)
    return total / DAYS_PER_WEEK


@cache
def _rows() -> dict[str, Row]:
    return by_column(load("pathway/adequate_trials"), "treatment")


def needed(treatment: str) -> Row | None:
    """What the table asks of an adequate trial of a treatment; None where it says nothing."""
    return _rows().get(treatment)


def adequate(fact: Fact) -> bool | None:
    """Whether one course of treatment was long and often enough; None where that is not known or no row says."""
    row = needed(fact.name)
    if row is None:
        return None
    asked = (("least_weeks", weeks_of(fact)), ("least_sessions", _sessions(fact, row)))
    answers = [
        None if number is None else number >= least for key, number in asked if (least := row.number(key)) is not None
    ]
    return False if False in answers else None if None in answers else True


def _sessions(fact: Fact, row: Row) -> float | None:
    """Sessions on record; a fact without a number is one session where one is all it takes."""
    return 1 if fact.sessions is None and row["least_sessions"] == "1" else fact.sessions
