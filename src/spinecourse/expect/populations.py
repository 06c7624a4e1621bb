"""The populations whose courses are known from patient-level data or cohorts: who they are, and how their scores move.

Tables: ``forecast/populations``, ``forecast/arms`` (what was done), ``forecast/courses`` (the group's score on a few
days), ``forecast/cues`` (what in a record speaks for a population), ``forecast/effects`` (other measures that predict).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import inf, log

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
    cues: tuple[tuple[frozenset[tuple[str, str]], float], ...]
    effects: tuple[Row, ...]
    age: tuple[float, float]
    duration: tuple[float, float]
    log_outside: float

    @property
    def name(self) -> str:
        """The name in the table."""
        return self.row["population"]

    @property
    def log_share(self) -> float:
        """The share as a natural log."""
        return log(self.share)

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
    effects = _of(row, load("forecast/effects"))
    cues = tuple(
        (frozenset((cue["kind"], name) for name in cue.items_of("names")), log(cue.number("ratio") or 1.0))
        for cue in _of(row, load("forecast/cues"))
    )
    longest = row.number("duration_to_days")
    return Population(
        row, row.number("share") or 0.0, how, tuple(courses), cues, effects,
        (row.number("age_mean") or 0.0, row.number("age_sd") or 1.0),
        (row.number("duration_from_days") or 0.0, inf if longest is None else longest),
        log(row.number("outside_duration") or 1.0),
    )  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Record:
    """What a record says of who the patient is: kinds and names of facts, age and days of complaint (None: unknown)."""

    names: frozenset[tuple[str, str]]
    age: float | None
    duration: float | None

    @classmethod
    def of(cls, course: Course) -> Record:
        """The record of one course."""
        names = frozenset((fact.kind, fact.name) for fact in course.facts)
        return cls(names, course.patient.age_years, duration_days(course))


def log_weight(population: Population, record: Record, elapsed: float) -> float:
    """How far a record, apart from its scores, speaks for a population, as a natural log.

    Age and duration that nobody wrote down count neither way. A population is believed the less, the further
    ``elapsed`` days lie beyond the last day on which it was studied.
    """
    weight = population.log_share + _age(population, record.age) + _duration(population, record.duration)
    for names, log_ratio in population.cues:
        if not names.isdisjoint(record.names):
            weight += log_ratio
    if elapsed > population.last_day:
        weight += 2 * log(population.last_day / elapsed)
    return weight


def _age(population: Population, age: float | None) -> float:
    mean, sd = population.age
    return 0.0 if age is None else -0.5 * ((age - mean) / sd) ** 2 - log(sd)


def _duration(population: Population, days: float | None) -> float:
    low, high = population.duration
    return 0.0 if days is None or low <= days <= high else population.log_outside


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
