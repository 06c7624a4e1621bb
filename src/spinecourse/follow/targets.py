"""What is to be reached by when, and what to do where it is missed: treat to target.

A goal of the patient's own (``expectation: own_goal``) stands first, then what the patient expects of the treatment,
then the acceptable state of the measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spinecourse.course.model import Fact
from spinecourse.follow.answer import Target
from spinecourse.follow.episodes import Course, Episode, Report, acceptable_row, acceptable_state
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import Row, by_column, load

OWN_GOAL = "own_goal"
CHECK_IN_GOAL = "checkin_goal"
DAYS_A_MONTH = 30.4375


def targets(episode: Episode, facts: Sequence[Fact], as_of: int) -> list[Target]:
    """The targets of one episode: own goals, expectations of this treatment, acceptable states."""
    if episode.start is None:
        return []
    found = []
    for course in episode.courses:
        found += [*_hoped(episode, course, facts, as_of), *_acceptable(episode, course, as_of)]
    found += _check_in(episode, facts, as_of)
    kinds = (OWN_GOAL, "expected", "acceptable_state")
    return sorted(found, key=lambda target: kinds.index(target.kind))


def _hoped(episode: Episode, course: Course, facts: Sequence[Fact], as_of: int) -> Iterator[Target]:
    names = {fact.name for fact in episode.facts}
    for fact in facts:
        about = fact.kind == "expectation" and fact.measure == course.measured.measure
        if about and fact.value is not None and fact.name in {OWN_GOAL, *names}:
            start = (fact.day or 0) if fact.name == OWN_GOAL else (episode.start or 0)
            by_day = None if fact.months is None else start + round(fact.months * DAYS_A_MONTH)
            yield _target(episode, course, fact.name == OWN_GOAL, fact.value, by_day, as_of, [fact.text], [])


def _check_in(episode: Episode, facts: Sequence[Fact], as_of: int) -> Iterator[Target]:
    """The goal in the patient's own words, of which the check-in asks how close it is; full marks mean reached."""
    name = vocabulary.names()["measure", CHECK_IN_GOAL]
    said = [fact for fact in facts if (fact.kind, fact.name) == ("measure", CHECK_IN_GOAL) and fact.value is not None]
    dated = [fact for fact in said if fact.day is not None and fact.day >= (episode.start or 0)]
    if dated and name.highest is not None:
        row = by_column(load("follow/targets"), "measure_family")["disability"]
        newest = max(dated, key=lambda fact: fact.order)
        reached = (newest.value or 0.0) >= name.highest
        yield Target(
            kind="own_goal",
            measure=CHECK_IN_GOAL,
            wanted=name.highest,
            by_day=None,
            reached=reached,
            latest=newest.value,
            review_day=_review(episode, row, as_of),
            when_missed=_when_missed(row, reached, None, as_of),
            because=[newest.text],
            sources=[f"{row['source']} ({row['checked']})"],
            checked=row["checked"],
        )


def _acceptable(episode: Episode, course: Course, as_of: int) -> Iterator[Target]:
    limit, row = acceptable_state(course.measured.measure), acceptable_row(course.measured.measure)
    if limit is not None and row is not None:
        by_day = (episode.start or 0) + int(float(episode.family["horizon_days"]))
        source = f"{row['source']} ({row['checked']}) {row['source_url']}".strip()
        yield _target(episode, course, None, limit, by_day, as_of, [], [source])


def _target(
    episode: Episode, course: Course, own: bool | None, wanted: float, by_day: int | None, as_of: int,
    because: list[str], sources: list[str],
) -> Target:  # fmt: skip
    row = by_column(load("follow/targets"), "measure_family")[course.measured.family]
    latest = course.reports[-1] if course.reports else None
    reached = None if latest is None else _reached(course, latest, wanted)
    return Target(
        kind="acceptable_state" if own is None else "own_goal" if own else "expected",
        measure=course.measured.measure,
        wanted=wanted,
        by_day=by_day,
        reached=reached,
        latest=None if latest is None else latest.score,
        review_day=_review(episode, row, as_of),
        when_missed=_when_missed(row, reached, by_day, as_of),
        because=[*because, *([latest.fact.text] if latest else [])],
        sources=[*sources, f"{row['source']} ({row['checked']})"],
        checked=row["checked"],
    )


def _reached(course: Course, latest: Report, wanted: float) -> bool:
    lower_is_better = course.measured.worst > course.measured.best
    return latest.score <= wanted if lower_is_better else latest.score >= wanted


def _review(episode: Episode, row: Row, as_of: int) -> int:
    """The next review after ``as_of``: of the treatment, then at the interval of the measure."""
    start = episode.start or 0
    planned = [start + int(day) for day in episode.family.items_of("review_days")]
    ahead = [day for day in planned if day > as_of]
    if ahead:
        return ahead[0]
    step = int(float(row["review_days"]))
    return planned[-1] + step * (1 + max(0, (as_of - planned[-1]) // step))


def _when_missed(row: Row, reached: bool | None, by_day: int | None, as_of: int) -> str:
    """What to do now; nothing where it is reached, and to ask where nobody knows."""
    if reached:
        return ""
    if reached is None:
        return "ask for a score: whether it is reached is not known"
    overdue = by_day is not None and as_of >= by_day
    return row["when_missed_again"] if overdue else row["when_missed"]
