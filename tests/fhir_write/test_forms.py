"""A site's forms: what is asked when, responses, scores with their way back to the answers, and facts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_forms import URL, expression, lettered, scored_form
from validators import check_types

from spinecourse.assess import assess_course
from spinecourse.cli.main import main
from spinecourse.course.checking import check_course
from spinecourse.errors import FhirError
from spinecourse.fhir import read_fhir
from spinecourse.fhir.filling import asked_items
from spinecourse.fhir.forms import CALCULATED, Form, read_form, read_form_file
from spinecourse.fhir.responses import answers_of
from spinecourse.fhir_write.answers import questionnaire_response
from spinecourse.fhir_write.checkin_form import checkin_questionnaire, checkin_response_facts
from spinecourse.fhir_write.resources import Subject
from spinecourse.fhir_write.score_bundle import score_bundle
from spinecourse.fhir_write.scores import FormScore, form_scores, score_facts
from spinecourse.measures import score
from spinecourse.measures.checkin import asked, checkin_facts, checkin_items
from spinecourse.measures.texts import languages

SUBJECT = Subject("P1", datetime(2026, 3, 1, 9, 30, tzinfo=UTC).isoformat())
PERCENT = "%points.ordinal().sum() * 100 / (5 * %points.count())"
NAIVE = "%points.ordinal().sum() * 2"


def odi(formula: str = PERCENT, total: str | None = "odi") -> Form:
    return read_form(scored_form("odi", 10, 0, 5, formula, total))


def filled(form: Form, answers: dict[str, Any]) -> dict[str, Any]:
    return questionnaire_response(form, answers, SUBJECT)


def one_score(form: Form, answers: dict[str, Any]) -> FormScore:
    (found,) = form_scores(form, filled(form, answers))
    return found


def test_a_form_is_scored_by_rule_and_expression_alike() -> None:
    found = one_score(odi(), lettered("odi", [2, 2, 2, 2, 2, 2, 1, 1, 1, 1]))
    assert (found.value, found.answered, found.prorated, found.why) == (32, 10, False, "")
    assert (found.measure, found.loinc) == ("odi", "97909-6")


def test_open_questions_are_prorated_and_said() -> None:
    found = one_score(odi(), lettered("odi", [2, 2, 2, 2, 2, 2, 2, None, 1, 1]))
    assert found.value == pytest.approx(35.5556, abs=1e-4)
    assert (found.answered, found.prorated) == (9, True)


def test_an_expression_that_counts_open_as_nought_is_caught() -> None:
    complete = lettered("odi", [2, 2, 2, 2, 2, 2, 1, 1, 1, 1])
    assert one_score(odi(NAIVE), complete).value == 32
    found = one_score(odi(NAIVE), {link: code for link, code in complete.items() if link != "q3"})
    assert found.value is None
    assert "mend the form" in found.why
    assert score_facts([found], 0) == []


def test_a_score_of_the_form_alone_is_held_back_while_a_question_is_open() -> None:
    raw = scored_form("unknown", 4, 0, 3, NAIVE)
    form = read_form(raw)
    assert one_score(form, lettered("unknown", [1, 2, 3, 0])).value == 12
    found = one_score(form, lettered("unknown", [1, None, 3, 0]))
    assert found.value is None
    assert (found.answered, found.questions) == (3, 4)
    assert "not answered" in found.why


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=10, max_size=10))
def test_scores_through_a_form_are_scores_of_the_answers(points: list[int | None]) -> None:
    raw = scored_form("odi", 10, 0, 5, PERCENT)
    del raw["item"][1]
    (found,) = form_scores(read_form(raw), filled(read_form(raw), lettered("odi", points)))
    alone = score("odi", [float("nan") if value is None else value for value in points])
    assert found.value == pytest.approx(alone.value[0]) if not alone.why[0] else found.value is None
    assert found.answered == alone.answered[0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=10, max_size=10))
def test_answers_survive_the_response(points: list[int | None]) -> None:
    answers = lettered("odi", points)
    assert answers_of(odi(), filled(odi(), answers)) == answers


def test_bundle_leads_back_from_score_to_answers() -> None:
    form = read_form(scored_form("phq9", 9, 0, 3, "%points.ordinal().sum()", "phq9"))
    response = filled(form, lettered("phq9", [0, 0, 0, 0, 0, 0, 0, 0, 1]))
    bundle = score_bundle(response, form_scores(form, response), SUBJECT)
    check_types(bundle)
    by_type = {entry["resource"]["resourceType"]: entry for entry in bundle["entry"]}
    observation, answers = by_type["Observation"]["resource"], by_type["QuestionnaireResponse"]["fullUrl"]
    assert observation["derivedFrom"] == [{"reference": answers}]
    assert observation["valueQuantity"]["value"] == 1
    assert by_type["Provenance"]["resource"]["entity"][0]["what"] == {"reference": answers}
    assert by_type["Provenance"]["resource"]["target"] == [{"reference": by_type["Observation"]["fullUrl"]}]
    assert "suicide" in by_type["DetectedIssue"]["resource"]["detail"]
    assert by_type["DetectedIssue"]["resource"]["severity"] == "high"


def test_a_missing_score_is_an_observation_without_a_value() -> None:
    response = filled(odi(), lettered("odi", [1, 1, 1, 1, 1, 1, 1, None, None, None]))
    bundle = score_bundle(response, form_scores(odi(), response), SUBJECT)
    check_types(bundle)
    observation = bundle["entry"][1]["resource"]
    assert "valueQuantity" not in observation
    assert "too few" in observation["dataAbsentReason"]["text"]


def test_the_written_score_is_read_back_as_the_same_fact(tmp_path: Path) -> None:
    response = filled(odi(), lettered("odi", [2, 2, 2, 2, 2, 2, 1, 1, 1, 1]))
    scores = form_scores(odi(), response)
    bundle = score_bundle(response, scores, SUBJECT)
    patient = {"fullUrl": SUBJECT.address("Patient"), "resource": {"resourceType": "Patient", "id": "P1"}}
    bundle["entry"].insert(0, patient)
    path = tmp_path / "scores.json"
    path.write_bytes(msgspec.json.encode(bundle))
    (course,) = read_fhir(path).courses
    assert [(fact.kind, fact.name, fact.value) for fact in course.facts] == [("measure", "odi", 32)]
    assert score_facts(scores, 0) == [{"day": 0, "measure": "odi", "value": 32}]


PAIN = {"question": "pain", "operator": "=", "answerBoolean": True}
NO_WORD_OF_PAIN = {"question": "pain", "operator": "exists", "answerBoolean": False}
STRONG = {"question": "how", "operator": ">", "answerInteger": 6}
WORSE = {"question": "worse", "operator": "exists", "answerBoolean": True}
CONDITIONAL: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "url": f"{URL}conditional",
    "status": "active",
    "item": [
        {"linkId": "pain", "type": "boolean", "text": "?"},
        {
            "linkId": "where",
            "type": "group",
            "text": "?",
            "enableWhen": [PAIN],
            "item": [
                {"linkId": "how", "type": "integer", "text": "?"},
                {"linkId": "why", "type": "string", "enableBehavior": "any", "enableWhen": [STRONG, WORSE]},
            ],
        },
        {"linkId": "worse", "type": "string", "text": "?"},
        {"linkId": "silent", "type": "boolean", "text": "?", "enableWhen": [NO_WORD_OF_PAIN]},
    ],
}


@pytest.mark.parametrize(
    ("answers", "asked_now"),
    [
        ({}, {"pain", "worse", "silent"}),
        ({"pain": False}, {"pain", "worse"}),
        ({"pain": True}, {"pain", "where", "how", "worse"}),
        ({"pain": True, "how": 7}, {"pain", "where", "how", "why", "worse"}),
        ({"pain": True, "how": 6}, {"pain", "where", "how", "worse"}),
        ({"pain": True, "worse": "x"}, {"pain", "where", "how", "why", "worse"}),
        ({"how": 9}, {"pain", "worse", "silent"}),
    ],
)
def test_questions_are_asked_when_the_form_says(answers: dict[str, Any], asked_now: set[str]) -> None:
    assert asked_items(read_form(CONDITIONAL), answers) == asked_now


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"how": 3}, "'how' is answered although it was not to be asked"),
        ({"pain": "my secret"}, "'pain' should be a value of type boolean"),
        ({"pain": True, "how": 2.5}, "'how' should be a value of type integer"),
        ({"pian": True}, "'pian' is no question"),
        ({"worse": ["a", "b"]}, "'worse' has several answers"),
    ],
)
def test_answers_that_the_form_does_not_allow_are_named_and_not_repeated(answers: dict[str, Any], said: str) -> None:
    with pytest.raises(FhirError, match=said) as caught:
        filled(read_form(CONDITIONAL), answers)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": "in-progress"}, "status: should be completed"),
        ({"status": "entered-in-error"}, "status: should be completed"),
        ({"questionnaire": f"{URL}other"}, "questionnaire: should be"),
        ({"questionnaire": f"{URL}odi|1"}, "questionnaire: should be"),
        ({"item": [{"linkId": "q99", "answer": [{"valueInteger": 1}]}]}, "'q99' is no item"),
        ({"item": [{"linkId": "q1", "answer": [{"valueCoding": {"code": "z"}}]}]}, "'q1' should be odi-1-a"),
    ],
)
def test_a_response_that_is_not_this_form_s_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(FhirError, match=said):
        form_scores(odi(), filled(odi(), {}) | change)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": ""}, "url: is missing"),
        ({"item": []}, "item: is missing"),
        ({"item": [{"linkId": "a"}]}, r"item\[0\].type: is missing"),
        ({"item": [{"linkId": "a", "type": "string"}] * 2}, "linkId a stands there twice"),
        ({"item": [{"linkId": "a", "type": "string", "modifierExtension": [{"url": "x"}]}]}, "modifier extension"),
        ({"item": [{"linkId": "a", "type": "string", "enableWhen": [STRONG]}]}, "asks for how"),
        ({"item": [{"linkId": "a", "type": "string", "enableWhen": [STRONG | {"operator": "~"}]}]}, "needs a question"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_used_says_where(change: dict[str, Any], said: str) -> None:
    with pytest.raises(FhirError, match=said):
        read_form(CONDITIONAL | change)


def test_a_bad_expression_is_the_form_s_fault() -> None:
    for formula in ("%nothing +", "%points.code", "unknownFunction()"):
        form = odi(formula)
        with pytest.raises(FhirError, match="expression of item total"):
            form_scores(form, filled(form, lettered("odi", [1] * 10)))


def test_a_file_that_is_no_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.json"
    for text, said in (("{", "is no JSON"), ('{"resourceType": "Patient"}', "should be a Questionnaire, is Patient")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FhirError, match=said):
            read_form_file(path)


@pytest.mark.parametrize("language", languages())
def test_the_check_in_is_a_form_in_every_language(language: str) -> None:
    resource = checkin_questionnaire(language)
    Questionnaire.model_validate(resource)
    assert resource["status"] == "draft"
    form = read_form(resource)
    assert {item.link_id for item in form.all_items() if item.is_question} == set(checkin_items())


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_check_in_asks_and_says_the_same_through_fhir(data: st.DataObject) -> None:
    form = read_form(checkin_questionnaire("en"))
    answers: dict[str, Any] = {}
    for item in checkin_items().values():
        if item.is_asked(answers) and data.draw(st.booleans()):
            values = st.sampled_from(item.answers) if item.answers else st.integers(0, 10).map(float)
            answers[item.name] = data.draw(st.just("walk") if item.type == "text" else values)
    asked_by_form = asked_items(form, answers) & set(checkin_items())
    assert asked_by_form == {item.name for item in asked(answers)}
    facts = checkin_response_facts(form, filled(form, answers), 3)
    assert facts == checkin_facts(answers, 3)
    course = {"course": 1, "patient": {"id": "C1"}, "facts": facts}
    assert not facts or not check_course(course, file="check-in").problems


def test_an_expression_of_two_numbers_is_refused() -> None:
    raw = scored_form("unknown", 2, 0, 3, "1 | 2")
    raw["item"][1]["extension"] = [expression(CALCULATED, "1 | 2")]
    form = read_form(raw)
    with pytest.raises(FhirError, match="should give one number"):
        form_scores(form, filled(form, lettered("unknown", [1, 1])))


def saved(folder: Path, name: str, resource: dict[str, Any]) -> str:
    path = folder / name
    path.write_bytes(msgspec.json.encode(resource))
    return str(path)


def printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["measures", *words])
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def test_the_command_scores_a_response(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = scored_form("phq9", 9, 0, 3, "%points.ordinal().sum()", "phq9")
    response = filled(read_form(raw), lettered("phq9", [1, 1, 1, 1, 1, 1, 1, 1, None]))
    words = ["score", saved(tmp_path, "r.json", response), "--form", saved(tmp_path, "f.json", raw)]
    code, out, err = printed(words, capsys)
    assert code == 0
    assert "mend the form" in out
    assert "question 9: not answered" in err
    code, out, _ = printed([*words, "--format", "fhir"], capsys)
    bundle = msgspec.json.decode(out)
    check_types(bundle)
    assert {entry["resource"]["subject"]["reference"] for entry in bundle["entry"][:2]} == {SUBJECT.address("Patient")}


def test_the_command_prints_the_check_in(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = printed(["check-in", "ar"], capsys)
    assert (code, msgspec.json.decode(out)["language"]) == (0, "ar")
    code, _, err = printed(["check-in", "xx"], capsys)
    assert code == 5
    assert "it has en, es, ar" in err


def test_a_bundle_needs_a_form(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = printed(["score", "answers.csv", "--format", "fhir"], capsys)
    assert code == 2
    assert "needs --form" in err


def test_points_that_answers_carry_count_where_the_form_lists_no_options() -> None:
    raw = scored_form("odi", 10, 0, 5, PERCENT, "odi")
    response = filled(read_form(raw), lettered("odi", [2, 2, 2, 2, 2, 2, 1, 1, 1, 1]))
    for question in raw["item"][0]["item"]:
        question["answerValueSet"] = f"{URL}odi/answers"
        del question["answerOption"]
    (found,) = form_scores(read_form(raw), response)
    assert (found.value, found.why) == (32, "")


def test_points_that_differ_from_the_form_are_refused() -> None:
    response = filled(odi(), lettered("odi", [2] * 10))
    response["item"][0]["item"][4]["answer"][0]["valueCoding"]["extension"][0]["valueDecimal"] = 3
    with pytest.raises(FhirError, match="'q5' has an answer with other points"):
        form_scores(odi(), response)


def test_an_answer_without_points_gives_no_score() -> None:
    raw = scored_form("odi", 10, 0, 5, "%points.count()")
    del raw["item"][1]
    for option in raw["item"][0]["item"][0]["answerOption"]:
        del option["valueCoding"]["extension"]
    (found,) = form_scores(read_form(raw), filled(read_form(raw), lettered("odi", [2] * 10)))
    assert found.value is None
    assert "not one that the question allows" in found.why


def imported(folder: Path, response: dict[str, Any]) -> Any:
    patient = {"fullUrl": SUBJECT.address("Patient"), "resource": {"resourceType": "Patient", "id": "P1"}}
    entries = [patient, {"fullUrl": "urn:uuid:4a0c1f6e-7c1e-4a58-9d5b-0d5a5d2b9c11", "resource": response}]
    return read_fhir(Path(saved(folder, "b.json", {"resourceType": "Bundle", "type": "collection", "entry": entries})))


def test_a_filled_in_check_in_is_read_and_its_danger_reaches_triage(tmp_path: Path) -> None:
    answers = {"pain_leg": "left", "pain_leg_now": 6.0, "pain_trend": "worse", "cannot_pee": "yes", "fever": "not_sure"}
    form = read_form(checkin_questionnaire("en"))
    found = imported(tmp_path, filled(form, answers | {"saddle": "no", "goal": "private words"}))
    (course,) = found.courses
    assert {(fact.kind, fact.name, fact.present, fact.side, fact.trend, fact.value) for fact in course.facts} == {
        ("symptom", "leg_pain", True, "left", "worsening", None),
        ("measure", "nrs_leg", True, None, None, 6.0),
        ("symptom", "urinary_retention", True, None, None, None),
        ("symptom", "saddle_numbness", False, None, None, None),
    }
    assert assess_course(course).triage.urgency == "emergency"
    report = found.report.text()
    assert "fever: not sure" in report
    assert "private" not in report


def test_wrong_answers_of_a_check_in_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    form = read_form(checkin_questionnaire("en"))
    response = filled(form, {"saddle": "yes", "pain_back": "yes", "pain_back_now": 4.0})
    back, danger = (
        response["item"][3]["item"][0],
        [item for item in response["item"] if item["linkId"] == "section.red_flags"],
    )
    back["answer"] = [{"valueCoding": {"code": "no"}}]
    danger[0]["item"].append({"linkId": "extra", "answer": [{"valueString": "private words"}]})
    found = imported(tmp_path, response)
    (course,) = found.courses
    assert {(fact.name, fact.present) for fact in course.facts} == {("saddle_numbness", True), ("back_pain", False)}
    report = found.report.text()
    assert "linkId pain_back_now" in report
    assert "'extra'" in report
    assert "private" not in report
