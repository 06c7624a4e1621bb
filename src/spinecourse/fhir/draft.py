"""Facts in the making: with moments of time instead of days, until the day of presentation is known."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Final

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.fhir.dates import Moment, years_between
from spinecourse.fhir.limits import limit
from spinecourse.fhir.report import ReportBuilder
from spinecourse.knowledge.vocabulary import find, keys_of

_COMPARED: Final = tuple(part.name for part in fields(Fact) if part.name not in {"day", "origin", "number", "line"})


@dataclass(frozen=True, slots=True)
class Times:
    """When a fact was so: its beginning, its end, and when it was recorded; None where the source did not say.

    ``over`` means that it has ended although no end is given.
    """

    start: Moment | None = None
    end: Moment | None = None
    recorded: Moment | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact without its day, and the times it will be counted from."""

    fact: Fact
    times: Times
    element: str

    @property
    def place(self) -> tuple[str, str]:
        """Path and name of the element it was made from, for the report."""
        return self.fact.origin or "", self.element


@dataclass(slots=True)
class Chart:
    """What has been read of one patient so far."""

    id: str
    path: str
    birth: Moment | None = None
    sex: str | None = None
    drafts: list[Draft] = field(default_factory=list)


def course_of(chart: Chart, today: date, report: ReportBuilder) -> Course:
    """The course of one patient: drafts checked against the calendar, days counted from presentation.

    Presentation, day 0, is the latest day on which anything kept of this patient began, ended or was recorded.
    What lies in the future, or before birth, is set aside and reported.
    """
    kept = [draft for draft in chart.drafts if _possible(draft, chart.birth, today, report)]
    kept = [_with_end_checked(draft, today, report) for draft in kept]
    zero = max((day for draft in kept for day in _days(draft.times, today)), default=None)
    facts = [fact for draft in kept for fact in _dated(draft, zero, report)]
    facts.sort(key=_order)
    numbered = tuple(replace(fact, number=at) for at, fact in enumerate(facts, start=1))
    return Course(_patient(chart, zero, today, report), numbered)


def _days(times: Times, today: date) -> list[date]:
    moments = (times.start, times.end, times.recorded)
    return [moment.first for moment in moments if moment and not moment.after(today)]


def _possible(draft: Draft, birth: Moment | None, today: date, report: ReportBuilder) -> bool:
    start = draft.times.start or draft.times.recorded
    if start is None:
        return True
    if start.after(today):
        report.note("date_future", *draft.place)
        return False
    if birth is not None and start.last < birth.first:
        report.note("date_before_birth", *draft.place)
        return False
    return True


def _with_end_checked(draft: Draft, today: date, report: ReportBuilder) -> Draft:
    end, start = draft.times.end, draft.times.start
    if end is None:
        return draft
    code = "end_future" if end.after(today) else None
    if start is not None and end.last < start.first:
        code = "end_before_start"
    if code is None:
        return draft
    report.note(code, *draft.place)
    return replace(draft, times=replace(draft.times, end=None))


def _dated(draft: Draft, zero: date | None, report: ReportBuilder) -> list[Fact]:
    """The draft as facts, days counted from day ``zero``: that it was so, and where it ended that it was over.

    None at all where it lies too far back. The end of a complaint is a fact of its own too, because a complaint that
    resolved was found to be gone.
    """
    start = _start_day(draft, zero, report)
    if start is not None and start < limit("earliest_day"):
        report.note("date_too_old", *draft.place)
        return []
    fact = replace(draft.fact, day=start)
    until = _end_day(draft, zero, start, report)
    if until is None or not fact.present:
        return [fact]
    if "until_day" not in keys_of(fact.kind):
        return [_over(fact, draft, report)]
    found = [replace(fact, until_day=until)]
    if fact.kind == "symptom" and (start is None or until > start):
        found.append(Fact(fact.kind, fact.name, until, present=False, side=fact.side, origin=fact.origin))
    return found


def _over(fact: Fact, draft: Draft, report: ReportBuilder) -> Fact:
    """What is over but has no end in a course: a history where the vocabulary has one of that name."""
    if fact.kind == "diagnosis" and find("history", fact.name):
        return Fact("history", fact.name, fact.day, origin=fact.origin)
    report.note("end_not_kept", *draft.place, f"{fact.kind} {fact.name}")
    return fact


def _start_day(draft: Draft, zero: date | None, report: ReportBuilder) -> int | None:
    times = draft.times
    start = _day(times.start, zero)
    if start is None:
        start = _day(times.recorded, zero)
        report.note("date_missing" if start is None else "date_from_record", *draft.place)
    elif times.start and not times.start.exact:
        report.note("date_imprecise", *draft.place)
    return start


def _end_day(draft: Draft, zero: date | None, start: int | None, report: ReportBuilder) -> int | None:
    """The last day; where it is over since nobody knows when, presentation, the first day it is known to be over."""
    until = _day(draft.times.end, zero)
    if until is None and draft.times.over:
        report.note("end_unknown", *draft.place)
        until = 0
    elif draft.times.end and not draft.times.end.exact:
        report.note("end_imprecise", *draft.place)
    return until if until is None or start is None else max(until, start)


def _day(moment: Moment | None, zero: date | None) -> int | None:
    return None if moment is None or zero is None else min((moment.first - zero).days, 0)


def _order(fact: Fact) -> tuple[object, ...]:
    """By day, undated last; then by everything else, so that the order of the document plays no part."""
    undated = fact.day is None
    rest = (str(getattr(fact, name)) for name in _COMPARED)
    return (undated, fact.day or 0, *rest, fact.origin or "")


def _patient(chart: Chart, zero: date | None, today: date, report: ReportBuilder) -> Patient:
    age = None
    if chart.birth is not None:
        if zero is None:
            report.note("presentation_today", chart.path, "Patient")
        age = years_between(chart.birth.first, zero or today)
        if not 0 <= age <= limit("oldest_age_years"):
            report.note("value_out_of_range", f"{chart.path}.birthDate", "Patient.birthDate")
            age = None
    sex = chart.sex if chart.sex in {"female", "male", "other"} else None
    return Patient(chart.id, age_years=age, sex=sex)  # type: ignore[arg-type]
