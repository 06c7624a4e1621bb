"""How certain an answer is: a GRADE-like level worked out from design, size, directness and consistency.

The steps are rows of ``synthesis/certainty``; nothing here is a clinician's judgement of one body of evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spinecourse.expect.support import Support
from spinecourse.knowledge.tables import Row, by_column, load

LEVELS: Final = ("very low", "low", "moderate", "high")


@dataclass(frozen=True, slots=True)
class Certainty:
    """A level of ``LEVELS`` with every reason that lowered it."""

    level: str
    because: tuple[str, ...]


def certainty_of(support: Support) -> Certainty:
    """The level for what an answer rests on; without any evidence the lowest."""
    if support.refusal:
        return Certainty(LEVELS[0], (support.refusal,))
    rules = by_column(load("synthesis/certainty"), "rule")
    holds = _holding(support, rules)
    steps = sum(int(rules[name]["steps"]) for name in holds)
    return Certainty(LEVELS[max(0, len(LEVELS) - 1 - steps)], tuple(rules[name]["meaning"] for name in holds))


def _holding(support: Support, rules: dict[str, Row]) -> list[str]:
    """The rules that lower the certainty here."""
    studies = support.studies
    randomised = [study for study in studies if study.randomised]
    tests = {
        "nothing_randomised": not randomised,
        "nobody_blinded": bool(randomised) and not any(study.blinded for study in randomised),
        "few_people": support.people < float(rules["few_people"]["limit"]),
        "one_source": support.families <= float(rules["one_source"]["limit"]),
        "indirect": support.directness != "direct",
        "maker_paid": all(study.industry for study in studies),
    }
    return [name for name, holds in tests.items() if holds]
