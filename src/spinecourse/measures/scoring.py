"""From answers to scores: a row of answers for each filled-in form, all forms at once.

Nothing is imputed silently: a score from fewer answers than the form has questions is marked as prorated, and a score
that the rule of the instrument does not give stays missing, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinecourse.errors import UserError
from spinecourse.knowledge.tables import by_column, load
from spinecourse.measures.instruments import Instrument, Items, Numbers, Part, conversion, instrument

Flags = NDArray[np.bool_]

REASON_TYPE = "<U22"
"""Room for the longest reason of ``measures/missing_reasons``."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One row for each filled-in form.

    ``value`` (float, NaN where there is no score), ``answered`` (how many questions of the instrument were answered),
    ``prorated`` (whether the value stands for more questions than were answered), ``why`` (a reason of
    ``measures/missing_reasons`` where there is no value, otherwise empty). All have the shape ``(forms,)``.
    """

    value: Numbers
    answered: NDArray[np.int64]
    prorated: Flags
    why: NDArray[np.str_]


def reason(code: str) -> str:
    """A reason for a missing score in a sentence."""
    return by_column(load("measures/missing_reasons"), "reason")[code]["meaning"]


def score(name: str, answers: ArrayLike, variant: str | Sequence[str | None] = "") -> Scores:
    """The scores of one instrument.

    ``answers`` has the shape ``(forms, questions of the form)``, or ``(questions,)`` for one form; NaN is *not
    answered*. ``variant`` names the coding, the sex or the value set where the points depend on one, for all forms or
    for each; None is *not known*, and such a form gets no score. An answer that its question does not allow leaves its
    form without a score and never counts as something else.
    Raises NotFound for an unknown instrument or variant, UserError where the shape is wrong or the score needs a table
    or program that only the owner of the instrument has.
    """
    chosen = instrument(name)
    _refuse_what_cannot_be_scored(chosen)
    grid = as_grid(chosen, answers)
    if isinstance(variant, str):
        return _scored(chosen, chosen.parts(variant), grid)
    return _by_variant(chosen, grid, list(variant))


def as_grid(chosen: Instrument, answers: ArrayLike) -> Numbers:
    """Answers as a matrix with a row for each form.

    Raises UserError where there are more or fewer columns than the form has questions.
    """
    grid = np.atleast_2d(np.asarray(answers, dtype=np.float64))
    if grid.ndim != 2 or grid.shape[1] != chosen.form_items:
        raise UserError(
            f"{chosen.name} is scored from the {chosen.form_items} questions of the form {chosen.form}, "
            f"and {grid.shape[-1]} were given: leave a question that was not answered empty (NaN), do not drop it"
        )
    return grid


def can_be_scored(chosen: Instrument) -> bool:
    """Whether the package holds all that a score needs; the owner's program or table is not among it."""
    lookup = chosen.row["lookup"]
    return chosen.whole_rule != "licensed" and (not lookup or len(conversion(lookup)[0]) > 0)


def _refuse_what_cannot_be_scored(chosen: Instrument) -> None:
    if not can_be_scored(chosen):
        needs = chosen.row["lookup"] or "its owner's program"
        raise UserError(
            f"{chosen.name} needs {needs}, which the package does not hold: "
            "score it where that is, and give the score as a measure fact"
        )


def _by_variant(chosen: Instrument, grid: Numbers, variants: list[str | None]) -> Scores:
    if len(variants) != len(grid):
        raise UserError(f"{chosen.name}: {len(grid)} forms have {len(variants)} variants")
    scores = _none_known(len(grid))
    for variant in {found for found in variants if found is not None}:
        rows = np.array([found == variant for found in variants])
        part = _scored(chosen, chosen.parts(variant), grid[rows])
        for whole, some in zip(_fields(scores), _fields(part), strict=True):
            whole[rows] = some
    return scores


def _none_known(count: int) -> Scores:
    return Scores(
        np.full(count, np.nan), np.zeros(count, np.int64), np.zeros(count, np.bool_),
        np.full(count, "variant_unknown", REASON_TYPE),
    )  # fmt: skip


def _fields(scores: Scores) -> tuple[NDArray[np.generic], ...]:
    return scores.value, scores.answered, scores.prorated, scores.why


def _scored(chosen: Instrument, parts: tuple[Part, ...], grid: Numbers) -> Scores:
    """The scores of forms that share a variant."""
    state = _State(grid, chosen.unticked_is_no)
    values = [state.part(part) for part in parts]
    whole = _whole(chosen, values, state)
    value = np.asarray(chosen.add + chosen.multiply * whole)
    if chosen.row["lookup"]:
        value = _looked_up(chosen, whole)
    for needed in chosen.requires:
        state.refuse(np.isnan(score(needed, grid).value), "required_score_missing")
    return state.finished(value)


def _whole(chosen: Instrument, values: list[Numbers], state: _State) -> Numbers:
    if chosen.whole_rule == "relief":
        return _relief(state)
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total / len(values) if chosen.whole_rule == "mean" else total


def _relief(state: _State) -> Numbers:
    """Percent relief: the first question is the pain before, the second the pain after."""
    before, after = state.grid[:, 0], state.grid[:, 1]
    state.refuse(before == 0, "no_pain_before")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100 * (before - after) / before)


def _looked_up(chosen: Instrument, raw: Numbers) -> Numbers:
    """The published score of a raw sum; a prorated sum is rounded as the instrument's manual says."""
    sums, scores = conversion(chosen.row["lookup"])
    rounded = np.ceil(raw - 1e-9) if chosen.row["raw_rounding"] == "up" else raw
    known = np.isfinite(rounded)
    place = np.clip(np.searchsorted(sums, np.where(known, rounded, sums[0])), 0, len(sums) - 1)
    return np.where(known, scores[place], np.nan)


class _State:
    """What is known of each form while its parts are put together."""

    def __init__(self, grid: Numbers, unticked_is_no: bool) -> None:
        self.grid = grid
        self.unticked_is_no = unticked_is_no
        self.answered = np.zeros(len(grid), np.int64)
        self.missing = np.zeros(len(grid), np.bool_)
        self.why = np.zeros(len(grid), REASON_TYPE)

    def refuse(self, forms: Flags, why: str) -> None:
        """Leave forms without a score, for the first reason that is found."""
        if forms.any():
            self.why[forms & (self.why == "")] = why

    def part(self, part: Part) -> Numbers:
        """The value of one part for each form."""
        points = [self._points(items) for items in part.items]
        together = points[0] if len(points) == 1 else np.concatenate(points, axis=1)
        unanswered = np.isnan(together)
        if not unanswered.any():
            self.answered += part.count
            return _put_together(part, together, np.full(len(together), part.count))
        answered = part.count - unanswered.sum(axis=1)
        self.answered += answered
        if self.unticked_is_no:
            return self._ticked(together, unanswered)
        self.refuse(part.count - answered > part.may_miss, "too_few_answers")
        self.missing |= answered < part.count
        return _put_together(part, np.where(unanswered, -np.inf if part.rule == "highest" else 0.0, together), answered)

    def _ticked(self, points: Numbers, unanswered: Flags) -> Numbers:
        total: Numbers = np.where(unanswered, 0.0, points).sum(axis=1)
        self.refuse(unanswered.any(axis=1) & (total == 0), "nothing_ticked")
        return total

    def _points(self, items: Items) -> Numbers:
        """The points of each answer, NaN for none; an answer that is not allowed costs the form its score."""
        answers = self.grid[:, items.places[0] : items.places[-1] + 1]
        if answers.shape[1] != len(items.places):
            answers = self.grid[:, items.places]
        if items.answers:
            return self._recoded(items, answers)
        wrong: Flags = (answers < items.lowest) | (answers > items.highest)
        if items.whole_numbers:
            wrong |= answers != np.rint(answers)
            wrong &= ~np.isnan(answers)
        self.refuse(np.asarray(wrong.any(axis=1)), "out_of_range")
        return answers

    def _recoded(self, items: Items, answers: Numbers) -> Numbers:
        allowed = np.array(items.answers)
        place = np.clip(np.searchsorted(allowed, answers), 0, len(allowed) - 1)
        blank = np.isnan(answers)
        wrong: Flags = (allowed[place] != answers) & ~blank
        self.refuse(np.asarray(wrong.any(axis=1)), "out_of_range")
        return np.where(blank, np.nan, np.array(items.points or items.answers)[place])

    def finished(self, value: Numbers) -> Scores:
        """The scores, with no value where there is a reason for none."""
        refused = self.why != ""
        return Scores(np.where(refused, np.nan, value), self.answered, self.missing & ~refused, self.why)


def _put_together(part: Part, points: Numbers, answered: NDArray[np.int64]) -> Numbers:
    """Points of a part by its rule; a sum of fewer answers stands for all its items at the mean of those answered."""
    if part.rule == "highest":
        return np.asarray(points.max(axis=1))
    total = points.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        if part.rule == "mean":
            return np.asarray(total / answered)
        scaled: Numbers = np.where(answered == part.count, total, total * part.count / answered)
        return scaled
