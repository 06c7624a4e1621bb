"""Scores of all hypotheses for many patients at once: the same sums as one by one, in fewer steps.

Three things make a batch cheap, and none of them is an approximation.

- A row of the likelihood is the same for most hypotheses (a weak thumb is as rare in every lesion of the leg). That
  common value is subtracted from the row: it cancels when probabilities are made to sum to 1. The rest is mostly
  zeros, and blocks of hypotheses in which a row is all zeros are passed over.
- Rows that many patients of a batch share (*knee extension normal*) are summed by one matrix product.
- The hypotheses of one site stand in one block, so that sites are summed by small products.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import NORMAL
from spinecourse.localise.hypotheses import log_priors, site_keys, site_of_hypothesis
from spinecourse.localise.likelihood import likelihood

Numbers = NDArray[np.intp] | NDArray[np.int32]
States = NDArray[np.int8]
Scores = NDArray[np.float32]

CHUNK: Final = 512
"""Patients scored at once: enough to make a call worth its cost, few enough for a constant, small memory."""

SLICE: Final = 128
"""Patients whose scores are turned to probabilities at once, so that they stay in the processor's cache."""

BLOCK: Final = 64
"""Hypotheses in a block that is passed over where a row says nothing about any of them."""

SHARED: Final = 1 / 16
"""Rows that at least this share of the patients has are summed by a matrix product."""

SAME: Final = 1e-7
"""Log likelihoods nearer than this to the row's common value are that value; float32 tells them apart no better."""

LARGE: Final = 48.0
"""Patients whose best score is above this are summed again in double precision, where it can matter."""

NEAR: Final = 8.0
"""Hypotheses this far or further below the best are so improbable that rounding does not show."""

NEVER: Final = -1e6
"""The score of a column that only fills up the last block."""

LOWEST: Final = -60.0
"""Scores this far below the best are held here: their probability is 0 to 26 decimals, and smaller numbers are slow."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the hypotheses stand in the scores: sites one after the other, none cut by the end of a block.

    ``column`` gives the column of every hypothesis; ``blocks`` is their number, and columns without a hypothesis fill
    them up. ``joins`` has for every block the matrix that sums its hypotheses to sites, the sites in their order.
    """

    column: Numbers
    blocks: int
    joins: tuple[Scores, ...]


@dataclass(frozen=True, slots=True)
class Scorer:
    """The likelihood prepared for batches, hypotheses in the columns of the layout.

    ``rows`` are differences from each row's common value, ``priors`` the log priors. ``pieces`` are the blocks of
    rows that are not all zeros, laid end to end; ``block`` says which block each is, and row r has ``count[r]`` of
    them from ``first[r]`` on. ``other_side`` and ``alone`` give for every column its other side and the row that
    counts when nothing is known of it, or -1.
    """

    rows: Scores
    priors: Scores
    pieces: Scores
    block: Numbers
    first: Numbers
    count: Numbers
    other_side: Numbers
    alone: Numbers


@cache
def layout() -> Layout:
    """The layout of the hypotheses, computed once."""
    site = site_of_hypothesis()
    column = np.empty(len(site), dtype=np.intp)
    joins: list[list[tuple[int, int]]] = [[]]
    used = 0
    for number in range(len(site_keys())):
        members = np.flatnonzero(site == number)
        if used + len(members) > BLOCK:
            joins.append([])
            used = 0
        column[members] = (len(joins) - 1) * BLOCK + used + np.arange(len(members))
        joins[-1].append((used, used + len(members)))
        used += len(members)
    return Layout(column, len(joins), tuple(_join(spans) for spans in joins))


def _join(spans: list[tuple[int, int]]) -> Scores:
    """The matrix that sums the columns of every span."""
    found = np.zeros((BLOCK, len(spans)), dtype=np.float32)
    for number, (start, end) in enumerate(spans):
        found[start:end, number] = 1
    return found


@cache
def scorer() -> Scorer:
    """The likelihood prepared for batches, computed once, when the first batch comes."""
    model, places = likelihood(), layout()
    rows = np.zeros((len(model.log), places.blocks * BLOCK), dtype=np.float32)
    rows[:, places.column] = model.log - np.median(model.log, axis=1, keepdims=True)
    rows[np.abs(rows) < SAME] = 0
    priors = np.full((1, places.blocks * BLOCK), NEVER, dtype=np.float32)
    priors[0, places.column] = log_priors()
    cut = rows.reshape(len(rows), places.blocks, BLOCK)
    speaks = cut.any(axis=2)
    count = speaks.sum(axis=1, dtype=np.int32)
    block = np.nonzero(speaks)[1].astype(np.int32)
    first = np.cumsum(count, dtype=np.int32) - count
    other_side, alone = np.full((2, len(model.first)), -1, dtype=np.intp)
    for number, (other, row) in model.one_sided.items():
        other_side[number], alone[number] = other, row
    return Scorer(rows, priors, cut[speaks], block, first, count, other_side, alone)


def probabilities(states: States) -> Iterator[Scores]:
    """Probabilities of the hypotheses, a slice of patients at a time."""
    for weights in _weights(states):
        yield (weights / weights.sum(axis=1, keepdims=True)).take(layout().column, axis=1)


def site_probabilities(states: States) -> Iterator[Scores]:
    """Probabilities of ``site_keys`` alone, a slice of patients at a time; the hypotheses are never kept."""
    for weights in _weights(states):
        parts = [weights[:, at * BLOCK : (at + 1) * BLOCK] @ join for at, join in enumerate(layout().joins)]
        sums = np.concatenate(parts, axis=1)
        sums /= sums.sum(axis=1, keepdims=True)
        yield sums


def _weights(states: States) -> Iterator[Scores]:
    """Probabilities but for a factor, in the columns of the layout, a slice of patients at a time."""
    for start in range(0, len(states), CHUNK):
        scores = _scores(states[start : start + CHUNK])
        for first in range(0, len(scores), SLICE):
            part = scores[first : first + SLICE]
            part -= part.max(axis=1, keepdims=True)
            np.maximum(part, LOWEST, out=part)
            yield np.exp(part, out=part)


def _scores(states: States) -> Scores:
    """Log prior plus log likelihood ratios, shape (patients, hypotheses) in the columns of the layout."""
    known = scorer()
    patients, selected = selected_rows(states)
    often = np.flatnonzero(np.bincount(selected, minlength=len(known.rows)) > SHARED * len(states))
    column = np.full(len(known.rows), -1, dtype=np.intp)
    column[often] = np.arange(len(often))
    place = column[selected]
    shared = place >= 0
    asked = np.zeros((len(states), len(often) + 1), dtype=np.float32)
    asked[patients[shared], place[shared]] = 1
    asked[:, -1] = 1
    scores: Scores = asked @ np.concatenate([known.rows[often], known.priors])
    scores += _rare(patients[~shared], selected[~shared], len(states)).reshape(scores.shape)
    _sum_again(scores, patients, selected)
    return scores


def _sum_again(scores: Scores, patients: Numbers, selected: Numbers) -> None:
    """Double precision for the few patients with so many striking findings that single precision would round."""
    known, best = scorer(), scores.max(axis=1)
    chosen = (best > LARGE)[patients]
    patients, selected = patients[chosen], selected[chosen]
    for patient in np.flatnonzero(best > LARGE):
        near = np.flatnonzero(scores[patient] > best[patient] - NEAR)
        rows = selected[patients == patient]
        exact = known.rows[rows[:, None], near].sum(axis=0, dtype=np.float64) + known.priors[0, near]
        scores[patient] -= best[patient]
        scores[patient, near] = exact - exact.max()


def selected_rows(states: States) -> tuple[Numbers, Numbers]:
    """The rows that the findings of many patients select: patients and rows of the likelihood side by side."""
    model, known = likelihood(), scorer()
    found = _nonzero(states * (model.first >= 0))
    patients, columns = np.divmod(found, states.shape[1])
    state = states.reshape(-1)[found]
    rows = model.first[columns] + state - 1
    changed = np.flatnonzero(state > NORMAL)
    changed = changed[known.alone[columns[changed]] >= 0]
    partner = states[patients[changed], known.other_side[columns[changed]]]
    alone = changed[partner == 0]
    return np.concatenate([patients, patients[alone]]), np.concatenate([rows, known.alone[columns[alone]]])


def _nonzero(states: States) -> Numbers:
    """The places of what is not 0 in the flattened array; eight cells at a time, because most are."""
    flat = states.reshape(-1)
    whole = len(flat) // 8 * 8
    words = np.flatnonzero(flat[:whole].view(np.uint64) != 0)
    inside = np.flatnonzero(flat[:whole].reshape(-1, 8)[words] != 0)
    places = words[inside >> 3] * 8 + (inside & 7)
    return np.concatenate([places, whole + np.flatnonzero(flat[whole:])])


def _rare(patients: Numbers, rows: Numbers, many: int) -> Scores:
    """The sum of the named rows for every patient, piece by piece, shape (patients x blocks, hypotheses a block)."""
    known, blocks = scorer(), layout().blocks
    count = known.count[rows]
    ends = np.cumsum(count, dtype=np.int32)
    pieces = np.arange(count.sum(), dtype=np.int32) + np.repeat(known.first[rows] - ends + count, count)
    targets = np.repeat(patients.astype(np.int32) * blocks, count) + known.block[pieces]
    return _sparse_product()(targets, pieces, many * blocks)


@cache
def _sparse_product() -> Callable[[Numbers, Numbers, int], Scores]:
    """Adds up named pieces for every target; loaded when needed, because loading takes a while."""
    from scipy.sparse import coo_array

    def product(targets: Numbers, pieces: Numbers, many: int) -> Scores:
        ones = np.ones(len(pieces), dtype=np.float32)
        chosen = coo_array((ones, (targets, pieces)), shape=(many, len(scorer().pieces)))
        return cast(Scores, chosen @ scorer().pieces)

    return product
