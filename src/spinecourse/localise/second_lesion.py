"""Is one lesion enough? Whether a second site explains what the likeliest one leaves unexplained.

Beside the likeliest hypothesis every other one is tried: together a finding is as abnormal as the worse of the two
makes it. The pair must pay for its lower prior (``localise_second_lesion_prior``). It covers a root and a nerve of one
arm (double crush; Upton 1973, doi 10.1016/S0140-6736(73)93196-6) and a narrow canal in neck and loin (tandem stenosis).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import NORMAL
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import load
from spinecourse.localise.answer import SecondLesion
from spinecourse.localise.hypotheses import Hypothesis, hypotheses, involving, log_priors, site_keys, site_of_hypothesis
from spinecourse.localise.likelihood import likelihood

LARGEST_GAIN = 50.0
"""Gains are cut here so that their exponentials stay finite."""


def second_lesion(
    states: NDArray[np.int8], probabilities: NDArray[np.float32], members: NDArray[np.intp]
) -> SecondLesion | None:
    """The likeliest second site and the probability that there is one; None where one lesion is the better answer.

    ``members`` are the hypotheses of the likeliest site.
    """
    model = likelihood()
    used = np.flatnonzero((states > 0) & (model.first >= 0))
    if not len(used):
        return None
    first = int(members[probabilities[members].argmax()])
    rows = model.log[model.first[used] + states[used] - 1]
    normal = (states[used] == NORMAL)[:, None]
    alone = rows[:, [first]]
    together = np.where(
        normal, alone + np.minimum(rows - rows.max(axis=1, keepdims=True), 0.0), np.maximum(alone, rows)
    )
    possible = _local() & ~_same_place(first)
    share = np.exp(log_priors()) * possible / np.exp(log_priors())[possible].sum()
    gain = np.minimum((together - alone).sum(axis=0), LARGEST_GAIN)
    return _answer(parameter("localise_second_lesion_prior") * share * np.exp(gain.astype(np.float64)))


@cache
def _local() -> NDArray[np.bool_]:
    """The hypotheses that are lesions of one place of the nervous system, which alone can be a second lesion."""
    local = {row["class"] for row in load("model/site_classes") if row["second"] == "yes"}
    return np.array([hypothesis.site_class in local for hypothesis in hypotheses()])


def _same_place(first: int) -> NDArray[np.bool_]:
    """The hypotheses that share a site with the first, or are another level of the same cord or row of roots: those
    are one lesion of more than one level."""
    found = np.zeros(len(hypotheses()), dtype=np.bool_)
    for part in hypotheses()[first].parts:
        found[involving()[part]] = True
    kind = _kind(hypotheses()[first])
    return found | _of_kind(kind) if kind in ("cord", "root") else found


def _kind(hypothesis: Hypothesis) -> str:
    return hypothesis.site.partition(":")[0]


@cache
def _of_kind(kind: str) -> NDArray[np.bool_]:
    """The hypotheses whose site is of a kind, such as any root."""
    return np.array([_kind(hypothesis) == kind for hypothesis in hypotheses()])


def _answer(odds: NDArray[np.float64]) -> SecondLesion | None:
    probability = float(odds.sum() / (1 + odds.sum()))
    if probability < parameter("localise_second_lesion_least"):
        return None
    likely = np.where(odds > odds.max() * parameter("localise_least_reported"), odds, 0.0)
    site, side = site_keys()[int(np.bincount(site_of_hypothesis(), weights=likely).argmax())]
    return SecondLesion(site, side, round(probability, 4))
