"""The likelihood prepared for batches: which row a finding selects, and where a row says anything at all.

A row of the likelihood is the same for most hypotheses (a weak thumb is as rare in every lesion of the leg). That
common value is subtracted from the row: it cancels when probabilities are made to sum to 1. The rest is mostly zeros,
and blocks of hypotheses in which a row is all zeros are passed over. A finding of one side about whose other side
nothing is known selects two rows of the likelihood; their sum is prepared, so that every finding selects one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import NORMAL
from spinecourse.localise.hypotheses import log_priors, site_keys, site_of_hypothesis
from spinecourse.localise.likelihood import likelihood

Numbers = NDArray[np.intp] | NDArray[np.int32]
States = NDArray[np.int8]
Scores = NDArray[np.float32]

BLOCK: Final = 64
"""Hypotheses in a block that is passed over where a row says nothing about any of them."""

SAME: Final = 1e-7
"""Log likelihoods nearer than this to the row's common value are that value; float32 tells them apart no better."""

NEVER: Final = -1e6
"""The score of a column that only fills up the last block."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the hypotheses stand in the scores: sites one after the other, none cut by the end of a block.

    ``column`` gives the column of every hypothesis; ``blocks`` is their number, and columns without a hypothesis fill
    them up. Site s takes the columns from ``begin[s]`` to before ``end[s]``.
    """

    column: Numbers
    blocks: int
    begin: Numbers
    end: Numbers

    @property
    def width(self) -> int:
        """The number of columns of the scores."""
        return self.blocks * BLOCK


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

    ``table`` has the differences from each row's common value, and as its last row the log priors. The blocks in which
    a row is not all zeros are ``pieces``, laid end to end; ``block`` says which block each is, and row r has
    ``count[r]`` of them from ``start[r]`` on.
    """

    selection: Selection
    table: Scores
    pieces: Scores
    block: Numbers
    start: Numbers
    count: Numbers

    @property
    def rows(self) -> int:
        """The number of rows that findings can select."""
        return len(self.table) - 1


@cache
def layout() -> Layout:
    """The layout of the hypotheses, computed once."""
    site, sites = site_of_hypothesis(), len(site_keys())
    column = np.empty(len(site), dtype=np.intp)
    begin, used = np.empty(sites, dtype=np.intp), 0
    members = [np.flatnonzero(site == number) for number in range(sites)]
    for number, hypotheses in enumerate(members):
        if used % BLOCK + len(hypotheses) > BLOCK:
            used += BLOCK - used % BLOCK
        begin[number] = used
        column[hypotheses] = used + np.arange(len(hypotheses))
        used += len(hypotheses)
    end = begin + np.array([len(hypotheses) for hypotheses in members])
    return Layout(column, -(-used // BLOCK), begin, end)


@cache
def scorer() -> Scorer:
    """The likelihood prepared for batches, computed once, when the first batch comes."""
    places = layout()
    selection, differences = _selection()
    table = np.zeros((len(differences) + 1, places.width), dtype=np.float32)
    table[:-1, places.column] = differences
    table[-1] = NEVER
    table[-1, places.column] = log_priors()
    cut = table[:-1].reshape(len(differences), places.blocks, BLOCK)
    speaks = cut.any(axis=2)
    count = speaks.sum(axis=1, dtype=np.int32)
    block = np.nonzero(speaks)[1].astype(np.int32)
    start = np.cumsum(count, dtype=np.int32) - count
    return Scorer(selection, table, cut[speaks], block, start, count)


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
