"""Scores from an item bank: the expected value and standard error under the graded-response model.

Expected a posteriori on a grid (Bock and Mislevy 1982, Appl Psychol Meas 6:431, doi 10.1177/014662168200600405) with a
normal prior. Grid, prior and scale stand in ``measures/estimation``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinecourse.errors import UserError
from spinecourse.knowledge.tables import by_column, load
from spinecourse.measures.banks import BankItem
from spinecourse.measures.instruments import Numbers
from spinecourse.measures.scoring import REASON_TYPE

TOGETHER = 4096
"""Forms scored at once, so that the posteriors stay small."""


@dataclass(frozen=True, slots=True)
class BankScores:
    """One row for each form: ``theta`` on the bank's scale with its ``standard_error``, the same as a T-score.

    All have the shape ``(forms,)``. NaN, with a reason in ``why``, where nothing was answered or an answer is not one
    that its question allows: the mean of the population is never given as anybody's score.
    """

    theta: Numbers
    standard_error: Numbers
    t_score: Numbers
    t_standard_error: Numbers
    answered: NDArray[np.int64]
    why: NDArray[np.str_]


@cache
def setting(name: str) -> float:
    """One number of ``measures/estimation``."""
    return by_column(load("measures/estimation"), "name")[name].number("value") or 0.0


@cache
def grid(step: str) -> Numbers:
    """The points of the scale at which posteriors are evaluated, ``grid_step`` or ``fine_grid_step`` apart."""
    edge = setting("grid_edge")
    return np.linspace(-edge, edge, 2 * round(edge / setting(step)) + 1)


def answer_probabilities(item: BankItem, theta: Numbers) -> Numbers:
    """The probability of each answer of an item, shape ``(answers, points)``."""
    above = _at_least(item, theta)
    return np.asarray(above[:-1] - above[1:])


def _at_least(item: BankItem, theta: Numbers) -> Numbers:
    """The probability of each answer or a higher one, from 1 for the lowest to 0 beyond the highest."""
    logit = item.discrimination * (theta - np.array(item.thresholds)[:, None])
    inner = 1 / (1 + np.exp(-logit))
    return np.vstack([np.ones((1, theta.size)), inner, np.zeros((1, theta.size))])


def information(item: BankItem, theta: Numbers) -> Numbers:
    """Fisher's information of an item at each point of the scale."""
    above = _at_least(item, theta)
    slope = item.discrimination * above * (1 - above)
    probability = np.maximum(above[:-1] - above[1:], np.finfo(np.float64).tiny)
    return np.asarray(((slope[:-1] - slope[1:]) ** 2 / probability).sum(axis=0))


def score_bank(bank: Sequence[BankItem], answers: ArrayLike) -> BankScores:
    """The scores of forms, each a row with one answer for each item of the bank and NaN for *not answered*.

    Any subset of items gives a score on the same scale; fewer answers give a larger standard error.
    Raises UserError where the columns are not those of the bank.
    """
    forms = np.atleast_2d(np.asarray(answers, dtype=np.float64))
    if forms.ndim != 2 or forms.shape[1] != len(bank):
        raise UserError(f"the bank has {len(bank)} items and {forms.shape[-1]} answers were given: leave gaps as NaN")
    blank = np.isnan(forms)
    place = np.where(blank, 0, forms - np.array([item.first_answer for item in bank]))
    counts = np.array([len(item.thresholds) + 1 for item in bank])
    wrong = ((place < 0) | (place >= counts) | (place != np.rint(place))).any(axis=1)
    why = np.where(wrong, "out_of_range", np.where(blank.all(axis=1), "too_few_answers", "")).astype(REASON_TYPE)
    theta, error = _estimates(bank, np.where(blank | wrong[:, None], -1, place).astype(np.int64))
    return _scores(theta, error, (~blank).sum(axis=1), why)


def _scores(theta: Numbers, error: Numbers, answered: NDArray[np.int64], why: NDArray[np.str_]) -> BankScores:
    theta, error = np.where(why == "", theta, np.nan), np.where(why == "", error, np.nan)
    spread = setting("t_standard_deviation")
    return BankScores(theta, error, setting("t_mean") + spread * theta, spread * error, answered, why)


def _estimates(bank: Sequence[BankItem], place: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Mean and standard deviation of each form's posterior; ``place`` is the answer counted from 0, -1 for none.

    A posterior narrower than the grid is evaluated once more on a finer one.
    """
    mean, error = _on_grid(bank, place, grid("grid_step"))
    narrow = error < setting("grid_step")
    if narrow.any():
        mean[narrow], error[narrow] = _on_grid(bank, place[narrow], grid("fine_grid_step"))
    return mean, error


def _on_grid(bank: Sequence[BankItem], place: NDArray[np.int64], points: Numbers) -> tuple[Numbers, Numbers]:
    tables = [_with_no_answer(answer_probabilities(item, points)) for item in bank]
    mean, error = np.zeros(len(place)), np.zeros(len(place))
    for start in range(0, len(place), TOGETHER):
        piece = slice(start, start + TOGETHER)
        mean[piece], error[piece] = _moments(_log_posterior(tables, place[piece], points), points)
    return mean, error


def _with_no_answer(probability: Numbers) -> Numbers:
    """Log probabilities with a last row for no answer, which tells nothing; place -1 picks it."""
    safe = np.log(np.maximum(probability, np.finfo(np.float64).tiny))
    return np.vstack([safe, np.zeros((1, probability.shape[1]))])


def _log_posterior(tables: list[Numbers], place: NDArray[np.int64], points: Numbers) -> Numbers:
    standard = (points - setting("prior_mean")) / setting("prior_standard_deviation")
    total = np.tile(-0.5 * standard**2, (len(place), 1))
    for number, table in enumerate(tables):
        total += table[place[:, number]]
    return total


def _moments(log_posterior: Numbers, points: Numbers) -> tuple[Numbers, Numbers]:
    weight = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    mean = weight @ points
    variance = (weight * (points - mean[:, None]) ** 2).sum(axis=1)
    return mean, np.sqrt(variance)
