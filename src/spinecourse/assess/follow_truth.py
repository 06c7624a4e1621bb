"""Followed courses whose end is known, as arrays: what a follower may see, and what became of the patient.

The end is the mean of the scores at the horizon and after, those learned ``after`` included; what came before it may
be seen. Where no score is so late, the last score learned ``after`` is the end.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spinecourse.course import Course as PatientCourse
from spinecourse.course import Fact, Patient
from spinecourse.errors import UserError
from spinecourse.findings.operations import follow_parameter
from spinecourse.follow.episodes import Course, Episode, episodes
from spinecourse.follow.model import History, follow_batch
from spinecourse.follow.tracked import Task, build

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """Arrays of shape (patients, visits), NaN without a report; the others of shape (patients,).

    ``days`` since the start; ``change`` from the score before it in important differences, worse positive; ``chance``
    and ``alarm`` are what following says at each report. ``review`` is the day on which the end is seen, ``failed``
    whether it came without an important improvement, ``start_share`` the score before as a share of the range, and
    ``group`` the family of treatments with the measure.
    """

    days: Array
    change: Array
    chance: Array
    alarm: Flags
    review: Array
    failed: Flags
    start_share: Array
    group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Ended:
    """One episode with its end."""

    task: Task
    failed: bool
    review: float


def judged(courses: Iterable[PatientCourse]) -> tuple[Judged | None, int]:
    """The courses that can be judged, and how many there were in all; None where none can be."""
    every = [_ended(course) for course in courses]
    ended = [found for found in every if found is not None]
    if not ended:
        return None, len(every)
    groups = {found.task.course.measured.measure for found in ended}
    parts = [
        _arrays([found for found in ended if found.task.course.measured.measure == name]) for name in sorted(groups)
    ]
    return _joined(parts), len(every)


def _ended(course: PatientCourse) -> _Ended | None:
    """The first episode and measure of a course whose end is known and before which somebody reported."""
    told = {fact.number for fact in course.facts if fact.after}
    facts = [replace(fact, after=False) for fact in course.facts]
    for episode in reversed(episodes(facts)):
        for found in episode.courses:
            ended = _of(episode, found, told)
            if ended is not None:
                return ended
    return None


def _of(episode: Episode, course: Course, told: set[int]) -> _Ended | None:
    base, needed, start = course.baseline, course.needed, episode.start
    if base is None or needed is None or needed <= 0 or start is None:
        return None
    horizon = float(episode.family["horizon_days"])
    late = [report for report in course.reports if report.day - start >= follow_parameter("outcome_share") * horizon]
    ends = late or [report for report in course.reports[-1:] if report.fact.number in told and report.fact.number]
    seen = (
        tuple(report for report in course.reports if report not in ends and report.day < min(end.day for end in ends))
        if ends
        else ()
    )
    if not ends or not seen:
        return None
    sign = 1 if course.measured.worst > course.measured.best else -1
    room = sign * (base.score - course.measured.best)
    if room < needed:
        return None
    gain = sign * (base.score - float(np.mean([report.score for report in ends])))
    task = Task(episode, replace(course, reports=seen), seen[-1].day, None)
    return _Ended(task, gain < needed, float(ends[0].day - start))


def _arrays(ended: Sequence[_Ended]) -> Judged:
    built = build([found.task for found in ended])
    history: History = follow_batch(built)
    sign = 1.0 if built.measured.worst > built.measured.best else -1.0
    change = sign * (built.seen.scores - built.baseline[:, None]) / built.needed[:, None]
    families = [found.task.episode.family["family"] for found in ended]
    return Judged(
        days=built.seen.days - built.start[:, None],
        change=change,
        chance=history.chance,
        alarm=history.alarm,
        review=np.array([found.review for found in ended]),
        failed=np.array([found.failed for found in ended]),
        start_share=(built.baseline - built.measured.best) / (built.measured.worst - built.measured.best),
        group=tuple(f"{family} {built.measured.measure}" for family in families),
    )


def _joined(parts: Sequence[Judged]) -> Judged:
    width = max(part.days.shape[1] for part in parts)

    def wide(name: str) -> Array:
        return np.vstack(
            [
                np.pad(getattr(part, name), ((0, 0), (0, width - part.days.shape[1])), constant_values=np.nan)
                for part in parts
            ]
        )

    alarms = [np.pad(part.alarm, ((0, 0), (0, width - part.days.shape[1]))) for part in parts]
    flat = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in ("review", "failed", "start_share")
    }
    groups = tuple(group for part in parts for group in part.group)
    return Judged(wide("days"), wide("change"), wide("chance"), np.vstack(alarms), **flat, group=groups)


def read_visits(path: Path) -> Iterator[PatientCourse]:
    """Courses from a table with a row a person and visit: ``patient``, ``arm``, ``week``, ``odi``.

    An arm with physiotherapy in its name starts physiotherapy on day 0, any other one education and advice.
    Raises UserError where a column is missing or a cell is no number.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    wanted = {"patient", "arm", "week", "odi"}
    if not rows or not wanted <= rows[0].keys():
        raise UserError(f"{path}: expected columns {', '.join(sorted(wanted))}, one row a person and visit")
    people: dict[str, list[Fact]] = {}
    for line, row in enumerate(rows, start=2):
        treatment = "physiotherapy" if "physio" in row["arm"] else "education"
        facts = people.setdefault(row["patient"], [Fact("treatment", treatment, 0)])
        if row["odi"]:
            try:
                facts.append(Fact("measure", "odi", round(float(row["week"]) * 7), value=float(row["odi"])))
            except ValueError:
                raise UserError(f"{path}, line {line}: week and odi should be numbers") from None
    for name, facts in people.items():
        yield PatientCourse(Patient(name), tuple(facts))
