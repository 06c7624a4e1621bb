"""Letters: plain for the patient, one page for a colleague, and neither reassures on silence."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from readability import reading_age
from spinecourse.assess import Assessment, assess_courses
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.errors import NotFound
from spinecourse.knowledge.tables import load
from spinecourse.letters import (
    Letter,
    as_html,
    as_pdf,
    as_text,
    authorisation_letter,
    colleague_letter,
    patient_letter,
)
from spinecourse.pictures import plain
from spinecourse.store.demo import demo_courses

ON = date(2026, 3, 1)
COURSES = list(demo_courses(ON))
COURSES.append(Course(Patient("nothing known", None, None), ()))
ASSESSED = list(zip(COURSES, assess_courses(COURSES), strict=True))
EVERYBODY = pytest.mark.parametrize(("course", "answer"), ASSESSED, ids=[course.id for course in COURSES])
SOME = pytest.mark.parametrize(("course", "answer"), ASSESSED[::8], ids=[course.id for course in COURSES[::8]])
OLDEST_READER = 12


def words(letter: Letter) -> str:
    """What the patient reads, without name, date and picture."""
    return as_text(replace(letter, about="", picture_words=""))


@EVERYBODY
def test_a_child_of_twelve_can_read_the_patients_letter(course: Course, answer: Assessment) -> None:
    assert reading_age(words(patient_letter(course, answer, ON))) <= OLDEST_READER


@EVERYBODY
def test_every_letter_to_a_patient_says_how_soon_and_what_to_watch_for(course: Course, answer: Assessment) -> None:
    said = words(patient_letter(course, answer, ON))
    (urgency,) = (row for row in load("letters/urgency_words") if row["urgency"] == answer.triage.urgency)
    assert urgency["to_patient"] in said
    assert "You lose control of your bladder or bowels." in said


@EVERYBODY
def test_what_nobody_asked_is_said_in_both_letters(course: Course, answer: Assessment) -> None:
    to_patient = words(patient_letter(course, answer, ON))
    to_colleague = as_text(colleague_letter(course, answer, ON))
    assert ("What we have not asked yet" in to_patient) == bool(answer.triage.open)
    for opened in answer.triage.open:
        assert f"\n{opened.condition.replace('_', ' ')}: " in to_colleague


def test_a_routine_letter_with_open_questions_says_so_in_its_first_heading() -> None:
    calm = [(c, a) for c, a in ASSESSED if a.triage.urgency == "routine" and a.triage.open]
    assert calm
    for course, answer in calm:
        assert "Urgency: routine on what is known" in as_text(colleague_letter(course, answer, ON))


def test_left_and_right_are_the_patients_own() -> None:
    facts = (
        Fact("symptom", "leg_pain", 0, side="left", nrs=8, area=("S1",)),
        Fact("reflex", "ankle", 0, side="left", grade="absent"),
    )
    left = Course(Patient("x", 40, "female"), facts)
    right = replace(left, facts=tuple(replace(fact, side="right") for fact in facts))
    one, other = (
        words(patient_letter(c, a, ON)) for c, a in zip((left, right), assess_courses([left, right]), strict=True)
    )
    assert "It is on the left side." in one
    assert one.replace("left side", "right side") == other


def test_an_operation_adds_its_warning_signs() -> None:
    plain = Course(Patient("x", 40, "female"), (Fact("symptom", "back_pain", 0),))
    operated = replace(plain, facts=(*plain.facts, Fact("treatment", "discectomy", -5, level="L4/5")))
    injected = replace(plain, facts=(*plain.facts, Fact("treatment", "epidural_steroid", -5)))
    texts = [
        words(patient_letter(c, a, ON))
        for c, a in zip((plain, operated, injected), assess_courses([plain, operated, injected]), strict=True)
    ]
    assert ["The wound gets red" in text for text in texts] == [False, True, False]
    assert ["after the operation or injection" in text for text in texts] == [False, True, True]


def test_every_warning_sign_and_phrase_is_used_by_some_letter() -> None:
    said = "\n".join(as_text(patient_letter(c, a, ON)) + as_text(colleague_letter(c, a, ON)) for c, a in ASSESSED)
    for course, answer in ASSESSED[:2]:
        for option in answer.pathway.options:
            said += as_text(authorisation_letter(course, answer, option.treatment, ON))
    unused = [row["sign"] for row in load("letters/warning_signs") if row["sign"] not in said]
    assert unused == []
    for row in load("letters/phrases"):
        pattern = ".*".join(re.escape(part) for part in re.split(r"\{\w+\}", row["text"]))
        if row["key"] not in RARE:
            assert re.search(pattern, said), row["key"]


RARE = {"scan_not_imaged", "scan_none_expected", "scan_possibly_explained"}
"""Verdicts on pictures that no patient of the demonstration clinic has; their words exist all the same."""


def test_everything_that_can_be_missing_before_an_operation_has_plain_words() -> None:
    known = {row["what"] for row in load("letters/plain_missing")}
    asked = {row["says"] for row in load("pathway/gate_requirements")}
    assert asked | {f"whether there is {row['says']}" for row in load("pathway/gate_targets")} == known


@EVERYBODY
def test_the_operation_is_never_refused_in_silence(course: Course, answer: Assessment) -> None:
    gate, said = answer.pathway.surgery, words(patient_letter(course, answer, ON))
    if gate is None:
        return
    assert "About an operation" in said
    for entry in gate.missing:
        if entry.blocks:
            (row,) = (row for row in load("letters/plain_missing") if row["what"] == entry.what)
            assert row["to_patient"] in said


@SOME
def test_a_payer_reads_every_criterion_with_its_state(course: Course, answer: Assessment) -> None:
    for option in answer.pathway.options[::10]:
        said = as_text(authorisation_letter(course, answer, option.treatment, ON))
        for state in ("met", "unmet", "unknown"):
            asked = sum(entry.state == state for entry in option.requirements)
            assert said.count(f"\n{state}: ") == asked
        for text in option.check_first:
            assert f"\nnot asked: {plain(text)}" in said


def test_a_payer_hears_of_no_treatment_that_does_not_exist() -> None:
    course, answer = ASSESSED[0]
    with pytest.raises(NotFound, match="discectomy"):
        authorisation_letter(course, answer, "magic", ON)


@SOME
def test_a_colleagues_letter_fits_on_one_page(course: Course, answer: Assessment) -> None:
    pages = PdfReader(io.BytesIO(as_pdf(colleague_letter(course, answer, ON)))).pages
    assert len(pages) == 1
    assert "Urgency" in pages[0].extract_text()


@SOME
def test_print_page_and_words_say_the_same(course: Course, answer: Assessment) -> None:
    letter = patient_letter(course, answer, ON)
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(letter))).pages)
    page = as_html(letter)
    for section in letter.sections:
        for text in (*section.paragraphs, *section.items):
            first = " ".join(text.split()[:3])
            assert first in page
            assert first in " ".join(printed.split())


def test_words_of_a_record_cannot_become_markup() -> None:
    course = Course(Patient("<script>", 40, None), (Fact("symptom", "back_pain", 0),))
    assert "<script>" not in as_html(patient_letter(course, assess_courses([course])[0], ON))
