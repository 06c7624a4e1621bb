"""Whatever is imported can be written as a course file: names, keys, choices, ranges and units are the format's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir_documents import DATA, SAMPLES, write

from spinecourse.course import check_course
from spinecourse.course.model import Course, Fact
from spinecourse.fhir import read_fhir
from spinecourse.knowledge.tables import load

TODAY = date(2024, 6, 1)
NOT_WRITTEN = {"kind", "name", "number", "line", "origin", "after"}
CASES = sorted(path for path in (DATA / "cases").glob("*.json") if ".expected" not in path.name)
URIS = {row["system"]: row["uri"] for row in reversed(load("fhir/systems"))}


def written(course: Course) -> dict[str, Any]:
    """The course in the course format; facts without a day are left out, the format has no such thing."""
    patient = {"id": "p", "age_years": course.patient.age_years, "sex": course.patient.sex}
    return {
        "course": 1,
        "patient": {key: value for key, value in patient.items() if value is not None},
        "facts": [dict(pairs(fact)) for fact in course.facts if fact.day is not None],
    }


def pairs(fact: Fact) -> Iterator[tuple[str, Any]]:
    yield fact.kind, fact.name
    for field in fields(Fact):
        value = getattr(fact, field.name)
        said = value is not None and value != field.default if field.name != "day" else True
        if field.name not in NOT_WRITTEN and said:
            yield field.name, value


def accepted(course: Course) -> None:
    reading = check_course(written(course), file="imported", today=TODAY)
    assert [str(problem) for problem in reading.problems] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases_are_courses(path: Path) -> None:
    for course in read_fhir(path, today=TODAY).courses:
        accepted(course)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample bundles in ../shared are not here")
@pytest.mark.parametrize("number", range(1, 7))
def test_samples_are_courses(number: int) -> None:
    accepted(read_fhir(SAMPLES / f"r4-{number:02}.json", today=TODAY).courses[0])


def made_of(kind: str, code: dict[str, Any]) -> dict[str, Any]:
    base = {"resourceType": kind, "subject": {"reference": "Patient/p"}, "code": code}
    if kind == "Condition":
        site = {"text": "left leg"}
        return base | {"onsetDateTime": "2024-01-01", "abatementDateTime": "2024-02-01", "bodySite": [site],
                       "severity": {"text": "severe"}}  # fmt: skip
    if kind == "Procedure":
        return base | {"status": "completed", "performedDateTime": "2024-01-01", "bodySite": [{"text": "midline"}]}
    if kind == "MedicationStatement":
        medicine = {**base, "status": "active", "medicationCodeableConcept": code}
        return medicine | {"effectiveDateTime": "2024-01-01"}
    if kind == "DiagnosticReport":
        return base | {"status": "final", "code": {"text": "CT"}, "conclusionCode": [code], "issued": "2024-01-01"}
    return base | {"status": "final", "effectiveDateTime": "2024-01-01", "bodySite": {"text": "midline L4/5"}}


@pytest.mark.parametrize("kind", ["Condition", "Observation", "Procedure", "DiagnosticReport", "MedicationStatement"])
def test_every_code_in_every_resource_makes_a_valid_course_or_a_report(kind: str, tmp_path: Path) -> None:
    """Each code of the table is put where it belongs and where it does not, with every kind of value."""
    codes = sorted({(row["system"], row["code"]) for row in load("fhir/codes")})
    values: list[dict[str, Any]] = [{}]
    if kind == "Observation":
        values = [{"valueBoolean": True}, {"valueInteger": 3}, {"valueString": "absent"}, {}]
    concepts = [{"coding": [{"system": URIS[system], "code": code}]} for system, code in codes]
    resources = [made_of(kind, concept) | value for concept in concepts for value in values]
    patient = {"resourceType": "Patient", "id": "p"}
    entries = [{"resource": resource} for resource in [patient, *resources]]
    document = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    result = read_fhir(write(tmp_path / "record.json", document), today=TODAY)
    accepted(result.courses[0])
    assert not result.report.of("structure")
    spoken = {fact.origin.partition(".resource")[0] for fact in result.courses[0].facts if fact.origin}
    spoken |= {entry.path.partition(".resource")[0] for entry in result.report.entries}
    silent = [json.dumps(entries[at]) for at in range(1, len(entries)) if f"Bundle.entry[{at}]" not in spoken]
    assert silent == []
