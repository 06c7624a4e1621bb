"""An expectation for the patient: whole people out of a hundred, short words, one denominator throughout."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np

from spinecourse.expect.expectation_answer import Expectation
from spinecourse.expect.names import treatments
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.trajectory import scale

OF: Final = 100
"""The denominator of every count."""


def counts_of_100(chances: Mapping[str, float]) -> dict[str, int]:
    """Whole people out of a hundred that sum to a hundred, by largest remainder; ties go to the first.

    ``chances`` sum to one. Raises ValueError where they do not.
    """
    shares = np.array(list(chances.values()))
    if abs(shares.sum() - 1) > 0.01 or (shares < 0).any():
        raise ValueError("chances that are shown as people out of a hundred must sum to one")
    exact = shares / shares.sum() * OF
    whole = np.floor(exact + 1e-9).astype(int)
    largest = np.argsort(-(exact - whole), kind="stable")[: OF - whole.sum()]
    whole[largest] += 1
    return dict(zip(chances, map(int, whole), strict=True))


def probability_words(chance: float) -> str:
    """The words for a chance from 0 to 1 (``expect/probability_words``)."""
    rows = load("expect/probability_words")
    return next(row["words"] for row in rows if chance >= (row.number("at_least") or 0.0))


def people_of_100(told: Expectation) -> dict[str, int]:
    """How many of a hundred such people are much better, better, the same and worse; empty where that is not known."""
    if told.better is None or told.same is None or told.worse is None:
        return {}
    much = told.much_better or 0.0
    total = told.better + told.same + told.worse
    chances = {"much_better": much, "better": told.better - much, "same": told.same, "worse": told.worse}
    return counts_of_100({name: max(0.0, value) / total for name, value in chances.items()})


def in_plain_words(told: Expectation) -> list[str]:
    """Short sentences for the patient; a refused answer says that nobody knows, and gives no number."""
    name = "going on as now" if told.going_on_as_now else treatment_words(told)
    if told.months is None or told.median is None:
        return [f"{_upper(name)}: nobody has studied this well enough in people like you. We can give no numbers."]
    outcome = _plain(told.outcome)
    lines = [
        f"{_upper(name)}, after {told.months:g} months.",
        f"Your {outcome['plain']} will most likely be near {_number(told, told.median)} {outcome['unit']}.",
        f"For 8 people in 10 like you it will lie between {_range(told)}.",
    ]
    lines += _counts(told)
    if told.comes_anyway is not None:
        lines.append(f"About {round(told.comes_anyway * 10)} parts in 10 of the gain would come in time without it.")
    elif not told.going_on_as_now:
        lines.append("We do not know how much of a gain would come in time without it.")
    lines += _hope(told)
    lines.append(f"How sure are we? {_upper(told.certainty)}.")
    return lines


def outcome_words(outcome: str) -> tuple[str, str]:
    """What a score measures and its unit in plain words; its own name where no row says it."""
    row = by_column(load("expect/plain_outcomes"), "outcome").get(outcome)
    return (row["plain"], row["unit"]) if row else (outcome.replace("_", " "), "")


def treatment_words(told: Expectation) -> str:
    """The option in plain words."""
    row = treatments().get(told.studied_as or "")
    return row["label"] if row else told.treatment.replace("_", " ")


def _counts(told: Expectation) -> list[str]:
    people = people_of_100(told)
    if not people:
        return ["We do not know your score now, so we cannot say how many get better."]
    better = people["much_better"] + people["better"]
    lines = [
        f"Of {OF} people like you, {better} will be better, {people['same']} about the same, {people['worse']} worse."
    ]
    if told.symptom_free is not None:
        lines.append(f"Of {OF} people like you, {round(told.symptom_free * OF)} will be nearly free of it.")
    return lines


def _hope(told: Expectation) -> list[str]:
    if told.patient_expects is None or told.chance_of_that is None:
        return []
    reached = round(told.chance_of_that * OF)
    return [
        f"You hope for {_number(told, told.patient_expects)}. Of {OF} people like you, {reached} get there. "
        f"That is {probability_words(told.chance_of_that)}."
    ]


def _range(told: Expectation) -> str:
    assert told.interval80 is not None
    return f"{_number(told, told.interval80[0])} and {_number(told, told.interval80[1])}"


def _number(told: Expectation, value: float) -> str:
    """A score as one says it: whole, except on a scale whose whole range is about one."""
    return f"{value:.0f}" if scale(told.outcome).range > 2 else f"{value:.1f}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _plain(outcome: str) -> Row:
    return by_column(load("expect/plain_outcomes"), "outcome")[outcome]
