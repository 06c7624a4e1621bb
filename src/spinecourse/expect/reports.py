"""The reports of a measure in a batch of courses, and what to do where that measure was never taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spinecourse.course.model import Course
from spinecourse.findings.operations import score_of
from spinecourse.knowledge.parameters import parameter
from spinecourse.trajectory import Scale, Seen, scale, scales

Array = NDArray[np.float64]

Report = tuple[float, float, str]
"""Day, score and measure of one report."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of a batch: ``seen``, the day each course ``starts``, how much to widen, and a why for each.

    ``latest`` is the newest score of the measure itself, NaN where it was never taken.
    """

    seen: Seen
    starts: Array
    widening: Array
    why: list[str]
    latest: Array


def read_reports(courses: Sequence[Course], measured: Scale, day: float) -> Reports:
    """The dated reports up to a day, one row a course.

    Where the measure was never taken, like measures stand in for it and widen; where none was taken, nothing is seen.
    """
    own = [_scores(course, (measured.measure,), day) for course in courses]
    family = tuple(name for name, other in scales().items() if measured.like(other))
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
        np.array([each[-1][1] if each else np.nan for each in own]),
    )  # fmt: skip


def _scores(course: Course, measures: tuple[str, ...], day: float) -> list[Report]:
    """Day, score and measure of every dated report up to a day, in a fixed order.

    A pain reported with a number is a report like one of its measure; the worse of two on one day counts.
    """
    found: dict[tuple[float, str], float] = {}
    for fact in course.facts:
        measure, score = score_of(fact) or ("", 0.0)
        if measure in measures and fact.day is not None and fact.day <= day and not fact.after:
            at = (float(fact.day), measure)
            found[at] = scales()[measure].worse(found.get(at, score), score)
    return sorted((when, score, measure) for (when, measure), score in found.items())


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
