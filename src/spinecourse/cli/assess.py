"""``spinecourse assess``: the main job from a shell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console

from spinecourse.assess import Assessment, assess_courses
from spinecourse.cli.inputs import Outcome, read_inputs
from spinecourse.cli.page import assessment_page
from spinecourse.course import Course
from spinecourse.fhir_write import assessment_bundle
from spinecourse.letters import as_text, patient_letter

AT_ONCE = 500
"""Courses assessed together: enough to be quick, few enough to keep memory bounded."""


class _Console(Console):
    """A console that leaves it to ``main`` what a reader who went away means."""

    def on_broken_pipe(self) -> None:
        """Called by rich, which would otherwise end the program with a code of its own."""
        raise BrokenPipeError


def assess(
    files: Annotated[list[Path], Parameter(help="Course files (YAML, JSON, JSONL) or FHIR; - reads standard input.")],
    /,
    *,
    format: Annotated[
        Literal["text", "json", "fhir"],
        Parameter(help="A page for a reader, one JSON object a course, or one FHIR R4 bundle a course and line."),
    ] = "text",
    keep_going: Annotated[
        bool, Parameter(negative="", help="Report courses that cannot be accepted and assess the others.")
    ] = False,
    import_report: Annotated[
        Path | None,
        Parameter(help="Append to this file what was not understood in FHIR documents, each with its path."),
    ] = None,
) -> int:
    """Say how fast to act, where the lesion sits and what kind of pain it is, with the reasons.

    What could not be accepted is named on standard error; the exit code says whether there was any.
    """
    outcome = Outcome()
    console = _Console(highlight=False, soft_wrap=False)
    for course, assessment in _assessed(read_inputs(files, keep_going, outcome, import_report)):
        if format == "json":
            sys.stdout.write(msgspec.json.encode(assessment).decode() + "\n")
        elif format == "fhir":
            now = datetime.now(UTC)
            told = as_text(patient_letter(course, assessment, now.date()))
            bundle = assessment_bundle(course.patient, assessment, now, told)
            sys.stdout.write(msgspec.json.encode(bundle).decode() + "\n")
        else:
            console.print(assessment_page(course, assessment, console.width))
    return outcome.code


def _assessed(courses: Iterator[Course]) -> Iterator[tuple[Course, Assessment]]:
    while chunk := list(islice(courses, AT_ONCE)):
        yield from zip(chunk, assess_courses(chunk), strict=True)
