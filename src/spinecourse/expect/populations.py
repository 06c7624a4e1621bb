"""The populations whose courses are known from patient-level data or cohorts: who they are, and how their scores move.

Tables: ``forecast/populations``, ``forecast/arms`` (what was done), ``forecast/courses`` (the group's score on a few
days), ``forecast/cues`` (what in a record speaks for a population), ``forecast/effects`` (other measures that predict).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.course.model import Course, Fact
from spinecourse.knowledge.tables import Row, load
from spinecourse.trajectory import Process, Scale, latent_mean_for, process

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arm:
    """One course of a population: its share, the treatments that lead to it, and its latent means on ``days``.

    ``treatments`` count from ``least_sessions`` on, or where nobody counted; ``brief`` ones only where somebody counted
    no more than ``most_sessions``.
    """

    name: str
    share: float
    treatments: frozenset[str]
    brief: frozenset[str]
    least_sessions: float
    most_sessions: float
    days: Array
    latent: Array

    def had(self, fact: Fact) -> bool:
        """Whether a treatment fact says this arm."""
        if fact.sessions is None:
            return fact.name in self.treatments
        enough = fact.name in self.treatments and fact.sessions >= self.least_sessions
        return enough or (fact.name in self.brief and fact.sessions <= self.most_sessions)


@dataclass(frozen=True, slots=True)
class Population:
    """One population for one family of measures; the row says who they are and where it is read."""

    row: Row
    share: float
    how: Process
    arms: tuple[Arm, ...]
    cues: tuple[Row, ...]
    effects: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name in the table."""
        return self.row["population"]

    @property
    def last_day(self) -> float:
        """The last day on which the population was studied."""
        return max(float(arm.days[-1]) for arm in self.arms)


@cache
def populations(measured: Scale) -> tuple[Population, ...]:
    """The populations for a measure's family, their processes widened where they were fitted on another measure."""
    rows = [row for row in load("forecast/populations") if row["family"] == measured.family]
    return tuple(_population(row, measured) for row in rows)


def _population(row: Row, measured: Scale) -> Population:
    how = process(row["process"]).widened(measured.widening)
    arms = (arm for arm in load("forecast/arms") if arm["population"] == row["population"])
    courses = [_arm(arm, row["family"], measured, how) for arm in arms]
    cues, effects = _of(row, load("forecast/cues")), _of(row, load("forecast/effects"))
    return Population(row, row.number("share") or 0.0, how, tuple(courses), cues, effects)


def _of(row: Row, rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(each for each in rows if all(each[key] == row[key] for key in ("population", "family")))


def _arm(arm: Row, family: str, measured: Scale, how: Process) -> Arm:
    rows = [
        row
        for row in load("forecast/courses")
        if (row["population"], row["arm"], row["family"]) == (arm["population"], arm["arm"], family)
    ]
    days = np.array([row.number("day") for row in rows], dtype=float)
    latent = np.array([_latent(row, measured, how) for row in rows])
    return Arm(
        arm["arm"], arm.number("share") or 0.0, frozenset(arm.items_of("treatments")), frozenset(arm.items_of("brief")),
        arm.number("least_sessions") or 0.0, arm.number("most_sessions") or np.inf, days, latent,
    )  # fmt: skip


def _latent(row: Row, measured: Scale, how: Process) -> float:
    """The latent mean of a course on one day, from the score of a middling person or from the mean score."""
    middle, mean, day = row.number("middle_percent"), row.number("mean_percent"), row.number("day") or 0.0
    if middle is not None:
        return float((middle / 100) ** measured.power)
    assert mean is not None, row.problem("has neither middle_percent nor mean_percent")
    score = measured.best + (measured.worst - measured.best) * mean / 100
    return float(latent_mean_for(measured, score, how.spread_on(np.asarray(day))))


def log_weight(population: Population, course: Course, elapsed: float) -> float:
    """How far a course, apart from its scores, speaks for a population, as a natural log.

    Age and duration that nobody wrote down count neither way. A population is believed the less, the further
    ``elapsed`` days lie beyond the last day on which it was studied.
    """
    row, names = population.row, {(fact.kind, fact.name) for fact in course.facts}
    weight = np.log(population.share) + _age(row, course.patient.age_years) + _duration(row, course)
    for cue in population.cues:
        if any((cue["kind"], name) in names for name in cue.items_of("names")):
            weight += np.log(cue.number("ratio") or 1.0)
    if elapsed > population.last_day:
        weight += 2 * np.log(population.last_day / elapsed)
    return float(weight)


def _age(row: Row, age: float | None) -> float:
    if age is None:
        return 0.0
    mean, sd = row.number("age_mean") or 0.0, row.number("age_sd") or 1.0
    return float(-0.5 * ((age - mean) / sd) ** 2 - np.log(sd))


def _duration(row: Row, course: Course) -> float:
    days = duration_days(course)
    if days is None:
        return 0.0
    longest = row.number("duration_to_days")
    inside = (row.number("duration_from_days") or 0.0) <= days and (longest is None or days <= longest)
    return 0.0 if inside else float(np.log(row.number("outside_duration") or 1.0))


def duration_days(course: Course) -> float | None:
    """Days from the first complaint to presentation; None where no complaint is dated before it."""
    days = [fact.day for fact in course.facts if fact.kind == "symptom" and fact.present and fact.day is not None]
    return float(-min(days)) if days and min(days) < 0 else None


def arm_shares(population: Population, course: Course) -> Array:
    """The share of each arm: of those a treatment of the course says, else of all; shape (arms,), sums to one."""
    treatments = [fact for fact in course.facts if fact.kind == "treatment"]
    shares = np.array([arm.share for arm in population.arms])
    had = np.array([any(arm.had(fact) for fact in treatments) for arm in population.arms])
    shares = np.where(had, shares, 0.0) if had.any() else shares
    return np.asarray(shares / shares.sum())


def shift(population: Population, course: Course) -> float:
    """What the other measures of a course add to the latent score that is reached; 0 for those nobody took."""
    total = 0.0
    for row in population.effects:
        value = first_value(course, row["measure"])
        if value is not None:
            total += (
                (row.number("effect") or 0.0) * (value - (row.number("centre") or 0.0)) / (row.number("per") or 1.0)
            )
    return total


def first_value(course: Course, measure: str) -> float | None:
    """The earliest score of a measure; None where nobody took it."""
    found = [
        fact for fact in course.facts if fact.kind == "measure" and fact.name == measure and fact.value is not None
    ]
    return min(found, key=lambda fact: fact.order).value if found else None
