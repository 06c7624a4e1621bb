"""The list of who is off course or silent, and the timeline: silence is seen as of today and never read as fine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import httpx
import pytest
from web_server import serving

from spinecourse.assess import assess_course
from spinecourse.store import Store, open_store
from spinecourse.store.demo import demo_courses, demo_people
from spinecourse.web.clinic import Seen
from spinecourse.web.followed import figure_of, followed, today_of
from spinecourse.web.following_pages import line_of, ordered, rows_of

TODAY = date.today()
DAYS_AGO = {"years-02": 560, "years-04": 260, "years-01": 560}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three of the invented patients: as expected, failing after a fusion, silent after an injection."""
    with closing(open_store(f"sqlite:///{tmp_path_factory.mktemp('follow')}/clinic.db")) as opened:
        for course in demo_courses(TODAY):
            if course.id in DAYS_AGO:
                began = TODAY - timedelta(days=DAYS_AGO[course.id])
                opened.add_course(course, person=demo_people()[course.id], presented_on=began)
        yield opened


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[httpx.Client]:
    with serving(store, assess_course) as address, httpx.Client(base_url=address) as visitor:
        yield visitor


def seen(store: Store, id: str) -> Seen:
    course = store.course(id)
    return Seen(course, store.entry(id), assess_course(course))


def test_silence_is_seen_as_of_today_and_not_as_of_the_newest_fact(store: Store) -> None:
    silent = seen(store, "years-04")
    assert silent.assessment is not None
    assert silent.assessment.follow.silence is None
    line = line_of(silent, followed(silent, TODAY), today_of(silent, TODAY))
    assert "silent" in line.marks
    assert line.status != "on_course"
    assert line.step


def test_a_failed_assessment_is_not_known_and_never_on_course(store: Store) -> None:
    broken = Seen(store.course("years-01"), store.entry("years-01"), None)
    assert followed(broken, TODAY) is None
    assert line_of(broken, None, 0).marks == ("unknown",)


def test_the_most_pressing_come_first(store: Store) -> None:
    everybody = [seen(store, id) for id in DAYS_AGO]
    lines = ordered([line_of(each, followed(each, TODAY), today_of(each, TODAY)) for each in everybody])
    assert lines[0].id == "years-02"
    assert lines[-1].id == "years-01"


def test_the_list_says_why_and_its_filter_stands_in_the_address(client: httpx.Client) -> None:
    failing = client.get("/follow?show=failing")
    assert "ends without an important improvement" in failing.text
    assert "years-02" in failing.text
    assert "years-04" not in failing.text
    assert "years-04" in client.get("/follow").text
    assert client.get("/follow?show=nonsense").status_code == 400


def test_the_timeline_holds_every_value_as_a_table_and_its_zoom_only_the_last(store: Store) -> None:
    fusion = seen(store, "years-02")
    follow, day = followed(fusion, TODAY), today_of(fusion, TODAY)
    whole, last = (figure_of(fusion.course, follow, day, back) for back in (None, 92))
    assert whole is not None
    assert last is not None
    assert any(row.expected for row in rows_of(whole))
    odi = sorted(fact.value for fact in fusion.course.facts if fact.name == "odi" and fact.value is not None)
    assert sorted(row.value for row in rows_of(whole) if row.measure == "ODI") == odi
    assert day is not None
    assert all(row.day >= day - 92 for row in rows_of(last))


@pytest.mark.parametrize("span", ["all", "year", "quarter", "nonsense"])
def test_every_part_of_the_timeline_is_shown(client: httpx.Client, span: str) -> None:
    for id in DAYS_AGO:
        assert client.get(f"/patient/{id}/timeline?span={span}").status_code == 200


def test_the_patient_page_says_how_it_goes_as_of_today(client: httpx.Client) -> None:
    page = client.get("/patient/years-04").text
    assert "<b>Silent:</b>" in page
    assert "Send a check-in" in page
