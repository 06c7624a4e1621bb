"""Helpers to write FHIR documents and to say what came of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spinecourse.course.model import Course, Fact

DATA = Path(__file__).parent / "data"
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "fhir_samples" / "bundles"


def write(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def write_lines(path: Path, resources: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
    return path


def said(fact: Fact) -> str:
    """A fact in one line, with the end and the dose that its own text leaves out."""
    until = "" if fact.until_day is None else f" until {fact.until_day}"
    dose = "" if fact.dose is None else f" dose {fact.dose}"
    return fact.text + until + dose


def facts_of(courses: tuple[Course, ...]) -> dict[str, tuple[Any, list[str]]]:
    """Patient and facts by id, without where they came from."""
    return {
        course.id: ((course.patient.age_years, course.patient.sex), [said(fact) for fact in course.facts])
        for course in courses
    }
