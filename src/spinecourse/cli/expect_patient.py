"""``spinecourse expect patient``: what is realistic for one person under each option."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console

from spinecourse.assess import assess_course
from spinecourse.assess.realistic import open_treatments, studied_condition
from spinecourse.cli.expectation_page import realistic_page
from spinecourse.cli.inputs import Outcome, read_inputs
from spinecourse.course import Course
from spinecourse.errors import NotFound, UserError
from spinecourse.expect.calculators import calculators as runnable
from spinecourse.expect.calculators import not_runnable
from spinecourse.expect.expectation_answer import Realistic
from spinecourse.expect.expecting import expected
from spinecourse.expect.names import conditions


def patient(
    file: Annotated[Path, Parameter(help="A course file (YAML, JSON, JSONL) or FHIR; - reads standard input.")],
    /,
    *,
    treatment: Annotated[
        list[str] | None,
        Parameter(negative="", help="An option to tell; may be repeated. Without any: all that are open."),
    ] = None,
    months: Annotated[str, Parameter(help="Months after the start, separated by commas.")] = "3,12,24",
    condition: Annotated[
        str | None, Parameter(help="The condition as the evidence calls it; without it the pathway's.")
    ] = None,
    format: Annotated[
        Literal["text", "json"], Parameter(help="A page for a reader, or one JSON object a course.")
    ] = "text",
) -> int:
    """Say what pain and disability will probably be under each option, going on as now among them.

    Beside what the patient hopes for, with what would come anyway, risks, how certain it is, and sources.
    """
    outcome, console = Outcome(), Console(highlight=False)
    when = _months(months)
    for course in read_inputs([file], False, outcome):
        found = _realistic(course, treatment, when, condition)
        if format == "json":
            sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        else:
            console.print(*realistic_page(found), sep="\n")
    return outcome.code


def calculators() -> None:
    """List the published prediction models: which run as second opinions and for whom, and why the others do not."""
    for chosen in runnable():
        print(
            f"{chosen.name}: {chosen.row['predicts']} after {chosen.row['months']} months; {chosen.row['population']}"
        )
    for row in not_runnable():
        print(f"{row['calculator']}: not run: {row['why_not']}")


def _realistic(
    course: Course, treatments: list[str] | None, months: tuple[float, ...], condition: str | None
) -> Realistic:
    if condition is not None and condition not in conditions():
        raise NotFound(f"the evidence knows no condition {condition}; it knows {', '.join(conditions())}")
    plan = assess_course(course).pathway if condition is None or treatments is None else None
    chosen, why = (condition, "") if plan is None or condition is not None else studied_condition(plan)
    if chosen is None:
        return Realistic(course.id, None, [], [], f"{why}; --condition names one")
    wanted = treatments if treatments is not None else open_treatments(plan.options if plan else [], chosen)
    found = expected(course, chosen, wanted, months)
    return msgspec.structs.replace(found, why=f"{why}{found.why}")


def _months(text: str) -> tuple[float, ...]:
    try:
        found = tuple(sorted({float(part) for part in text.split(",")}))
    except ValueError:
        raise UserError(f"--months should be numbers separated by commas such as 3,12,24; it is {text!r}") from None
    if not found or found[0] <= 0:
        raise UserError("--months counts from the start of treatment: every month is above 0")
    return found
