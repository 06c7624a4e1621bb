"""The check-in: every answer is a fact or says why not, skips stay unknown, dangers reach triage, words are whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readability import grade, reading_age
from spinecourse.assess.assessing import assess_course
from spinecourse.course.checking import check_course
from spinecourse.course.model import Course
from spinecourse.errors import NotFound, UserError
from spinecourse.knowledge.tables import load
from spinecourse.measures.checkin import (
    ANY,
    CheckinItem,
    asked,
    checkin_facts,
    checkin_items,
    contradictions,
    open_red_flags,
)
from spinecourse.measures.texts import keys_of, languages, text

EASIEST_AGE = 10.0
"""A check-in should be read with ease by somebody who reads like a child of this age."""


def allowed(item: CheckinItem) -> st.SearchStrategy[str | float]:
    if item.type == "choice":
        return st.sampled_from(item.answers)
    return st.integers(0, 10).map(float) if item.type == "scale" else st.just("walk to the shop")


@st.composite
def checkins(draw: st.DrawFn) -> dict[str, str | float]:
    """Answers given in order, some questions skipped."""
    answers: dict[str, str | float] = {}
    for item in checkin_items().values():
        if item.is_asked(answers) and draw(st.booleans()):
            answers[item.name] = draw(allowed(item))
    return answers


def course_of(facts: list[dict[str, object]]) -> Course:
    patient = {"id": "C1", "age_years": 50, "sex": "female"}
    reading = check_course({"course": 1, "patient": patient, "facts": facts}, file="check-in")
    assert not reading.problems
    assert reading.course is not None
    return reading.course


@given(checkins())
def test_every_checkin_is_a_course(answers: dict[str, str | float]) -> None:
    facts = checkin_facts(answers, 30)
    assert all(fact["day"] == 30 for fact in facts)
    if facts:
        assert len(course_of(facts).facts) == len(facts)


@given(checkins(), st.data())
def test_a_skipped_question_leaves_its_fact_unknown(answers: dict[str, str | float], data: st.DataObject) -> None:
    """Taking an answer away takes facts away or details of them, and never turns one into its opposite."""
    if not answers:
        return
    name = data.draw(st.sampled_from(sorted(answers)))
    rest = {key: value for key, value in answers.items() if key != name}
    rest = {key: value for key, value in rest.items() if checkin_items()[key].is_asked(rest)}
    before = {(kind, value) for fact in checkin_facts(answers, 0) for kind, value in fact.items()}
    after = {(kind, value) for fact in checkin_facts(rest, 0) for kind, value in fact.items()}
    assert after <= before
    if checkin_items()[name].red_flag:
        assert name in open_red_flags(rest) or not checkin_items()[name].is_asked(rest)


def test_every_answer_is_mapped_or_says_why_not() -> None:
    rows = {(row["item"], row["answer"]): row for row in load("measures/checkin_facts")}
    wanted = {(item.name, answer) for item in checkin_items().values() for answer in item.answers or (ANY,)}
    assert {key for key in wanted if key not in rows and (key[0], ANY) not in rows} == set()
    assert {key for key in rows if key not in wanted and key[1] != ANY} == set()
    assert [key for key, row in rows.items() if row["kind"] == "none" and not row["note"]] == []


RED_FLAGS = [
    ({"pain_leg": "left", "cannot_pee": "yes"}, "emergency"),
    ({"pain_back": "yes", "saddle": "yes", "leak_pee": "yes"}, "emergency"),
    ({"pain_leg": "right", "leak_bowel": "yes"}, "emergency"),
    ({"pain_leg": "both", "sex": "yes"}, "emergency"),
    ({"pain_back": "yes", "fever": "yes"}, "urgent"),
    ({"pain_leg": "left", "weak_leg": "left", "weak_leg_trend": "worse"}, "urgent"),
    ({"pain_back": "yes", "weight": "yes"}, "urgent"),
    ({"pain_neck": "yes", "clumsy": "yes", "unsteady": "yes"}, "soon"),
    ({"pain_back": "yes", "fall": "hard"}, "soon"),
]
ORDER = ["routine", "soon", "urgent", "emergency"]


@pytest.mark.parametrize(
    ("answers", "urgency"), RED_FLAGS, ids=lambda value: value if isinstance(value, str) else "-".join(value)
)
def test_danger_signs_reach_triage(answers: dict[str, Any], urgency: str) -> None:
    found = assess_course(course_of(checkin_facts(answers, 0))).triage
    assert found.urgency is not None
    assert ORDER.index(found.urgency) >= ORDER.index(urgency)


def test_a_quiet_checkin_is_not_urgent() -> None:
    answers = {item.name: "no" for item in checkin_items().values() if "no" in item.answers} | {"pain_back": "yes"}
    answers = {name: answer for name, answer in answers.items() if checkin_items()[name].is_asked(answers)}
    assert assess_course(course_of(checkin_facts(answers, 0))).triage.urgency == "routine"


def test_not_sure_and_silence_are_open_and_make_no_fact() -> None:
    names = [item.name for item in checkin_items().values() if item.red_flag and item.is_asked({})]
    assert open_red_flags({}) == names
    unsure = dict.fromkeys(names, "not_sure")
    assert open_red_flags(unsure) == names
    assert checkin_facts(unsure, 0) == []
    assert open_red_flags(dict.fromkeys(names, "no")) == []


def test_pain_by_site_trend_medicine_and_goal_become_facts() -> None:
    answers: dict[str, str | float] = {
        "pain_leg": "left", "pain_leg_now": 4.0, "pain_leg_worst": 8.0, "pain_leg_least": 1.0, "pain_trend": "worse",
        "medicine": "less", "medicine_help": "some", "drowsy": "yes", "goal": "carry my child", "goal_progress": 2.0,
    }  # fmt: skip
    assert checkin_facts(answers, 7) == [
        {"day": 7, "symptom": "leg_pain", "side": "left", "trend": "worsening"},
        {"day": 7, "measure": "nrs_leg", "value": 4.0},
        {"day": 7, "measure": "nrs_leg_worst", "value": 8.0},
        {"day": 7, "measure": "nrs_leg_least", "value": 1.0},
        {"day": 7, "treatment": "medication", "response": "partial"},
        {"day": 7, "symptom": "drowsiness"},
        {"day": 7, "measure": "checkin_goal", "value": 2.0},
    ]


def test_questions_follow_from_answers() -> None:
    assert "pain_back_now" not in [item.name for item in asked({})]
    assert "pain_back_now" not in [item.name for item in asked({"pain_back": "no"})]
    assert "pain_back_now" in [item.name for item in asked({"pain_back": "yes"})]
    assert contradictions({"pain_back_now": 7.0, "pain_back_worst": 5.0, "pain_back_least": 8.0}) == [
        "pain_back_worst",
        "pain_back_least",
    ]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"sadle": "yes"}, "did you mean saddle"),
        ({"saddle": "maybe my secret"}, "saddle should be no, yes, not_sure"),
        ({"sleep": 11.0}, "sleep should be a number from 0 to 10"),
        ({"sleep": float("nan")}, "sleep should be a number"),
        ({"sleep": True}, "sleep should be a number"),
        ({"pain_back": "no", "pain_back_now": 5.0}, "pain_back_now is answered although"),
        ({"goal": "x" * 201}, "goal should be text of at most 200"),
        ({"goal": " "}, "goal should be text"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_and_never_repeated(answers: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        checkin_facts(answers, 0)
    assert "secret" not in str(caught.value)


def needed_keys() -> Iterable[str]:
    items = checkin_items().values()
    sections = {f"section.{item.section}" for item in items}
    return {*sections, *itertools.chain.from_iterable(map(keys_of, items))}


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_text_and_no_other(language: str) -> None:
    rows = {row["key"]: row["text"] for row in load("measures/checkin_texts") if row["language"] == language}
    of_the_page = {key for key in rows if key.startswith(("form.", "reply."))}
    assert {"form.title", "form.notice", "form.skip", "form.not_watched"} <= of_the_page
    assert set(rows) - of_the_page == set(needed_keys())


def test_translations_are_translated_and_arabic_is_written_from_the_right() -> None:
    assert {code: found.direction for code, found in languages().items()} == {"en": "ltr", "es": "ltr", "ar": "rtl"}
    for key in needed_keys():
        arabic = [letter for letter in text(key, "ar") if letter.isalpha()]
        assert arabic
        assert all("؀" <= letter <= "ۿ" for letter in arabic), key
        assert not key.startswith("item.") or text(key, "es") != text(key, "en")
    with pytest.raises(NotFound, match="it has en, es, ar"):
        text("item.sleep", "fr")


def test_the_english_is_easy_to_read() -> None:
    words = "\n".join(row["text"] for row in load("measures/checkin_texts") if row["language"] == "en")
    assert reading_age(words) <= EASIEST_AGE
    hard = {row["key"] for row in load("measures/checkin_texts") if row["language"] == "en" and grade(row["text"]) > 9}
    assert hard <= {key for key in hard if not key.startswith("item.")}


def test_the_form_says_that_it_is_no_licensed_instrument() -> None:
    assert "not a licensed test" in text("form.notice", "en")
