"""Cases as data: a FHIR document, and beside it the facts and the report that must come of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from fhir_documents import DATA, said

from spinecourse.fhir import read_fhir

CASES = sorted(path for path in (DATA / "cases").glob("*.json") if ".expected" not in path.name)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    result = read_fhir(path, today=date.fromisoformat(expected["today"]))
    courses = [
        {
            "id": course.id,
            "age_years": course.patient.age_years,
            "sex": course.patient.sex,
            "facts": [said(fact) for fact in course.facts],
        }
        for course in result.courses
    ]
    assert courses == expected["courses"]
    assert result.report.counts == dict(sorted(expected["report"].items()))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_fact_and_entry_names_its_place(path: Path) -> None:
    result = read_fhir(path, today=date(2024, 6, 1))
    for course in result.courses:
        assert [fact.number for fact in course.facts] == list(range(1, len(course.facts) + 1))
        assert all(fact.origin and "/" in fact.origin for fact in course.facts)
    assert all(entry.path and entry.element and entry.reason for entry in result.report.entries)
    assert sum(result.report.actions.values()) == len(result.report.entries)
