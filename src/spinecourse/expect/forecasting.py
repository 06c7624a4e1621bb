"""What a score will be on a later day, for each course from all that is known of it so far.

A mixture over the populations whose courses are known (``forecast/populations``): each is weighed by its share, by what
the record says of the patient, and by how likely the patient's reports so far are in it; within each the reports
condition the person's own course (:mod:`spinecourse.trajectory`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from spinecourse.course.model import Course
from spinecourse.expect.forecast_answer import LEVELS, Forecast
from spinecourse.expect.populations import Population, arm_shares, log_weight, populations, shift
from spinecourse.knowledge.parameters import parameter
from spinecourse.trajectory import Group, Mixture, Scale, Seen, condition, quantiles, scale, scales

Array = NDArray[np.float64]

Report = tuple[float, float, str]
"""Day, score and measure of one report."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of a batch: ``seen``, the day each course ``starts``, how much to widen, and a why for each."""

    seen: Seen
    starts: Array
    widening: Array
    why: list[str]


def forecast(
    courses: Sequence[Course], measure: str, day: float, known: Sequence[Population] | None = None
) -> list[Forecast]:
    """The predictive quantiles of each course's score on a day counted from presentation, in the order of the courses.

    A course without this measure is told from other scores of the same family, wider, else from the populations alone;
    its ``why`` says so. Reports after ``day`` are left out. ``known`` replaces the populations of the tables.
    Raises NotFound for a measure whose course cannot be told.
    """
    measured = scale(measure)
    if not courses:
        return []
    chosen = populations(measured) if known is None else known
    reports = _reports(courses, measured, day)
    predicted, weights = mixture(courses, measured, chosen, reports, day)
    found = quantiles(measured, predicted, np.array(LEVELS))
    shares = {each.name: weights[:, index] for index, each in enumerate(chosen)}
    return [
        Forecast.of(course.id, measure, day, found[row], {name: each[row] for name, each in shares.items()}, chosen,
                    reports.why[row])
        for row, course in enumerate(courses)
    ]  # fmt: skip


def mixture(
    courses: Sequence[Course], measured: Scale, chosen: Sequence[Population], reports: Reports, day: float
) -> tuple[Mixture, Array]:
    """The prediction of each course, and the weight of each population in it, shape (courses, populations)."""
    logs, parts, owner = [], [], []
    for number, population in enumerate(chosen):
        moved = np.array([shift(population, course) for course in courses])
        prior = np.array(
            [log_weight(population, course, day - start) for course, start in zip(courses, reports.starts, strict=True)]
        )
        shares = np.array([arm_shares(population, course) for course in courses])
        for place, arm in enumerate(population.arms):
            latent = arm.latent + moved[:, None] * (arm.days > 0)
            group = Group(arm.days, latent, reports.starts)
            person = condition(measured, population.how.widened(reports.widening), group, reports.seen)
            with np.errstate(divide="ignore"):
                logs.append(prior + np.log(shares[:, place]) + person.log_likelihood)
            parts.append(person.predicted([day]))
            owner.append(number)
    weights = np.exp(np.array(logs) - logsumexp(logs, axis=0)).T
    joined = [
        np.concatenate([getattr(part, name)[:, 0] for part in parts], axis=1) for name in ("weights", "means", "sds")
    ]
    each = parts[0].weights.shape[-1]
    belongs = np.array(owner)[None] == np.arange(len(chosen))[:, None]
    return Mixture(joined[0] * np.repeat(weights, each, axis=1), joined[1], joined[2]), weights @ belongs.T


def _reports(courses: Sequence[Course], measured: Scale, day: float) -> Reports:
    own = [_scores(course, (measured.measure,), day) for course in courses]
    family = tuple(name for name, other in scales().items() if other.family == measured.family)
    like = [_scores(course, family, day) if not mine else [] for course, mine in zip(courses, own, strict=True)]
    held = [mine or _as_if(measured, other) for mine, other in zip(own, like, strict=True)]
    width = max(1, *(len(each) for each in held))
    padded = np.full((len(courses), width, 2), np.nan)
    for row, each in enumerate(held):
        for visit, report in enumerate(each):
            padded[row, visit] = report[:2]
    starts = np.array([min((report[0] for report in each), default=0.0) for each in held])
    borrowed = np.array([not mine and bool(other) for mine, other in zip(own, like, strict=True)])
    return Reports(
        Seen.of(padded[..., 0], padded[..., 1]), starts,
        np.where(borrowed, parameter("forecast_borrowed_widening"), 1.0),
        [_why(measured, mine, other) for mine, other in zip(own, like, strict=True)],
    )  # fmt: skip


def _scores(course: Course, measures: tuple[str, ...], day: float) -> list[Report]:
    """Day, score and measure of every dated report up to a day, in a fixed order."""
    return sorted(
        (float(fact.day), fact.value, fact.name)
        for fact in course.facts
        if fact.kind == "measure" and fact.name in measures and fact.value is not None
        and fact.day is not None and fact.day <= day
    )  # fmt: skip


def _as_if(measured: Scale, reports: Sequence[Report]) -> list[Report]:
    """Scores of other measures of the family as scores at the same share of the range."""
    shares = [scale(name) for _, _, name in reports]
    return [
        (
            when,
            measured.best + (score - other.best) / (other.worst - other.best) * (measured.worst - measured.best),
            name,
        )
        for (when, score, name), other in zip(reports, shares, strict=True)
    ]


def _why(measured: Scale, own: Sequence[Report], like: Sequence[Report]) -> str:
    if own:
        said = "report" if len(own) == 1 else "reports"
        return f"from {len(own)} {said} of {measured.measure}"
    if like:
        others = " and ".join(sorted({name for _, _, name in like}))
        return f"no {measured.measure} is on record: told from {others}, and wider for that"
    return f"no {measured.measure} is on record: this is the spread of the whole population, not of this patient"
