"""What kind of pain: three mechanisms, moved by criteria whose frequencies under each are known.

Naive Bayes with the log likelihoods shrunk by ``mechanism_dependence``, because the criteria were ticked by one
clinician who had already decided (``clinical/mechanism_evidence``; Smart 2012, doi 10.1016/j.math.2012.03.001).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings import Batch
from spinecourse.knowledge.conditions import Condition
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.rules import rules
from spinecourse.knowledge.tables import Row

MECHANISMS: Final = ("nociceptive", "neuropathic", "nociplastic")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion with the logs of its frequency under each mechanism, present and absent, shape (3,)."""

    row: Row
    condition: Condition
    log_present: NDArray[np.float64]
    log_absent: NDArray[np.float64]


@cache
def criteria() -> tuple[Criterion, ...]:
    """Every criterion in the order of the table."""
    found = []
    for rule in rules("clinical/mechanism_evidence", "finding"):
        shares = np.array([float(rule.row[f"p_{name}"]) for name in MECHANISMS])
        found.append(Criterion(rule.row, rule.condition, np.log(shares), np.log(1 - shares)))
    return tuple(found)


@cache
def log_prior() -> NDArray[np.float64]:
    """The logs of the shares of the mechanisms before anything is known, shape (3,)."""
    shares = np.array([parameter(f"mechanism_prior_{name}") for name in MECHANISMS])
    logs: NDArray[np.float64] = np.log(shares / shares.sum())
    return logs


@dataclass(frozen=True, slots=True)
class MechanismBatch:
    """Mechanism of a batch: ``probability`` of shape (patients, 3), and which criteria were met or denied, each of
    shape (criteria, patients)."""

    probability: NDArray[np.float64]
    present: NDArray[np.bool_]
    absent: NDArray[np.bool_]


def mechanism_batch(batch: Batch) -> MechanismBatch:
    """The mechanisms of every patient; a patient about whom nothing is known keeps the prior."""
    asked = [criterion.condition for criterion in criteria()]
    present, absent = batch.conditions.holds(asked), batch.conditions.fails(asked)
    log_present = np.array([criterion.log_present for criterion in criteria()])
    log_absent = np.array([criterion.log_absent for criterion in criteria()])
    evidence = present.T.astype(float) @ log_present + absent.T.astype(float) @ log_absent
    scores = log_prior() + parameter("mechanism_dependence") * evidence
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return MechanismBatch(weights / weights.sum(axis=1, keepdims=True), present, absent)
