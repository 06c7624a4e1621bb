"""The talk before the decision as a client without JavaScript meets it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from web_server import serving

from spinecourse.assess import assess_course
from spinecourse.course.model import Course, Fact
from spinecourse.store import Person, Store, open_store
from spinecourse.store.demo import demo_courses

TODAY = date.today()
PATIENT = "years-05"
TALK = f"/patient/{PATIENT}/talk"
HELD = {"held_on": TODAY.isoformat(), "by": "AB"}


def course_of(patient: str) -> Course:
    return next(course for course in demo_courses(TODAY) if course.id == patient)


def hopeless() -> Course:
    """The same patient, without any hope on record."""
    course = course_of(PATIENT)
    facts = tuple(fact for fact in course.facts if fact.kind != "expectation")
    return Course(replace(course.patient, id="hopeless"), facts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/clinic.db")) as opened:
        opened.add_course(course_of(PATIENT), person=Person("Elder E."), presented_on=TODAY - timedelta(days=30))
        opened.add_course(hopeless(), person=Person("Hazel H."))
        yield opened


@pytest.fixture
def client(store: Store) -> Iterator[httpx.Client]:
    with (
        serving(store, assess_course) as address,
        httpx.Client(base_url=address, headers={"origin": address}, follow_redirects=True, timeout=30) as visitor,
    ):
        yield visitor


def entered(store: Store, before: int, patient: str = PATIENT) -> list[Fact]:
    return list(store.course(patient).facts)[before:]


def gate(client: httpx.Client) -> tuple[str, list[str]]:
    surgery = client.get(f"/patient/{PATIENT}.json").json()["pathway"]["surgery"]
    return surgery["standing"], [entry["what"] for entry in surgery["missing"] if entry["blocks"]]


def test_the_talk_meets_what_the_gate_asks_for(client: httpx.Client) -> None:
    standing, missing = gate(client)
    assert standing == "unknown"
    assert [what for what in missing if "talk" in what] != []
    assert client.post(TALK, data=HELD).url.path == f"/patient/{PATIENT}"
    assert gate(client) == ("open", [])


def test_everything_said_becomes_signed_facts_under_one_entry(store: Store, client: httpx.Client) -> None:
    before = len(store.course(PATIENT).facts)
    told = {
        "hope.1.measure": "nrs_leg", "hope.1.value": "2,5", "hope.1.months": "12", "hope.1.treatment": "decompression",
        "hope.2.measure": "walking_distance_m", "hope.2.value": "1000", "hope.2.months": "6",
        "goal.walk_further": "yes", "goal.sleep_through": "yes",
        "decision.1.treatment": "going_on_as_now", "decision.1.choice": "agreed",
        "decision.2.treatment": "decompression", "decision.2.choice": "later",
        "said": "I want to dance at the wedding", "reasons": "first the sugar",
    }  # fmt: skip
    page = client.post(TALK, data={**HELD, **told})
    facts = entered(store, before)
    assert [fact.text for fact in facts] == [
        "day 30 event expectations_discussed", "day 30 expectation decompression 2.5",
        "day 30 expectation own_goal 1000", "day 30 goal walk_further", "day 30 goal sleep_through",
        "day 30 decision going_on_as_now agreed", "day 30 decision decompression later",
    ]  # fmt: skip
    assert [(fact.measure, fact.months) for fact in facts[1:3]] == [("nrs_leg", 12.0), ("walking_distance_m", 6.0)]
    signature = store.record(PATIENT)[-1].signature
    assert signature is not None
    assert signature.by == "AB"
    assert "I want to dance at the wedding" in signature.why
    assert "first the sugar" in signature.why
    assert {entry.signature.id for entry in store.record(PATIENT)[before:] if entry.signature} == {signature.id}
    assert "Undo this entry" in page.text
    again = client.get(TALK).text
    assert "I want to walk or stand longer (about 4 weeks after)" in again
    assert "Decompression: put off" in again


def test_an_undone_talk_no_longer_counts(store: Store, client: httpx.Client) -> None:
    client.post(TALK, data=HELD)
    signature = store.record(PATIENT)[-1].signature
    assert signature is not None
    client.post(f"/patient/{PATIENT}/undo/{signature.id}")
    assert gate(client)[0] == "unknown"


def test_the_same_hope_is_not_entered_twice(store: Store, client: httpx.Client) -> None:
    before = len(store.course(PATIENT).facts)
    same = {"hope.1.measure": "nrs_leg", "hope.1.value": "0", "hope.1.months": "12",
            "hope.1.treatment": "decompression"}  # fmt: skip
    client.post(TALK, data={**HELD, **same})
    assert [fact.kind for fact in entered(store, before)] == ["event"]


GOALS = {f"goal.{name}": "yes" for name in ("less_pain", "walk_further", "sleep_through", "work_again")}
BAD = {
    "value outside the measure": ({"hope.1.measure": "odi", "hope.1.value": "400", "hope.1.months": "12"}, "to 100"),
    "no value": ({"hope.1.measure": "nrs_leg", "hope.1.months": "12"}, "needs all three"),
    "no number": ({"hope.1.measure": "nrs_leg", "hope.1.value": "none", "hope.1.months": "12"}, "should be a number"),
    "no measure of ours": ({"hope.1.measure": "happiness", "hope.1.value": "1", "hope.1.months": "1"}, "measure"),
    "too many goals": (GOALS, "more than 3"),
    "half a decision": ({"decision.1.treatment": "fusion"}, "needs both"),
    "one treatment twice": ({"decision.1.treatment": "fusion", "decision.1.choice": "agreed",
                             "decision.2.treatment": "fusion", "decision.2.choice": "declined"}, "twice"),
    "no choice of ours": ({"decision.1.treatment": "fusion", "decision.1.choice": "perhaps"}, "agreed"),
    "too long": ({"said": "x" * 301}, "longer than 300"),
    "in the future": ({"held_on": (TODAY + timedelta(days=2)).isoformat()}, "lies in the future"),
    "no date": ({"held_on": "soon"}, "should be a date"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_enters_nothing_and_is_said(store: Store, client: httpx.Client, name: str) -> None:
    fields, message = BAD[name]
    before = store.course(PATIENT)
    answer = client.post(TALK, data={**HELD, "reasons": "kept while correcting", **fields})
    assert answer.status_code == 422
    assert "Nothing was entered yet" in answer.text
    assert message in answer.text
    assert "kept while correcting" in answer.text
    assert store.course(PATIENT) == before


def test_a_talk_without_a_hope_in_numbers_is_refused(store: Store, client: httpx.Client) -> None:
    before = store.course("hopeless")
    answer = client.post("/patient/hopeless/talk", data={"day": "40"})
    assert answer.status_code == 422
    assert "at least one hope in numbers" in answer.text
    assert store.course("hopeless") == before
    hope = {"hope.1.measure": "odi", "hope.1.value": "20", "hope.1.months": "12"}
    assert client.post("/patient/hopeless/talk", data={"day": "", **hope}).status_code == 422
    client.post("/patient/hopeless/talk", data={"day": "40", **hope})
    assert [fact.text for fact in entered(store, len(before.facts), "hopeless")] == [
        "day 40 event expectations_discussed",
        "day 40 expectation own_goal 20",
    ]


def test_what_a_patient_says_reaches_no_log(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post(TALK, data={**HELD, "said": "the secret garden", "reasons": "the secret door"})
        client.post(TALK, data={**HELD, "said": "the secret garden" * 60})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert [message for message in ours if "secret" in message] == []
