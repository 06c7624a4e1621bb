"""The figures of what is realistic: the expected course of every option, and a hundred people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from spinecourse.expect.expectation_answer import Expectation
from spinecourse.expect.plain import outcome_words
from spinecourse.pictures import Forecast, Hope, Option, Outcome, draw_expected, draw_hundred
from spinecourse.trajectory import scale
from spinecourse.web.realistic import Hoped, Shown, Told

FATES: Final = {
    "much_better": "much better", "better": "better", "same": "about the same", "worse": "worse",
}  # fmt: skip
"""What may become of somebody, the best first, by the names of the counts."""


def expected_figure(outcome: str, shown: Sequence[Shown], hopes: Sequence[Hoped]) -> str:
    """One panel for each option that has figures for the outcome; empty where none has.

    Going on as now stands in every panel as a dashed line; the patient's hopes as marks.
    """
    told = [(option, option.of(outcome)) for option in shown]
    drawn = [Option(option.name, _course(each), _sure(each)) for option, each in told if each is not None]
    if not drawn:
        return ""
    natural = next((option.name for option, each in told if option.as_now and each is not None), None)
    measured, (what, unit) = scale(outcome), outcome_words(outcome)
    better = "less is better" if measured.best < measured.worst else "more is better"
    end = "" if "best" in unit else f": {better}"
    low, high = sorted((measured.best, measured.worst))
    marks = [Hope(hope.months or drawn[0].course[-1].months, hope.value) for hope in hopes if hope.outcome == outcome]
    return draw_expected(
        drawn, title=f"What to expect: {what}", measure=f"{what[:1].upper()}{what[1:]} {unit}{end}",
        lowest=low, highest=high, natural=natural, hopes=marks,
    )  # fmt: skip


def _course(told: Told) -> tuple[Forecast, ...]:
    first = told.course[0].baseline
    now = () if first is None else (Forecast(0.0, first, (first, first), (first, first)),)
    return now + tuple(_forecast(each) for each in told.course)


def _forecast(each: Expectation) -> Forecast:
    assert each.months is not None
    assert each.median is not None
    assert each.interval50 is not None
    assert each.interval90 is not None
    return Forecast(each.months, each.median, each.interval50, each.interval90)


def _sure(told: Told) -> str:
    return f"how sure: {told.course[0].certainty}" if told.course[0].certainty else ""


def hundred_figure(option: Shown) -> str:
    """A hundred people under an option by what becomes of them; empty where that is not known."""
    told = option.main
    if told is None or told.at is None or not told.people:
        return ""
    outcomes = [Outcome(FATES[name], count / 100) for name, count in told.people.items()]
    heading = f"{option.name}: 100 people like you after {told.at.months:g} months"
    return draw_hundred(outcomes, title=heading, heading=heading)
