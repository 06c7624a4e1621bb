"""Many episodes followed at once, one batch a measure, and what is said of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from spinecourse.follow.answer import BandPoint, Status, Tracked
from spinecourse.follow.episodes import Course, Episode
from spinecourse.follow.events import events
from spinecourse.follow.expected import Band, Shape, expected, shape, shape_of
from spinecourse.follow.model import (
    OFF_COURSE,
    STATUSES,
    UNKNOWN,
    Episodes,
    History,
    boundary,
    chance_of_failing,
    follow_batch,
    success_limit,
)
from spinecourse.follow.parameters import parameter
from spinecourse.follow.silence import Due, silent_chance
from spinecourse.knowledge.tables import load
from spinecourse.trajectory import Scale, Seen, condition


@dataclass(frozen=True, slots=True)
class Task:
    """One measure of one episode to be followed up to a day, and what is due by then."""

    episode: Episode
    course: Course
    as_of: int
    due: Due | None
    band: Band | None = None


def track(tasks: Sequence[Task]) -> list[Tracked]:
    """What is said of each task, in their order."""
    grouped: dict[str, list[int]] = defaultdict(list)
    for at, task in enumerate(tasks):
        if task.course.needed is not None and task.course.baseline is not None:
            grouped[task.course.measured.measure].append(at)
    found: dict[int, Tracked] = {}
    for places in grouped.values():
        members = [tasks[at] for at in places]
        built = build(members)
        history = follow_batch(built)
        bands = _bands(built, members)
        found |= {
            at: _tracked(task, built, history, row, bands[row])
            for row, (at, task) in enumerate(zip(places, members, strict=True))
        }
    return [found[at] if at in found else _untold(task) for at, task in enumerate(tasks)]


def build(tasks: Sequence[Task]) -> Episodes:
    """The arrays of tasks that share a measure and have a score before the start."""
    measured = tasks[0].course.measured
    width = max(1, *(len(task.course.reports) for task in tasks))
    days, scores = np.full((len(tasks), width), np.nan), np.full((len(tasks), width), np.nan)
    for row, task in enumerate(tasks):
        for visit, report in enumerate(task.course.reports):
            days[row, visit], scores[row, visit] = report.day, report.score
    baseline = np.array([task.course.baseline.score for task in tasks if task.course.baseline is not None], dtype=float)
    starts = np.array([float(task.episode.start or 0) for task in tasks])
    return Episodes(
        measured,
        expected(measured, [_shape(task, measured) for task in tasks], baseline, starts),
        Seen(days, scores),
        baseline,
        np.array([task.course.needed for task in tasks], dtype=float),
        starts,
        np.array([float(task.episode.family["decision_day"]) for task in tasks]),
        np.array([float(task.episode.family["horizon_days"]) for task in tasks]),
        [boundary(task.episode.family["family"], measured.family) for task in tasks],
    )


def _shape(task: Task, measured: Scale) -> Shape:
    if task.band is not None:
        return shape_of(task.band, measured)
    return shape(task.episode.family["family"], measured.family)


def _tracked(task: Task, built: Episodes, history: History, row: int, band: list[BandPoint]) -> Tracked:
    """One row of a batch in words and numbers; a silent course is unknown unless it was off course already."""
    course, base = task.course, task.course.baseline
    assert base is not None
    reports = course.reports
    codes = [int(code) for code in history.status[row, : len(reports)]]
    code = next((code for code in reversed(codes) if code != UNKNOWN), UNKNOWN)
    chances = _chances(task, built, history, row)
    silent = task.due is not None and task.due.days_late > 0
    told = UNKNOWN if silent and code < OFF_COURSE else code
    status: Status = STATUSES[told]
    latest = reports[-1] if reports else None
    gain = None if latest is None else _gain(course, base.score, latest.score)
    flare = _is_flare(history, row, len(reports), told)
    return Tracked(
        measure=course.measured.measure,
        status=status,
        since_day=_since(codes, [report.day for report in reports], told, silent),
        baseline=base.score,
        baseline_day=base.day,
        latest=None if latest is None else latest.score,
        latest_day=None if latest is None else latest.day,
        improvement=None if gain is None else round(gain, 2),
        important_change=abs(course.needed or 0.0),
        chance_without_improvement=round(chances[0], 3),
        chance_lowest=None if not silent else round(chances[1], 3),
        chance_highest=None if not silent else round(chances[2], 3),
        expected=band,
        flare=flare,
        events=events(course),
        because=[base.fact.text, *(report.fact.text for report in reports[-3:])],
        why=_why(task, status, code, chances[0], latest is not None, flare),
        sources=[built.expected.sources[row]],
    )


def _gain(course: Course, before: float, after: float) -> float:
    return (before - after) if course.measured.worst > course.measured.best else (after - before)


def _chances(task: Task, built: Episodes, history: History, row: int) -> tuple[float, float, float]:
    """The chance at the end, moved by silence, and its bounds where the unseen may be better or worse than expected."""
    chances = []
    wider = 0.0 if task.due is None else task.due.delta
    for shift in (0.0, -wider, wider):
        limit = success_limit(built.measured, built.baseline, built.needed + shift * np.abs(built.needed))
        chances.append(float(chance_of_failing(history.last, built, limit)[row]))
    missed = 0 if task.due is None else task.due.missed
    return (silent_chance(chances[0], missed), chances[1], max(chances[2], silent_chance(chances[2], missed)))


def _since(codes: Sequence[int], days: Sequence[int], told: int, silent: bool) -> int | None:
    """The first day of the unbroken run of reports that say the same, off course and failing taken together."""
    if told == UNKNOWN and silent:
        return days[-1] if days else None
    since = None
    for code, day in zip(reversed(codes), reversed(days), strict=True):
        if code == UNKNOWN:
            continue
        if code != told and not (code >= OFF_COURSE and told >= OFF_COURSE):
            break
        since = day
    return since


def _is_flare(history: History, row: int, reports: int, told: int) -> bool:
    """Whether the newest report stands out alone: two in a row are a trend."""
    surprises = history.surprise[row, :reports]
    limit = parameter("flare_surprise")
    if not len(surprises) or surprises[-1] < limit:
        return False
    return bool(len(surprises) > 1 and surprises[-2] < limit and told < OFF_COURSE)


def _bands(built: Episodes, tasks: Sequence[Task]) -> list[list[BandPoint]]:
    """The expected band of each task on the days of its shape since the start, from the score before it alone."""
    nothing = Seen(np.full((len(tasks), 1), np.nan), np.full((len(tasks), 1), np.nan))
    known = condition(built.measured, built.expected.how, built.expected.group, nothing)
    elapsed = built.expected.group.days[built.expected.group.days > 0]
    mean, sd = known.latent(built.start[:, None] + elapsed)
    levels = ndtri([parameter("band_lowest"), 0.5, parameter("band_highest")])
    scores = np.sort(built.measured.score(mean[..., None] + sd[..., None] * levels), axis=-1)
    found = []
    for row, task in enumerate(tasks):
        wanted = np.isin(elapsed, _shape(task, built.measured).days)
        days = (built.start[row] + elapsed[wanted]).astype(int)
        three = np.round(scores[row, wanted], 1)
        found.append([BandPoint(int(day), *map(float, values)) for day, values in zip(days, three, strict=True)])
    return found


def _why(task: Task, status: Status, code: int, chance: float, reported: bool, flare: bool) -> str:
    """One sentence that a clinician can read out."""
    measure = task.course.measured.measure
    if not reported:
        return f"{measure}: no score since the start, so nothing is said of the course"
    end = "with an important worsening" if (task.course.needed or 0) < 0 else "without an important improvement"
    said = f"{measure}: {status.replace('_', ' ')}, {chance:.0%} that it ends {end}"
    if status == "unknown" and code != UNKNOWN:
        said += f"; the last report was {STATUSES[code].replace('_', ' ')}, and nothing has been heard since"
    return said + ("; the newest report stands out alone, ask again in two weeks" if flare else "")


def _untold(task: Task) -> Tracked:
    """A measure of which nothing can be said: no score before the start, or no important change published."""
    base, reports = task.course.baseline, task.course.reports
    latest = reports[-1] if reports else None
    measure = task.course.measured.measure
    lacking = "no score before the start" if base is None else "no important change is published for it"
    gain = None if base is None or latest is None else round(_gain(task.course, base.score, latest.score), 2)
    return Tracked(
        measure, "unknown", None, None if base is None else base.score, None if base is None else base.day,
        None if latest is None else latest.score, None if latest is None else latest.day, gain, None, None, None, None,
        [], False, [], [report.fact.text for report in reports[-3:]], f"{measure}: {lacking}, so no course is told", [],
    )  # fmt: skip


def measures_that_count() -> tuple[str, ...]:
    """The measures in the order in which they decide."""
    return tuple(row["measure"] for row in load("follow/preferred_measures"))
