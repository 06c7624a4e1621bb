"""Courses followed: how each goes, who is silent, what may have failed, and what is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spinecourse.course.model import Course, Fact
from spinecourse.findings import Batch
from spinecourse.findings.derived import assessment_day
from spinecourse.follow import answer
from spinecourse.follow.answer import Follow, Status, Tracked
from spinecourse.follow.episodes import Episode, episodes
from spinecourse.follow.expected import Band
from spinecourse.follow.failed_surgery import failed_surgery
from spinecourse.follow.opioids import opioids
from spinecourse.follow.parameters import parameter
from spinecourse.follow.silence import Due, due, silence
from spinecourse.follow.targets import targets
from spinecourse.follow.tracked import Task, track


@dataclass(frozen=True, slots=True)
class _Followed:
    """One course before its measures are followed."""

    facts: list[Fact]
    as_of: int
    found: list[Episode]
    dues: list[Due | None]


def follow_courses(
    courses: Sequence[Course],
    batch: Batch,
    *,
    as_of_day: int | None = None,
    bands: Mapping[tuple[int, str, str], Band] | None = None,
) -> list[Follow]:
    """Follow each course of a batch, in their order. Facts learned ``after`` are left out.

    ``as_of_day`` is today, as a day of every course: later facts are not known yet. Without it today is the day of the
    newest fact, so that silence is seen only where something else is newer. ``bands`` has what is expected instead of
    the published shapes, by row, treatment and measure.
    """
    opened = [_opened(course, as_of_day) for course in courses]
    tasks, owners = [], []
    for row, one in enumerate(opened):
        for place, (episode, waiting) in enumerate(zip(one.found, one.dues, strict=True)):
            for course in episode.courses:
                band = _band(bands, row, episode, course.measured.measure)
                tasks.append(Task(episode, course, one.as_of, waiting, band))
                owners.append((row, place))
    tracked: dict[tuple[int, int], list[Tracked]] = {}
    for owner, found in zip(owners, track(tasks), strict=True):
        tracked.setdefault(owner, []).append(found)
    return [_follow(courses[row], batch, row, one, tracked) for row, one in enumerate(opened)]


def _band(bands: Mapping[tuple[int, str, str], Band] | None, row: int, episode: Episode, measure: str) -> Band | None:
    if bands is None:
        return None
    return next((bands[row, fact.name, measure] for fact in episode.facts if (row, fact.name, measure) in bands), None)


def _opened(course: Course, as_of_day: int | None) -> _Followed:
    known = [fact for fact in course.facts if not fact.after]
    if as_of_day is not None:
        known = [fact for fact in known if fact.day is None or fact.day <= as_of_day]
    as_of = as_of_day if as_of_day is not None else (assessment_day(known) or 0)
    found = episodes(known)
    return _Followed(known, as_of, found, [due(episode, _last_day(episode), as_of) for episode in found])


def _last_day(episode: Episode) -> int | None:
    """The day of the newest report of any measure since the start."""
    return max((course.reports[-1].day for course in episode.courses if course.reports), default=None)


def _follow(
    course: Course, batch: Batch, row: int, one: _Followed, tracked: Mapping[tuple[int, int], list[Tracked]]
) -> Follow:
    failed = failed_surgery(Course(course.patient, tuple(one.facts)), batch, row)
    order = sorted(range(len(one.found)), key=lambda place: _governs(one, place))
    answered = [_answer(one.found[place], tracked.get((row, place), [])) for place in order]
    taken = opioids(Course(course.patient, tuple(one.facts)), batch, row, one.as_of)
    if not answered:
        return Follow("unknown", [], NOTHING_TO_FOLLOW, as_of_day=one.as_of, failed_surgery=failed, opioids=taken)
    first, episode, waiting = answered[0], one.found[order[0]], one.dues[order[0]]
    quiet = silence(episode, waiting, _last_day(episode), first.because)
    leading = first.measures[0] if first.measures else None
    return Follow(
        status=first.status,
        because=[*(leading.because if leading else first.because), *([quiet.why] if quiet else [])],
        why=first.why,
        since_day=_since(first),
        as_of_day=one.as_of,
        chance_without_improvement=leading.chance_without_improvement if leading else None,
        episodes=answered,
        silence=quiet,
        targets=targets(episode, one.facts, one.as_of),
        failed_surgery=failed,
        opioids=taken,
    )


NOTHING_TO_FOLLOW = "no treatment and no score is on record that could be followed"


def _governs(one: _Followed, place: int) -> tuple[object, ...]:
    """The order in which episodes decide: open ones with reports, the highest rank, the newest."""
    episode = one.found[place]
    if episode.start is None:
        return (3, 0, 0, episode.name)
    stale = one.as_of - episode.start > parameter("governs_days")
    silent = not any(course.reports and course.baseline is not None for course in episode.courses)
    closed = episode.ends is not None
    rank = float(episode.family["rank"])
    return (2 if closed else 1 if stale else 0, rank if not silent or rank <= 2 else 9, -episode.start, episode.name)


def _since(first: answer.Episode) -> int | None:
    """The day from which it has been so: of the measure that decides, or of the one that made the status worse."""
    told = [each for each in first.measures if each.latest is not None]
    raised = [each for each in told[1:] if each.status in ("failing", "off_course")]
    deciding = raised if told and raised and told[0].status != first.status else told[:1]
    return next((each.since_day for each in deciding), None)


def _together(told: Sequence[Tracked]) -> Status:
    """The status of the measure that decides. Another that is off course makes it slower, one that fails off course:
    the promise on false alarms is one of a single measure, so a second raises the status by less than its own."""
    if not told:
        return "unknown"
    first, others = told[0].status, {each.status for each in told[1:]}
    if first in ("on_course", "slower") and "failing" in others:
        return "off_course"
    return "slower" if first == "on_course" and "off_course" in others else first


def _answer(episode: Episode, measures: list[Tracked]) -> answer.Episode:
    told = [each for each in measures if each.chance_without_improvement is not None and each.latest is not None]
    rest = [each for each in measures if each not in told]
    status: Status = _together(told)
    when = "on a day that is not on record" if episode.start is None else f"on day {episode.start}"
    begun = f"{episode.name.replace('_', ' ')} {when}"
    over = "" if episode.ends is None else f", until the next treatment after day {episode.ends}"
    if told:
        beside = [
            f"{each.measure} is {each.status.replace('_', ' ')}" for each in told[1:] if each.status != told[0].status
        ]
        why = f"{begun}{over}: {'; '.join([told[0].why, *beside])}"
    elif episode.start is None:
        why = f"{begun}: its course cannot be followed"
    else:
        why = f"{begun}{over}: without a score before it and one since, nothing is said of its course"
    because = [fact.text for fact in episode.facts]
    family = episode.family["family"]
    return answer.Episode(episode.name, family, episode.start, episode.ends, status, [*told, *rest], because, why)
