"""The demonstration clinic: invented patients.

One part has the facts of published case reports, as they were at the first visit (``clinic.jsonl``). The other is of
our own invention and shows what years bring: operations that helped and others that did not, silence, hopes
(``followed/``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import as_file, files
from typing import Final

from spinecourse.course import read_courses
from spinecourse.course.model import Course
from spinecourse.store.model import Person
from spinecourse.store.store import Store

INVENTED: Final = "made up for this demonstration, after nobody"


def load_demo_clinic(store: Store, *, presented_on: date) -> int:
    """Enters the invented patients into an empty store; returns how many.

    ``presented_on`` is today for the clinic: day 0 of those of the case reports, and the day to which the others have
    been followed. A store that holds anybody is left as it is, and 0 returned.
    """
    if not store.is_empty():
        return 0
    who, days_ago = demo_people(), _presented_days_ago()
    count = 0
    for course in demo_courses(presented_on):
        began = presented_on - timedelta(days=days_ago.get(course.id, 0))
        store.add_course(course, person=who[course.id], presented_on=began)
        count += 1
    return count


def demo_courses(today: date) -> Iterator[Course]:
    """Every invented course: the case reports first, then those followed for years."""
    with as_file(files("spinecourse.store.demo")) as folder:
        for path in (folder / "clinic.jsonl", *sorted((folder / "followed").glob("*.yaml"))):
            yield from (reading.course for reading in read_courses(path, today=today) if reading.course is not None)


def demo_people() -> dict[str, Person]:
    """Name and source of every invented patient, by id."""
    reports = {row["id"]: Person(row["name"], row["source_title"], row["source_url"]) for row in _rows("people.csv")}
    return reports | {row["id"]: Person(row["name"], INVENTED) for row in _rows("followed/people.csv")}


def _presented_days_ago() -> dict[str, int]:
    return {row["id"]: int(row["presented_days_ago"]) for row in _rows("followed/people.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("spinecourse.store.demo").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
