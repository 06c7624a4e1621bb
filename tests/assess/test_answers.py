"""What every answer must be: complete, in order, made of the facts given, and readable as JSON."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given

from spinecourse.assess import Assessment, assess_course, assess_courses
from spinecourse.course import Case, Course
from spinecourse.findings import build_batch, catalogue
from spinecourse.knowledge.tables import SURENESS
from spinecourse.triage.rules import ROUTINE, URGENCIES
from strategies import courses
from written import bare, course_of

LATER = ("expectation",)


def check(course: Course, answer: Assessment) -> None:
    check_triage(course, answer)
    check_sites(course, answer)
    check_mechanism(answer)
    assert all(answer.why[part] for part in ("triage", "localisation", "mechanism", *LATER))
    assert msgspec.json.decode(msgspec.json.encode(answer), type=Assessment) == answer


def check_triage(course: Course, answer: Assessment) -> None:
    """Every danger with reasons, action, time limit and sources; the most urgent decides."""
    triage, texts = answer.triage, {fact.text for fact in course.facts}
    levels = [URGENCIES.index(concern.urgency) for concern in triage.concerns]
    assert levels == sorted(levels)
    assert URGENCIES.index(triage.urgency) == min(levels, default=ROUTINE)
    assert len({concern.condition for concern in triage.concerns}) == len(triage.concerns)
    assert triage.why
    for concern in triage.concerns:
        assert concern.action
        assert concern.within
        assert concern.sources
        assert concern.certainty in SURENESS
        assert concern.because or course.patient.age_years is not None
        assert {*concern.because, *concern.against} <= texts
        assert not set(concern.because) & set(concern.against)
        assert concern.probability is None or 0 <= concern.probability <= 1
    assert set(triage.denied) <= texts
    assert all(question.unasked for question in triage.open)


def check_sites(course: Course, answer: Assessment) -> None:
    """Sites in order, reasons from the facts, and only unexamined findings proposed."""
    sites = answer.localisation.sites
    chances = [site.probability for site in sites]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)
    assert len({site.site for site in sites}) == len(sites) or any(site.site.startswith("cord:") for site in sites)
    texts = {fact.text for fact in course.facts}
    for site in sites:
        assert {*site.because, *site.against} <= texts
        assert site.side in ("left", "right", "both", None)
    gains = [examination.gain_bits for examination in answer.localisation.examine_next]
    assert gains == sorted(gains, reverse=True)
    assert all(gain > 0 for gain in gains)
    assert not examined(course) & {examination.finding for examination in answer.localisation.examine_next}


def examined(course: Course) -> set[str]:
    """The findings about which something is known, as an examination is written."""
    states = build_batch([course]).states[0]
    known = {column.text for column in catalogue().values() if states[column.number] and column.kind != "condition"}
    pairs = {text.removesuffix(" left") for text in known if text.endswith(" left")}
    return known | {f"{name} both" for name in pairs if f"{name} right" in known}


def check_mechanism(answer: Assessment) -> None:
    """Three chances that add up to one, or three that are not known."""
    kinds = [answer.mechanism.nociceptive, answer.mechanism.neuropathic, answer.mechanism.nociplastic]
    known = [kind for kind in kinds if kind is not None]
    assert len(known) in (0, 3)
    if known:
        assert math.isclose(sum(known), 1, abs_tol=2e-4)
        assert all(0 <= kind <= 1 for kind in known)
        assert answer.mechanism.because
        assert answer.mechanism.sources


@given(courses())
def test_every_answer_is_whole(course: Course) -> None:
    check(course, assess_course(course))


def test_every_answer_is_whole_on_real_cases(dev_cases: tuple[Case, ...]) -> None:
    found = [case.course for case in dev_cases]
    for course, answer in zip(found, assess_courses(found), strict=True):
        check(course, answer)


def test_a_course_without_facts_is_answered_whole() -> None:
    check(bare(), assess_course(bare()))


def test_parts_with_nothing_to_say_say_why() -> None:
    answer = assess_course(bare())
    assert answer.expectation == []
    assert answer.follow.status == "unknown"
    assert all(len(answer.why[part]) > 20 for part in LATER)


def test_contradictions_reach_the_reader() -> None:
    answer = assess_course(course_of({"symptom": "fever"}, {"symptom": "fever", "present": False}))
    assert any("contradicts" in note for note in answer.notes)


def test_answers_come_in_the_order_of_the_courses() -> None:
    found = [course_of({"symptom": "back_pain"}, id=name) for name in ("B2", "A1", "C3")]
    assert [answer.id for answer in assess_courses(found)] == ["B2", "A1", "C3"]


@pytest.mark.parametrize("examination", ["reflex ankle", "sensation L5"])
def test_an_examination_done_is_not_proposed_again(examination: str) -> None:
    kind, name = examination.split()
    course = course_of({"symptom": "leg_pain", "side": "left"}, {kind: name, "side": "both", "grade": "normal"})
    proposed = [each.finding for each in assess_course(course).localisation.examine_next]
    assert proposed
    assert not any(finding.startswith(examination) for finding in proposed)
