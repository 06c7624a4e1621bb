"""From a target and a value to a fact: numbers for measures and tests, grades for examinations, yes or no else."""

from __future__ import annotations

from dataclasses import replace

from spinecourse.course.model import Fact
from spinecourse.fhir.codes import Concept, Target
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.reading import Reading, bare_fact
from spinecourse.fhir.sites import Site
from spinecourse.fhir.values import Value, answer_to, number_for
from spinecourse.knowledge.vocabulary import Name

_PRESENCE = frozenset({"symptom", "sign", "imaging", "test", "history", "diagnosis", "event"})


def valued_draft(
    reading: Reading, target: Target, concept: Concept, site: Site, when: Times, value: Value
) -> Draft | None:
    """The fact a value makes of a target; None where it makes none, which is reported."""
    found = bare_fact(reading, target, concept, site)
    fact = _with_value(reading, *found, value) if found else None
    return Draft(fact, when, concept.name) if fact is not None else None


def _with_value(reading: Reading, fact: Fact, name: Name, value: Value) -> Fact | None:
    if name.unit and name.kind in {"measure", "test"}:
        number = number_for(reading, value, name)
        unit = name.unit if name.kind == "test" else None
        return None if number is None else replace(fact, value=number, unit=unit)
    if name.kind == "power":
        return _power(reading, fact, value)
    if name.kind in {"reflex", "sensation"}:
        return _graded(reading, fact, value)
    if name.kind in _PRESENCE:
        return _presence(reading, fact, value)
    reading.report.note("value_unknown", *value.place, f"for {name.kind} {name.name}")
    return None


def _power(reading: Reading, fact: Fact, value: Value) -> Fact | None:
    grade = value.number if value.unit in {None, "1", "{score}", "/5"} else None
    if value.answer is not None:
        answer = answer_to(value.answer, fact.kind, fact.name)
        grade = answer.value if answer else None
    return _or_unknown(reading, value, fact, None if grade is None else replace(fact, mrc=grade))


def _graded(reading: Reading, fact: Fact, value: Value) -> Fact | None:
    answer = answer_to(value.answer, fact.kind, fact.name) if value.answer else None
    found = replace(fact, grade=answer.grade) if answer and answer.grade else None
    return _or_unknown(reading, value, fact, found)


def _presence(reading: Reading, fact: Fact, value: Value) -> Fact | None:
    if value.flag is not None:
        return replace(fact, present=value.flag)
    if value.answer is not None:
        answer = answer_to(value.answer, fact.kind, fact.name)
        found = replace(fact, present=answer.present) if answer and answer.present is not None else None
        return _or_unknown(reading, value, fact, found)
    if fact.kind == "sign" and value.unit == "deg" and value.number is not None:
        return replace(fact, degrees=value.number)
    return _or_unknown(reading, value, fact, None)


def _or_unknown(reading: Reading, value: Value, fact: Fact, found: Fact | None) -> Fact | None:
    """The fact that was made, or None and a line in the report; an MRC grade beyond 5 is no grade."""
    if found is not None and (found.mrc is None or 0 <= found.mrc <= 5):
        return found
    shown = value.answer.shown if value.answer else "a number"
    reading.report.note("value_unknown", *value.place, f"{shown} for {fact.kind} {fact.name}")
    return None
