"""Parts of rules against courses: yes, no or unknown, and the facts that decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinecourse.course import Fact
from spinecourse.findings import build_batch, catalogue, denying_facts, supporting_facts, unknown_atoms
from spinecourse.findings.truth import CourseView
from spinecourse.knowledge.conditions import Atom, parse
from spinecourse.knowledge.rules import derived_conditions, rule_atoms
from written import Written, bare, course_of, marked, vignette_course, vignettes

TRUTHS = vignettes(Path(__file__).with_name("truths.yaml"))
MEANING = {True: True, False: False, "unknown": None}


def atom(text: str) -> Atom:
    condition = parse(text)
    assert isinstance(condition, Atom)
    return condition


@pytest.mark.parametrize("entry", marked(TRUTHS))
def test_parts_of_rules_hold_fail_or_stay_unknown(entry: Written) -> None:
    view = CourseView(vignette_course(entry))
    found = {text: view.truth(atom(text)).value for text in entry["truths"]}
    assert found == {text: MEANING[value] for text, value in entry["truths"].items()}


@pytest.mark.parametrize("entry", TRUTHS, ids=lambda entry: entry["name"])
def test_a_batch_holds_the_same_truths(entry: Written) -> None:
    """The columns of a batch, which skip what cannot be known, agree with asking part by part."""
    course = vignette_course(entry)
    view, states = CourseView(course), build_batch([course]).states[0]
    for asked in rule_atoms():
        if asked.kind != "derived" or asked.name not in derived_conditions():
            value = view.truth(asked).value
            expected = 0 if value is None else 1 + value
            assert states[catalogue()["condition", str(asked), ""].number] == expected, str(asked)


def test_a_decided_part_names_its_fact_and_an_unknown_one_none() -> None:
    course = course_of({"symptom": "leg_pain", "side": "left"}, {"symptom": "fever", "present": False})
    view = CourseView(course)
    assert view.truth(atom("symptom:leg_pain")).facts == (course.facts[0],)
    assert view.truth(atom("symptom:fever")).facts == (course.facts[1],)
    assert view.truth(atom("symptom:chills")).facts == ()


def test_reasons_divide_what_speaks_for_what_denies_and_what_is_unknown() -> None:
    course = course_of({"symptom": "saddle_numbness"}, {"symptom": "bowel_dysfunction", "present": False})
    batch = build_batch([course])
    asked = parse("any(symptom:saddle_numbness; symptom:bowel_dysfunction; symptom:sexual_dysfunction)")
    assert supporting_facts(asked, batch, 0) == [course.facts[0]]
    assert denying_facts(asked, batch, 0) == [course.facts[1]]
    assert [str(part) for part in unknown_atoms(asked, batch, 0)] == ["symptom:sexual_dysfunction"]


def test_the_newest_body_mass_counts_whatever_the_order_in_the_file() -> None:
    """A light patient once heavy is light: the order of the file is no order of time."""
    older, newer = Fact("measure", "bmi", -300, value=31.0), Fact("measure", "bmi", 0, value=20.0)
    for facts in ((older, newer), (newer, older)):
        assert CourseView(bare(*facts)).truth(atom("patient:bmi<=22")).value is True


def test_an_injury_that_was_denied_has_no_date() -> None:
    facts = Fact("event", "fall", -200, severity="major"), Fact("event", "fall", 0, present=False)
    truth = CourseView(bare(*facts, Fact("symptom", "back_pain", 0))).truth(atom("derived:trauma_days>90"))
    assert truth.value is True
