"""From the fields of the form to facts, through the same strict reading as every course file.

An empty field makes no fact. A field that cannot be read makes a problem that names it, and never a normal finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from spinecourse.course import Course, Fact, check_course
from spinecourse.course.model import Patient
from spinecourse.knowledge import vocabulary
from spinecourse.web.intake import layout
from spinecourse.web.intake.others import Other, others
from spinecourse.web.typed import number, typed

_DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)")

HEAD: Final = ("person.name", "patient.id", "patient.age_years", "patient.sex", "examined_on", "day", "by", "modality")
"""Fields about the patient and the visit."""

_KNOWN_OTHER = re.compile(r"other\.\d{1,3}(?:\.[a-z_]+)?")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that cannot be read; the message follows the field's name in a sentence."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a form says: the patient and the facts that could be read, and what could not.

    ``presented_on`` is the date of day 0, None where it is not known.
    """

    patient: Patient
    facts: tuple[Fact, ...]
    wrong: tuple[Wrong, ...]
    presented_on: date | None


class _Refused(Exception):
    """A field that cannot be read."""


def read_form(content: Mapping[str, str], known: Course | None, presented_on: date | None, today: date) -> Reading:
    """The facts of a form; ``known`` is the patient's record, None for a new patient, who presented on the day of
    the examination. Raises nothing for what somebody may have written.
    """
    wrong = [*_unknown_fields(content)]
    day, began = _visit(content, known, presented_on, today, wrong)
    raw = list(_raw_facts(content, day, wrong))
    head = {"id": known.id} if known else _head(content, wrong)
    return _checked(known.patient if known else None, head, raw, wrong, today, began)


def _unknown_fields(content: Mapping[str, str]) -> Iterator[Wrong]:
    for field in content:
        known = field in HEAD or layout.cell_of(field) or field in layout.further_fields()
        if not known and not _KNOWN_OTHER.fullmatch(field):
            yield Wrong(field[:60], "is no field of this form: nothing was made of it")


def _visit(
    content: Mapping[str, str], known: Course | None, presented_on: date | None, today: date, wrong: list[Wrong]
) -> tuple[int, date | None]:
    """The day of the visit counted from presentation, and the date of day 0."""
    if known is not None and presented_on is None:
        return _given_day(content, wrong), None
    examined = today
    text = content.get("examined_on", "")
    if text:
        try:
            examined = date.fromisoformat(text)
        except ValueError:
            wrong.append(Wrong("examined_on", "should be a date such as 2026-03-01"))
    if examined > today:
        wrong.append(Wrong("examined_on", f"lies in the future (today is {today})"))
        examined = today
    began = presented_on or examined
    return (examined - began).days, began


def _given_day(content: Mapping[str, str], wrong: list[Wrong]) -> int:
    text = content.get("day", "").strip()
    if re.fullmatch(r"-?\d{1,5}", text):
        return int(text)
    wrong.append(Wrong("day", "should be the day of this visit counted from presentation, a whole number"))
    return 0


def _head(content: Mapping[str, str], wrong: list[Wrong]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": content.get("patient.id", "").strip()}
    if age := content.get("patient.age_years", "").strip():
        found["age_years"] = number(age)
    if sex := content.get("patient.sex", ""):
        found["sex"] = sex
    if not content.get("person.name", "").strip():
        wrong.append(Wrong("person.name", "is needed, so that the patient can be told apart from others"))
    return found


def _raw_facts(content: Mapping[str, str], day: int, wrong: list[Wrong]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every fact as a course file would write it, with the field it came from."""
    for field, value in content.items():
        found = layout.cell_of(field)
        if found is not None and value:
            yield from _cell_facts(field, value, *found, content, day, wrong)
    for other in others(content):
        yield from _other_facts(other, content, day, wrong)


def _cell_facts(
    field: str, value: str, row: layout.Row, cell: layout.Cell, content: Mapping[str, str], day: int, wrong: list[Wrong]
) -> Iterator[tuple[str, dict[str, Any]]]:
    answer = next((answer for answer in row.answers if answer.value == value), None)
    if answer is None:
        wrong.append(Wrong(field, "has an answer that this form does not offer"))
        return
    fact: dict[str, Any] = {"day": day, row.kind: row.name, **_said(row, cell, answer)}
    if row.kind == "sensation" and content.get("modality"):
        fact["modality"] = content["modality"]
    if answer.state != "abnormal":
        yield field, fact
        return
    yield from _with_further(field, fact, row, content, day, wrong)


def _said(row: layout.Row, cell: layout.Cell, answer: layout.Answer) -> dict[str, Any]:
    """What an answer says, in the keys of the course format."""
    side = {"side": cell.side} if cell.side else {}
    if row.kind == "power":
        return {**side, "mrc": float(answer.value)}
    if row.kind in ("sensation", "reflex"):
        return {**side, "grade": answer.value}
    if answer.value in ("no", "yes"):
        return {**side, "present": answer.value == "yes"}
    return {"side": answer.value}


def _with_further(
    field: str, fact: dict[str, Any], row: layout.Row, content: Mapping[str, str], day: int, wrong: list[Wrong]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """A finding that is there: since when, and what it is like now, which are two facts where both are told."""
    asked = [further for further in row.further if further.field.startswith(f"{field}:")]
    told = {further.key: content.get(further.field, "").strip() for further in asked}
    since = told.pop("since", "")
    now = {key: typed(vocabulary.keys_of(row.kind)[key].type, value) for key, value in told.items() if value}
    began = _began(f"{field}:since", since, day, wrong)
    if began is None:
        yield field, {**fact, **now}
        return
    yield field, {**fact, "day": began, **({} if began < day else now)}
    if now and began < day:
        yield field, {**fact, **now}


def _began(field: str, since: str, day: int, wrong: list[Wrong]) -> int | None:
    """The day on which something began; None where nobody said."""
    if not since:
        return None
    try:
        return day - duration(since)
    except _Refused as refused:
        wrong.append(Wrong(field, str(refused)))
        return None


def duration(text: str) -> int:
    """Whole days of a span such as ``3w``, ``10 days`` or ``2 years``; raises an error that says what was expected."""
    found = _DURATION.fullmatch(text.strip().casefold())
    if found is None or found[2] not in layout.days_of_unit():
        raise _Refused("should be a span of time such as 3d, 2 weeks, 6m or 1 year")
    return round(float(found[1].replace(",", ".")) * layout.days_of_unit()[found[2]])


def _other_facts(
    other: Other, content: Mapping[str, str], day: int, wrong: list[Wrong]
) -> Iterator[tuple[str, dict[str, Any]]]:
    if other.kind not in vocabulary.KINDS:
        wrong.append(Wrong(other.field, "names no finding of the vocabulary"))
        return
    fact: dict[str, Any] = {other.kind: other.name}
    for key in other.keys:
        if value := content.get(f"{other.field}.{key.key}", "").strip():
            fact[key.key] = typed(key.type, value)
    began = _began(f"{other.field}.since", content.get(f"{other.field}.since", "").strip(), day, wrong)
    yield other.field, {"day": day if began is None else began, **fact}


def _checked(
    known: Patient | None,
    head: Mapping[str, Any],
    raw: list[tuple[str, dict[str, Any]]],
    wrong: list[Wrong],
    today: date,
    began: date | None,
) -> Reading:
    """The facts that the strict reader accepts; the others become problems of their fields."""
    facts: list[Fact] = []
    for field, told in raw:
        fact, messages = _fact(tuple(_frozen(told)), today)
        facts += [fact] if fact is not None else []
        wrong += [Wrong(field, message) for message in messages]
    return Reading(known or _patient(head, wrong, today), tuple(facts), tuple(dict.fromkeys(wrong)), began)


def _patient(head: Mapping[str, Any], wrong: list[Wrong], today: date) -> Patient:
    """The patient, or a stand-in where the head cannot be read, which is said and keeps the form from being entered."""
    reading = check_course({"course": 1, "patient": head, "facts": []}, file="form", today=today)
    for problem in reading.problems:
        field = next((name for name in ("age_years", "sex") if name in problem.message), "id")
        wrong.append(Wrong(f"patient.{field}", problem.message))
    return reading.course.patient if reading.course else Patient("unreadable")


def _frozen(told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in told.items():
        yield key, tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=4096)
def _fact(told: tuple[tuple[str, Any], ...], today: date) -> tuple[Fact | None, tuple[str, ...]]:
    """One fact through the strict reader, or why it is refused; kept, because a form is read again at every key."""
    raw = {key: list(value) if isinstance(value, tuple) else value for key, value in told}
    reading = check_course({"course": 1, "patient": {"id": "form"}, "facts": [raw]}, file="form", today=today)
    messages = tuple(problem.message for problem in reading.problems)
    return (replace(reading.course.facts[0], number=0) if reading.course else None), messages
