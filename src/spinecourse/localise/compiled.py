"""The sums of scoring in machine code, made by Numba when the first large batch comes (the extra ``fast``).

The same four functions as in ``arithmetic``, written as the loops they are. Importing this module needs Numba.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spinecourse.localise.arithmetic import NEAR, Arithmetic, Read
from spinecourse.localise.prepared import Numbers, Scores, States, layout, scorer

Unsigned = NDArray[np.uint32]


class Selecting(NamedTuple):
    """What ``prepared.Selection`` holds of the columns that count, with their numbers.

    Unsigned numbers, here and below, because no index is then negative and none has to be looked at for that.
    """

    columns: Unsigned
    first: NDArray[np.int32]
    alone: NDArray[np.int32]
    other_side: Unsigned


class Runs(NamedTuple):
    """The stretches of the rows that say something, shorter gaps included: run r starts at column ``begin[r]`` and has
    its values in ``values`` from ``start[r]`` to before ``start[r + 1]``. Row i has the runs from ``of_row[i]`` to
    before ``of_row[i + 1]``."""

    of_row: NDArray[np.intp]
    begin: NDArray[np.intp]
    start: NDArray[np.intp]
    values: Scores


UNIT: Final = 16
"""Runs begin and end at multiples of this many columns, which the processor adds in one or two instructions."""

GAP: Final = 4
"""Units of which fewer than this without a word between two runs are taken along: a longer loop is cheaper than two."""


def machine_code(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as machine code, kept on disk for the next program where there is a place to keep it."""
    try:
        compiled: Callable[..., Any] = njit(cache=True)(function)
    except RuntimeError:  # no folder can be written
        compiled = njit(function)
    return compiled


@cache
def _selecting() -> Selecting:
    known = scorer().selection
    columns, other_side = np.flatnonzero(known.used).astype(np.uint32), known.other_side.astype(np.uint32)
    return Selecting(columns, known.first.astype(np.int32), known.alone.astype(np.int32), other_side)


@cache
def _runs() -> Runs:
    rows = scorer().table[:-1]
    row, unit = np.nonzero(rows.reshape(len(rows), -1, UNIT).any(axis=2))
    apart = (np.diff(row) != 0) | (np.diff(unit) > GAP)
    first, last = np.append(0, 1 + np.flatnonzero(apart)), np.append(np.flatnonzero(apart), len(row) - 1)
    begin, length = unit[first] * UNIT, (unit[last] + 1 - unit[first]) * UNIT
    start = np.append(0, np.cumsum(length))
    cells = np.arange(start[-1]) + np.repeat(row[first] * rows.shape[1] + begin - start[:-1], length)
    of_row = np.searchsorted(row[first], np.arange(len(rows) + 1))
    return Runs(of_row, begin, start, rows.reshape(-1)[cells])


@cache
def _sites_by_size() -> tuple[Unsigned, ...]:
    """The sites, and their first and last columns, small ones first: loops of the same length one after the other."""
    places = layout()
    order = np.argsort(places.end - places.begin, kind="stable")
    return tuple(numbers.astype(np.uint32) for numbers in (order, places.begin[order], places.end[order]))


@machine_code
def _select(
    states: States, select: Selecting, place: NDArray[np.intp], asked: Scores, patients: Numbers, rows: Numbers
) -> int:
    """Mark the shared rows in ``asked``, write the others to ``patients`` and ``rows``, and say how many they are."""
    found, count = np.empty(len(select.columns) + 1, dtype=np.uint32), 0
    for patient in range(len(states)):
        own, known = states[patient], 0
        for column in select.columns:  # without a branch, which the processor would guess wrongly
            found[known] = column
            known += own[column] != 0
        for column in found[:known]:
            alone = own[column] > 1 and own[select.other_side[column]] == 0
            row = own[column] - 1 + (select.alone[column] if alone else select.first[column])
            if place[row] >= 0:
                asked[place[row], patient] = 1
            else:
                patients[count], rows[count] = patient, row
                count += 1
    return count


@machine_code
def _in_order_of_rows(patients: Numbers, rows: Numbers, different: int) -> tuple[Numbers, Numbers]:
    """Sort by row, by counting: there are few different rows."""
    next_place = np.zeros(different + 1, dtype=np.intp)
    for row in rows:
        next_place[row + 1] += 1
    next_place = np.cumsum(next_place)
    sorted_patients, sorted_rows = np.empty_like(patients), np.empty_like(rows)
    for number, row in enumerate(rows):
        sorted_patients[next_place[row]], sorted_rows[next_place[row]] = patients[number], row
        next_place[row] += 1
    return sorted_patients, sorted_rows


@machine_code
def _add_runs(scores: Scores, patients: Numbers, rows: Numbers, runs: Runs) -> None:
    for patient, row in zip(patients, rows):  # noqa: B905 - Numba knows no strict zip
        own = scores[patient]
        for run in range(runs.of_row[row], runs.of_row[row + 1]):
            values = runs.values[runs.start[run] : runs.start[run + 1]]
            target = own[runs.begin[run] : runs.begin[run] + len(values)]
            for number in range(len(target)):
                target[number] += values[number]


@machine_code
def _sum_exactly(scores: Scores, patients: Numbers, ends: Numbers, rows: Numbers, table: Scores, near: float) -> None:
    """Put the scores of these patients anew in double precision, where they are near the best, which stays.

    The rows of patient i end before ``ends[i]``; the last row of ``table`` holds the priors.
    """
    start = 0
    for number, patient in enumerate(patients):
        own = scores[patient]
        columns = np.flatnonzero(own > own.max() - near)
        exact = table[-1][columns].astype(np.float64)
        for row in rows[start : ends[number]]:
            for place, column in enumerate(columns):
                exact[place] += table[row, column]
        own[columns] = exact - exact.max() + own.max()
        start = ends[number]


@machine_code
def _sum_sites(weights: Scores, sites: Unsigned, begin: Unsigned, end: Unsigned, sums: Scores) -> None:
    for patient in range(len(weights)):
        own = weights[patient]
        for number in range(len(sites)):
            total = own[begin[number]]
            for column in range(begin[number] + 1, end[number]):
                total += own[column]
            sums[patient, sites[number]] = total


def _read(states: States, place: Numbers, shared: int) -> Read:
    asked = np.zeros((shared + 1, len(states)), dtype=np.float32)
    asked[-1] = 1
    patients, rows = _selected(states, place, asked)
    return Read(asked, *_in_order_of_rows(patients, rows, scorer().rows))


def _selected(states: States, place: Numbers, asked: Scores) -> tuple[Numbers, Numbers]:
    """The rows that are not shared, patient by patient; the shared ones are marked in ``asked``."""
    patients, rows = np.empty((2, np.count_nonzero(states)), dtype=np.int32)
    count = _select(states, _selecting(), np.asarray(place, dtype=np.intp), asked, patients, rows)
    return patients[:count], rows[:count]


def _add(scores: Scores, read: Read) -> None:
    _add_runs(scores, read.patients, read.rows, _runs())


def _add_again(scores: Scores, patients: Numbers, states: States) -> None:
    which, rows = _selected(states, np.full(scorer().rows, -1, dtype=np.intp), np.empty((0, 0), dtype=np.float32))
    ends = np.searchsorted(which, np.arange(len(patients)), side="right")
    _sum_exactly(scores, patients, ends, rows, scorer().table, NEAR)


def _to_sites(weights: Scores, sums: Scores) -> None:
    _sum_sites(weights, *_sites_by_size(), sums)


COMPILED: Final = Arithmetic("Numba", 1 / 5, _read, _add, _add_again, _to_sites)
