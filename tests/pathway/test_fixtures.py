"""Hand-made courses, each with what a guideline, payer, label, trial or panel says of it, conflicts included."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from spinecourse.assess import assess_courses
from spinecourse.course import Course
from spinecourse.knowledge.tables import load, table_names
from spinecourse.pathway import Option, Pathway
from written import course_of

FIXTURES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("fixtures.yaml").read_text(encoding="utf-8"))
LEAST = 60
EXPECTED = {
    "conditions", "options", "disagree", "not_again", "surgery", "missing", "refer", "four_ways", "caution", "hold",
    "gaps", "says",
}  # fmt: skip
GIVEN = {"name", "cites", "rows", "patient", "facts", "without", "more"}


def course(fixture: dict[str, Any]) -> Course:
    left_out = fixture.get("without", [])
    kept = [fact for fact in fixture["facts"] if not set(left_out) & {str(value) for value in fact.values()}]
    return course_of(*kept, *fixture.get("more", []), **fixture.get("patient", {}))


@cache
def answers() -> dict[str, Pathway]:
    answered = assess_courses([course(fixture) for fixture in FIXTURES])
    return {fixture["name"]: answer.pathway for fixture, answer in zip(FIXTURES, answered, strict=True)}


def option(pathway: Pathway, name: str) -> Option:
    return next(entry for entry in pathway.options if entry.treatment == name)


def test_there_are_enough_and_none_expects_what_nobody_checks() -> None:
    assert len(FIXTURES) >= LEAST
    assert len({fixture["name"] for fixture in FIXTURES}) == len(FIXTURES)
    for fixture in FIXTURES:
        assert fixture.keys() - EXPECTED - GIVEN == set(), fixture["name"]
        assert fixture.keys() & EXPECTED, fixture["name"]


def test_every_row_that_a_fixture_cites_exists() -> None:
    known = {"none", "anticoagulants"}
    for table in table_names():
        if table.startswith("pathway/"):
            known |= {row.get("id") or row.get("treatment") or row.get("agent") or "" for row in load(table)}
            known |= {row["agent"] for row in load(table) if "agent" in row}
    for fixture in FIXTURES:
        assert set(fixture["rows"]) <= known, fixture["name"]


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture["name"])
def test_the_answer_is_what_the_source_says(fixture: dict[str, Any]) -> None:
    pathway = answers()[fixture["name"]]
    held = [entry.condition for entry in pathway.conditions]
    assert set(fixture.get("conditions", [])) <= set(held), held
    said = {name: option(pathway, name).standing for name in fixture.get("options", {})}
    assert said == fixture.get("options", {})
    for name in fixture.get("disagree", []):
        sides = option(pathway, name).disagreements
        assert sides, name
        assert "for: " in sides[0]
        assert "against: " in sides[0]
    check_tried(fixture, pathway)
    check_surgery(fixture, pathway)
    check_warnings(fixture, pathway)


def check_tried(fixture: dict[str, Any], pathway: Pathway) -> None:
    worth = {entry.treatment: entry.worth_repeating for entry in pathway.tried}
    assert {worth[name] for name in fixture.get("not_again", [])} <= {False}
    gaps = {entry.treatment: entry.gaps for entry in pathway.tried}
    for name, wanted in fixture.get("gaps", {}).items():
        assert set(wanted) <= set(gaps[name])


def check_surgery(fixture: dict[str, Any], pathway: Pathway) -> None:
    gate = pathway.surgery
    assert gate is not None
    for key, wanted in fixture.get("surgery", {}).items():
        assert getattr(gate, key) == wanted, gate.says
    for wanted in fixture.get("missing", []):
        assert any(wanted in entry.what for entry in gate.missing if entry.blocks), gate.missing
    assert fixture.get("says", "") in gate.says
    ways = {entry.option: entry.verdict for entry in pathway.after_failed_surgery}
    assert fixture.get("four_ways", {}).items() <= ways.items(), ways


def check_warnings(fixture: dict[str, Any], pathway: Pathway) -> None:
    for name, wanted in fixture.get("caution", {}).items():
        assert any(wanted in entry.says for entry in option(pathway, name).cautions)
    for name, days in fixture.get("hold", {}).items():
        assert [entry.days for entry in option(pathway, name).holds] == [days]
    for wanted in fixture.get("refer", []):
        assert any(wanted in entry.whom for entry in pathway.referrals), pathway.referrals
