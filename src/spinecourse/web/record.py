"""The record as the patient page shows it: facts by day, oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from spinecourse.course.model import Fact
from spinecourse.pictures import plain
from spinecourse.web.words import fact_wording, when


@dataclass(frozen=True, slots=True)
class Told:
    """One fact in words; ``present`` false where it was asked or looked for and not there."""

    words: str
    kind: str
    present: bool


@dataclass(frozen=True, slots=True)
class Day:
    """All facts of one day; ``day`` is None where the source gave no date."""

    day: int | None
    when: str
    facts: tuple[Told, ...]


def days(facts: Iterable[Fact]) -> list[Day]:
    """The facts by day, oldest first and those without a date last, each day in the order of the record."""
    ordered = sorted(facts, key=lambda fact: (fact.day is None, fact.day or 0))
    return [
        Day(day, when(day), tuple(_told(fact) for fact in of_day))
        for day, of_day in groupby(ordered, key=lambda fact: fact.day)
    ]


def _told(fact: Fact) -> Told:
    """The fact in plain words, with what the short form leaves out."""
    further = [
        f"until day {fact.until_day}" if fact.until_day is not None else "",
        f"{fact.sessions} sessions" if fact.sessions is not None else "",
        f"dose {fact.dose}" if fact.dose else "",
        f"complication: {plain(fact.complication)}" if fact.complication else "",
        f"of {plain(fact.measure)}" if fact.measure else "",
        f"in {fact.months:g} months" if fact.months is not None else "",
    ]
    words = ", ".join([fact_wording(fact.text).what, *(text for text in further if text)])
    return Told(words, fact.kind, fact.present)
