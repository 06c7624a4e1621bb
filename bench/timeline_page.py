"""The timeline of a course of 1,000 facts, from request to the last byte: each course for the first time, then again.

python bench/timeline_page.py
"""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import date, timedelta

import httpx

from spinecourse.assess import assess_course
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.store import Person, open_store
from spinecourse.web.app import build_app

FACTS = 1000
PATIENTS = 6


def course_of(number: int) -> Course:
    """Years of two scores around a programme of exercise; each course differs."""
    first = [Fact("symptom", "back_pain", -30), Fact("treatment", "exercise", 5, until_day=100)]
    scores = [
        fact
        for visit in range((FACTS - len(first)) // 2)
        for fact in (
            Fact("measure", "odi", visit * 4, value=float(50 - (visit + number) % 25)),
            Fact("measure", "nrs_back", visit * 4, value=float(7 - (visit + number) % 5)),
        )
    ]
    return Course(Patient(f"p-{number}", 50.0, "male"), (*first, *scores))


async def timed() -> tuple[list[float], list[float]]:
    """Milliseconds of the first and of the second look at each course, without those of the first patient."""
    store = open_store("sqlite://")
    for number in range(PATIENTS):
        began = date.today() - timedelta(days=2100)
        store.add_course(course_of(number), person=Person(f"P{number}"), presented_on=began)
    transport = httpx.ASGITransport(app=build_app(store, assess_course))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        looks = [[await _look(client, number) for number in range(PATIENTS)] for _ in range(2)]
    store.close()
    return looks[0][1:], looks[1][1:]


async def _look(client: httpx.AsyncClient, number: int) -> float:
    began = time.perf_counter()
    (await client.get(f"/patient/p-{number}/timeline")).raise_for_status()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    first, again = asyncio.run(timed())
    medians = [statistics.median(looks) for looks in (first, again)]
    print(f"course of {FACTS} facts: first look {medians[0]:.0f} ms, again {medians[1]:.0f} ms")
