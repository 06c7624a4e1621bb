"""The record as the patient page shows it: facts by day, oldest first, with who entered them and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from spinecourse.course.model import Fact
from spinecourse.pictures import plain
from spinecourse.store import Recorded, Signature
from spinecourse.web.words import fact_wording, when


@dataclass(frozen=True, slots=True)
class Told:
    """One fact in words; ``present`` false where it was asked or looked for and not there.

    ``ended`` is None while it counts; then it says who ended it and why, and ``replaced_by`` names the fact in its
    place.
    """

    id: int
    words: str
    kind: str
    present: bool
    signature: Signature | None
    ended: Signature | None
    replaced_by: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """All facts of one day; ``day`` is None where the source gave no date."""

    day: int | None
    when: str
    facts: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the record: who, when, why, how many facts it brought and ended, and whether it can be undone."""

    signature: Signature
    entered: int
    ended: int
    undoable: bool


def timeline(recorded: Iterable[Recorded]) -> list[Day]:
    """The facts by day, oldest first and those without a date last, each day in the order of the record."""
    ordered = sorted(recorded, key=lambda entry: (entry.fact.day is None, entry.fact.day or 0))
    return [
        Day(day, when(day), tuple(_told(entry) for entry in of_day))
        for day, of_day in groupby(ordered, key=lambda entry: entry.fact.day)
    ]


def changes(recorded: Sequence[Recorded], signatures: Iterable[Signature]) -> list[Change]:
    """Every entry of the record, the newest first."""
    return [_change(recorded, by) for by in sorted(signatures, key=lambda by: -by.id)]


def _change(recorded: Sequence[Recorded], by: Signature) -> Change:
    entered = [entry for entry in recorded if entry.signature is not None and entry.signature.id == by.id]
    ended = [entry for entry in recorded if entry.ended is not None and entry.ended.id == by.id]
    return Change(by, len(entered), len(ended), bool(entered or ended) and all(not entry.ended for entry in entered))


def _told(entry: Recorded) -> Told:
    fact = entry.fact
    return Told(entry.id, words_of(fact), fact.kind, fact.present, entry.signature, entry.ended, entry.replaced_by)


def words_of(fact: Fact) -> str:
    """The fact in plain words, with what the short form leaves out."""
    further = [
        f"until day {fact.until_day}" if fact.until_day is not None else "",
        f"{fact.sessions} sessions" if fact.sessions is not None else "",
        f"dose {fact.dose}" if fact.dose else "",
        f"complication: {plain(fact.complication)}" if fact.complication else "",
        f"relief {fact.relief_pct:g} %" if fact.relief_pct is not None else "",
        f"stopped: {plain(fact.stopped)}" if fact.stopped else "",
        f"of {plain(fact.measure)}" if fact.measure else "",
        f"in {fact.months:g} months" if fact.months is not None else "",
    ]
    return ", ".join([fact_wording(fact.text).what, *(text for text in further if text)])
