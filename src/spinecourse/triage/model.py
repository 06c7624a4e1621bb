"""Triage of a whole batch: which rules fire, the urgency, and the probability of each danger.

Guidance alone decides the urgency: it is the most urgent class among the rules that fire. Probabilities join a prior
with likelihood ratios. Flags are not independent, so the strongest counts in full and every further one only in part
(``triage_dependence``); absence counts once, by its strongest denial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.batch import Batch
from spinecourse.findings.evaluate import Evaluator, Plane
from spinecourse.knowledge.parameters import parameter
from spinecourse.triage.rules import ROUTINE, RedFlag, dangers, priors, red_flags

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TriageBatch:
    """Triage of a batch, without explanations.

    ``level`` has shape (patients,), 0 emergency to 3 routine. ``fired`` has shape (rules, patients).
    ``probability`` by danger has shape (patients,), NaN where no prior is known.
    """

    level: NDArray[np.int64]
    fired: Plane
    probability: dict[str, Numbers]


def triage_batch(batch: Batch) -> TriageBatch:
    """Evaluate every rule over every patient of the batch."""
    evaluate = Evaluator(batch)
    planes = [evaluate(flag.condition) for flag in red_flags()]
    fired = np.array([plane.true for plane in planes])
    denied = np.array([plane.false for plane in planes])
    levels = np.array([flag.level for flag in red_flags()])
    level = np.where(fired, levels[:, None], ROUTINE).min(axis=0)
    probability = {danger: _probability(danger, evaluate, fired, denied) for danger in dangers()}
    return TriageBatch(level, fired, probability)


def _probability(danger: str, evaluate: Evaluator, fired: Plane, denied: Plane) -> Numbers:
    """The posterior probability of a danger for every patient; NaN where no prior is known."""
    result = np.full(fired.shape[1], np.nan)
    for prior in reversed(priors(danger)):
        log_odds = prior.log_odds + _evidence(danger, prior.settings, fired, denied)
        applies = True if prior.applies_when is None else evaluate(prior.applies_when).true
        result = np.where(applies, 1 / (1 + np.exp(-log_odds)), result)
    return result


def _evidence(danger: str, settings: tuple[str, ...], fired: Plane, denied: Plane) -> Numbers:
    """The summed log likelihood ratios of the rules measured in people like these."""
    usable = [(number, flag) for number, flag in enumerate(red_flags()) if _usable(flag, danger, settings)]
    met = np.array([np.where(fired[number], flag.log_ratio_met or 0.0, 0.0) for number, flag in usable])
    absent = np.array([np.where(denied[number], flag.log_ratio_absent or 0.0, 0.0) for number, flag in usable])
    nothing = np.zeros((1, fired.shape[1]))
    return _strongest_first(np.vstack([met, nothing])) + np.vstack([absent, nothing]).min(axis=0)


def _usable(flag: RedFlag, danger: str, settings: tuple[str, ...]) -> bool:
    return flag.danger == danger and flag.setting in settings


def _strongest_first(ratios: Numbers) -> Numbers:
    """The largest log ratio in full and the discounted rest, for every patient."""
    strongest = ratios.max(axis=0)
    rest = ratios.sum(axis=0) - strongest
    combined: Numbers = strongest + parameter("triage_dependence") * rest
    return combined
