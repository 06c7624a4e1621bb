"""What triage, localise, mechanism and the comparison with imaging found, as the pathway can ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.assess.exam_image_answer import ExamImage
from spinecourse.findings import Batch
from spinecourse.localise.hypotheses import site_keys
from spinecourse.localise.likelihood import likelihood
from spinecourse.localise.model import by_site
from spinecourse.mechanism.model import MechanismBatch
from spinecourse.pathway import Handed
from spinecourse.triage import TriageBatch
from spinecourse.triage.rules import ROUTINE, red_flags

EXPLAINS: Final = ("explains",)
UNDECIDED: Final = ("no_signs", "no_rule", "may_explain")
"""Verdicts on a finding that leave open whether it explains the signs."""


def handed_over(
    batch: Batch,
    triaged: TriageBatch,
    posterior: NDArray[np.float32],
    kinds: MechanismBatch,
    compared: Sequence[ExamImage],
) -> Handed:
    """The findings of the other reasoners over one batch; ``posterior`` has shape (patients, hypotheses)."""
    level, cleared = _dangers(batch, triaged)
    return Handed(
        danger_level=level,
        danger_cleared=cleared,
        site_names=_site_names(),
        site_shares=_shares(batch, posterior),
        image_explains=np.array([_explains(entry) for entry in compared], dtype=np.int8),
        pain_shares=_pain(kinds),
    )


def _dangers(batch: Batch, triaged: TriageBatch) -> tuple[dict[str, NDArray[np.int64]], dict[str, NDArray[np.bool_]]]:
    """How urgently each danger is raised, and whether every rule that could raise it is known to fail."""
    flags = [flag for flag in red_flags() if flag.level < ROUTINE]
    denied = batch.conditions.fails([flag.condition for flag in flags])
    level: dict[str, NDArray[np.int64]] = {}
    cleared: dict[str, NDArray[np.bool_]] = {}
    for danger in dict.fromkeys(flag.danger for flag in flags):
        rows = [number for number, flag in enumerate(red_flags()) if flag.danger == danger and flag.level < ROUTINE]
        levels = np.array([red_flags()[number].level for number in rows])
        level[danger] = np.where(triaged.fired[rows], levels[:, None], ROUTINE).min(axis=0)
        mine = [number for number, flag in enumerate(flags) if flag.danger == danger]
        cleared[danger] = np.asarray(denied[mine].all(axis=0))
    return level, cleared


@cache
def _site_names() -> tuple[str, ...]:
    return tuple(site for site, _ in site_keys())


def _shares(batch: Batch, posterior: NDArray[np.float32]) -> NDArray[np.float32]:
    """The posterior by site; NaN for patients of whom nothing is known that speaks for a site."""
    shares = by_site(posterior).astype(np.float32)
    speaking = ((batch.states > 0) & (likelihood().first >= 0)).any(axis=1)
    shares[~speaking] = np.nan
    return shares


def _explains(compared: ExamImage) -> int:
    """2 where a finding on imaging explains the signs, 1 where none can, 0 where that is open or nothing was imaged."""
    verdicts = [entry.verdict for entry in compared.levels]
    if any(verdict in EXPLAINS for verdict in verdicts):
        return 2
    return 0 if not verdicts or any(verdict in UNDECIDED for verdict in verdicts) else 1


def _pain(kinds: MechanismBatch) -> NDArray[np.float64]:
    """The shares of the kinds of pain; NaN where no criterion is known."""
    known = np.asarray((kinds.present | kinds.absent).any(axis=0))
    return np.where(known[:, None], kinds.probability, np.nan)
