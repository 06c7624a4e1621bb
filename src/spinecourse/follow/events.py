"""Improvement, remission and relapse in a row of scores, as ``follow/definitions`` says."""

from __future__ import annotations

from spinecourse.follow.episodes import Course, Report, acceptable
from spinecourse.follow.parameters import definition


def events(course: Course) -> list[str]:
    """What the scores show, in order of days; empty without a score before the start and an important change."""
    base, needed = course.baseline, course.needed
    if base is None or needed is None or needed <= 0:
        return []
    found = []
    improved = [report for report in course.reports if _gain(course, base, report) >= needed]
    if improved:
        found.append(f"day {improved[0].day} improvement")
    since = _remission(course)
    if since is not None:
        found.append(f"day {since} remission")
    relapse = _relapse(course, base, needed)
    if relapse is not None:
        found.append(f"day {relapse} relapse")
    return found


def _gain(course: Course, before: Report, after: Report) -> float:
    sign = 1 if course.measured.worst > course.measured.best else -1
    return sign * (before.score - after.score)


def _remission(course: Course) -> int | None:
    """The first day of the first run of reports in the acceptable state that is long enough."""
    run: list[int] = []
    for report in course.reports:
        if acceptable(course.measured.measure, report.score):
            run.append(report.day)
            if len(run) >= definition("remission", "reports") and run[-1] - run[0] >= definition(
                "remission", "days_apart"
            ):
                return run[0]
        else:
            run = []
    return None


def _relapse(course: Course, base: Report, needed: float) -> int | None:
    """The first day on which an improvement is lost again by the important difference."""
    best: Report | None = None
    for report in course.reports:
        gain = _gain(course, base, report)
        if best is not None and gain < needed and _gain(course, report, best) >= needed:
            return report.day
        if gain >= needed and (best is None or gain > _gain(course, base, best)):
            best = report
    return None
