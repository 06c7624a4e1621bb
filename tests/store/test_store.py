"""The store: what goes in comes out, whole or not at all, and is never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.errors import NotFound, UserError
from spinecourse.store import Person, Store, open_store
from spinecourse.store.demo import demo_people, load_demo_clinic

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
numbers = st.none() | st.floats(-1e9, 1e9)
whole = st.none() | st.integers(-36500, 36500)
facts = st.builds(
    Fact, kind=words, name=words, day=whole, present=st.booleans(),
    side=st.sampled_from([None, "left", "right", "both", "midline"]),
    trend=st.sampled_from([None, "improving", "stable", "worsening"]), area=st.lists(words, max_size=3).map(tuple),
    nrs=numbers, mrc=numbers, grade=st.none() | words, modality=st.none() | words, degrees=numbers,
    level=st.none() | words, severity=st.none() | words, value=numbers, unit=st.none() | words, until_day=whole,
    sessions=whole, dose=st.none() | words, response=st.none() | words, complication=st.none() | words,
    measure=st.none() | words, months=numbers, number=st.integers(0, 9), line=whole, origin=st.none() | words,
)  # fmt: skip
patients = st.builds(Patient, st.just("x"), numbers, st.sampled_from([None, "female", "male", "other"]))
courses = st.builds(Course, patients, st.lists(facts, max_size=6).map(tuple))


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()


ONE = Course(Patient("one", 54, "female"), (Fact("symptom", "leg_pain", -3, side="left", nrs=8, area=("L5",)),))


@given(courses)
@settings(derandomize=True, max_examples=120, deadline=None)
def test_a_course_comes_out_as_it_went_in(course: Course) -> None:
    store = open_store("sqlite://")
    store.add_course(course)
    assert store.course("x") == course
    assert list(store.courses()) == [course]
    store.close()


def test_facts_known_only_later_are_not_kept(store: Store) -> None:
    later = replace(ONE, facts=(*ONE.facts, Fact("test", "crp", 9, value=3, after=True)))
    store.add_course(later)
    assert store.course("one") == ONE


def test_a_file_keeps_courses_beyond_the_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/clinic.db"
    first = open_store(url)
    first.add_course(ONE, person=Person("Alder A.", "A report", "https://example.org"), presented_on=date(2026, 3, 1))
    first.close()
    second = open_store(url)
    assert second.course("one") == ONE
    entry = second.entry("one")
    assert entry.person == Person("Alder A.", "A report", "https://example.org")
    assert entry.presented_on == date(2026, 3, 1)
    second.close()


def test_the_same_id_twice_is_refused_and_nothing_of_it_kept(store: Store) -> None:
    store.add_course(ONE)
    with pytest.raises(UserError, match="already"):
        store.add_course(replace(ONE, facts=(*ONE.facts, Fact("sign", "babinski", 0))))
    assert store.course("one") == ONE


def test_a_course_is_entered_whole_or_not_at_all(store: Store) -> None:
    broken = Course(Patient("two"), (*ONE.facts, Fact("sign", "babinski", 0, level={"not": "text"})))  # type: ignore[arg-type]
    with pytest.raises(Exception, match="type"):
        store.add_course(broken)
    with pytest.raises(NotFound):
        store.course("two")


def test_facts_are_never_changed_and_belong_to_somebody(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/clinic.db")
    store.add_course(ONE)
    with pytest.raises(IntegrityError, match="never changed"), store._engine.begin() as connection:
        connection.execute(text("UPDATE fact SET name = 'arm_pain'"))
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), store._engine.begin() as connection:
        connection.execute(text("INSERT INTO person VALUES ('nobody', 'A', NULL, NULL)"))
    with store._engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    store.close()


def test_unknown_patient(store: Store) -> None:
    for ask in (store.course, store.entry):
        with pytest.raises(NotFound):
            ask("nobody")


@pytest.mark.parametrize("content", [b"this is no database, it is a long line of text" * 30, None])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "clinic.db" if content else tmp_path / "nowhere" / "clinic.db"
    if content:
        path.write_bytes(content)
    with pytest.raises(UserError, match="cannot be opened"):
        open_store(f"sqlite:///{path}")


def test_a_text_that_is_no_url_is_refused() -> None:
    with pytest.raises(UserError, match="not a database URL"):
        open_store("clinic")


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/other.db"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE patient (id TEXT)"))
    engine.dispose()
    with pytest.raises(UserError, match="version 0"):
        open_store(url)


def test_the_demonstration_clinic(store: Store) -> None:
    assert load_demo_clinic(store, presented_on=date(2026, 3, 1)) == 79
    assert load_demo_clinic(store, presented_on=date(2026, 3, 1)) == 0
    people = demo_people()
    for course in store.courses():
        assert course.facts
        entry = store.entry(course.id)
        assert entry.person == people[course.id]
        assert (entry.person.source_url or entry.person.source_title or "").startswith(("http", "made up"))
    assert len({person.name for person in people.values()}) == 79


def test_those_followed_for_years_have_no_fact_in_the_future(store: Store) -> None:
    today = date(2026, 3, 1)
    load_demo_clinic(store, presented_on=today)
    for course in store.courses():
        began = store.entry(course.id).presented_on
        assert began is not None
        assert all(
            began + timedelta(days=fact.day or 0) <= today for fact in course.facts if course.id.startswith("years")
        )


def test_invented_ids_tell_nothing_of_the_case() -> None:
    reports = [f"demo-{number:02d}" for number in range(1, 66)]
    assert list(demo_people()) == [*reports, *(f"years-{number:02d}" for number in range(1, 15))]
