"""Published prediction models that are printed in full, run as they are printed, inside their own population.

Tables: ``calculators/calculators`` (what each predicts, for whom, and why the others cannot be run),
``calculators/terms`` (coefficients), ``calculators/inputs`` and ``calculators/codes`` (how a record becomes an input),
``calculators/performance`` (how each fared when validated).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
from scipy.special import expit, ndtr

from spinecourse.course.model import Course, Fact
from spinecourse.knowledge.tables import Row, by_column, load


@dataclass(frozen=True, slots=True)
class Calculator:
    """One published model: its row, its terms with their levels, and how it fared when validated."""

    row: Row
    terms: tuple[tuple[str, tuple[Row, ...]], ...]
    performance: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name in the tables."""
        return self.row["calculator"]

    def speaks_for(self, condition: str, treatment: str) -> bool:
        """Whether a condition and a treatment of the evidence lie inside its population."""
        return condition in self.row.items_of("conditions") and treatment in self.row.items_of("treatments")


@dataclass(frozen=True, slots=True)
class Calculated:
    """The chance of each level, and which inputs were known and which were taken as the registry's average."""

    shares: dict[str, float]
    known: tuple[str, ...]
    average: tuple[str, ...]


@cache
def calculators() -> tuple[Calculator, ...]:
    """Every model that can be run."""
    return tuple(_calculator(row) for row in load("calculators/calculators") if row["runs"] == "yes")


@cache
def not_runnable() -> tuple[Row, ...]:
    """Every published model that cannot be run, each with the reason in ``why_not``."""
    return tuple(row for row in load("calculators/calculators") if row["runs"] == "no")


def _calculator(row: Row) -> Calculator:
    terms = [term for term in load("calculators/terms") if term["calculator"] == row["calculator"]]
    grouped = tuple((name, tuple(each)) for name, each in groupby(terms, key=lambda term: term["term"]))
    fared = (each for each in load("calculators/performance") if row["calculator"] in each.items_of("calculators"))
    return Calculator(row, grouped, tuple(fared))


def calculated(chosen: Calculator, course: Course | None) -> Calculated:
    """The model's answer for a course; None, and every input nobody recorded, stands for the registry's average."""
    known: list[str] = []
    average: list[str] = []
    predictor = 0.0
    for term, levels in chosen.terms:
        if term in ("intercept", "threshold"):
            continue
        value = None if course is None else input_of(term, course)
        (average if value is None else known).append(term)
        predictor += _contribution(levels, value)
    return Calculated(_shares(chosen, predictor), tuple(known), tuple(average))


def _contribution(levels: tuple[Row, ...], value: float | None) -> float:
    """What one input adds: scaled by its mean and spread, for yes, or for the level it is."""
    first = levels[0]
    if first["level"] == "per_sd":
        away = 0.0 if value is None else (value - _number(first, "input_mean")) / _number(first, "input_sd")
        return _number(first, "coefficient") * away
    if first["level"] == "yes":
        return _number(first, "coefficient") * (_number(first, "share") if value is None else value)
    if value is None:
        return sum(_number(level, "coefficient") * _number(level, "share") for level in levels)
    # Numbered levels count the answer "none" as the first, so a code stands one place further on.
    return next((_number(level, "coefficient") for level in levels if float(level["level"]) == value + 1), 0.0)


def _shares(chosen: Calculator, predictor: float) -> dict[str, float]:
    levels, parts = chosen.row.items_of("levels"), dict(chosen.terms)
    if chosen.row["estimator"] == "logistic":
        yes = float(expit(_number(parts["intercept"][0], "coefficient") + predictor))
        return dict(zip(levels, (yes, 1 - yes), strict=True))
    limits = np.array([_number(row, "coefficient") for row in parts["threshold"]])
    below = np.concatenate([[0.0], ndtr(limits - predictor), [1.0]])
    return dict(zip(levels, map(float, np.diff(below)), strict=True))


def input_of(term: str, course: Course) -> float | None:
    """One input as the model counts it; None where the record does not say, or the model asks what no record holds."""
    row = by_column(load("calculators/inputs"), "term").get(term)
    if row is None:
        return None
    if row["kind"] == "patient":
        return course.patient.age_years
    named = [fact for fact in course.facts if fact.kind == row["kind"] and fact.name in row.items_of("names")]
    if row["coding"] == "yes_no":
        return float(any(fact.present for fact in named)) if named else None
    value = _days(named) if row["coding"] == "duration" else _latest(named)
    return value if value is None or row["coding"] == "value" else _code(row["coding"], value)


def _days(named: list[Fact]) -> float | None:
    """Days since the first mention before presentation; None where nobody wrote down when it began."""
    days = [fact.day for fact in named if fact.present and fact.day is not None and fact.day < 0]
    return float(-min(days)) if days else None


def _latest(named: list[Fact]) -> float | None:
    valued = [fact for fact in named if fact.value is not None]
    return max(valued, key=lambda fact: fact.order).value if valued else None


def _code(coding: str, value: float) -> float:
    rows = (row for row in load("calculators/codes") if row["coding"] == coding)
    return next(_number(row, "code") for row in rows if (below := row.number("below")) is None or value < below)


def _number(row: Row, column: str) -> float:
    value = row.number(column)
    assert value is not None, row.problem(f"{column} is empty")
    return value
