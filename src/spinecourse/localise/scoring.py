"""Scores of all hypotheses for many patients at once: the same sums as one by one, in fewer steps.

Patients are taken a chunk at a time. Rows of the likelihood that many patients share (*knee extension normal*) are
summed by a few matrix products; the others are added row by row (``arithmetic``), only where they say anything
(``prepared``). Nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from spinecourse.localise.arithmetic import Arithmetic, arithmetic, selected_rows
from spinecourse.localise.prepared import BLOCK, Numbers, Scores, States, layout, scorer

CHUNK: Final = 256
"""Patients scored at once: enough to make a call worth its cost, few enough that their scores stay in the cache."""

SAMPLE: Final = 512
"""Patients by whom it is judged which rows are shared by many; which rows they are changes the speed alone."""

SHARED: Final[float | None] = None
"""Rows that more than this part of the patients has are shared; None where the arithmetic is to say."""

GROUP: Final = 4 * BLOCK
"""Hypotheses of one matrix product: shared rows that say nothing about any of them are left out of it."""

LIFT: Final = 20.0
"""What is added to every score before powers are taken, so that few of the smallest vanish, which takes long."""

FAR: Final = 50.0
"""Patients whose best score is further from 0 than this are moved to 0, where powers neither overflow nor vanish."""

LARGE: Final = 64.0
"""Patients whose best score is above this are summed again in double precision, where it can matter."""


class Group(NamedTuple):
    """One matrix product: the places of the shared rows that speak in these columns, priors last, and their values."""

    columns: slice
    members: Numbers
    table: Scores


@dataclass(frozen=True, slots=True)
class Shared:
    """The rows that many patients share: their number, the place of every row among them or -1, and the products."""

    many: int
    place: Numbers
    groups: tuple[Group, ...]


def probabilities(states: States, sums: Arithmetic | None = None) -> Scores:
    """Probabilities of the hypotheses, shape (patients, hypotheses), by the fastest arithmetic unless one is named."""
    found = np.empty((len(states), len(layout().column)), dtype=np.float32)
    for chunk, weights in _weights(states, sums or arithmetic(len(states))):
        np.take(weights, layout().column, axis=1, out=found[chunk])
        found[chunk] /= weights.sum(axis=1, keepdims=True)
    return found


def site_probabilities(states: States, sums: Arithmetic | None = None) -> Scores:
    """Probabilities of ``site_keys`` alone, shape (patients, site keys); the hypotheses are never kept."""
    sums = sums or arithmetic(len(states))
    found = np.empty((len(states), len(layout().begin)), dtype=np.float32)
    for chunk, weights in _weights(states, sums):
        sums.to_sites(weights, found[chunk])
        found[chunk] /= found[chunk].sum(axis=1, keepdims=True)
    return found


def _weights(states: States, sums: Arithmetic) -> Iterator[tuple[slice, Scores]]:
    """Probabilities but for a factor, in the columns of the layout, a chunk of patients at a time.

    All chunks stand in the same place one after the other, where the processor's cache keeps them.
    """
    shared = _shared(states[:SAMPLE], sums.shared if SHARED is None else SHARED)
    place = np.empty((min(CHUNK, len(states)), layout().width), dtype=np.float32)
    for start in range(0, len(states), CHUNK):
        chunk = slice(start, min(start + CHUNK, len(states)))
        scores = place[: chunk.stop - start]
        _score(states[chunk], shared, scores, sums)
        yield chunk, np.exp(scores, out=scores)


def _shared(states: States, least: float) -> Shared:
    """The rows that more than the part ``least`` of these patients has."""
    known = scorer()
    _, selected = selected_rows(states)
    often = np.flatnonzero(np.bincount(selected, minlength=known.rows) > least * len(states))
    place = np.full(known.rows, -1, dtype=np.intp)
    place[often] = np.arange(len(often))
    table = known.table[np.append(often, known.rows)]
    table[-1] += LIFT
    starts = range(0, layout().width, GROUP)
    return Shared(len(often), place, tuple(_group(table, slice(start, start + GROUP)) for start in starts))


def _group(table: Scores, columns: slice) -> Group:
    members = np.flatnonzero(table[:, columns].any(axis=1))
    return Group(columns, members, np.ascontiguousarray(table[members, columns]))


def _score(states: States, shared: Shared, scores: Scores, sums: Arithmetic) -> None:
    """Put the log posterior, but for a constant, into ``scores``, shape (patients, columns of the layout)."""
    read = sums.read(states, shared.place, shared.many)
    for columns, members, table in shared.groups:
        np.matmul(read.asked[members].T, table, out=scores[:, columns])
    sums.add(scores, read)
    best = scores.max(axis=1) - LIFT
    far = np.flatnonzero(np.abs(best) > FAR)
    scores[far] -= best[far, None]
    large = far[best[far] > LARGE]
    sums.add_again(scores, large, states[large])
