"""What must hold of every course: mirror, order, batches, denials, and things that must not matter."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from spinecourse import localise
from spinecourse.assess import assess_course, assess_courses
from spinecourse.assess.answer import Assessment
from spinecourse.course import Case, Course, Fact
from spinecourse.findings import build_batch
from spinecourse.triage.rules import URGENCIES
from strategies import courses, is_denial, mirrored, without
from written import bare, course_of

LEGS_TEN_DAYS = course_of(
    {"day": -10, "symptom": "leg_pain", "side": "both"}, {"day": 0, "symptom": "fever", "present": False}
)
INJURY_DENIED = course_of(
    {"day": -400, "event": "dangerous_mechanism"},
    {"day": -100, "power": "great_toe_extension", "side": "left", "mrc": 0},
    {"day": -100, "event": "assault", "present": False},
)
ROUNDING = 1.01e-4
"""Probabilities are reported with four decimals."""

PAIN_WITHOUT_SIDE = course_of({"symptom": "leg_pain"})
ARM_AND_LEG = course_of(
    {"symptom": "arm_pain", "side": "left"}, {"power": "ankle_dorsiflexion", "side": "right", "mrc": 2}
)


def swapped(text: str) -> str:
    """A text with the words left and right exchanged."""
    return re.sub(r"\b(left|right)\b", lambda found: "right" if found[0] == "left" else "left", text)


def plain(answer: object, *, mirror: bool = False) -> Any:
    """An answer as plain values, lists of texts in alphabetical order, on request with the sides exchanged."""
    return _ordered(msgspec.to_builtins(answer), mirror)


def _ordered(value: Any, mirror: bool) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(part, mirror) for key, part in value.items()}
    if isinstance(value, list):
        parts = [_ordered(part, mirror) for part in value]
        return sorted(parts) if all(isinstance(part, str) for part in parts) else parts
    return swapped(value) if mirror and isinstance(value, str) else value


def alike(one: Any, other: Any, tolerance: float = ROUNDING) -> bool:
    """Whether two plain answers are the same but for rounding of their numbers."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key], tolerance) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(alike(*pair, tolerance) for pair in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= tolerance
    return bool(one == other)


def _concluded(part: dict[str, Any]) -> dict[str, Any]:
    """A concern, stage or site without the facts and sources named as its reasons."""
    reasons = {"because", "against", "sources", "why", "denied"}
    return {
        key: _concluded(value) if isinstance(value, dict) else value
        for key, value in part.items()
        if key not in reasons
    }


def conclusions(answer: Assessment) -> Any:
    """What is concluded, without the facts named as reasons: of two facts that say the same, one is named."""
    triage, sites = plain(answer.triage), plain(answer.localisation.sites)
    concerns, located = [_concluded(each) for each in triage["concerns"]], [_concluded(each) for each in sites]
    kinds = answer.mechanism.nociceptive, answer.mechanism.neuropathic, answer.mechanism.nociplastic
    return {"urgency": triage["urgency"], "open": triage["open"], "concerns": concerns, "sites": located} | {
        "next": plain(answer.localisation.examine_next), "mechanism": list(kinds)
    }  # fmt: skip


def check_mirror(course: Course) -> None:
    here, there = assess_course(course), assess_course(mirrored(course))
    one, other = conclusions(here), conclusions(there)
    for part in ("urgency", "concerns", "open", "mechanism"):
        assert alike(one[part], other[part]), part
    check_mirrored_sites(here.localisation, there.localisation)


def check_mirrored_sites(here: localise.Localisation, there: localise.Localisation) -> None:
    """The same sites with sides exchanged and the same chances; sites too close to call may change places."""
    one, other = plain(here.sites, mirror=True), plain(there.sites)
    assert [s["probability"] for s in one] == pytest.approx([s["probability"] for s in other], abs=ROUNDING)
    last = min((s["probability"] for s in one), default=0.0) + ROUNDING
    chances = {(s["site"], s["side"]): s["probability"] for s in other}
    for site in one:
        if site["probability"] > last or (site["site"], site["side"]) in chances:
            assert chances[site["site"], site["side"]] == pytest.approx(site["probability"], abs=ROUNDING)
    gains = [[e.gain_bits for e in half.examine_next] for half in (here, there)]
    assert gains[0] == pytest.approx(gains[1], abs=3e-4)


def check_order(course: Course, shuffled: Course) -> None:
    assert conclusions(assess_course(shuffled)) == conclusions(assess_course(course))


def level(course: Course) -> int:
    """0 for an emergency up to 3 for routine."""
    return URGENCIES.index(assess_course(course).triage.urgency)


def check_denials(course: Course) -> None:
    """Taking away a denial, or all of them, never makes the patient less urgent."""
    denials = [at for at, fact in enumerate(course.facts) if is_denial(fact)]
    fewer = [without(course, at) for at in denials] + [without(course, *denials)]
    before = level(course)
    for answer in assess_courses(fewer):
        assert URGENCIES.index(answer.triage.urgency) <= before


@example(PAIN_WITHOUT_SIDE)
@example(ARM_AND_LEG)
@given(courses())
def test_exchanging_the_sides_mirrors_the_answer(course: Course) -> None:
    check_mirror(course)


def test_exchanging_the_sides_mirrors_the_answer_on_real_cases(dev_cases: tuple[Case, ...]) -> None:
    for case in dev_cases:
        check_mirror(case.course)


@given(courses(), st.randoms(use_true_random=False))
def test_the_order_of_facts_means_nothing(course: Course, shuffle: random.Random) -> None:
    facts = list(course.facts)
    shuffle.shuffle(facts)
    check_order(course, replace(course, facts=tuple(facts)))


def test_the_order_of_facts_means_nothing_on_real_cases(dev_cases: tuple[Case, ...]) -> None:
    for case in dev_cases:
        check_order(case.course, replace(case.course, facts=case.course.facts[::-1]))


def test_the_order_of_facts_changes_no_reason_on_real_cases(dev_cases: tuple[Case, ...]) -> None:
    for case in dev_cases:
        turned = replace(case.course, facts=case.course.facts[::-1])
        assert plain(assess_course(turned)) == plain(assess_course(case.course))


@given(st.lists(courses(), max_size=5))
def test_a_batch_is_each_course_by_itself(found: list[Course]) -> None:
    assert alike(plain(assess_courses(found)), [plain(assess_course(course)) for course in found])


def test_a_batch_is_each_course_by_itself_on_real_cases(dev_cases: tuple[Case, ...]) -> None:
    found = [case.course for case in dev_cases]
    assert alike(plain(assess_courses(found)), [plain(assess_course(course)) for course in found])
    together = localise.posterior(build_batch(found))
    alone = np.concatenate([localise.posterior(build_batch([course])) for course in found])
    assert np.abs(together - alone).max() < 1e-5


@given(courses())
def test_removing_denials_never_lowers_the_urgency(course: Course) -> None:
    """Of courses that say something at day 0, so that taking a denial away does not move the day of assessment."""
    check_denials(replace(course, facts=(*course.facts, Fact("symptom", "cough", 0))))


def test_removing_a_denial_that_alone_is_of_day_0_never_lowers_the_urgency() -> None:
    check_denials(LEGS_TEN_DAYS)


def test_removing_a_denied_injury_never_lowers_the_urgency() -> None:
    check_denials(INJURY_DENIED)


def test_removing_denials_never_lowers_the_urgency_on_real_cases(dev_cases: tuple[Case, ...]) -> None:
    for case in dev_cases:
        check_denials(case.course)


@pytest.mark.parametrize(
    "idle",
    [Fact("expectation", "discectomy", 0, measure="nrs_leg", value=0.0, months=12),
     Fact("symptom", "cough", 0), Fact("symptom", "cough", 0, present=False), Fact("history", "cycling", 0),
     Fact("measure", "odi", 0, value=96.0), Fact("treatment", "education", 0, response="none")],
    ids=lambda fact: fact.text,
)  # fmt: skip
@given(course=courses())
def test_a_fact_that_no_rule_uses_changes_nothing_in_triage(idle: Fact, course: Course) -> None:
    """On a day that the course has already, so that no duration changes; of a course that is known at all."""
    assume(course.facts)
    days = [fact.day for fact in course.facts if fact.day is not None]
    added = replace(course, facts=(*course.facts, replace(idle, day=max(days, default=0))))
    one, other = assess_courses([course, added])
    assert plain(one.triage) == plain(other.triage)


@given(courses(), st.data())
def test_forgetting_a_fact_never_turns_unasked_into_denied(course: Course, data: st.DataObject) -> None:
    """But where a newer deficit had made a denial outdated, forgetting the deficit makes the denial count again."""
    if not course.facts:
        return
    fewer = without(course, data.draw(st.integers(0, len(course.facts) - 1)))
    before, after = build_batch([course]), build_batch([fewer])
    if not any("older than the newest deficit" in note for note in before.notes[0]):
        known = {fact.text for fact in course.facts}
        assert set(assess_course(fewer).triage.denied) <= known
        findings = [number for number in after.deciding[0] if after.states[0, number] == 1]
        assert all(before.states[0, number] or _is_rule(number) for number in findings)


def _is_rule(number: int) -> bool:
    from spinecourse.findings.catalogue import columns

    return columns()[number].kind == "condition"


def test_a_course_known_only_afterwards_is_a_course_without_facts() -> None:
    later = Fact("symptom", "saddle_numbness", 3, after=True)
    assert plain(assess_course(bare(later))) == plain(assess_course(bare()))


def test_no_courses_have_no_assessments() -> None:
    assert assess_courses([]) == []
