"""Assessments as FHIR: both validators accept them, nothing said is lost, and silence stays an open question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from validators import Unavailable, check_types, errors_by_npm, installed

from spinecourse.assess import Assessment, assess_courses
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.fhir_write import assessment_bundle
from spinecourse.fhir_write.resources import concept
from spinecourse.knowledge.tables import Row, load
from spinecourse.pictures import plain
from spinecourse.store.demo import demo_courses

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
COURSES = list(demo_courses(date(2026, 3, 1)))
COURSES.append(Course(Patient("nothing known", None, None), ()))
COURSES.append(Course(Patient("<b>&'\"", 54, "other"), (Fact("symptom", "urinary_retention", 0),)))
ASSESSED = list(zip(COURSES, assess_courses(COURSES), strict=True))
MESSAGE = "About your spine\n\nDear patient, <b> & so on"
BUNDLES = [assessment_bundle(course.patient, answer, NOW, MESSAGE) for course, answer in ASSESSED]


def of_type(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("bundle", BUNDLES, ids=[course.id for course in COURSES])
def test_the_types_are_those_of_r4(bundle: dict[str, Any]) -> None:
    check_types(bundle)


def test_a_planted_error_is_found_by_both(npm: Path) -> None:
    wrong = json.loads(json.dumps(BUNDLES[0]))
    del of_type(wrong, "RiskAssessment")[0]["status"]
    with pytest.raises(ValueError, match="status"):
        check_types(wrong)
    assert errors_by_npm(npm, [wrong]) != [[]]


def test_the_npm_validator_finds_nothing_wrong(npm: Path) -> None:
    assert errors_by_npm(npm, BUNDLES) == [[] for _ in BUNDLES]


@pytest.fixture(scope="module")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return installed(tmp_path_factory.mktemp("validator"))
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize(("bundle", "answer"), [(b, a) for b, (_, a) in zip(BUNDLES, ASSESSED, strict=True)])
def test_every_concern_is_an_issue_and_silence_is_one_of_its_own(bundle: dict[str, Any], answer: Assessment) -> None:
    issues = of_type(bundle, "DetectedIssue")
    opioids = answer.follow.opioids.dangers if answer.follow.opioids else []
    off_course = answer.follow.status in ("slower", "off_course", "failing")
    assert len(issues) == len(answer.triage.concerns) + bool(answer.triage.open) + len(opioids) + off_course
    said = json.dumps(issues)
    for opened in answer.triage.open:
        for question in opened.unasked:
            assert json.dumps(plain(question))[1:-1] in said


@pytest.mark.parametrize("bundle", BUNDLES)
def test_every_reference_leads_to_an_entry_of_the_bundle(bundle: dict[str, Any]) -> None:
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert set(references(bundle)) <= set(addresses)
    provenance = of_type(bundle, "Provenance")[0]
    said = {
        entry["fullUrl"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] not in ("Patient", "Provenance")
    }
    assert {target["reference"] for target in provenance["target"]} == said


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


@pytest.mark.parametrize("row", load("fhir/written_conditions"), ids=lambda row: row["condition"])
def test_every_condition_of_the_table_has_its_code(row: Row) -> None:
    (coding,) = concept(row["condition"])["coding"]
    assert coding["system"] == "http://hl7.org/fhir/sid/icd-10-cm"
    assert coding["code"][0].isalpha()


@pytest.mark.parametrize(("bundle", "answer"), [(b, a) for b, (_, a) in zip(BUNDLES, ASSESSED, strict=True)])
def test_the_plan_holds_every_option_in_question_and_all_that_is_missing(
    bundle: dict[str, Any], answer: Assessment
) -> None:
    plans = of_type(bundle, "CarePlan")
    options = [option for option in answer.pathway.options if option.in_question]
    details = [entry["detail"] for plan in plans for entry in plan.get("activity", [])]
    assert [detail["code"]["text"] for detail in details] == [plain(option.treatment) for option in options]
    assert [detail["doNotPerform"] for detail in details] == [
        option.standing == "contraindicated" for option in options
    ]
    said = json.dumps(plans)
    for entry in answer.pathway.surgery.missing if answer.pathway.surgery and plans else []:
        assert json.dumps(plain(entry.what))[1:-1] in said
    assert {plan["status"] for plan in plans} <= {"draft"}


@pytest.mark.parametrize(("bundle", "answer"), [(b, a) for b, (_, a) in zip(BUNDLES, ASSESSED, strict=True)])
def test_every_option_has_its_expected_course_and_every_hope_its_goal(
    bundle: dict[str, Any], answer: Assessment
) -> None:
    told = [entry for entry in of_type(bundle, "RiskAssessment") if "expected course" in entry["method"]["text"]]
    assert len(told) == len({entry.treatment for entry in answer.expectation})
    hopes = [entry for entry in answer.expectation if entry.patient_expects is not None]
    assert [goal["target"][0]["detailQuantity"]["value"] for goal in of_type(bundle, "Goal")] == [
        entry.patient_expects for entry in hopes
    ]
    for entry in answer.expectation:
        if entry.median is None:
            assert json.dumps(entry.why)[1:-1] in json.dumps(told)


def test_the_message_is_in_preparation_and_there_is_none_without_words() -> None:
    (message,) = of_type(BUNDLES[0], "Communication")
    assert message["status"] == "preparation"
    assert message["payload"] == [{"contentString": MESSAGE}]
    course, answer = ASSESSED[0]
    assert of_type(assessment_bundle(course.patient, answer, NOW), "Communication") == []


def test_nothing_is_an_order() -> None:
    for bundle in BUNDLES:
        for request in of_type(bundle, "ServiceRequest"):
            assert (request["status"], request["intent"]) == ("draft", "proposal")


def test_the_same_assessment_at_the_same_moment_is_the_same_bundle() -> None:
    course, answer = ASSESSED[0]
    assert assessment_bundle(course.patient, answer, NOW, MESSAGE) == BUNDLES[0]
    later = assessment_bundle(course.patient, answer, NOW.replace(hour=10), MESSAGE)
    assert {e["fullUrl"] for e in later["entry"]}.isdisjoint({e["fullUrl"] for e in BUNDLES[0]["entry"]})


def test_a_moment_without_offset_is_refused() -> None:
    course, answer = ASSESSED[0]
    with pytest.raises(ValueError, match="offset"):
        assessment_bundle(course.patient, answer, datetime(2026, 3, 1))


def test_words_of_a_patient_cannot_become_markup() -> None:
    divs = [entry["resource"]["text"]["div"] for entry in BUNDLES[-1]["entry"]]
    assert not any("<b>" in div for div in divs)
