"""The bare arithmetic behind localise: adding the rows of the likelihood that each patient's findings select.

The same rows of the same size, without priors, probabilities or sites: what NumPy and SciPy take for that alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from spinecourse.localise.likelihood import likelihood
from spinecourse.localise.model import known_rows

States = NDArray[np.int8]
Run = Callable[[], object]

TOGETHER = 64
"""Patients gathered at once: the fastest number found, the sums then stay in the cache."""


def rows_known(states: States) -> float:
    """How many rows of the likelihood a patient's findings select on average."""
    return float(np.mean([len(known_rows(row)) for row in states]))


def of(states: States) -> dict[str, Run]:
    """The bare sums in three ways."""
    rows = [known_rows(row) for row in states]
    return {
        "NumPy gather: take a row, add it": _gather(rows),
        "SciPy product: sparse selection by matrix": _sparse(rows),
        "NumPy product: dense selection by matrix": _dense(rows[:256], len(states)),
    }


def _gather(rows: list[NDArray[np.intp]]) -> Run:
    matrix = np.vstack([likelihood().log, np.zeros((1, likelihood().log.shape[1]), dtype=np.float32)])
    most = max(len(selected) for selected in rows)
    chosen = np.full((most, len(rows)), len(matrix) - 1)
    for number, selected in enumerate(sorted(rows, key=len)):
        chosen[: len(selected), number] = selected

    def run() -> None:
        for start in range(0, len(rows), TOGETHER):
            part = chosen[:, start : start + TOGETHER]
            sums = np.zeros((part.shape[1], matrix.shape[1]), dtype=np.float32)
            taken = np.empty_like(sums)
            for step in part[: int((part[:, -1] < len(matrix) - 1).sum())]:
                np.take(matrix, step, axis=0, out=taken, mode="clip")
                np.add(sums, taken, out=sums)

    return run


def _sparse(rows: list[NDArray[np.intp]]) -> Run:
    ends = np.cumsum([0, *(len(selected) for selected in rows)])
    ones = np.ones(ends[-1], dtype=np.float32)
    chosen = csr_array((ones, np.concatenate(rows), ends), shape=(len(rows), len(likelihood().log)))
    return lambda: chosen @ likelihood().log


def _dense(rows: list[NDArray[np.intp]], patients: int) -> Run:
    """A few patients again and again, because the selection of all of them would not fit."""
    chosen = np.zeros((len(rows), len(likelihood().log)), dtype=np.float32)
    for number, selected in enumerate(rows):
        chosen[number, selected] = 1

    def run() -> None:
        for _ in range(patients // len(rows)):
            chosen @ likelihood().log

    return run


def plain_loop(states: States) -> Run:
    """The same sums in plain Python, over lists of numbers."""
    rows = [[likelihood().log[number].tolist() for number in known_rows(row)] for row in states]

    def run() -> None:
        for selected in rows:
            [sum(values) for values in zip(*selected, strict=True)]

    return run
