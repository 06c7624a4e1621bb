"""``spinecourse pathway``: what next, and *is this right for me?*"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console

from spinecourse.assess import assess_courses
from spinecourse.assess.procedure import ask_procedure
from spinecourse.cli.inputs import Outcome, read_inputs
from spinecourse.cli.pathway_page import pathway_page, procedure_page
from spinecourse.course import Course, Patient

Format = Annotated[Literal["text", "json"], Parameter(help="A page for a reader, or one JSON object a course.")]


def pathway_show(
    files: Annotated[list[Path], Parameter(help="Course files (YAML, JSON, JSONL) or FHIR; - reads standard input.")],
    /,
    *,
    format: Format = "text",
) -> int:
    """Show what next for every course: conditions, what was tried, every option with its standing, surgery's gate."""
    outcome, console = Outcome(), Console(highlight=False, soft_wrap=False)
    courses = list(read_inputs(files, False, outcome))
    for course, assessment in zip(courses, assess_courses(courses), strict=True):
        if format == "json":
            sys.stdout.write(msgspec.json.encode(assessment.pathway).decode() + "\n")
        else:
            console.print(pathway_page(course.id, assessment.pathway))
    return outcome.code


def pathway_ask(
    procedure: Annotated[str, Parameter(help="Such as discectomy, epidural_steroid, spinal_cord_stimulation, prp.")],
    file: Annotated[Path | None, Parameter(help="A course file; without one nothing is known yet.")] = None,
    /,
    *,
    format: Format = "text",
) -> int:
    """Ask the questions that decide whether a procedure is right for somebody, and whom to ask each of them."""
    outcome, console = Outcome(), Console(highlight=False, soft_wrap=False)
    courses = list(read_inputs([file], False, outcome)) if file else [Course(Patient("nobody yet"), ())]
    for course in courses:
        found = ask_procedure(course, procedure)
        if format == "json":
            sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        else:
            console.print(procedure_page(found))
    return outcome.code
