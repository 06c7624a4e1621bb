"""Checking one whole course, already parsed, and making a Course of it: all its problems, or none and the course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spinecourse.course.complaints import Complaints
from spinecourse.course.facts import Draft, check_fact
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.course.positions import OneLine, Path, Positions
from spinecourse.course.values import Asked, ValueRefused, described, read_value
from spinecourse.errors import Problem
from spinecourse.knowledge import vocabulary

_MISSING = object()


@dataclass(frozen=True, slots=True)
class CourseReading:
    """What came of one course of a file: the course, or why it could not be accepted.

    ``course`` is None exactly where ``problems`` has entries. ``number`` is the course's place in its file from 1,
    ``line`` the line it begins in; None where the file has no lines.
    """

    course: Course | None
    problems: tuple[Problem, ...]
    file: str
    number: int
    line: int | None


def check_course(
    document: object,
    *,
    file: str,
    today: date | None = None,
    positions: Positions | None = None,
    number: int = 1,
    allow_after: bool = False,
) -> CourseReading:
    """Reads a course from a mapping already parsed; every problem is reported, not only the first.

    Dates after ``today`` (the clock's date where None) are refused. ``positions`` tells lines. Facts marked ``after``
    are refused unless ``allow_after``. Raises nothing for what a user may have written.
    """
    complaints = Complaints(file, number, positions or OneLine())
    course = _course(document, complaints, today or date.today(), allow_after)
    kept = None if complaints.problems else course
    return CourseReading(kept, tuple(complaints.problems), file, number, complaints.positions.line(()))


def _course(document: object, complaints: Complaints, today: date, allow_after: bool) -> Course | None:
    if not isinstance(document, Mapping):
        complaints.add((), f"a course is a mapping with course, patient and facts; this is {described(document)}")
        return None
    if "resourceType" in document:
        complaints.add((), "is a FHIR resource, not a course file")
        return None
    head = _head("course", document, (), complaints, today)
    _version(document, complaints)
    patient = _patient(document.get("patient", _MISSING), complaints, today)
    drafts = _drafts(document.get("facts", ()), complaints, today, allow_after)
    presented_on = _presented_on(head, patient, drafts, complaints)
    facts = _on_days(drafts, presented_on, complaints)
    if complaints.problems:
        return None
    return Course(
        Patient(patient["id"], patient.get("age_years"), patient.get("sex")), facts,
    )  # fmt: skip


def _head(part: str, raw: Mapping[str, object], path: Path, complaints: Complaints, today: date) -> dict[str, Any]:
    """The plain values of a course's or patient's own keys; mappings and lists are left to others."""
    known = vocabulary.head_keys(part)
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in known:
            complaints.unknown_key(path, key, known)
        elif known[key].type not in {"version", "mapping", "list", "anything"}:
            try:
                values[key] = read_value(Asked(known[key], today=today), value)
            except ValueRefused as refused:
                complaints.add((*path, key), f"{'.'.join((*map(str, path), key))} {refused}")
    for key, asked in known.items():
        if part in asked.needed_by and key not in raw:
            complaints.add(path, f"{part} lacks {key} ({asked.meaning})")
    return values


def _version(document: Mapping[str, object], complaints: Complaints) -> None:
    wanted = vocabulary.head_keys("course")["course"].choices
    version = document.get("course")
    if "course" in document and (isinstance(version, bool | str) or str(version) not in wanted):
        complaints.add(
            ("course",), f"course should be {' or '.join(wanted)}, the version of the format, is {described(version)}"
        )


def _patient(raw: object, complaints: Complaints, today: date) -> dict[str, Any]:
    if isinstance(raw, Mapping):
        return _head("patient", raw, ("patient",), complaints, today)
    if raw is not _MISSING:
        complaints.add(("patient",), f"patient should be a mapping such as {{id: A1}}, is {described(raw)}")
    return {}


def _drafts(raw: object, complaints: Complaints, today: date, allow_after: bool) -> list[Draft]:
    if not isinstance(raw, list | tuple):
        complaints.add(("facts",), f"facts should be a list (of none: facts: []), is {described(raw)}")
        return []
    drafts = []
    for index, fact in enumerate(raw):
        if complaints.full:
            complaints.add(("facts", index), f"{len(complaints.problems)} problems so far: nothing further was checked")
            break
        draft = check_fact(fact, ("facts", index), complaints, today, allow_after)
        if draft is not None:
            drafts.append(draft)
    return drafts


def _presented_on(
    head: Mapping[str, Any], patient: Mapping[str, Any], drafts: Sequence[Draft], complaints: Complaints
) -> date | None:
    """The date of day 0: the one given, else that of the latest fact known at presentation; None without dates."""
    given = {part["presented_on"] for part in (head, patient) if "presented_on" in part}
    if len(given) > 1:
        complaints.add(("presented_on",), "presented_on differs between the course and its patient")
    dates = [draft.on for draft in drafts if draft.on is not None and not draft.after]
    dates = dates or [draft.on for draft in drafts if draft.on is not None]
    found: date | None = next(iter(given), None)
    return found or max(dates, default=None)


def _on_days(drafts: Sequence[Draft], presented_on: date | None, complaints: Complaints) -> tuple[Fact, ...]:
    """The facts with their days counted from presentation."""
    dated = [draft for draft in drafts if draft.on is not None]
    if dated and len(dated) < len(drafts):
        fewer = min(dated, [draft for draft in drafts if draft.on is None], key=len)
        key = "on" if fewer is dated else "day"
        complaints.add(fewer[0].path, f"has {key} where other facts of the course do not: use day or on throughout")
    facts = (_on_day(draft, presented_on, complaints) for draft in drafts)
    return tuple(fact for fact in facts if fact is not None)


def _on_day(draft: Draft, presented_on: date | None, complaints: Complaints) -> Fact | None:
    day = draft.day
    if draft.on is not None and presented_on is not None:
        day = (draft.on - presented_on).days
        allowed = vocabulary.keys_of(str(draft.values["kind"]))["day"]
        if not (allowed.lowest or 0) <= day <= (allowed.highest or 0):
            complaints.add((*draft.path, "on"), f"on lies {abs(day):,} days from presentation, which is {presented_on}")
            return None
    if day is None:
        return None
    until = draft.values.get("until_day")
    if until is not None and until < day:
        complaints.add((*draft.path, "until_day"), f"until_day {until} lies before the day it began, {day}")
    return draft.finished(day, complaints.positions.line(draft.path))
