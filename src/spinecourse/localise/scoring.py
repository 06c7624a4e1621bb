"""Scores of all hypotheses for many patients at once: the same sums as one by one, in fewer steps.

Four things make a batch cheap, and none of them is an approximation.

- A row of the likelihood is the same for most hypotheses (a weak thumb is as rare in every lesion of the leg). That
  common value is subtracted from the row: it cancels when probabilities are made to sum to 1. The rest is mostly
  zeros, and blocks of hypotheses in which a row is all zeros are passed over.
- Rows that many patients share (*knee extension normal*) are summed by one matrix product for every block.
- A finding of one side about whose other side nothing is known selects two rows of the likelihood; their sum is
  prepared, so that every finding selects one.
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

CHUNK: Final = 256
"""Patients scored at once: enough to make a call worth its cost, few enough that their scores stay in the cache."""

SAMPLE: Final = 512
"""Patients by whom it is judged which rows are shared by many; which rows they are changes the speed alone."""

BLOCK: Final = 64
"""Hypotheses in a block that is passed over where a row says nothing about any of them."""

SHARED: Final = 1 / 16
"""Rows that at least this share of the patients has are summed by matrix products."""

SAME: Final = 1e-7
"""Log likelihoods nearer than this to the row's common value are that value; float32 tells them apart no better."""

LARGE: Final = 64.0
"""Patients whose best score is above this are summed again in double precision, where it can matter."""

NEAR: Final = 6.0
"""Hypotheses this far or further below the best are so improbable that rounding does not show."""

NEVER: Final = -1e6
"""The score of a column that only fills up the last block."""

HIGHEST: Final = np.float32(80.0)
"""Where the best score is put before powers are taken: the sum of all stays finite, and what is 0 is below 1e-70."""


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
class Selection:
    """Which row of the scorer a known finding selects, by the number of its column.

    State k is row ``first + k - 1``, or ``alone + k - 1`` where the finding is changed and nothing is known of the
    column ``other_side``; a column without another side has its own number there. ``used`` says which columns count.
    """

    first: Numbers
    alone: Numbers
    other_side: Numbers
    used: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scorer:
    """The likelihood prepared for batches, hypotheses in the columns of the layout.

    ``rows`` are differences from each row's common value, ``priors`` the log priors. ``speaks`` says in which blocks
    a row is not all zeros. Those ``pieces`` are laid end to end; ``block`` says which block each is, and row r has
    ``count[r]`` of them from ``start[r]`` on.
    """

    selection: Selection
    rows: Scores
    priors: Scores
    speaks: NDArray[np.bool_]
    pieces: Scores
    block: Numbers
    start: Numbers
    count: Numbers


@dataclass(frozen=True, slots=True)
class Shared:
    """The rows that many patients share: ``place`` is the place of every row among them, or -1.

    For every block, ``members`` are the places that speak in it and ``tables`` their rows, priors last.
    """

    many: int
    place: Numbers
    members: tuple[Numbers, ...]
    tables: tuple[Scores, ...]


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
    places = layout()
    selection, differences = _selection()
    rows = np.zeros((len(differences), places.blocks * BLOCK), dtype=np.float32)
    rows[:, places.column] = differences
    priors = np.full((1, places.blocks * BLOCK), NEVER, dtype=np.float32)
    priors[0, places.column] = log_priors()
    cut = rows.reshape(len(rows), places.blocks, BLOCK)
    speaks: NDArray[np.bool_] = np.asarray(cut.any(axis=2))
    count = speaks.sum(axis=1, dtype=np.int32)
    block = np.nonzero(speaks)[1].astype(np.int32)
    start = np.cumsum(count, dtype=np.int32) - count
    return Scorer(selection, rows, priors, speaks, cut[speaks], block, start, count)


def _selection() -> tuple[Selection, Scores]:
    """How findings select rows, and the rows less their common values, those of one side alone after the others."""
    model = likelihood()
    rows = model.log - np.median(model.log, axis=1, keepdims=True)
    rows[np.abs(rows) < SAME] = 0
    alone, other_side, added = model.first.copy(), np.arange(len(model.first)), []
    used = len(rows)
    for number, (other, row) in model.one_sided.items():
        changed = rows[model.first[number] + NORMAL : model.first[number] + model.states[number]]
        added.append(changed + rows[row])
        other_side[number], alone[number] = other, used - NORMAL
        used += len(changed)
    return Selection(model.first, alone, other_side, model.first >= 0), np.concatenate([rows, *added])


def probabilities(states: States) -> Iterator[Scores]:
    """Probabilities of the hypotheses, a chunk of patients at a time."""
    for weights in _weights(states):
        yield (weights / weights.sum(axis=1, keepdims=True)).take(layout().column, axis=1)


def site_probabilities(states: States) -> Iterator[Scores]:
    """Probabilities of ``site_keys`` alone, a chunk of patients at a time; the hypotheses are never kept."""
    for weights in _weights(states):
        parts = [weights[:, at * BLOCK : (at + 1) * BLOCK] @ join for at, join in enumerate(layout().joins)]
        sums = np.concatenate(parts, axis=1)
        sums /= sums.sum(axis=1, keepdims=True)
        yield sums


def _weights(states: States) -> Iterator[Scores]:
    """Probabilities but for a factor, in the columns of the layout, a chunk of patients at a time."""
    shared = _shared(states[:SAMPLE])
    for start in range(0, len(states), CHUNK):
        scores = _scores(states[start : start + CHUNK], shared)
        yield np.exp(scores, out=scores)


def _shared(states: States) -> Shared:
    """The rows that many of these patients share."""
    known = scorer()
    _, selected = selected_rows(states)
    often = np.flatnonzero(np.bincount(selected, minlength=len(known.rows)) > SHARED * len(states))
    place = np.full(len(known.rows), -1, dtype=np.intp)
    place[often] = np.arange(len(often))
    members = [np.append(np.flatnonzero(speaks), len(often)) for speaks in known.speaks[often].T]
    table = np.concatenate([known.rows[often], known.priors])
    tables = [table[rows, at * BLOCK : (at + 1) * BLOCK] for at, rows in enumerate(members)]
    return Shared(len(often), place, tuple(members), tuple(tables))


def _scores(states: States, shared: Shared) -> Scores:
    """Log posterior but for a constant, shape (patients, hypotheses) in the columns of the layout."""
    patients, selected = selected_rows(states)
    place = shared.place[selected]
    often = place >= 0
    scores = _rare(patients[~often], selected[~often], len(states))
    asked = np.zeros((shared.many + 1, len(states)), dtype=np.float32)
    asked[place[often], patients[often]] = 1
    asked[-1] = 1
    for at, (members, table) in enumerate(zip(shared.members, shared.tables, strict=True)):
        scores[:, at * BLOCK : (at + 1) * BLOCK] += asked[members].T @ table
    best = scores.max(axis=1, keepdims=True)
    scores -= best - HIGHEST
    _sum_again(scores, best[:, 0], patients, selected)
    return scores


def _sum_again(scores: Scores, best: Scores, patients: Numbers, selected: Numbers) -> None:
    """Double precision for the few patients with so many striking findings that single precision would round."""
    known, width = scorer(), scores.shape[1]
    large = np.flatnonzero(best > LARGE)
    for patient, first, end in zip(large, *np.searchsorted(patients, [large, large + 1]), strict=True):
        near = np.flatnonzero(scores[patient] > HIGHEST - NEAR)
        cells = known.rows.reshape(-1).take(selected[first:end, None] * width + near)
        summed = cells.sum(axis=0, dtype=np.float64) + known.priors[0, near]
        scores[patient, near] = summed - summed.max() + HIGHEST


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


def _rare(patients: Numbers, rows: Numbers, many: int) -> Scores:
    """The sum of the named rows for every patient, piece by piece, shape (patients, hypotheses)."""
    known, blocks = scorer(), layout().blocks
    # Row by row, so that what one patient needed is still in the cache for the next who has the same finding.
    order = np.argsort(rows.astype(np.uint16), kind="stable")
    patients, rows = patients[order], rows[order]
    count = known.count[rows]
    ends = np.cumsum(count, dtype=np.int32)
    pieces = np.arange(count.sum(), dtype=np.int32) + np.repeat(known.start[rows] - ends + count, count)
    targets = np.repeat(patients.astype(np.int32) * blocks, count) + known.block[pieces]
    return _sparse_product()(targets, pieces, many * blocks).reshape(many, -1)


@cache
def _sparse_product() -> Callable[[Numbers, Numbers, int], Scores]:
    """Adds up named pieces for every target; loaded when needed, because loading takes a while."""
    from scipy.sparse import coo_array

    def product(targets: Numbers, pieces: Numbers, many: int) -> Scores:
        ones = np.ones(len(pieces), dtype=np.float32)
        chosen = coo_array((ones, (targets, pieces)), shape=(many, len(scorer().pieces)))
        return cast(Scores, chosen @ scorer().pieces)

    return product
