"""The demonstration clinic: invented patients whose facts were taken from published case reports."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import as_file, files

from spinecourse.course import read_courses
from spinecourse.store.store import Person, Store


def load_demo_clinic(store: Store, *, presented_on: date) -> int:
    """Enters the invented patients into an empty store, day 0 of each on ``presented_on``; returns how many.

    A store that holds anybody is left as it is, and 0 returned.
    """
    if not store.is_empty():
        return 0
    who = demo_people()
    count = 0
    with as_file(files("spinecourse.store.demo").joinpath("clinic.jsonl")) as path:
        for reading in read_courses(path, today=presented_on):
            if reading.course is not None:
                store.add_course(reading.course, person=who[reading.course.id], presented_on=presented_on)
                count += 1
    return count


def demo_people() -> dict[str, Person]:
    """Name and published source of every invented patient, by id."""
    text = files("spinecourse.store.demo").joinpath("people.csv").read_text(encoding="utf-8")
    return {
        row["id"]: Person(row["name"], row["source_title"], row["source_url"])
        for row in csv.DictReader(text.splitlines())
    }
