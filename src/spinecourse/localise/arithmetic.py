"""The sums of scoring in NumPy and SciPy; ``compiled`` does the same sums in machine code where Numba is installed.

Both are one ``Arithmetic``: four functions with the same arguments and, but for rounding, the same results.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple, cast

import numpy as np

from spinecourse.findings.catalogue import NORMAL
from spinecourse.localise.prepared import BLOCK, Numbers, Scores, States, layout, scorer

WORTH_LOADING: Final = 8192
"""Patients from which on it pays to load Numba, and the first time to make machine code."""

NEAR: Final = 6.0
"""Hypotheses this far or further below the best are so improbable that rounding does not show."""


class Read(NamedTuple):
    """The rows that the findings of a chunk of patients select.

    ``asked`` has a row for every shared row, 1 for the patients whose findings select it, and a last row of ones for
    the priors: shape (shared rows + 1, patients). All other selected rows stand in ``patients`` and ``rows`` side by
    side, in the order of the rows, so that what one patient needed is in the cache for the next with the same finding.
    """

    asked: Scores
    patients: Numbers
    rows: Numbers


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One way to do the sums.

    - ``read(states, place, shared)``: what the findings select; ``place`` has the place of every row among the
      shared ones, or -1.
    - ``add(scores, read)``: add the rows that are not shared to the scores, shape (patients, columns of the layout).
    - ``add_again(scores, patients, states)``: put the scores of these patients, of which ``states`` are the findings,
      anew in double precision near their best, which stays.
    - ``to_sites(weights, sums)``: put the sums of the columns of every site into ``sums``, shape (patients, sites).

    Rows that at least the part ``shared`` of the patients has are worth a matrix product.
    """

    name: str
    shared: float
    read: Callable[[States, Numbers, int], Read]
    add: Callable[[Scores, Read], None]
    add_again: Callable[[Scores, Numbers, States], None]
    to_sites: Callable[[Scores, Scores], None]


def arithmetic(patients: int) -> Arithmetic:
    """The fastest for so many patients of what is installed."""
    return fastest() if patients >= WORTH_LOADING else PLAIN


@cache
def fastest() -> Arithmetic:
    """The fastest that is installed."""
    try:
        from spinecourse.localise.compiled import COMPILED
    except ImportError:  # Numba is not installed, or not made for this version of NumPy
        return PLAIN
    return COMPILED


def selected_rows(states: States) -> tuple[Numbers, Numbers]:
    """The rows that the findings of many patients select: patients and rows of the scorer side by side."""
    known = scorer().selection
    found = np.flatnonzero((states != 0) & known.used)
    patients, columns = np.divmod(found, states.shape[1])
    state = states.reshape(-1)[found]
    rows = known.first[columns] + state - 1
    changed = np.flatnonzero(state > NORMAL)
    alone = changed[states[patients[changed], known.other_side[columns[changed]]] == 0]
    rows[alone] = known.alone[columns[alone]] + state[alone] - 1
    return patients, rows


def _read(states: States, place: Numbers, shared: int) -> Read:
    patients, rows = selected_rows(states)
    places = place[rows]
    often = places >= 0
    asked = np.zeros((shared + 1, len(states)), dtype=np.float32)
    asked[places[often], patients[often]] = 1
    asked[-1] = 1
    patients, rows = patients[~often], rows[~often]
    order = np.argsort(rows.astype(np.uint16), kind="stable")
    return Read(asked, patients[order], rows[order])


def _add(scores: Scores, read: Read) -> None:
    """The named rows, piece by piece."""
    known, blocks, many = scorer(), layout().blocks, len(scores)
    count = known.count[read.rows]
    ends = np.cumsum(count, dtype=np.int32)
    pieces = np.arange(count.sum(), dtype=np.int32) + np.repeat(known.start[read.rows] - ends + count, count)
    targets = np.repeat(read.patients.astype(np.int32) * blocks, count) + known.block[pieces]
    scores += _sparse_product()(targets, pieces, many * blocks).reshape(many, -1)


@cache
def _sparse_product() -> Callable[[Numbers, Numbers, int], Scores]:
    """Adds up named pieces for every target; loaded when needed, because loading takes a while."""
    from scipy.sparse import coo_array

    def product(targets: Numbers, pieces: Numbers, many: int) -> Scores:
        ones = np.ones(len(pieces), dtype=np.float32)
        chosen = coo_array((ones, (targets, pieces)), shape=(many, len(scorer().pieces)))
        return cast(Scores, chosen @ scorer().pieces)

    return product


def _add_again(scores: Scores, patients: Numbers, states: States) -> None:
    known, width = scorer(), scores.shape[1]
    which, rows = selected_rows(states)
    for number, patient in enumerate(patients):
        first, end = np.searchsorted(which, [number, number + 1])
        near = np.flatnonzero(scores[patient] > scores[patient].max() - NEAR)
        cells = known.table.reshape(-1).take(np.append(rows[first:end], known.rows)[:, None] * width + near)
        summed = cells.sum(axis=0, dtype=np.float64)
        scores[patient, near] = summed - summed.max() + scores[patient].max()


def _to_sites(weights: Scores, sums: Scores) -> None:
    parts = [weights[:, at * BLOCK : (at + 1) * BLOCK] @ join for at, join in enumerate(_joins())]
    np.concatenate(parts, axis=1, out=sums)


@cache
def _joins() -> tuple[Scores, ...]:
    """For every block the matrix that sums its columns to sites."""
    places, found = layout(), []
    for block in range(places.blocks):
        here = np.flatnonzero(places.begin // BLOCK == block)
        columns = block * BLOCK + np.arange(BLOCK)[:, None]
        found.append(((places.begin[here] <= columns) & (columns < places.end[here])).astype(np.float32))
    return tuple(found)


PLAIN: Final = Arithmetic("NumPy", 1 / 16, _read, _add, _add_again, _to_sites)
