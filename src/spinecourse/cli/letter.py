"""``spinecourse letter``: an assessment as a letter to the patient, to a colleague or to a payer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from cyclopts import Parameter

from spinecourse.assess import Assessment, assess_course
from spinecourse.cli.inputs import Outcome, read_inputs
from spinecourse.course import Course
from spinecourse.errors import UserError
from spinecourse.letters import (
    Letter,
    as_html,
    as_pdf,
    as_text,
    authorisation_letter,
    colleague_letter,
    patient_letter,
)

WRITERS: Final[dict[str, Callable[[Course, Assessment, date], Letter]]] = {
    "patient": patient_letter,
    "colleague": colleague_letter,
}


def letter(
    to: Annotated[Literal["patient", "colleague", "payer"], Parameter(help="Who reads it.")],
    file: Annotated[Path, Parameter(help="A file with one course; - reads standard input.")],
    /,
    *,
    procedure: Annotated[
        str | None, Parameter(help="For a payer: the treatment asked for, such as discectomy.")
    ] = None,
    format: Annotated[
        Literal["text", "html", "pdf"], Parameter(help="Words, a web page, or a page to print.")
    ] = "text",
) -> int:
    """Write a letter about one patient, to be read and signed by a clinician before it goes out."""
    outcome = Outcome()
    courses = list(read_inputs([file], False, outcome, None))
    if len(courses) != 1:
        raise UserError(f"a letter is about one patient; the file has {len(courses)} courses: give it one")
    written = _written(to, courses[0], procedure)
    if format == "pdf":
        sys.stdout.buffer.write(as_pdf(written))
    else:
        sys.stdout.write(as_html(written) if format == "html" else as_text(written))
    return outcome.code


def _written(to: str, course: Course, procedure: str | None) -> Letter:
    assessment = assess_course(course)
    if to != "payer":
        return WRITERS[to](course, assessment, date.today())
    if procedure is None:
        raise UserError("a letter to a payer is about one treatment: name it with --procedure, such as discectomy")
    return authorisation_letter(course, assessment, procedure, date.today())
