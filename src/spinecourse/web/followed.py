"""How each patient is going as of today, which the record alone cannot say: silence grows while nothing is entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from spinecourse.assess.assessing import follow_only
from spinecourse.course.model import Course
from spinecourse.follow import Follow
from spinecourse.pictures import Series, plain
from spinecourse.web.clinic import Seen
from spinecourse.web.course_figure import Figure, course_figure
from spinecourse.web.words import span

SPANS: Final = {"all": ("Whole course", None), "year": ("Last year", 365), "quarter": ("Last 3 months", 92)}
"""What the timeline may show: its name, and how many days back."""

_KEPT: Final = 1024


def followed(seen: Seen, today: date) -> Follow | None:
    """Whether it goes as expected as of today; None where the assessment failed.

    Where nobody knows the date of day 0, it is the answer as of the newest fact, which sees no silence since.
    """
    if seen.assessment is None:
        return None
    day = today_of(seen, today)
    newest = max((fact.day for fact in seen.course.facts if fact.day is not None), default=0)
    return seen.assessment.follow if day is None or day <= newest else _followed(seen.course, day)


def today_of(seen: Seen, today: date) -> int | None:
    """Today as a day of the course; None where nobody knows the date of day 0."""
    began = seen.entry.presented_on
    return None if began is None else (today - began).days


@lru_cache(maxsize=_KEPT)
def _followed(course: Course, day: int) -> Follow:
    return follow_only([course], day)[0]


def ago(day: int | None, today: int | None) -> str:
    """How long before today a day was; empty where either is unknown."""
    if day is None or today is None:
        return ""
    return "today" if day >= today else f"{span(today - day)} ago"


def figure_of(course: Course, follow: Follow | None, today: int | None, back: int | None) -> Figure | None:
    """Treatments, measures with what is expected of them, and events; of the last ``back`` days, None for all."""
    episodes = follow.episodes if follow else []
    figure = course_figure(course.facts, episodes[0].measures if episodes else ())
    if figure is None:
        return None
    spans, series, events = figure
    measures = tuple(_with_goal(each, follow) for each in series)
    if back is None or today is None:
        return spans, measures, events
    start = today - back
    shown = (_clipped(each, start) for each in measures)
    return (
        tuple(replace(each, start=max(each.start, start)) for each in spans if (each.end or each.start) >= start),
        tuple(each for each in shown if each.reported),
        tuple(each for each in events if each.day >= start),
    )


def _with_goal(series: Series, follow: Follow | None) -> Series:
    """The series with what is to be reached by a day, where there is such a target."""
    targets = follow.targets if follow else []
    goals = [each for each in targets if plain(each.measure) == series.name and each.by_day is not None]
    return replace(series, goal=(float(goals[0].by_day or 0), goals[0].wanted)) if goals else series


def _clipped(series: Series, start: float) -> Series:
    goal = series.goal if series.goal and series.goal[0] >= start else None
    return replace(
        series,
        reported=tuple(point for point in series.reported if point[0] >= start),
        expected=tuple(point for point in series.expected if point[0] >= start),
        goal=goal,
    )
