"""What holds for every course: nothing forbidden is proposed, silence never helps, a danger opens the gate."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from random_courses import random_courses, without

from spinecourse.assess import assess_course
from spinecourse.assess.assessing import assess_courses, planned_courses
from spinecourse.course import Course, Fact
from spinecourse.knowledge.conditions import Combination, Condition
from spinecourse.knowledge.rules import RULE_COLUMNS, derived_conditions, rules
from spinecourse.pathway import PathwayBatch, explain
from spinecourse.pathway.gate import openings
from spinecourse.pathway.model import STANDINGS
from spinecourse.pathway.options import GATED
from spinecourse.pathway.rows import cautions, option_rules, rules_of, treatments

MANY = 10_000
FEW = 120
SWAPPED = {"left": "right", "right": "left"}
PROPOSED = ("recommended", "possible")


@cache
def many() -> tuple[list[Course], PathwayBatch]:
    courses = random_courses(MANY, 1)
    return courses, planned_courses(courses)


@cache
def few() -> list[Course]:
    return random_courses(FEW, 2)


def plane(found: PathwayBatch, name: str, words: tuple[str, ...]) -> int:
    planes = 0
    for word in words:
        planes |= getattr(found.options[name], word)
    return planes


def test_random_courses_reach_every_standing() -> None:
    _, found = many()
    reached = {word for planes in found.options.values() for word in STANDINGS if getattr(planes, word)}
    assert reached == set(STANDINGS)


def test_every_patient_has_exactly_one_standing_for_every_treatment() -> None:
    _, found = many()
    everyone = (1 << MANY) - 1
    for planes in found.options.values():
        parts = [getattr(planes, word) for word in STANDINGS]
        assert sum(part.bit_count() for part in parts) == MANY
        joined = 0
        for part in parts:
            joined |= part
        assert joined == everyone


def test_nothing_is_proposed_that_its_own_row_forbids() -> None:
    """Over 10,000 random courses; the truth of each row is read again from the rows, not from the answer."""
    _, found = many()
    for name in treatments():
        proposed = plane(found, name, PROPOSED)
        for caution in cautions().get(name, ()):
            if caution.weight in ("contraindicated", "defer"):
                assert not proposed & found.asked.of(caution.condition)[0], (name, caution.row["id"])


def test_nothing_is_recommended_against_a_source_that_speaks_here() -> None:
    _, found = many()
    for name in treatments():
        recommended = plane(found, name, ("recommended",))
        for rule in rules_of(name):
            if rule.direction == "against":
                speaks = found.held[rule.condition][0] & found.asked.of(rule.requires)[0]
                assert not recommended & speaks, (name, rule.row["id"])


def test_nothing_is_proposed_without_a_row_that_speaks_for_it() -> None:
    _, found = many()
    for name in treatments():
        supported = 0
        for rule in rules_of(name):
            if rule.supports:
                speaks = found.held[rule.condition][0] & found.asked.of(rule.requires)[0]
                supported |= speaks & found.asked.of(rule.after)[0]
        assert not plane(found, name, PROPOSED) & ~supported, name


def test_a_danger_always_opens_the_gate() -> None:
    """Whatever else is on record, and whatever is missing."""
    _, found = many()
    for opens in ("at_once", "open"):
        for rule in openings(opens):
            danger = found.asked.of(rule.condition)[0]
            assert danger, f"{rule.row['id']} was never reached"
            assert not danger & ~found.gate.open_for_all, rule.row["id"]


def test_a_danger_that_compresses_opens_at_once_and_asks_for_nothing() -> None:
    courses, found = many()
    pressed = [row for row in range(MANY) if found.gate.at_once >> row & 1][:200]
    for row in pressed:
        gate = explain(found, courses[row].facts, row).surgery
        assert gate is not None
        assert (gate.standing, gate.missing) == ("at_once", [])


def test_an_operation_is_proposed_only_where_the_gate_is_open() -> None:
    _, found = many()
    for name, row in treatments().items():
        if row["kind"] in GATED and row["bleeding"] != "emergency":
            assert not plane(found, name, PROPOSED) & ~found.gate.open_for_all, name


@pytest.mark.parametrize("place", [place for place in RULE_COLUMNS if place[0].startswith("pathway/")])
def test_a_requirement_is_never_met_by_silence(place: tuple[str, str]) -> None:
    """``not`` and ``none`` hold where nobody asked, so the rows about treatment do without them."""
    for rule in rules(*place):
        assert "not" not in combiners(rule.condition), rule.row["id"]


def combiners(condition: Condition) -> set[str]:
    if isinstance(condition, Combination):
        word = "not" if condition.combiner in ("not", "none") else condition.combiner
        return {word}.union(*(combiners(part) for part in condition.parts))
    opened = derived_conditions().get(condition.name) if condition.kind == "derived" else None
    return combiners(opened) if opened is not None else set()


def test_taking_a_denial_away_proposes_nothing_new() -> None:
    """Where something was denied and never said to be there, silence instead may only close options, or leave them.

    Unless a condition is named that was not: a sign that was denied spoke against it, as it should.
    """
    before = [(course, denied) for course in random_courses(1000, 2) if (denied := only_denied(course))]
    courses = [course for course, _ in before]
    first, second = planned_courses(courses), planned_courses([without(*entry) for entry in before])
    named = newly_held(first, second)
    assert named.bit_count() < len(courses) / 50
    for name in treatments():
        gained = plane(second, name, PROPOSED) & ~plane(first, name, PROPOSED)
        assert not gained & first.options[name].unknown & ~named, name


def newly_held(first: PathwayBatch, second: PathwayBatch) -> int:
    """The patients for whom the second batch names a condition that the first does not."""
    named = 0
    for condition, (held, _) in second.held.items():
        named |= held & ~first.held[condition][0]
    return named


def only_denied(course: Course) -> list[Fact]:
    said = {(fact.kind, fact.name) for fact in course.facts if fact.present}
    return [fact for fact in course.facts if not fact.present and (fact.kind, fact.name) not in said]


def test_exchanging_the_sides_changes_nothing() -> None:
    mirrored = [
        replace(
            course, facts=tuple(replace(fact, side=SWAPPED.get(fact.side or "", fact.side)) for fact in course.facts)
        )
        for course in few()
    ]
    found, other = planned_courses(few()), planned_courses(mirrored)
    assert (found.standings() == other.standings()).all()
    assert found.gate == other.gate


def test_the_order_of_facts_means_nothing() -> None:
    turned = [replace(course, facts=course.facts[::-1]) for course in few()]
    assert (planned_courses(few()).standings() == planned_courses(turned).standings()).all()


def test_a_batch_is_each_course_by_itself() -> None:
    together = assess_courses(few()[:25])
    assert [answer.pathway for answer in together] == [assess_course(course).pathway for course in few()[:25]]


def test_every_unknown_says_what_it_waits_for_and_every_later_says_after_what() -> None:
    for answer in assess_courses(few()):
        for option in answer.pathway.options:
            assert bool(option.until) == (option.standing == "unknown"), option.treatment
            assert bool(option.after) == (option.standing == "later"), option.treatment
            assert option.because, option.treatment


def test_every_unknown_requirement_of_a_rule_that_may_speak_is_listed() -> None:
    """The open parts are counted again from the rows of each rule."""
    found = planned_courses(few())
    for row, course in enumerate(few()):
        for option in explain(found, course.facts, row).options:
            open_rules = [
                rule.row["id"]
                for rule in option_rules()
                if rule.treatment == option.treatment
                and rule.supports
                and found.held[rule.condition][0] >> row & 1
                and found.asked.state(rule.requires, row) is None
            ]
            listed = {entry.rule for entry in option.requirements if entry.state == "unknown"}
            assert set(open_rules) <= listed, option.treatment


def test_the_gate_never_refuses_in_silence() -> None:
    for answer in assess_courses(few()):
        gate = answer.pathway.surgery
        assert gate is not None
        if gate.standing in ("later", "unknown"):
            blocking = [entry for entry in gate.missing if entry.blocks]
            assert blocking, answer.id
            assert all(entry.who and entry.takes and entry.how for entry in blocking)
