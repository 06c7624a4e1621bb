"""Drugs that let bleed, before a procedure: how long to hold each by the class of bleeding risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from spinecourse.course.model import Fact
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.pathway.answer import Hold
from spinecourse.pathway.rows import source_text

BLEEDING_CLASSES: Final = ("anticoagulant", "antiplatelet", "nsaid")
"""Names that say a class of drug without naming the drug."""


@cache
def _classes() -> dict[str, Row]:
    return by_column(load("pathway/bleeding_classes"), "class")


@cache
def _by_drug() -> dict[str, tuple[Row, ...]]:
    rows = load("pathway/anticoagulants")
    return {
        name: tuple(row for row in rows if row["agent"] == name) for name in dict.fromkeys(r["agent"] for r in rows)
    }


def holds(facts: Sequence[Fact], risk: str) -> list[Hold]:
    """What to do with each drug on record before a procedure of this bleeding risk; none for treatments without one.

    A class without the name of its drug is answered with what has to be asked.
    """
    if risk not in _classes():
        return []
    taken = [fact for fact in facts if fact.kind in ("treatment", "history") and fact.present]
    found: dict[str, Hold] = {}
    for fact in taken:
        for hold in _holds_of(fact, _classes()[risk]):
            found.setdefault(hold.drug, hold)
    named = {name for fact in taken for name in _named(fact)}
    return [hold for hold in found.values() if not (hold.days is None and hold.drug in BLEEDING_CLASSES and named)]


def _named(fact: Fact) -> list[str]:
    """The drugs of the table that a fact names, in its name or in its dose."""
    if fact.name in _by_drug():
        return [fact.name]
    words = (fact.dose or "").lower()
    return [drug for drug in _by_drug() if drug in words]


def _holds_of(fact: Fact, risk: Row) -> Iterator[Hold]:
    for drug in _named(fact):
        for row in _by_drug()[drug]:
            yield _hold(row, risk, fact)
    if not _named(fact) and fact.name in BLEEDING_CLASSES[:2]:
        yield Hold(
            drug=fact.name,
            rule="which drug is not recorded: ask, because the days differ from drug to drug",
            days=None,
            restart_hours=None,
            because=[fact.text],
            disagreement=risk["disagreement"],
            source="pathway/anticoagulants",
        )


def _hold(row: Row, risk: Row, fact: Fact) -> Hold:
    column = risk["counts_as"]
    use = f" ({row['use']})" if row["use"] else ""
    return Hold(
        drug=f"{row['agent']}{use}",
        rule=row[f"{column}_risk"],
        days=row.number(f"{column}_days"),
        restart_hours=row.number("restart_hours"),
        because=[fact.text],
        disagreement=risk["disagreement"],
        source=source_text(row),
    )
