"""Courses written by hand in data files and tests, read by the package's own strict reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from _pytest.mark import ParameterSet

from spinecourse.course import Course, Fact, Patient, check_course
from spinecourse.findings import catalogue

Written = dict[str, Any]
ABSENT = ("absent", "normal")


def course_of(*facts: Written, **patient: Any) -> Course:
    """A course from facts as the course format writes them; ``day`` is 0 where it is not given."""
    dated = [{"day": 0} | fact for fact in facts]
    document = {"course": 1, "patient": {"id": "A1"} | patient, "facts": dated}
    reading = check_course(document, file="written by hand")
    assert reading.course is not None, [str(problem) for problem in reading.problems]
    return reading.course


def fact_of(**fact: Any) -> Fact:
    """One fact as the course format writes it."""
    return course_of(fact).facts[0]


def bare(*facts: Fact, age_years: float | None = None) -> Course:
    """A course from facts that are already read."""
    return Course(Patient("A1", age_years), facts)


def vignettes(path: Path) -> list[Written]:
    """The entries of a file of vignettes, each with its own name."""
    entries: list[Written] = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [entry["name"] for entry in entries]
    assert len(set(names)) == len(names), "two vignettes have the same name"
    return entries


def vignette_course(entry: Written) -> Course:
    """The course of one vignette."""
    return course_of(*entry.get("facts", ()), **entry.get("patient", {}))


def state_number(kind: str, name: str, side: str, state: str) -> int:
    """The number of a state by its name in the column of a finding; ``unknown`` is 0."""
    if state == "unknown":
        return 0
    return 1 + catalogue()[kind, name, side].states.index(state)


def marked(entries: list[Written]) -> list[ParameterSet]:
    """Vignettes as parameters; one with a ``defect`` must fail until it is mended, a ``known_miss`` may."""
    return [pytest.param(entry, id=entry["name"], marks=_marks(entry)) for entry in entries]


def _marks(entry: Written) -> list[pytest.MarkDecorator]:
    if "defect" in entry:
        return [pytest.mark.xfail(strict=True, reason=entry["defect"])]
    if "known_miss" in entry:
        return [pytest.mark.xfail(strict=False, reason=f"known miss: {entry['known_miss']}")]
    return []
