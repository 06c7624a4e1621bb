"""Checking one fact of a course file against the vocabulary, and making a Fact of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from spinecourse.course.complaints import Complaints
from spinecourse.course.documents import shown_key
from spinecourse.course.model import Fact
from spinecourse.course.positions import Path
from spinecourse.course.values import Asked, ValueRefused, described, read_value
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.vocabulary import KINDS, FactKey, Name, Synonym


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact read but for its day: ``on`` is its date where it gave one instead of a day."""

    path: Path
    values: Mapping[str, Any]
    on: date | None

    @property
    def after(self) -> bool:
        """Whether it became known only after the first assessment (case sets only)."""
        return bool(self.values.get("after", False))

    @property
    def day(self) -> int | None:
        """The day it gave; None where it gave a date, or neither."""
        day: int | None = self.values.get("day")
        return day

    def finished(self, day: int, line: int | None) -> Fact:
        """The fact, on its day counted from presentation."""
        number = self.path[-1]
        assert isinstance(number, int)
        return Fact(**{**self.values, "day": day}, number=number + 1, line=line)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a fact is about: as written, and as the vocabulary has it (None where it does not)."""

    kind: str
    written: str
    entry: Name | None
    synonym: Synonym | None
    target: str
    """The kind the fact is kept as."""


def check_fact(raw: object, path: Path, complaints: Complaints, today: date, allow_after: bool) -> Draft | None:
    """The fact at a path, or None after complaining of everything that is wrong with it."""
    before = len(complaints.problems)
    if not isinstance(raw, Mapping):
        complaints.add(path, f"a fact is a mapping such as {{day: 0, symptom: leg_pain}}, this is {described(raw)}")
        return None
    kind = _kind(raw, path, complaints)
    if kind is None:
        return None
    subject = _subject(kind, raw[kind], path, complaints)
    values = _values(raw, subject, path, complaints, today, allow_after)
    on = values.pop("on", None)
    if len(complaints.problems) == before:
        _settle(raw, subject, values, path, complaints)
    if len(complaints.problems) > before or subject.entry is None:
        return None
    return Draft(path, {"kind": subject.target, "name": subject.entry.name, **values}, on)


def _kind(raw: Mapping[str, object], path: Path, complaints: Complaints) -> str | None:
    found = [key for key in raw if key in KINDS]
    if {"expectation", "goal"} & {*found} and "measure" in found:
        found.remove("measure")
    if len(found) == 1:
        return found[0]
    if found:
        complaints.add(path, f"has {len(found)} kinds, {' and '.join(found)}: write a fact for each")
        return None
    for key in raw:
        like = vocabulary.most_like(str(key), frozenset(KINDS))
        if like and not _is_key(key):
            complaints.add((*path, key), f"{shown_key(key)} is not a kind of fact; did you mean {like}?")
            return None
    complaints.add(path, f"has no kind; a fact has one of {', '.join(KINDS)}")
    return None


def _is_key(key: str) -> bool:
    return any(key == known for known, _ in vocabulary.fact_keys())


def _subject(kind: str, written: object, path: Path, complaints: Complaints) -> _Subject:
    if not isinstance(written, str) or not written.strip():
        complaints.add((*path, kind), f"{kind} should be followed by a name, is {described(written)}")
        return _Subject(kind, "", None, None, kind)
    synonym = vocabulary.synonyms().get((vocabulary.named_as(kind), written))
    if synonym is None:
        entry = vocabulary.find(kind, written)
    else:
        entry = vocabulary.find(kind if kind in vocabulary.WISHES else synonym.kind, synonym.name)
    if entry is None:
        complaints.add((*path, kind), f"{shown_key(written)} is not a known {kind}{_meant(kind, written)}")
    return _Subject(kind, written, entry, synonym, kind if entry is None else entry.kind)


def _meant(kind: str, written: str) -> str:
    """The likeliest other name: the same word of another kind before a similar one of this kind."""
    for other in KINDS:
        if other not in (kind, *vocabulary.WISHES) and written in vocabulary.known(other):
            return f"; did you mean {other}: {written}?"
    like = vocabulary.nearest(kind, written)
    return f"; did you mean {like}?" if like else "; the vocabulary page lists every name"


def _values(
    raw: Mapping[str, object], subject: _Subject, path: Path, complaints: Complaints, today: date, allow_after: bool
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key == subject.kind:
            continue
        known = _key(key, subject, path, complaints, allow_after)
        if known is None:
            continue
        try:
            values[key] = read_value(Asked(known, subject.target, _measured(key, raw, subject), today), value)
        except ValueRefused as refused:
            complaints.add((*path, key), f"{key} {refused}")
    return values


def _key(key: str, subject: _Subject, path: Path, complaints: Complaints, allow_after: bool) -> FactKey | None:
    """What the key asks for, or None after complaining that this fact may not have it."""
    known = vocabulary.keys_of(subject.kind)
    if key == "after" and not allow_after:
        complaints.add((*path, key), "after belongs to case sets only; a patient's course has no such key")
    elif key in known and (key == "present" or key in vocabulary.keys_of(subject.target)):
        return known[key]
    elif any(key in vocabulary.keys_of(kind) for kind in KINDS):
        kinds = [kind for kind in KINDS if key in vocabulary.keys_of(kind)]
        complaints.add((*path, key), f"{key} belongs to {', '.join(kinds)}, not to {subject.target}")
    elif key in KINDS:
        complaints.add((*path, key), f"{key} is a kind of fact: write a fact for each kind")
    else:
        complaints.unknown_key(path, key, [each for each in known if each != "after"])
    return None


def _measured(key: str, raw: Mapping[str, object], subject: _Subject) -> Name | None:
    """The name whose range and unit bound a key: for the value of a wish those of the measure it is about."""
    measure = raw.get("measure")
    if subject.kind in vocabulary.WISHES and key == "value":
        return vocabulary.find("measure", measure) if isinstance(measure, str) else None
    return subject.entry


def _settle(
    raw: Mapping[str, object], subject: _Subject, values: dict[str, Any], path: Path, complaints: Complaints
) -> None:
    """What keys must be there together, and what a synonym says besides its name."""
    if ("day" in raw) == ("on" in raw):
        lacking = "needs a day (0 is presentation) or a date (on)"
        complaints.add(path, "has both day and on: leave one out" if "day" in raw else lacking)
    present = values.get("present", True)
    if subject.synonym is not None and subject.synonym.grade is not None and present:
        values["grade"] = subject.synonym.grade
    implied = subject.synonym is not None and subject.synonym.grade is not None
    for key in vocabulary.needed_keys(subject.target):
        if key.key not in values and not (implied and key.key == "grade"):
            complaints.add(path, _needs(subject, key))
    if subject.target == "goal" and ("measure" in values) != ("value" in values):
        complaints.add(path, "a goal in numbers needs both measure and value; in words it has neither")
    if subject.target in ("test", "imaging") and subject.entry is not None:
        _settle_test(subject.entry, values, path, complaints)


def _needs(subject: _Subject, key: FactKey) -> str:
    assert subject.entry is not None
    said = f"{subject.target} {subject.entry.name} needs {key.key} ({key.meaning})"
    if subject.target != subject.kind:
        said += f": write {subject.target}: {subject.entry.name} instead of {subject.kind}: {subject.written}"
    if subject.target == "power":
        said += "; weakness without a grade is a sign named weak_..."
    return said


def _settle_test(entry: Name, values: dict[str, Any], path: Path, complaints: Complaints) -> None:
    if entry.unit and "value" not in values:
        complaints.add(path, f"{entry.name} is a number: it needs value{_in_unit(entry)}")
    elif entry.unit and "present" in values:
        complaints.add((*path, "present"), f"{entry.name} is a number: leave present out")
    elif not entry.unit and "value" in values:
        complaints.add((*path, "value"), f"{entry.name} has no number: use present, true or false")


def _in_unit(entry: Name) -> str:
    return "" if entry.unit in {"1", "ratio"} else f" in {entry.unit}"
