"""The reasons of an expectation in words: what was known of the person, what the patient hopes for, which studies."""

from __future__ import annotations

from collections.abc import Mapping

from spinecourse.course.model import Course
from spinecourse.expect.chances import Hope
from spinecourse.expect.names import treatment_named
from spinecourse.expect.support import Support
from spinecourse.knowledge.parameters import parameter


def because(reports: str, factors: Mapping[str, float | None]) -> list[str]:
    """What the answer leans on and what nobody recorded, in two or three lines."""
    words = {name: name.replace("_", " ") for name in factors}
    there = [words[name] for name, value in factors.items() if value]
    unknown = [words[name] for name, value in factors.items() if value is None]
    lines = [reports]
    if there:
        lines.append(f"counted in: {', '.join(there)}")
    if unknown:
        lines.append(f"not known and taken as usual: {', '.join(unknown)}")
    return lines


def hope_for(course: Course, treatment: str | None, outcome: str) -> Hope | None:
    """What the patient last said to hope of a treatment for an outcome; None where nothing was said."""
    said = [
        fact
        for fact in course.facts
        if fact.kind == "expectation" and fact.measure == outcome and fact.value is not None
        and treatment is not None and treatment_named(fact.name) == treatment
    ]  # fmt: skip
    if not said:
        return None
    last = max(said, key=lambda fact: fact.order)
    assert last.value is not None
    return Hope(last.value, last.months)


def sources_of(support: Support) -> list[str]:
    """The largest studies behind an answer, and how many there are in all."""
    shown = int(parameter("expect_sources_shown"))
    largest = sorted(support.studies, key=lambda study: -(study.people or 0))
    named = [f"{study.source} ({study.source_url})" for study in largest[:shown]]
    rest = len(largest) - len(named)
    return [*named, f"and {rest} more; {support.people} people in all"] if rest > 0 else named
