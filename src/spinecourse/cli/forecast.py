"""``spinecourse forecast``: what a score will be on a later day."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter

from spinecourse.cli.inputs import Outcome, read_inputs
from spinecourse.expect.forecast_answer import Forecast
from spinecourse.expect.forecasting import forecast as foretold
from spinecourse.trajectory import scale

AT_ONCE = 5000
"""Courses forecast together: enough to be quick, few enough to keep memory bounded."""


def forecast(
    files: Annotated[list[Path], Parameter(help="Course files (YAML, JSON, JSONL) or FHIR; - reads standard input.")],
    /,
    *,
    measure: Annotated[str, Parameter(help="The measure to forecast, such as odi or nrs_back.")],
    day: Annotated[int, Parameter(help="The day to forecast, counted from presentation.")],
    format: Annotated[
        Literal["text", "json"], Parameter(help="A line a reader can read, or one JSON object.")
    ] = "text",
    keep_going: Annotated[
        bool, Parameter(negative="", help="Report courses that cannot be accepted and forecast the others.")
    ] = False,
) -> int:
    """Say where each patient's score will probably be on a later day, from everything known of the patient so far.

    Use it to tell a patient what is usual from here on, or to hold what was foretold against what came.
    """
    outcome = Outcome()
    scale(measure)
    courses = read_inputs(files, keep_going, outcome)
    while chunk := list(islice(courses, AT_ONCE)):
        for told in foretold(chunk, measure, day):
            line = msgspec.json.encode(told).decode() if format == "json" else _line(told)
            sys.stdout.write(line + "\n")
    return outcome.code


def _line(told: Forecast) -> str:
    """The middle and the 80 % interval as answers that people can give; such an interval holds somewhat more."""
    measured = scale(told.measure)
    found = measured.near_steps([told.quantiles[level] for level in ("0.5", "0.1", "0.9")], 0.0)
    middle, low, high = (f"{value:.3g}" for value in found)
    share = "at least eight of ten" if measured.in_steps else "eight of ten"
    return (
        f"{told.id}: {told.measure} on day {told.day:g} about {middle}, in {share} between {low} and "
        f"{high} ({told.why})"
    )
