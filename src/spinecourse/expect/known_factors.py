"""What a record says of the factors that published associations speak of: yes, no, or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from spinecourse.course.model import Course, Fact
from spinecourse.expect.covariates import covariates
from spinecourse.expect.person import Shift
from spinecourse.expect.populations import duration_days
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import Row, load

Asked = tuple[str, frozenset[tuple[str, str]], float | None]
"""A factor, the kinds and names of facts that answer for it, and the score from which they count."""


@cache
def _asked() -> tuple[Asked, ...]:
    return tuple(
        (row["factor"], frozenset((row["kind"], name) for name in row.items_of("names")), row.number("at_least"))
        for row in load("expect/covariate_facts")
    )


@cache
def _answering() -> frozenset[tuple[str, str]]:
    return frozenset(name for _, names, _ in _asked() for name in names)


def factors_of(course: Course) -> dict[str, float | None]:
    """Each factor of ``synthesis/covariates`` as the record has it: 1, 0 or decades, None where nobody asked."""
    found: dict[str, float | None] = dict.fromkeys(covariates())
    facts = [fact for fact in course.facts if (fact.kind, fact.name) in _answering()]
    for factor, names, least in _asked() if facts else ():
        said = _said([fact for fact in facts if (fact.kind, fact.name) in names], least)
        if said is not None and found[factor] != 1.0:
            found[factor] = said
    days, age = duration_days(course), course.patient.age_years
    found["duration_over_a_year"] = None if days is None else float(days > parameter("expect_long_duration_days"))
    found["age_over_50"] = None if age is None else max(0.0, (age - 50) / 10)
    return found


def _said(named: Sequence[Fact], least: float | None) -> float | None:
    if not named:
        return None
    if least is not None:
        values = [fact.value for fact in named if fact.value is not None]
        return float(max(values) >= least) if values else None
    return float(any(fact.present for fact in named))


def shift_of_factors(known: Sequence[Mapping[str, float | None]]) -> Shift:
    """How far the factors move the logit of each person, with its spread; an unknown factor moves nothing.

    The strongest counts whole and every further one in part: the associations were published one by one, and people
    with one of these burdens often have the others.
    """
    moves = np.array([[_move(name, row, each) for name, row in covariates().items()] for each in known])
    moves = moves.reshape(len(known), len(covariates()))
    spreads = np.array([_spread(row) for row in covariates().values()]) * np.abs(moves)
    weights = np.full(moves.shape, parameter("expect_factor_dependence"))
    weights[np.arange(len(known)), np.abs(moves).argmax(axis=1)] = 1.0
    return Shift((weights * moves).sum(axis=1), np.sqrt(((weights * spreads) ** 2).sum(axis=1)))


def _move(name: str, row: Row, known: Mapping[str, float | None]) -> float:
    value = known.get(name)
    return 0.0 if value is None else (value - float(row["usual"])) * float(row["shift"])


def _spread(row: Row) -> float:
    """The spread of a factor's shift as a part of the shift."""
    return float(row["shift_sd"]) / abs(float(row["shift"]))
