"""Patients of the guidance: each in its class, for the danger that guidance names."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinecourse.assess import assess_course
from spinecourse.course import Fact
from spinecourse.triage import Triage
from written import Written, bare, course_of, marked, vignette_course, vignettes

VIGNETTES = vignettes(Path(__file__).with_name("vignettes.yaml"))
NAMED = {entry["name"]: entry for entry in VIGNETTES}


def triage_of(entry: Written) -> Triage:
    return assess_course(vignette_course(entry)).triage


@pytest.mark.parametrize("entry", marked(VIGNETTES))
def test_a_patient_of_the_guidance_is_in_its_class(entry: Written) -> None:
    triage = triage_of(entry)
    assert triage.urgency == entry["urgency"], triage.why
    if "condition" in entry:
        assert entry["condition"] in {concern.condition for concern in triage.concerns}


def test_what_was_asked_and_denied_is_listed_as_denied() -> None:
    entry = NAMED["simple back pain, everything asked and denied"]
    triage = triage_of(entry)
    for text in ("saddle_numbness", "urinary_retention", "fever", "cancer", "night_pain", "osteoporosis"):
        assert any(text in denied for denied in triage.denied), text
    assert not any("saddle_numbness" in text for question in triage.open for text in question.unasked)


def test_what_nobody_asked_is_listed_as_open_and_denied_by_nobody() -> None:
    triage = triage_of(NAMED["simple back pain, nothing asked"])
    opened = {question.condition: question.unasked for question in triage.open}
    assert triage.denied == []
    assert {"cauda_equina_syndrome", "malignancy", "infection", "fracture"} <= opened.keys()
    assert any("saddle_numbness" in text for text in opened["cauda_equina_syndrome"])
    assert "no answer" in triage.why


def test_a_course_without_facts_is_no_reassurance() -> None:
    """Routine, but it says that nothing is known, denies nothing, and every danger stays open."""
    answer = assess_course(bare())
    triage = answer.triage
    assert (triage.urgency, triage.concerns, triage.denied) == ("routine", [], [])
    assert "nothing is known" in triage.why
    assert {"cauda_equina_syndrome", "malignancy", "infection"} <= {question.condition for question in triage.open}
    assert all(question.unasked for question in triage.open)
    assert answer.localisation.sites == []
    assert "nothing is known" in answer.localisation.why
    assert answer.mechanism.nociceptive is answer.mechanism.neuropathic is answer.mechanism.nociplastic is None


def test_facts_that_tell_nothing_of_the_spine_leave_every_danger_open() -> None:
    triage = assess_course(bare(Fact("symptom", "cough", 0))).triage
    assert triage.urgency == "routine"
    assert triage.open
    assert "no answer" in triage.why


def test_a_question_answered_is_no_longer_open() -> None:
    asked = {
        question.condition: question.unasked for question in triage_of(NAMED["simple back pain, nothing asked"]).open
    }
    course = course_of({"symptom": "back_pain"}, {"symptom": "fever", "present": False})
    answered = {question.condition: question.unasked for question in assess_course(course).triage.open}
    assert set(asked["infection"]) - set(answered["infection"]) == {"symptom fever"}


def test_both_sides_of_a_story_are_told() -> None:
    """A danger that was raised lists what was denied and what was not asked."""
    course = course_of(
        {"symptom": "saddle_numbness"}, {"symptom": "back_pain"}, {"symptom": "bowel_dysfunction", "present": False}
    )
    concern = assess_course(course).triage.concerns[0]
    assert concern.condition == "cauda_equina_syndrome"
    assert concern.because[0] == "day 0 symptom saddle_numbness"
    assert "day 0 symptom bowel_dysfunction denied" in concern.against
    assert any("urinary_retention" in text for text in concern.unasked)
    assert concern.probability is not None


def test_two_flags_raise_a_probability_above_one_but_are_not_multiplied() -> None:
    def chance(*facts: Written) -> float:
        concerns = assess_course(course_of({"symptom": "back_pain"}, *facts)).triage.concerns
        found = next(concern.probability for concern in concerns if concern.condition == "malignancy")
        assert found is not None
        return found

    cancer, loss = {"history": "cancer"}, {"symptom": "weight_loss"}
    assert chance(loss) < chance(cancer) < chance(cancer, loss)
    odds = [value / (1 - value) for value in (chance(cancer), chance(loss), chance(cancer, loss))]
    assert 1 < odds[2] / odds[0] < 1.5
