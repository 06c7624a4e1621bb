"""A small clinic for the pages of the talk: some invented patients, assessed for real."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
from web_server import serving

from spinecourse.assess import assess_course
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.store import Person, Store, open_store
from spinecourse.store.demo import demo_courses

SILENT = Course(Patient("silent"), ())
"""Somebody of whom nothing is known."""
UNSCORED = Course(Patient("unscored", 50.0, "female"), (Fact("symptom", "back_pain", -400),))
"""Lasting back pain without any score."""


def demo_course(patient: str) -> Course:
    """One of the invented patients."""
    return next(course for course in demo_courses(date.today()) if course.id == patient)


@contextlib.contextmanager
def clinic_of(folder: Path, *courses: Course) -> Iterator[tuple[Store, httpx.Client]]:
    """A store with these courses, and a client of its pages."""
    with contextlib.closing(open_store(f"sqlite:///{folder}/clinic.db")) as store:
        for course in courses:
            store.add_course(course, person=Person(f"Name of {course.id}"))
        with (
            serving(store, assess_course) as address,
            httpx.Client(base_url=address, headers={"origin": address}, follow_redirects=True, timeout=60) as client,
        ):
            yield store, client
