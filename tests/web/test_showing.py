"""What the pages make of every kind of answer, hostile text, and faults; assessments made by hand."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from handmade import HOSTILE, empty, full
from web_server import serving

from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.pictures import probability
from spinecourse.store import Person, Store, open_store
from spinecourse.web.clinic import Assess
from spinecourse.web.words import fact_wording, pieces, question, sentence, span, when

Visit = Callable[[Assess], httpx.Client]

ORDINARY = Course(
    Patient("a-1", 54.0, "female"),
    (Fact("symptom", "urinary_retention", -2), Fact("treatment", "fusion", -400, level="L4/5", response="none"),
     Fact("symptom", "fever", 0, present=False), Fact("sign", "babinski", None)),
)  # fmt: skip
NASTY = Course(Patient(HOSTILE), (Fact("treatment", "fusion", 0, dose=HOSTILE, level="L4/5", complication=HOSTILE),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/clinic.db")
    yield opened
    opened.close()


@pytest.fixture
def client(store: Store) -> Iterator[Callable[[Assess], httpx.Client]]:
    """A visitor of the pages over the store, once it has been filled."""
    with contextlib.ExitStack() as stack:

        def visit(assess: Assess) -> httpx.Client:
            address = stack.enter_context(serving(store, assess))
            return stack.enter_context(httpx.Client(base_url=address, timeout=60))

        yield visit


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What the server logged; the visitor of these tests, in the same process, logs addresses of its own."""
    return " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("http"))


def test_every_part_of_an_answer_is_shown(store: Store, client: Visit) -> None:
    store.add_course(ORDINARY, person=Person("Alder A."), presented_on=date.today())
    page = client(full).get("/patient/a-1").text
    for words in (
        "Alder A.", "54 years, female", "Cauda equina syndrome", "0.41",
        "Emergency MRI", "Same day",
        "urinary retention", "2 days before", "fever denied", "saddle numbness",
        "stands on guidance alone", "Infection", "L5 root, left",
        "common fibular nerve", "Babinski not found", "hip abduction left", "0.42 bits", "0.85", "Mostly neuropathic",
        "two facts contradict each other", "No pathway yet", "No expectation yet", "No follow-up yet",
        "When is not known", "response none", 'href="https://example.org/a?b=1&amp;c=2"',
        "About 13 months before",
    ):  # fmt: skip
        assert words in page, words


def test_nothing_to_say_is_said(store: Store, client: Visit) -> None:
    store.add_course(Course(Patient("a-1"), ()))
    page = client(empty).get("/patient/a-1").text
    for words in (
        "age not known, sex not known",
        "No rule for a danger fired",
        "Nothing has been recorded",
        "Nobody asked",
    ):
        assert words in page or words == "Nobody asked", words
    assert "last fact not known" in page


def test_hostile_text_stays_text(store: Store, client: Visit) -> None:
    store.add_course(NASTY, person=Person(HOSTILE, HOSTILE, 'https://example.org/"><script>'))
    visitor = client(full)
    worklist = visitor.get("/").text
    address = worklist.split('href="/patient/')[1].split('"')[0]
    for page in (worklist, visitor.get(f"/patient/{address}").text, visitor.get(f"/patient/{address}/spine.svg").text):
        assert "<script" not in page
        assert "<b>&" not in page
    assert "&lt;script&gt;" in visitor.get(f"/patient/{address}").text


def test_an_address_that_is_no_web_address_is_not_linked(store: Store, client: Visit) -> None:
    store.add_course(ORDINARY, person=Person("A", "A report", "javascript:alert(1)"))
    assert 'href="javascript' not in client(full).get("/patient/a-1").text


def test_who_could_not_be_assessed_stands_first_and_the_log_tells_no_facts(
    store: Store, client: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    def fails_on_one(course: Course) -> Assessment:
        if course.id == "a-1":
            raise ValueError("patient a-1 has urinary_retention")
        return full(course)

    store.add_course(Course(Patient("b-2"), ()))
    store.add_course(ORDINARY)
    with caplog.at_level(logging.DEBUG):
        visitor = client(fails_on_one)
        page = visitor.get("/").text
        assert page.index("a-1") < page.index("b-2")
        assert "the program failed on these records" in page
        assert "Not assessed." in visitor.get("/patient/a-1").text
        assert visitor.get("/patient/a-1.json").status_code == 500
    assert "ValueError" in logged(caplog)
    assert "a-1" not in logged(caplog)
    assert "urinary" not in logged(caplog)


def test_a_fault_of_ours_gives_a_plain_page(
    store: Store, client: Visit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store.add_course(ORDINARY)
    visitor = client(full)

    def breaks(*arguments: object, **names: object) -> str:
        raise RuntimeError("urinary_retention of a-1")

    monkeypatch.setattr("spinecourse.web.app.timeline", breaks)
    with caplog.at_level(logging.DEBUG):
        answer = visitor.get("/patient/a-1")
    assert answer.status_code == 500
    assert "a-1" not in answer.text + logged(caplog)
    assert "urinary" not in answer.text + logged(caplog)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("text", "what", "time"),
    [("day -2 symptom urinary_retention", "urinary retention", "2 days before"),
     ("day 0 power ankle_dorsiflexion left MRC 3", "power: ankle dorsiflexion left MRC 3", "at presentation"),
     ("day unknown sign babinski not found", "Babinski not found", "when is not known"),
     ("day -3 treatment nsaid none", "treatment: NSAID, response none", "3 days before"),
     ("something else entirely", "something else entirely", ""),
     ("day 0 reflex knee both normal", "reflex: knee both sides normal", "at presentation")],
)  # fmt: skip
def test_fact_wording(text: str, what: str, time: str) -> None:
    assert (fact_wording(text).what, fact_wording(text).when) == (what, time)


def test_other_wording() -> None:
    assert question("sensation S3[grade=reduced]") == "sensation: S3 (reduced)"
    assert question("symptom leg_pain[side=both]") == "leg pain (both sides)"
    assert question("power any[mrc<=3]") == "power: any (MRC ≤ 3)"
    assert sentence("myelopathy: day 0 sign hoffmann; day -9 power grip both MRC 4") == (
        "Myelopathy: Hoffmann; power grip both sides MRC 4"
    )
    assert [when(day) for day in (None, 0, 1, -1)] == [
        "when is not known",
        "at presentation",
        "1 day after",
        "1 day before",
    ]
    assert [span(days) for days in (13, 14, 90, 3650)] == [
        "13 days",
        "about 2 weeks",
        "about 3 months",
        "about 10 years",
    ]
    assert pieces("see https://a.org/b (read).") == [("see ", False), ("https://a.org/b", True), (" (read).", False)]
    assert [probability(value) for value in (None, 0.0, 0.001, 0.5, 0.999)] == [
        "not known", "0.00", "<\u202f0.01", "0.50", ">\u202f0.99",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["treatment nerve_root_block response = good", "treatment nerve_root_block good"])
def test_a_response_is_said_once(text: str) -> None:
    assert fact_wording(text).what == "treatment: nerve root block, response good"
