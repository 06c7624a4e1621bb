"""Values of observations and answers: a number with its unit, a yes or no, a coded or worded answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.fhir.codes import Coding, Concept, read_coding, read_concept, system_of
from spinecourse.fhir.element import Element
from spinecourse.fhir.reading import Reading
from spinecourse.fhir.units import converted, may_lack_unit
from spinecourse.knowledge.tables import Row, load
from spinecourse.knowledge.vocabulary import Name

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_PLAIN: Final = ("Boolean", "Integer", "Decimal", "String")
_UNREAD: Final = (
    "Range",
    "Ratio",
    "SampledData",
    "Time",
    "DateTime",
    "Date",
    "Period",
    "Uri",
    "Attachment",
    "Reference",
)
_SHOWN_UNIT: Final = re.compile(r"[A-Za-z0-9\[\]{}%/*^._\-]{1,20}")


@dataclass(frozen=True, slots=True)
class Value:
    """What was measured or answered; exactly one of number, flag and answer is there.

    ``unit`` is None where none was given, ``written`` the same as a person wrote it. ``place`` is the element.
    """

    place: tuple[str, str]
    number: float | None = None
    unit: str | None = None
    written: str | None = None
    flag: bool | None = None
    answer: Concept | None = None


def read_value(reading: Reading, element: Element, stem: str = "value") -> Value | None:
    """The value of an element; None where there is none or it cannot be read, which is reported."""
    for other in _UNREAD:
        key = f"{stem}{other}"
        if element.has(key):
            element.take(key)
            reading.note("value_unknown", element, key)
            return None
    if element.has(f"{stem}Quantity"):
        return _quantity(reading, element, f"{stem}Quantity")
    if element.has(f"{stem}CodeableConcept"):
        key = f"{stem}CodeableConcept"
        return Value(element.place(key), answer=read_concept(element.child(key)))
    if element.has(f"{stem}Coding"):
        return _coded(element, f"{stem}Coding")
    return _plain(element, stem)


def skip_value(element: Element) -> None:
    """Count the value as dealt with, because its code already says in the report that it was not read."""
    keys = ("interpretation", "dataAbsentReason", *(key for key in element.value if key.startswith("value")))
    element.take(*keys)


def _plain(element: Element, stem: str) -> Value | None:
    for kind in _PLAIN:
        key = f"{stem}{kind}"
        if not element.has(key):
            continue
        place = element.place(key)
        if kind == "Boolean":
            return Value(place, flag=element.flag(key))
        if kind != "String":
            return Value(place, number=element.number(key))
        text = (element.text(key) or "").strip()
        if _NUMBER.fullmatch(text):
            return Value(place, number=float(text))
        return Value(place, answer=Concept((), text, *place))
    return None


def _coded(element: Element, key: str) -> Value | None:
    child = element.child(key)
    if child is None:
        return None
    return Value(element.place(key), answer=Concept((read_coding(child),), None, child.path, child.name))


def _quantity(reading: Reading, element: Element, key: str) -> Value | None:
    quantity = element.child(key)
    if quantity is None:
        return None
    number = quantity.number("value")
    system, code, unit = system_of(quantity.text("system")), quantity.text("code"), quantity.text("unit")
    if quantity.text("comparator"):
        reading.note("comparator", quantity)
        return None
    if number is None:
        reading.note("value_missing", quantity)
        return None
    coded = code if code and system in {"UCUM", None} else None
    return Value(element.place(key), number=number, unit=coded or unit, written=unit)


def number_for(reading: Reading, value: Value, name: Name) -> float | None:
    """The value in the unit of the vocabulary and within its bounds; None where it is not, which is reported."""
    if value.number is None:
        reading.report.note("value_unknown", *value.place)
        return None
    number: float | None = value.number
    if value.unit is not None:
        number = converted(value.number, value.unit, name)
        if number is None and value.written is not None:
            number = converted(value.number, value.written, name)
        if number is None:
            shown = value.unit if _SHOWN_UNIT.fullmatch(value.unit) else "an unreadable unit"
            reading.report.note("unit_unknown", *value.place, f"{shown} for {name.name} in {name.unit}")
            return None
    elif not may_lack_unit(name):
        reading.report.note("unit_missing", *value.place, f"for {name.name} in {name.unit}")
        return None
    if number is None or not (name.lowest or 0) <= number <= (name.highest or number):
        reading.report.note("value_out_of_range", *value.place, f"for {name.name}")
        return None
    return number


@dataclass(frozen=True, slots=True)
class Answer:
    """What a coded or worded answer means; each part None where it says nothing of the kind."""

    present: bool | None = None
    grade: str | None = None
    value: float | None = None


def answer_to(concept: Concept, kind: str, name: str) -> Answer | None:
    """The meaning of an answer to a question about one kind and name; None where the tables do not know it."""
    for coding in concept.codings:
        found = _coded_answer(coding, kind, name)
        if found:
            return found
    for text in concept.wording:
        found = _fitting(_by_text().get(text.strip().lower(), ()), kind, name)
        if found:
            return found
    return None


def _coded_answer(coding: Coding, kind: str, name: str) -> Answer | None:
    return _fitting(_by_code().get((coding.system or "", coding.code or ""), ()), kind, name)


def _fitting(rows: tuple[Row, ...], kind: str, name: str) -> Answer | None:
    for row in rows:
        kinds, names = row.items_of("kinds"), row.items_of("names")
        if (not kinds or kind in kinds) and (not names or name in names):
            present = {"true": True, "false": False}.get(row["present"])
            return Answer(present, row["grade"] or None, row.number("value"))
    return None


@cache
def _by_code() -> dict[tuple[str, str], tuple[Row, ...]]:
    found: dict[tuple[str, str], tuple[Row, ...]] = {}
    for row in load("fhir/answers"):
        if row["code"]:
            key = row["system"], row["code"]
            found[key] = (*found.get(key, ()), row)
    return found


@cache
def _by_text() -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in load("fhir/answers"):
        if not row["code"]:
            found[row["text"]] = (*found.get(row["text"], ()), row)
    return found
