"""What a record says of the factors that published associations speak of: yes, no, or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spinecourse.course.model import Course, Fact
from spinecourse.expect.covariates import covariates
from spinecourse.expect.person import Shift
from spinecourse.expect.populations import duration_days
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import Row, load


def factors_of(course: Course) -> dict[str, float | None]:
    """Each factor of ``synthesis/covariates`` as the record has it: 1, 0 or decades, None where nobody asked."""
    found: dict[str, float | None] = dict.fromkeys(covariates())
    for row in load("expect/covariate_facts"):
        said = _said(row, course.facts)
        if said is not None and found[row["factor"]] != 1.0:
            found[row["factor"]] = said
    days, age = duration_days(course), course.patient.age_years
    found["duration_over_a_year"] = None if days is None else float(days > parameter("expect_long_duration_days"))
    found["age_over_50"] = None if age is None else max(0.0, (age - 50) / 10)
    return found


def _said(row: Row, facts: Sequence[Fact]) -> float | None:
    named = [fact for fact in facts if fact.kind == row["kind"] and fact.name in row.items_of("names")]
    least = row.number("at_least")
    if not named:
        return None
    if least is not None:
        values = [fact.value for fact in named if fact.value is not None]
        return float(max(values) >= least) if values else None
    return float(any(fact.present for fact in named))


def shift_of_factors(known: Sequence[Mapping[str, float | None]]) -> Shift:
    """How far the factors move the logit of each person, with its spread; an unknown factor moves nothing."""
    mean, variance = np.zeros(len(known)), np.zeros(len(known))
    for name, row in covariates().items():
        usual, by, sd = (float(row[column]) for column in ("usual", "shift", "shift_sd"))
        away = np.array([0.0 if (value := each.get(name)) is None else value - usual for each in known])
        mean += away * by
        variance += (away * sd) ** 2
    return Shift(mean, np.sqrt(variance))
