"""What a score will be on a later day, for each course from all that is known of it so far.

A mixture over the populations whose courses are known (``forecast/populations``): each is weighed by its share, by what
the record says of the patient, and by how likely the patient's reports so far are in it; within each the reports
condition the person's own course (:mod:`spinecourse.trajectory`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from spinecourse.course.model import Course
from spinecourse.expect.forecast_answer import LEVELS, Forecast
from spinecourse.expect.populations import Population, Record, arm_shares, log_weight, populations, shift
from spinecourse.expect.reports import Reports, read_reports
from spinecourse.knowledge.parameters import parameter
from spinecourse.trajectory import Group, Mixture, Scale, condition, quantiles, scale

Array = NDArray[np.float64]


def forecast(
    courses: Sequence[Course], measure: str, day: float, known: Sequence[Population] | None = None
) -> list[Forecast]:
    """The predictive quantiles of each course's score on a day counted from presentation, in the order of the courses.

    A course without this measure is told from other scores of the same family, wider, else from the populations alone;
    its ``why`` says so. Facts after ``day`` are left out. ``known`` replaces the populations of the tables.
    Raises NotFound for a measure whose course cannot be told.
    """
    measured = scale(measure)
    if not courses:
        return []
    courses = [course.until(day) for course in courses]
    chosen = populations(measured) if known is None else known
    reports = read_reports(courses, measured, day)
    predicted, weights = mixture(courses, measured, chosen, reports, day)
    found = answers(measured, predicted, np.array(LEVELS))
    shares = {each.name: weights[:, index] for index, each in enumerate(chosen)}
    return [
        Forecast.of(course.id, measure, day, found[row], {name: each[row] for name, each in shares.items()}, chosen,
                    reports.why[row])
        for row, course in enumerate(courses)
    ]  # fmt: skip


def answers(measured: Scale, predicted: Mixture, levels: Array) -> Array:
    """Quantiles of what the patient will answer, near the steps of the measure, shape (..., levels)."""
    return measured.near_steps(quantiles(measured, predicted, levels), parameter("forecast_between_steps"))


def mixture(
    courses: Sequence[Course], measured: Scale, chosen: Sequence[Population], reports: Reports, day: float
) -> tuple[Mixture, Array]:
    """The prediction of each course, and the weight of each population in it, shape (courses, populations)."""
    logs, parts, owner = [], [], []
    records = [Record.of(course) for course in courses]
    for number, population in enumerate(chosen):
        moved = np.array([shift(population, course) for course in courses])
        prior = np.array(
            [log_weight(population, record, day - start) for record, start in zip(records, reports.starts, strict=True)]
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
