"""What the evidence expects of each treatment that a course records, for following to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from spinecourse.assess.realistic import studied_condition
from spinecourse.course.model import Course
from spinecourse.expect.names import treatment_named
from spinecourse.expect.option_course import option_course
from spinecourse.expect.scales import outcomes, scale_of
from spinecourse.findings.operations import pain_measures
from spinecourse.follow import Band
from spinecourse.follow.episodes import family_of
from spinecourse.pathway.answer import Pathway
from spinecourse.trajectory import scales

MONTHS: Final = (1.5, 3.0, 6.0, 12.0)
"""Months since the start at which the course of a group is asked for."""

DAYS_A_MONTH: Final = 30.4375


def bands(courses: Sequence[Course], plans: Sequence[Pathway]) -> dict[tuple[int, str, str], Band]:
    """The expected course by row, treatment and measure, where the condition is known and somebody studied it.

    What is not here is followed by the published shapes of ``follow/recovery_shapes``.
    """
    found = {}
    for row, (course, plan) in enumerate(zip(courses, plans, strict=True)):
        condition, _ = studied_condition(plan)
        for treatment in _treatments(course) if condition is not None else ():
            for measure in _measures(course):
                band = _band(condition or "", treatment, measure)
                if band is not None:
                    found[row, treatment, measure] = band
    return found


def _treatments(course: Course) -> list[str]:
    return sorted({fact.name for fact in course.facts if family_of(fact) is not None})


def _measures(course: Course) -> list[str]:
    """The measures of a course, pain told with a complaint included, whose course can be told."""
    told = {symptom: measure for measure, symptom in pain_measures().items()}
    taken = {fact.name for fact in course.facts if fact.kind == "measure"}
    taken |= {told.get(fact.name, "") for fact in course.facts if fact.kind == "symptom" and fact.nrs is not None}
    return sorted(taken & outcomes().keys() & scales().keys())


@cache
def _band(condition: str, treatment: str, measure: str) -> Band | None:
    studied = treatment_named(treatment)
    if studied is None:
        return None
    told = option_course(condition, studied, measure, MONTHS)
    if told.refused:
        return None
    medians = scale_of(measure).points(told.logit)
    days = tuple(round(month * DAYS_A_MONTH) for month in MONTHS)
    source = f"synthesis of the published evidence: {studied.replace('_', ' ')} in {condition.replace('_', ' ')}"
    return Band(treatment, measure, days, tuple(float(value) for value in medians), told.start, source)
