"""The posterior over sites: prior times the likelihood of every known finding, for a whole batch.

Unknown findings contribute nothing. Within one hypothesis findings are held independent; the variants (how much is
lost) carry the dependence between the power, feeling and reflex of one root.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.batch import Batch
from spinecourse.findings.catalogue import NORMAL
from spinecourse.localise import scoring
from spinecourse.localise.hypotheses import log_priors, site_keys, site_of_hypothesis
from spinecourse.localise.likelihood import likelihood

Posterior = NDArray[np.float32]

MANY: Final = 512
"""Patients from which on preparing the likelihood for batches pays."""


def known_rows(states: NDArray[np.int8]) -> NDArray[np.intp]:
    """The rows of the likelihood matrix that one patient's findings select, in the order of the columns."""
    model = likelihood()
    usable = np.flatnonzero((states > 0) & (model.first >= 0))
    alone = [
        row
        for number in usable[states[usable] > NORMAL].tolist()
        if (pair := model.one_sided.get(number)) and not states[pair[0]]
        for row in pair[1:]
    ]
    return np.concatenate([model.first[usable] + states[usable] - 1, np.array(alone, dtype=np.intp)])


def posterior(batch: Batch) -> Posterior:
    """The probability of every hypothesis for every patient, shape (patients, hypotheses); rows sum to 1."""
    if len(batch.states) >= MANY:
        return scoring.probabilities(batch.states)
    log = likelihood().log
    scores = np.array([log_priors() + log[known_rows(row)].sum(axis=0, dtype=np.float64) for row in batch.states])
    weights = np.exp((scores - scores.max(axis=1, keepdims=True)).astype(np.float32))
    result: Posterior = weights / weights.sum(axis=1, keepdims=True)
    return result


def by_site(probabilities: Posterior) -> Posterior:
    """Hypotheses summed to sites with sides, shape (patients, site keys)."""
    result = np.zeros((len(probabilities), len(site_keys())), dtype=np.float32)
    np.add.at(result.T, site_of_hypothesis(), probabilities.T)
    return result


def site_posterior(batch: Batch) -> Posterior:
    """The probability of every site with its side, shape (patients, site keys), without keeping the hypotheses."""
    if len(batch.states) < MANY:
        return by_site(posterior(batch))
    return scoring.site_probabilities(batch.states)


def stream_posterior(batches: Iterable[Batch]) -> Iterator[Posterior]:
    """``site_posterior`` batch by batch: memory is that of the largest batch, however many there are."""
    return (site_posterior(batch) for batch in batches)
