"""The red-flag rules, compiled once: which condition each raises, how urgently, and what it does to the odds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Final, get_args

from spinecourse.knowledge.conditions import Condition, parse
from spinecourse.knowledge.rules import Rule, rules
from spinecourse.knowledge.tables import Row, load
from spinecourse.triage.answer import Urgency

URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)
"""The classes from the most urgent to the least."""

ROUTINE: Final = len(URGENCIES) - 1


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One row of ``clinical/red_flags``.

    ``level`` counts from 0 (emergency) to 3 (routine: the row only moves the odds). ``log_ratio_met`` is the natural
    logarithm of the likelihood ratio when the finding is there, ``log_ratio_absent`` when all of it is denied;
    None where none was published. A ratio that would lower the odds of a raised danger because somebody said *yes*
    is kept, but a denial never raises them.
    """

    row: Row
    condition: Condition
    danger: str
    level: int
    setting: str
    log_ratio_met: float | None
    log_ratio_absent: float | None


@dataclass(frozen=True, slots=True)
class Prior:
    """How common a danger is before anything is known, for whom, and from whose figures odds may be moved."""

    row: Row
    applies_when: Condition | None
    log_odds: float
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisiveQuestion:
    """What must have been asked before a danger counts as cleared, and for whom the danger is in question."""

    danger: str
    relevant: Condition
    questions: Condition


def _red_flag(rule: Rule) -> RedFlag:
    met, absent = rule.row.number("lr_when_met"), rule.row.number("lr_minus")
    return RedFlag(
        row=rule.row,
        condition=rule.condition,
        danger=rule.row["condition"],
        level=[str(name) for name in URGENCIES].index(rule.row["urgency"]),
        setting=rule.row["setting"],
        log_ratio_met=math.log(met) if met else None,
        log_ratio_absent=math.log(min(absent, 1.0)) if absent else None,
    )


@cache
def red_flags() -> tuple[RedFlag, ...]:
    """Every red flag in the order of the table."""
    return tuple(_red_flag(rule) for rule in rules("clinical/red_flags", "finding"))


@cache
def dangers() -> dict[str, tuple[RedFlag, ...]]:
    """The red flags by the danger they raise."""
    names = dict.fromkeys(flag.danger for flag in red_flags())
    return {name: tuple(flag for flag in red_flags() if flag.danger == name) for name in names}


@cache
def priors(danger: str) -> tuple[Prior, ...]:
    """The priors of one danger; the first that applies to a patient counts."""
    return tuple(
        Prior(
            row=row,
            applies_when=parse(row["applies_when"]) if row["applies_when"] else None,
            log_odds=math.log((prior := float(row["prior"])) / (1 - prior)),
            settings=row.items_of("likelihood_settings"),
        )
        for row in load("model/triage_priors")
        if row["condition"] == danger
    )


@cache
def decisive_questions() -> tuple[DecisiveQuestion, ...]:
    """The questions that decide, one entry a danger."""
    relevant = rules("model/decisive_questions", "relevant_when")
    asked = rules("model/decisive_questions", "questions")
    return tuple(
        DecisiveQuestion(when.row["condition"], when.condition, what.condition)
        for when, what in zip(relevant, asked, strict=True)
    )
