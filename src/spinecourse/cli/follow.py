"""``spinecourse follow``: is it going as expected?"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.rule import Rule

from spinecourse.assess.assessing import follow_only
from spinecourse.cli.follow_page import follow_part
from spinecourse.cli.inputs import Outcome, read_inputs

AT_ONCE = 2000
"""Courses followed together: enough to be quick, few enough to keep memory bounded."""


class Followed(msgspec.Struct, frozen=True):
    """One line of the JSON output."""

    id: str
    follow: msgspec.Raw


def follow(
    files: Annotated[list[Path], Parameter(help="Course files (YAML, JSON, JSONL) or FHIR; - reads standard input.")],
    /,
    *,
    format: Annotated[
        Literal["text", "json"], Parameter(help="A page for a reader, or one JSON object a course.")
    ] = "text",
    as_of_day: Annotated[
        int | None,
        Parameter(help="Today as a day of the course: what is later is not known yet, and silence until then counts."),
    ] = None,
    keep_going: Annotated[
        bool, Parameter(negative="", help="Report courses that cannot be accepted and follow the others.")
    ] = False,
) -> int:
    """Say whether treatment goes as expected, who is silent, and why surgery may have failed.

    Without --as-of-day, today is the day of the newest fact. The exit code says whether a course was not accepted.
    """
    outcome = Outcome()
    console = Console(highlight=False, soft_wrap=False)
    courses = read_inputs(files, keep_going, outcome)
    while chunk := list(islice(courses, AT_ONCE)):
        for course, found in zip(chunk, follow_only(chunk, as_of_day), strict=True):
            if format == "json":
                line = msgspec.json.encode(Followed(course.id, msgspec.Raw(msgspec.json.encode(found))))
                sys.stdout.write(line.decode() + "\n")
            else:
                console.print(Rule(course.id, style="dim"), *follow_part(found))
    return outcome.code
