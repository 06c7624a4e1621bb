"""Other ways of seeing early that a treatment fails: a fixed threshold, EWMA and CUSUM on raw scores, change points.

Each is a number for every report that is higher the worse, and is given the limit and the first day that serve it best
within the promised false alarms. Page 1954 Biometrika 41:100 (CUSUM); Roberts 1959 Technometrics 1:239 (EWMA);
Truong 2020 Signal Processing 167:107299 (``ruptures``).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.assess.follow_truth import Judged

Array = NDArray[np.float64]

EWMA_WEIGHTS: Final = (0.1, 0.2, 0.3, 0.5)
"""Weights of the newest report; textbooks of process control recommend 0.05 to 0.3."""

CUSUM_SLACKS: Final = (0.0, 0.5, 1.0, 1.5)
"""What is added to the change before it is summed, in important differences: a fall by as much counts as in control."""


def rivals(known: Judged) -> Iterator[tuple[str, Array]]:
    """The name and statistic of every rival, shape (patients, visits), NaN where there is no report."""
    yield "fixed threshold (change below the important difference)", 1 + known.change
    for weight in EWMA_WEIGHTS:
        yield f"EWMA {weight:g}", _recursive(known.change, partial(_ewma, weight))
    for slack in CUSUM_SLACKS:
        yield f"CUSUM {slack:g}", _recursive(known.change, partial(_cusum, slack))


def _ewma(weight: float, held: Array, new: Array) -> Array:
    return weight * new + (1 - weight) * held


def _cusum(slack: float, held: Array, new: Array) -> Array:
    return np.maximum(0.0, held + new + slack)


def _recursive(change: Array, step: Callable[[Array, Array], Array]) -> Array:
    """A statistic that each report moves on; one that is missing leaves it."""
    held, found = np.zeros(len(change)), np.full(change.shape, np.nan)
    for visit in range(change.shape[1]):
        there = ~np.isnan(change[:, visit])
        held = np.where(there, step(held, np.nan_to_num(change[:, visit])), held)
        found[:, visit] = np.where(there, held, np.nan)
    return found


def change_points(known: Judged) -> Array | None:
    """The mean change since the last change point found by PELT, after each report; None without ``ruptures``.

    The penalty is that of Schwarz for the spread of the differences of the series.
    """
    try:
        from ruptures import Pelt
    except ImportError:
        return None
    found = np.full(known.change.shape, np.nan)
    for person, row in enumerate(known.change):
        places = np.flatnonzero(~np.isnan(row))
        series = np.concatenate([[0.0], row[places]])
        for count, place in enumerate(places, start=2):
            found[person, place] = _last_segment(Pelt, series[:count])
    return found


def _last_segment(algorithm: type, series: Array) -> float:
    spread = np.median(np.abs(np.diff(series))) / 0.954 if len(series) > 2 else 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ends = (
            algorithm(model="l2", min_size=1, jump=1)
            .fit(series)
            .predict(pen=2 * max(spread, 0.1) ** 2 * np.log(len(series)))
        )
    begin = ends[-2] if len(ends) > 1 else 0
    return float(series[begin:].mean())
