"""How certain an answer is: a GRADE-like level worked out from design, size, directness and consistency.

The steps are rows of ``synthesis/certainty``; nothing here is a clinician's judgement of one body of evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from spinecourse.expect.support import Study, Support
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
        "mostly_unblinded": _share(randomised, "blinded") < float(rules["mostly_unblinded"]["limit"]),
        "no_control": not support.is_control and not any(study.controlled for study in studies),
        "few_people": support.people < float(rules["few_people"]["limit"]),
        "one_source": support.families <= float(rules["one_source"]["limit"]),
        "studies_disagree": support.scatter is not None and support.scatter > float(rules["studies_disagree"]["limit"]),
        "indirect": support.directness != "direct",
        "mostly_maker_paid": _share(studies, "industry") > float(rules["mostly_maker_paid"]["limit"]),
    }
    return [name for name, holds in tests.items() if holds]


def _share(studies: Sequence[Study], quality: str) -> float:
    """The share of people in studies with a quality, a study of unknown size counting as one; 1 without studies."""
    everybody = sum(study.people or 1 for study in studies)
    return sum(study.people or 1 for study in studies if getattr(study, quality)) / everybody if studies else 1.0
