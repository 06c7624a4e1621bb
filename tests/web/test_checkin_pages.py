"""The check-in: what a patient is told, that silence never reassures, and that it works without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_server import serving

from readability import reading_age
from spinecourse.assess import assess_course
from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.knowledge.tables import load
from spinecourse.measures.checkin import Answer, checkin_items, open_red_flags
from spinecourse.store import PATIENT, Person, Store, open_store
from spinecourse.web.checkin.answers import facts_of, merged
from spinecourse.web.checkin.reply import reply
from spinecourse.web.checkin.steps import LAST, items_of, none_of_the_others

EASIEST_AGE = 10.0
KNOWN = Course(Patient("a-1", 54.0, "female"), (Fact("symptom", "back_pain", -30),))
ALL_NO: dict[str, Answer] = {
    name: "no" for name, item in checkin_items().items() if item.red_flag and item.answers[0] == "no"
}


def seen_with(answers: dict[str, Answer], day: int = 30) -> Assessment:
    return assess_course(Course(KNOWN.patient, (*KNOWN.facts, *facts_of(answers, day))))


def going(assessment: Assessment, status: str) -> Assessment:
    """The same assessment with another standing of follow."""
    return msgspec.structs.replace(assessment, follow=msgspec.structs.replace(assessment.follow, status=status))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/clinic.db")) as opened:
        began = date.today() - timedelta(days=30)
        opened.add_course(KNOWN, person=Person("Elder E."), presented_on=began)
        yield opened


@pytest.fixture
def phone(store: Store) -> Iterator[httpx.Client]:
    """A browser without JavaScript."""
    with (
        serving(store, assess_course) as address,
        httpx.Client(base_url=address, headers={"origin": address}, follow_redirects=True) as visitor,
    ):
        yield visitor


def begin(phone: httpx.Client) -> str:
    """The address of a new check-in."""
    return re.findall(r'href="(/checkin/[^"]+)"', phone.post("/patient/a-1/checkin").text)[0]


def test_a_danger_is_answered_with_what_to_do_and_why() -> None:
    answers = ALL_NO | {"saddle": "yes", "cannot_pee": "yes"}
    said = reply(answers, 30, seen_with(answers))
    assert said.kind == "emergency"
    assert {"saddle", "cannot_pee"} <= set(said.because)


@pytest.mark.parametrize("name", list(ALL_NO))
def test_no_danger_answered_with_yes_is_met_with_less_than_a_call(name: str) -> None:
    yes = next(answer for answer in checkin_items()[name].answers if answer not in ("no", "not_sure"))
    answers = ALL_NO | {name: yes}
    for status in ("on_course", "unknown", "failing"):
        said = reply(answers, 30, going(seen_with(answers), status))
        assert said.kind in ("emergency", "call")
        assert name in said.because


@given(st.sets(st.sampled_from(list(ALL_NO)), min_size=1), st.sampled_from(["skipped", "not_sure"]))
def test_nobody_is_told_to_be_as_expected_while_a_danger_is_open(left: set[str], how: str) -> None:
    answers = {name: "not_sure" if name in left else "no" for name in ALL_NO if name not in left or how == "not_sure"}
    said = reply(answers, 30, going(BASE, "on_course"))
    assert said.kind != "as_expected"
    assert set(said.open) == set(open_red_flags(answers)) == left


BASE = seen_with(dict(ALL_NO))


@pytest.mark.parametrize(
    ("status", "kind"),
    [("on_course", "as_expected"), ("slower", "slower"), ("off_course", "slower"), ("failing", "slower"),
     ("unknown", "unknown")],
)  # fmt: skip
def test_the_course_is_said_in_plain_words(status: str, kind: str) -> None:
    assert reply(ALL_NO, 30, going(BASE, status)).kind == kind


def test_a_failed_assessment_reassures_nobody() -> None:
    assert reply(ALL_NO, 30, None).kind == "unknown"


def test_an_answer_that_is_no_longer_asked_goes_and_others_stay() -> None:
    kept: dict[str, Answer] = {"pain_back": "yes", "pain_back_now": 7.0, "sleep": 3.0}
    assert merged(kept, {"pain_back": "no"}) == {"pain_back": "no", "sleep": 3.0}
    assert merged(kept, {"sleep": ""}) == {"pain_back": "yes", "pain_back_now": 7.0}
    assert merged(kept, {"sleep": "eleven", "nonsense": "1"}) == {"pain_back": "yes", "pain_back_now": 7.0}


def test_no_to_all_the_others_touches_no_answer_and_no_other_page() -> None:
    given_now: dict[str, Answer] = {"saddle": "yes", "fever": "not_sure"}
    step = next(step for step in range(1, LAST + 1) if any(item.name == "saddle" for item in items_of(step)))
    added = none_of_the_others(step, given_now)
    assert not set(added) & set(given_now)
    assert set(added) | set(given_now) == set(ALL_NO)


def test_without_javascript_it_is_filled_in_page_by_page_and_signed_by_the_patient(
    phone: httpx.Client, store: Store
) -> None:
    address = begin(phone)
    answered = {"pain_back": "yes", "pain_neck": "no", "pain_leg": "no", "pain_arm": "no"}
    shown = "pain_back pain_neck pain_leg pain_arm"
    opened = phone.post(address, data={"step": "1", "shown": shown, "action": "next", **answered})
    assert 'data-step="1"' in opened.text.split("<section")[0]
    told = {"pain_back_now": "4", "pain_back_worst": "6", "pain_back_least": "2", "pain_trend": "better"}
    names = " ".join([shown, *told])
    assert "step=2" in str(phone.post(address, data={"step": "1", "shown": names, "action": "next", **told}).url)
    phone.post(address, data={"step": "4", "shown": " ".join(ALL_NO), "action": "none"})
    done = phone.post(address, data={"step": "5", "shown": "goal goal_progress", "action": "send"})
    assert "We cannot yet say" in done.text or "where we expected" in done.text
    entered = [entry for entry in store.record("a-1") if entry.signature and entry.signature.by == PATIENT]
    facts = {(entry.fact.kind, entry.fact.name): entry.fact for entry in entered}
    assert facts["measure", "nrs_back"].value == 4.0
    assert facts["measure", "nrs_back"].day == 30
    assert not facts["symptom", "saddle_numbness"].present
    assert store.last_signed_by() == ""


def test_skipped_questions_enter_nothing_and_an_empty_check_in_is_not_sent(phone: httpx.Client, store: Store) -> None:
    address = begin(phone)
    refused = phone.post(address, data={"step": "5", "shown": "goal goal_progress", "action": "send"})
    assert refused.status_code == 422
    assert "not answered anything" in refused.text
    phone.post(f"{address}/save", data={"sleep": "5"})
    done = phone.post(address, data={"step": "5", "shown": "goal goal_progress", "action": "send"})
    assert "We do not know your answer here" in done.text
    assert "about where we expected" not in done.text
    entered = [entry.fact.name for entry in store.record("a-1") if entry.signature and entry.signature.by == PATIENT]
    assert entered == ["checkin_sleep"]


def test_an_emergency_is_said_before_it_is_sent(phone: httpx.Client) -> None:
    address = begin(phone)
    assert phone.post(f"{address}/save", data={"sleep": "5"}).json() == {"saved": True, "emergency": False}
    answer = phone.post(f"{address}/save", data={"saddle": "yes", "cannot_pee": "yes"})
    assert answer.json() == {"saved": True, "emergency": True}


def test_what_does_not_fit_is_asked_again_and_then_taken_as_it_is(phone: httpx.Client, store: Store) -> None:
    address = begin(phone)
    phone.post(f"{address}/save", data={"pain_back": "yes", "pain_back_now": "8", "pain_back_worst": "3"})
    sending = {"step": "5", "shown": "goal goal_progress", "action": "send"}
    assert "does not fit" in phone.post(address, data=sending).text
    phone.post(address, data=sending | {"confirmed": "1"})
    values = {entry.fact.name: entry.fact.value for entry in store.record("a-1")}
    assert (values["nrs_back"], values["nrs_back_worst"]) == (8.0, 3.0)


def test_a_check_in_is_sent_once_and_is_no_intake(phone: httpx.Client, store: Store) -> None:
    address = begin(phone)
    assert begin(phone) == address
    assert store.drafts() == []
    phone.post(f"{address}/save", data={"sleep": "5"})
    sending = {"step": "5", "shown": "goal goal_progress", "action": "send"}
    phone.post(address, data=sending)
    phone.post(address, data=sending)
    assert [entry.fact.name for entry in store.record("a-1")].count("checkin_sleep") == 1
    assert phone.post(f"{address}/save", data={"sleep": "1"}).status_code == 409
    assert begin(phone) != address


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_each_language_has_its_direction(phone: httpx.Client, language: str, direction: str) -> None:
    assert f'<html lang="{language}" dir="{direction}">' in phone.get(f"{begin(phone)}?language={language}").text


def test_the_page_uses_every_text_and_its_english_is_easy() -> None:
    folder = Path(__file__).parents[2] / "src/spinecourse/web"
    code = "".join(
        path.read_text() for name in ("checkin/*.py", "templates/checkin/*.html") for path in folder.glob(name)
    )
    rows = [row for row in load("measures/checkin_texts") if row["key"].startswith(("form.", "reply."))]
    keys = {row["key"] for row in rows}
    assert {key for key in keys if not re.search(rf"\b{key.partition('.')[2]}\b", code)} == set()
    english = "\n".join(row["text"] for row in rows if row["language"] == "en")
    assert reading_age(english) <= EASIEST_AGE
