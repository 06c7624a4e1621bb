"""Triage of a whole batch: which rules fire, the urgency, and the probability of each danger.

Guidance alone decides the urgency: it is the most urgent class among the rules that fire. Probabilities join a prior
with likelihood ratios. Flags are not independent, so the strongest counts in full and every further one only in part
(``triage_dependence``); absence counts once, by its strongest denial.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings import Batch, Evaluator, Plane
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
    conditions = batch.conditions
    asked = [flag.condition for flag in red_flags()]
    fired, denied = conditions.holds(asked), conditions.fails(asked)
    levels = np.array([flag.level for flag in red_flags()], dtype=np.int8)
    level = np.where(fired, levels[:, None], np.int8(ROUTINE)).min(axis=0).astype(np.int64)
    probability = {danger: _probability(danger, conditions, fired, denied) for danger in dangers()}
    return TriageBatch(level, fired, probability)


def _probability(danger: str, conditions: Evaluator, fired: Plane, denied: Plane) -> Numbers:
    """The posterior probability of a danger for every patient; NaN where no prior is known."""
    result = np.full(fired.shape[1], np.nan)
    for prior in reversed(priors(danger)):
        log_odds = prior.log_odds + _evidence(danger, prior.settings, fired, denied)
        applies = conditions.holds([prior.applies_when])[0] if prior.applies_when else np.ones(len(result), dtype=bool)
        result = np.where(applies, 1 / (1 + np.exp(-log_odds)), result)
    return result


def _evidence(danger: str, settings: tuple[str, ...], fired: Plane, denied: Plane) -> Numbers:
    """The summed log likelihood ratios of the rules measured in people like these."""
    usable = _usable(danger, settings)
    numbers = [number for number, _ in usable]
    met = fired[numbers] * np.array([[flag.log_ratio_met or 0.0] for _, flag in usable])
    absent = denied[numbers] * np.array([[flag.log_ratio_absent or 0.0] for _, flag in usable])
    nothing = np.zeros((1, fired.shape[1]))
    combined: Numbers = _strongest_first(np.vstack([met, nothing])) + np.vstack([absent, nothing]).min(axis=0)
    return combined


@cache
def _usable(danger: str, settings: tuple[str, ...]) -> tuple[tuple[int, RedFlag], ...]:
    """The rules about a danger that were measured in one of these settings, with their numbers."""
    return tuple(
        (number, flag) for number, flag in enumerate(red_flags()) if flag.danger == danger and flag.setting in settings
    )


def _strongest_first(ratios: Numbers) -> Numbers:
    """The largest log ratio in full and the discounted rest, for every patient."""
    strongest = ratios.max(axis=0)
    rest = ratios.sum(axis=0) - strongest
    combined: Numbers = strongest + parameter("triage_dependence") * rest
    return combined
