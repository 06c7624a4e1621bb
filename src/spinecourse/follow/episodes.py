"""From facts to episodes: each treatment begins one, with the scores before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spinecourse.course.model import Fact
from spinecourse.findings.operations import known_day, score_of
from spinecourse.follow.parameters import parameter
from spinecourse.knowledge.tables import Row, load
from spinecourse.measures import instruments, needed
from spinecourse.trajectory import Scale, scales


@dataclass(frozen=True, slots=True)
class Report:
    """One score on one day, and the fact that says it. ``of_symptom``: pain given with a complaint."""

    day: int
    score: float
    fact: Fact


@dataclass(frozen=True, slots=True)
class Course:
    """The scores of one measure around the start of one treatment; ``baseline`` None where none is on record."""

    measured: Scale
    baseline: Report | None
    reports: tuple[Report, ...]
    needed: float | None


@dataclass(frozen=True, slots=True)
class Episode:
    """One treatment, or several of one family begun on one day. ``start`` is None where nobody noted the day.

    ``ends`` is the day before the next treatment of equal or higher rank begins; None while none has.
    """

    family: Row
    facts: tuple[Fact, ...]
    start: int | None
    ends: int | None
    courses: tuple[Course, ...]

    @property
    def name(self) -> str:
        """What was done, as the record names it."""
        return " and ".join(dict.fromkeys(fact.name for fact in self.facts)) or self.family["family"]

    @property
    def is_operation(self) -> bool:
        """Whether the treatment is of the first rank."""
        return float(self.family["rank"]) == 1


def episodes(facts: Sequence[Fact]) -> list[Episode]:
    """The episodes of one course in order of their starts; those without a day come first and are not followed."""
    begun = _begun(facts)
    reports = _reports(facts)
    found: list[Episode] = []
    if not any(day is not None for _, day, _ in begun):
        found += _watched(reports)
    for family, start, started in begun:
        ends = _superseded(family, start, begun)
        courses = tuple(_courses(family, start, ends, reports)) if start is not None else ()
        found.append(Episode(family, started, start, ends, courses))
    return found


def _watched(reports: dict[str, list[Report]]) -> Iterator[Episode]:
    """Where no treatment with a day is on record, the scores since the first, watched for a worsening."""
    courses = []
    for measure in sorted(reports, key=_place):
        first, *later = reports[measure]
        size = worsening(measure, first.score)
        courses.append(Course(scales()[measure], first, tuple(later), None if size is None else -size))
    if courses:
        start = min(course.baseline.day for course in courses if course.baseline is not None)
        yield Episode(_families()["watching"], (), start, None, tuple(courses))


Begun = tuple[Row, int | None, tuple[Fact, ...]]


def _begun(facts: Sequence[Fact]) -> list[Begun]:
    """Treatments by family and first day."""
    grouped: dict[tuple[str, int | None], list[Fact]] = {}
    for fact in facts:
        family = family_of(fact)
        if family is not None:
            grouped.setdefault((family["family"], known_day(fact)), []).append(fact)
    found = [
        (_families()[family], day, tuple(sorted(group, key=lambda fact: fact.order)))
        for (family, day), group in grouped.items()
    ]
    return sorted(
        found, key=lambda entry: (entry[1] is not None, entry[1] or 0, float(entry[0]["rank"]), entry[0]["family"])
    )


@cache
def _families() -> dict[str, Row]:
    return {row["family"]: row for row in load("follow/treatment_families")}


@cache
def _family_names() -> dict[str, Row]:
    return {name: row for row in load("follow/treatment_families") for name in row.items_of("names")}


def family_of(fact: Fact) -> Row | None:
    """The family of a treatment; None for facts that begin no episode, a denied treatment among them."""
    return _family_names().get(fact.name) if fact.kind == "treatment" and fact.present else None


def _superseded(family: Row, start: int | None, begun: Sequence[Begun]) -> int | None:
    """The day before the next treatment that takes over: one of a higher rank, or of the same and another day."""
    if start is None:
        return None
    later = [
        day
        for other, day, _ in begun
        if day is not None and day > start and float(other["rank"]) <= float(family["rank"])
    ]
    return min(later) - 1 if later else None


def _reports(facts: Sequence[Fact]) -> dict[str, list[Report]]:
    """Every dated score by measure, in order of days; the worse of two on one day, as everywhere."""
    found: dict[str, dict[int, Report]] = {}
    for fact in facts:
        measure, score = score_of(fact) or ("", 0.0)
        if measure in scales() and fact.day is not None:
            held = found.setdefault(measure, {})
            report = Report(fact.day, score, fact)
            held[fact.day] = _worse(scales()[measure], held.get(fact.day), report)
    return {measure: [held[day] for day in sorted(held)] for measure, held in found.items()}


def _worse(measured: Scale, held: Report | None, new: Report) -> Report:
    if held is None:
        return new
    sign = 1 if measured.worst > measured.best else -1
    return max(held, new, key=lambda report: (sign * report.score, report.fact.text))


def _courses(family: Row, start: int, ends: int | None, reports: dict[str, list[Report]]) -> Iterator[Course]:
    """The scores of every measure that was taken before or since the start."""
    operation = float(family["rank"]) == 1
    for measure in sorted(reports, key=_place):
        found = reports[measure]
        baseline = _baseline(found, start, operation)
        later = tuple(
            report
            for report in found
            if report.day > start and report is not baseline and (ends is None or report.day <= ends)
        )
        if baseline is not None or later:
            measured = scales()[measure]
            yield Course(measured, baseline, later, None if baseline is None else _wanted(measured, baseline.score))


def _wanted(measured: Scale, score: float) -> float | None:
    """The important improvement; where a score is too good to leave room for one, that no important worsening comes."""
    size = important(measured.measure, score)
    if size is None or abs(score - measured.best) >= size:
        return size
    worse = worsening(measured.measure, score)
    return None if worse is None else -worse


def _baseline(reports: Sequence[Report], start: int, operation: bool) -> Report | None:
    """The last score not after the start; for other treatments than operations a first score soon after serves."""
    before = [report for report in reports if start - parameter("baseline_days") <= report.day <= start]
    if before or operation:
        return before[-1] if before else None
    soon = [report for report in reports if start < report.day <= start + parameter("baseline_grace_days")]
    return soon[0] if soon else None


@cache
def _places() -> dict[str, float]:
    return {row["measure"]: float(row["place"]) for row in load("follow/preferred_measures")}


def _place(measure: str) -> tuple[float, str]:
    return _places().get(measure, float("inf")), measure


@cache
def _instruments() -> dict[str, str]:
    """The instrument behind the name of each measure of a course."""
    return {each.fact: name for name, each in instruments().items()}


def instrument_of(measure: str) -> str | None:
    """The instrument of a measure; None where its scoring is not in the tables."""
    return _instruments().get(measure)


def important(measure: str, baseline: float) -> float | None:
    """The important improvement in points at this score before the start; None where none is published."""
    name = instrument_of(measure)
    found = float("nan") if name is None else float(needed(name, "important", baseline))
    return None if found != found else found


def acceptable(measure: str, score: float) -> bool:
    """Whether a score is an acceptable state; False where none is published."""
    limit = acceptable_state(measure)
    measured = scales()[measure]
    if limit is None:
        return False
    return score <= limit if measured.worst > measured.best else score >= limit


@cache
def acceptable_state(measure: str) -> float | None:
    """The score that is an acceptable state by the default row; None where none is published."""
    row = acceptable_row(measure)
    return None if row is None else row.number("amount")


@cache
def acceptable_row(measure: str) -> Row | None:
    """The default row of the acceptable state of a measure."""
    name = instrument_of(measure)
    rows = [
        row for row in load("measures/change_thresholds") if row["instrument"] == name and row["kind"] == "acceptable"
    ]
    return next((row for row in rows if row["by_default"] == "yes"), None)


def worsening(measure: str, baseline: float) -> float | None:
    """The important worsening in points; that of improvement where no other is published; None where none is."""
    name = instrument_of(measure)
    if name is None:
        return None
    found = float(needed(name, "important_worsening", baseline))
    return important(measure, baseline) if found != found else found
