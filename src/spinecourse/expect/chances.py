"""Chances of a score in the words people use: worse, same, better, much better, nearly free of it, acceptable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from spinecourse.errors import NotFound
from spinecourse.expect.scales import Array
from spinecourse.knowledge.tables import load
from spinecourse.measures import needed
from spinecourse.trajectory import Mixture, Scale, quantiles

LEVELS: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Levels of the median and of the 50, 80 and 90 % intervals."""


@dataclass(frozen=True, slots=True)
class Hope:
    """What a patient hopes to reach, and after how many months (None: not said)."""

    value: float
    months: float | None


@dataclass(frozen=True, slots=True)
class Chances:
    """Quantiles (rows, months, levels) and chances (rows, months) by name; a chance that cannot be told is missing."""

    quantiles: Array
    named: dict[str, Array]
    hopes: Sequence[Hope | None]
    hoped: Array
    why: str

    def at(self, row: int, month: int) -> dict[str, Any]:
        """The part of an answer that is figures, for one row and month."""
        low = [round(float(value), 2) for value in self.quantiles[row, month]]
        hope = self.hopes[row]
        there = hope is not None and not np.isnan(self.hoped[row, month])
        return {
            "median": low[3], "interval50": (low[2], low[4]), "interval80": (low[1], low[5]),
            "interval90": (low[0], low[6]),
            **{name: self._chance(name, row, month) for name in NAMES},
            "patient_expects": hope.value if there and hope else None,
            "chance_of_that": round(float(self.hoped[row, month]), 3) if there else None,
        }  # fmt: skip

    def _chance(self, name: str, row: int, month: int) -> float | None:
        return round(float(self.named[name][row, month]), 3) if name in self.named else None


NAMES: Final = ("worse", "same", "better", "much_better", "symptom_free", "acceptable")


def chances(
    measured: Scale, predicted: Mixture, baseline: float | None, hopes: Sequence[Hope | None], months: Sequence[float]
) -> Chances:
    """The chances of predictions of shape (rows, months) for somebody whose latest score is ``baseline``.

    Without a baseline, or without a published important difference at it, nothing is said of better or worse, and
    ``why`` says so.
    """
    named, why = _changes(measured, predicted, baseline)
    for name, limit in (
        ("symptom_free", _state(measured.measure)),
        ("acceptable", _needed(measured, "acceptable", None)),
    ):
        if limit is not None:
            named[name] = predicted.at_least_as_good(measured, limit)
    return Chances(
        quantiles(measured, predicted, LEVELS), named, hopes, _hoped(measured, predicted, hopes, months), why
    )


def _changes(measured: Scale, predicted: Mixture, baseline: float | None) -> tuple[dict[str, Array], str]:
    if baseline is None:
        return {}, f"no {measured.measure} is on record, so nothing is said of better or worse than now"
    gain = _needed(measured, "important", baseline)
    if gain is None:
        return {}, f"no important difference of {measured.measure} is published at {baseline:g}"
    loss = _needed(measured, "important_worsening", baseline) or gain
    better = _improved(measured, predicted, baseline, gain)
    worse = 1 - _improved(measured, predicted, baseline, -loss + measured.step)
    named = {"worse": worse, "same": np.clip(1 - better - worse, 0.0, 1.0), "better": better}
    much = _needed(measured, "substantial", baseline)
    if much is not None:
        named["much_better"] = np.minimum(better, _improved(measured, predicted, baseline, max(much, gain)))
    return named, ""


def _improved(measured: Scale, predicted: Mixture, baseline: float, by: float) -> Array:
    """The chance of having improved by at least so many points; a change beyond the end of the scale has none."""
    worse = np.sign(measured.worst - measured.best)
    target = baseline - worse * by
    beyond = (measured.best - target) * worse > measured.step / 2
    none = np.zeros(predicted.weights.shape[:-1])
    return none if beyond else predicted.at_least_as_good(measured, target)


def _needed(measured: Scale, kind: str, baseline: float | None) -> float | None:
    """A threshold of the measures room, None where nothing is published for this measure at this baseline."""
    try:
        if kind == "acceptable":
            return _acceptable(measured.measure)
        size = float(needed(measured.measure, kind, baseline if baseline is not None else np.nan))
    except NotFound:
        return None
    return None if np.isnan(size) else size


@cache
def _acceptable(measure: str) -> float | None:
    rows = (
        row
        for row in load("measures/change_thresholds")
        if row["instrument"] == measure and row["kind"] == "acceptable" and row["by_default"] == "yes"
    )
    return next((row.number("amount") for row in rows), None)


@cache
def _state(measure: str) -> float | None:
    return next((row.number("score") for row in load("expect/states") if row["measure"] == measure), None)


def _hoped(measured: Scale, predicted: Mixture, hopes: Sequence[Hope | None], months: Sequence[float]) -> Array:
    """The chance of what is hoped for; NaN where nothing is, and in months not closest to the hoped one."""
    found = np.full(predicted.weights.shape[:-1], np.nan)
    for row, hope in enumerate(hopes):
        if hope is not None:
            every = predicted.at_least_as_good(measured, hope.value)[row]
            found[row] = np.where(_meant(hope, months), every, np.nan)
    return found


def _meant(hope: Hope, months: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    away = np.zeros(len(months)) if hope.months is None else np.abs(np.array(months) - hope.months)
    return np.asarray(away == away.min())
