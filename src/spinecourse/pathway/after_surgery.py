"""Four ways to go on after failed surgery, as a European panel rated them.

Tronnier 2019, doi 10.1007/s00586-018-5711-0: 18 specialists rated 210 scenarios. The patterns that the abstract gives
stand in ``pathway/after_surgery``, each row with how surely it was read. In nearly half of the scenarios exactly one
way was appropriate.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from spinecourse.knowledge.rules import Rule, rules
from spinecourse.pathway.answer import FourWay, Verdict
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.reasons import because, open_parts
from spinecourse.pathway.rows import source_text

WAYS: Final = ("conservative", "interventional", "neurostimulation", "reoperation")
VERDICTS: Final[tuple[Verdict, ...]] = ("inappropriate", "appropriate", "uncertain")
"""In the order in which a row that holds decides."""


@cache
def _rules(way: str, verdict: str) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in rules("pathway/after_surgery", "when")
        if (rule.row["option"], rule.row["verdict"]) == (way, verdict)
    )


def four_ways(asked: Asked, row: int) -> list[FourWay]:
    """The verdict on each of the four ways for one patient; unknown where the deciding facts are missing."""
    return [_way(way, asked, row) for way in WAYS]


def _way(way: str, asked: Asked, row: int) -> FourWay:
    for verdict in VERDICTS:
        met = [rule for rule in _rules(way, verdict) if asked.state(rule.condition, row)]
        if met:
            return FourWay(way, verdict, _reasons(met, asked, row), [], [source_text(rule.row) for rule in met])
    every = [rule for verdict in VERDICTS for rule in _rules(way, verdict)]
    left = [text for rule in _rules(way, "appropriate") for text in open_parts(rule.condition, asked, row)]
    if left:
        return FourWay(way, "unknown", [], list(dict.fromkeys(left)), [source_text(rule.row) for rule in every])
    return FourWay(way, "uncertain", ["no pattern of the panel fits"], [], [source_text(rule.row) for rule in every])


def _reasons(met: list[Rule], asked: Asked, row: int) -> list[str]:
    return [f"{rule.row['says']}: {'; '.join(because(rule.condition, asked, row))}" for rule in met]
