"""Asking an item bank adaptively: the most informative question next, until the score is sharp enough.

Maximum information at the present estimate (Lord 1980, Applications of item response theory); the stopping rule stands
in ``measures/estimation``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from spinecourse.errors import UserError
from spinecourse.measures.banks import BankItem
from spinecourse.measures.graded_response import BankScores, information, score_bank, setting

Stop = Literal["sharp_enough", "most_questions", "no_questions_left"]


@dataclass(frozen=True, slots=True)
class AdaptiveStep:
    """Where an interview stands: ``ask`` is the next item, or None with the reason in ``stop``."""

    ask: str | None
    stop: Stop | None
    score: BankScores


def next_step(bank: Sequence[BankItem], answers: Mapping[str, float], declined: Collection[str] = ()) -> AdaptiveStep:
    """What to ask next after these answers, by item name.

    ``declined`` are items that were asked and not answered: they count as questions asked, tell nothing, and are not
    asked again. Raises UserError for an item that the bank does not have and for an answer that it does not allow.
    """
    known = {item.name for item in bank}
    for name in (*answers, *declined):
        if name not in known:
            raise UserError(f"{name!r} is no item of the bank")
    score = score_bank(bank, [answers.get(item.name, np.nan) for item in bank])
    if score.why[0] == "out_of_range":
        raise UserError(f"an answer is not one that its item allows: {', '.join(sorted(answers))}")
    left = [item for item in bank if item.name not in answers and item.name not in declined]
    stop = _stop(score, len(answers), len(answers) + len(declined), len(left))
    return AdaptiveStep(None if stop else _most_informative(left, score), stop, score)


def _stop(score: BankScores, answered: int, asked: int, left: int) -> Stop | None:
    if answered >= setting("adaptive_fewest_items") and score.standard_error[0] <= setting("adaptive_standard_error"):
        return "sharp_enough"
    if asked >= setting("adaptive_most_items"):
        return "most_questions"
    return None if left else "no_questions_left"


def _most_informative(left: Sequence[BankItem], score: BankScores) -> str:
    """The item that tells most at the present estimate, or at the prior's mean before the first answer."""
    theta = setting("prior_mean") if np.isnan(score.theta[0]) else score.theta[0]
    gains = [float(information(item, np.array([theta]))[0]) for item in left]
    return left[int(np.argmax(gains))].name


def interview(bank: Sequence[BankItem], ask: Callable[[str], float | None]) -> AdaptiveStep:
    """Ask until the stopping rule holds; ``ask`` gives the answer to an item, None where it is declined."""
    answers: dict[str, float] = {}
    declined: list[str] = []
    step = next_step(bank, answers)
    while step.ask is not None:
        answer = ask(step.ask)
        if answer is None:
            declined.append(step.ask)
        else:
            answers[step.ask] = answer
        step = next_step(bank, answers, declined)
    return step
