"""What kind of pain: three mechanisms, moved by criteria whose frequencies under each are known.

A log-linear model: every criterion of ``clinical/mechanism_evidence`` adds a weight when it is present, another when
it is absent, and nothing when it is unknown. The weights of the 36 criteria of Smart and others (2012,
doi 10.1016/j.math.2012.03.001) are fitted together (``model/mechanism_weights``), because one clinician who had
already decided ticked them all. The others weigh by the logs of their published shares, shrunk by
``mechanism_dependence``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings import Batch
from spinecourse.knowledge.conditions import Condition, parse
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.rules import Rule, rules
from spinecourse.knowledge.tables import Row, by_column, load

MECHANISMS: Final = ("nociceptive", "neuropathic", "nociplastic")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion with what it adds to the score of each mechanism, present and absent, shape (3,).

    ``condition`` holds where any finding speaks for the criterion; ``stated_by`` is the finding that states it
    outright, whose denial denies the criterion where nothing else speaks for it.
    """

    row: Row
    condition: Condition
    stated_by: Condition
    present: NDArray[np.float64]
    absent: NDArray[np.float64]


@cache
def criteria() -> tuple[Criterion, ...]:
    """Every criterion in the order of the table."""
    fitted = by_column(load("model/mechanism_weights"), "criterion")
    return tuple(
        _fitted(rule, fitted[rule.row["criterion"]]) if rule.row["criterion"] in fitted else _published(rule)
        for rule in rules("clinical/mechanism_evidence", "finding")
    )


def _fitted(rule: Rule, weights: Row) -> Criterion:
    present, absent = (
        np.array([float(weights[f"{state}_{name}"]) for name in MECHANISMS]) for state in ("present", "absent")
    )
    return Criterion(rule.row, rule.condition, parse(rule.row["stated_by"]), present, absent)


def _published(rule: Rule) -> Criterion:
    shares = np.array([float(rule.row[f"p_{name}"]) for name in MECHANISMS])
    shrunk = parameter("mechanism_dependence")
    return Criterion(rule.row, rule.condition, rule.condition, shrunk * np.log(shares), shrunk * np.log(1 - shares))


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
    present = batch.conditions.holds(asked)
    denied = batch.conditions.fails([criterion.stated_by for criterion in criteria()])
    absent = ~present & (batch.conditions.fails(asked) | denied)
    return MechanismBatch(weigh(present.T, absent.T), present, absent)


def weigh(present: NDArray[np.bool_], absent: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Probabilities of the mechanisms, shape (patients, 3), from which criteria are met and which are denied, each of
    shape (patients, criteria)."""
    when_present = np.array([criterion.present for criterion in criteria()])
    when_absent = np.array([criterion.absent for criterion in criteria()])
    scores = log_prior() + present.astype(float) @ when_present + absent.astype(float) @ when_absent
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return probabilities
