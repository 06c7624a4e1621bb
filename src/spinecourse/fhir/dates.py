"""FHIR dates: what day they name, how exactly, and whether they lie ahead.

A time with an offset keeps the calendar day of its own place, as clinic and patient wrote it down; only the
question whether it lies in the future is asked of the same moment elsewhere too.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_PATTERN: Final = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_LEAP_SECOND: Final = 60
_AGE_UNITS: Final = {"a": 365.2425, "mo": 365.2425 / 12, "wk": 7.0, "d": 1.0}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of the record: the first and last day it may mean, and the earliest day it is anywhere on earth.

    ``first`` and ``last`` are the same for a full date and differ for a year or a month alone.
    """

    first: date
    last: date
    earliest: date

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def after(self, day: date) -> bool:
        """Whether the moment lies after a day, whatever the time zone."""
        return min(self.first, self.earliest) > day


def parse(text: str) -> Moment | None:
    """A FHIR date, dateTime or instant; None where the text is none or names no real day."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return None
    try:
        first = date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
        return Moment(first, _last(first, found), _earliest(first, found))
    except (ValueError, OverflowError):
        return None


def _last(first: date, found: re.Match[str]) -> date:
    if found["day"]:
        return first
    month = first.month if found["month"] else 12
    return date(first.year, month, calendar.monthrange(first.year, month)[1])


def _earliest(first: date, found: re.Match[str]) -> date:
    if found["hour"] is None:
        return first
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if hour > _LAST_HOUR or minute > _LAST_MINUTE or second > _LEAP_SECOND:
        raise ValueError("no such time")
    moment = datetime(first.year, first.month, first.day, hour, minute, tzinfo=UTC)
    return (moment - _offset(found["zone"])).date()


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return -size if zone[0] == "-" else size


def at_age(birth: date, value: float, unit: str) -> Moment | None:
    """The moment at which somebody was of an age; imprecise by one such unit; None for an unknown unit."""
    days = _AGE_UNITS.get(unit)
    if days is None:
        return None
    try:
        first = birth + timedelta(days=value * days)
        return Moment(first, birth + timedelta(days=(value + 1) * days - 1), first)
    except OverflowError:
        return None


def years_between(birth: date, day: date) -> int:
    """Completed years of age on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
