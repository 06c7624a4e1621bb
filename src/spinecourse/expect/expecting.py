"""What is realistic for one person under each option, going on as now among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from spinecourse.course.model import Course
from spinecourse.expect.chances import Chances, chances
from spinecourse.expect.expectation_answer import Expectation, Realistic
from spinecourse.expect.harms import harms_of
from spinecourse.expect.known_factors import factors_of, shift_of_factors
from spinecourse.expect.names import conditions, treatment_class, treatment_named
from spinecourse.expect.option_course import OptionCourse, going_on, option_course
from spinecourse.expect.person import people, repeated
from spinecourse.expect.reports import read_reports
from spinecourse.expect.scales import outcomes as known_outcomes
from spinecourse.expect.second_opinion import second_opinions
from spinecourse.expect.synthesis import NATURAL_HISTORY
from spinecourse.expect.wording import because, hope_for, sources_of
from spinecourse.knowledge.tables import load
from spinecourse.trajectory import Mixture, Scale, scale, scales

MONTHS = (3.0, 12.0, 24.0)


@dataclass(frozen=True, slots=True)
class Option:
    """One option: as it was asked for, as the evidence calls it (None where it does not), whether it is no change."""

    asked: str
    studied_as: str | None
    as_now: bool = False


def expected(
    course: Course,
    condition: str,
    treatments: Sequence[str],
    months: Sequence[float] = MONTHS,
    outcomes: Sequence[str] | None = None,
) -> Realistic:
    """What is realistic for a person with this condition under each treatment and going on as now.

    Treatments are named as in the vocabulary, the pathway or the evidence. ``outcomes`` are measures; None takes the
    usual two of the condition and what the patient hopes for. Facts nobody recorded widen the answer; a treatment
    nobody studied in such a condition is refused, and says so. An unknown condition gives an empty answer with a why.
    """
    if condition not in conditions():
        return Realistic(course.id, condition, [], [], f"no study on record is about {condition}: nothing is foretold")
    options = options_of(condition, treatments)
    chosen = tuple(outcomes) if outcomes is not None else outcomes_for(course, condition)
    found = [row for outcome in chosen for row in _outcome_rows(course, condition, options, outcome, tuple(months))]
    found = [row for row in found if row.months is not None or row.outcome == chosen[0]]
    order = {option.asked: place for place, option in enumerate(options)}
    found.sort(key=lambda row: order[row.treatment])
    opinions = second_opinions(course, condition, found)
    return Realistic(course.id, condition, found, harms_of(condition, options), _why(condition, found), opinions)


def options_of(condition: str, treatments: Sequence[str]) -> list[Option]:
    """The options, going on as now first; a treatment named twice is told once."""
    now = going_on(condition)
    found = [Option(now or NATURAL_HISTORY, now or NATURAL_HISTORY, as_now=True)]
    for asked in dict.fromkeys(treatments):
        studied = treatment_named(asked)
        if studied is not None and treatment_class(studied) == treatment_class(found[0].asked):
            continue  # usual care by another name is going on as now
        if studied is None or studied not in {option.studied_as for option in found}:
            found.append(Option(asked, studied))
    return found


def outcomes_for(course: Course, condition: str) -> tuple[str, ...]:
    """The usual outcomes of a condition, in the measures that this patient took of the same, and the hoped for."""
    taken = {fact.name for fact in course.facts if fact.kind == "measure"}
    hoped = [fact.measure for fact in course.facts if fact.kind == "expectation" and fact.measure]
    found = [_as_taken(name, taken) for name in usual_outcomes(condition)]
    return tuple(dict.fromkeys([*found, *(name for name in hoped if name in known_outcomes() and name in scales())]))


@cache
def usual_outcomes(condition: str) -> tuple[str, ...]:
    """The outcomes told for a condition, the first first."""
    rows = [row for row in load("expect/outcomes_shown") if row["condition"] == condition]
    return tuple(row["outcome"] for row in sorted(rows, key=lambda row: row.number("rank") or 0.0))


def _as_taken(name: str, taken: set[str]) -> str:
    if name in taken:
        return name
    like = sorted(
        each for each in taken if each in scales() and each in known_outcomes() and scale(each).like(scale(name))
    )
    return like[0] if like else name


def _outcome_rows(
    course: Course, condition: str, options: Sequence[Option], outcome: str, months: tuple[float, ...]
) -> list[Expectation]:
    told = [(option, _told(condition, option, outcome, months)) for option in options]
    answered = [(option, group) for option, group in told if group is not None and not group.refused]
    rows = [_refusal(condition, option, outcome, group) for option, group in told if group is None or group.refused]
    if answered:
        rows += _answers(course, condition, answered, outcome)
    return rows


def _told(condition: str, option: Option, outcome: str, months: tuple[float, ...]) -> OptionCourse | None:
    return None if option.studied_as is None else option_course(condition, option.studied_as, outcome, months)


def _answers(
    course: Course, condition: str, answered: Sequence[tuple[Option, OptionCourse]], outcome: str
) -> list[Expectation]:
    measured, now = scale(outcome), day_of_decision(course)
    reports = read_reports([course], measured, now)
    factors = factors_of(course)
    groups = [group for _, group in answered]
    predicted = people(
        measured, groups, repeated(reports, len(groups)), np.full(len(groups), now),
        shift_of_factors([factors] * len(groups)),
    )  # fmt: skip
    baseline = None if np.isnan(reports.latest[0]) else float(reports.latest[0])
    hopes = [hope_for(course, option.studied_as, outcome) for option, _ in answered]
    said = chances(measured, predicted, baseline, hopes, groups[0].told.months)
    reasons = because(reports.why[0], factors)
    return [
        _answer(condition, option, group, outcome, baseline, said, (row, month), reasons)
        for row, (option, group) in enumerate(answered)
        for month in range(len(group.told.months))
    ]


def day_of_decision(course: Course) -> float:
    """The day from which months are counted: presentation, or the newest fact where that is later."""
    return float(max([0, *(fact.day for fact in course.facts if fact.day is not None)]))


def _answer(
    condition: str, option: Option, group: OptionCourse, outcome: str, baseline: float | None, said: Chances,
    at: tuple[int, int], reasons: list[str],
) -> Expectation:  # fmt: skip
    row, month = at
    told, share = group.told, group.natural_share[:, month]
    anyway = None if option.as_now or np.isnan(share[0]) else round(float(share[0]), 3)
    return Expectation(
        treatment=option.asked, studied_as=option.studied_as, going_on_as_now=option.as_now, condition=condition,
        outcome=outcome, months=told.months[month], baseline=baseline,
        **said.at(row, month),
        comes_anyway=anyway,
        comes_anyway80=None if anyway is None else (round(float(share[1]), 3), round(float(share[2]), 3)),
        certainty=told.certainty.level, because=[*reasons, *told.certainty.because], warnings=list(told.warnings),
        sources=sources_of(told.support), why=said.why,
    )  # fmt: skip


def _refusal(condition: str, option: Option, outcome: str, group: OptionCourse | None) -> Expectation:
    why = f"the evidence on record does not know {option.asked}" if group is None else group.refused
    return Expectation(
        option.asked, option.studied_as, option.as_now, condition, outcome, None, None, None, None, None, None, None,
        None, None, None, None, None, None, None, "none", [], [], None, None, [], why,
    )  # fmt: skip


def _why(condition: str, rows: Sequence[Expectation]) -> str:
    refused = sorted({row.treatment for row in rows if row.months is None})
    if not rows or len(refused) == len({row.treatment for row in rows}):
        return f"no study on record says how {condition} goes under any of these options"
    told = "told from published studies for somebody with this record; figures are chances, not promises"
    return told + (f"; no figures for {', '.join(refused)}" if refused else "")


def cohort(courses: Sequence[Course], condition: str, treatment: str, outcome: str, months: Sequence[float]) -> Mixture:
    """The predictions for many people under one treatment of the evidence, shape (people, months).

    Raises KeyError for a name the synthesis does not know, ValueError where it refuses.
    """
    group = option_course(condition, treatment, outcome, tuple(months))
    if group.refused:
        raise ValueError(group.refused)
    measured: Scale = scale(outcome)
    now = np.array([day_of_decision(course) for course in courses])
    reports = read_reports(courses, measured, float(now.max()))
    shift = shift_of_factors([factors_of(course) for course in courses])
    return people(measured, [group] * len(courses), reports, now, shift)
