"""Signs of a functional part are reported without a verdict: they excuse nobody from a danger, and name no site."""

from __future__ import annotations

from spinecourse.assess import assess_course
from written import Written, course_of

WEAK: tuple[Written, ...] = (
    {"symptom": "leg_weakness", "side": "left"},
    {"power": "hip_extension", "side": "left", "mrc": 3},
)
HOOVER: Written = {"sign": "hoover", "side": "left"}
CAUDA: tuple[Written, ...] = (
    {"symptom": "back_pain"},
    {"symptom": "saddle_numbness"},
    {"symptom": "urinary_retention"},
)


def test_the_sign_is_told_and_no_verdict_given() -> None:
    assessment = assess_course(course_of(*WEAK, HOOVER))
    assert any("hoover" in note.lower() for note in assessment.notes)
    assert not any("functional" in site.site for site in assessment.localisation.sites)


def test_without_the_sign_nothing_is_told() -> None:
    assert not any("hoover" in note.lower() for note in assess_course(course_of(*WEAK)).notes)


def test_the_sign_does_not_calm_an_emergency() -> None:
    assert assess_course(course_of(*CAUDA, HOOVER)).triage.urgency == "emergency"
