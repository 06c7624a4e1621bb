"""*Is this right for me?*, the pages of the pathway as a shell sees them, and the figure of the development cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spinecourse.assess.evaluation import evaluate
from spinecourse.assess.procedure import ask_procedure
from spinecourse.cli.main import main
from spinecourse.course import Case, Course, Patient
from spinecourse.errors import NotFound
from spinecourse.pathway import treatments
from written import course_of

LEAST_RIGHT = 0.85
COURSE = """course: 1
patient: {id: A1, age_years: 44}
facts:
  - {day: -80, symptom: leg_pain, side: left, nrs: 7, area: [L5]}
  - {day: 0, power: great_toe_extension, side: left, mrc: 4}
  - {day: 0, sensation: L5, side: left, grade: reduced}
  - {day: -75, treatment: physiotherapy, until_day: -20, response: none}
"""


def ran(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(words)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.mark.parametrize("treatment", list(treatments()))
def test_every_treatment_can_be_asked_about_before_anything_is_known(treatment: str) -> None:
    found = ask_procedure(Course(Patient("nobody"), ()), treatment)
    assert (found.treatment, bool(found.meaning), bool(found.whom)) == (treatment, True, True)
    assert {entry.answer for entry in found.questions} <= {"not known"}
    for entry in found.questions:
        assert entry.question.endswith("?"), entry.question
        assert "{" not in entry.question
        assert entry.whom
        assert entry.rule


def test_a_fact_answers_its_question_and_is_named() -> None:
    found = ask_procedure(course_of({"history": "pregnancy"}), "prp")
    asked = next(entry for entry in found.questions if "pregnant" in entry.question)
    assert (asked.answer, asked.wanted, asked.because) == ("yes", "no", ["day 0 history pregnancy"])
    denied = ask_procedure(course_of({"history": "pregnancy", "present": False}), "prp")
    assert next(entry for entry in denied.questions if "pregnant" in entry.question).answer == "no"


def test_what_it_can_do_is_joined_or_refused_with_a_reason() -> None:
    found = ask_procedure(course_of({"symptom": "leg_pain", "day": -90, "nrs": 7}), "discectomy")
    assert found.why
    assert all(entry.treatment == "discectomy" for entry in found.expectation)


def test_a_procedure_nobody_knows_names_the_nearest() -> None:
    with pytest.raises(NotFound, match="did you mean discectomy"):
        ask_procedure(Course(Patient("nobody"), ()), "disectomy")


def test_the_pages_of_the_pathway(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "course.yaml"
    path.write_text(COURSE, encoding="utf-8")
    code, page, _ = ran(capsys, "pathway", "show", str(path))
    assert code == 0
    for words in ("lumbar radiculopathy", "sessions not recorded", "Surgery", "Referral", "Nothing on record points"):
        assert words in page
    code, out, _ = ran(capsys, "pathway", "show", str(path), "--format", "json")
    assert json.loads(out)["condition"] == "lumbar_radiculopathy"
    code, page, _ = ran(capsys, "pathway", "ask", "spinal-cord-stimulation", str(path))
    assert (code, "Questions that decide" in page) == (0, True)


def test_an_unknown_procedure_has_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, said = ran(capsys, "pathway", "ask", "crystal_healing")
    assert (code, out) == (NotFound.exit_code, "")
    assert "is no treatment" in said


def test_the_condition_is_right_in_the_development_cases(dev_cases: tuple[Case, ...]) -> None:
    figures = evaluate(dev_cases).conditions
    assert figures.carried >= 60
    assert figures.named >= LEAST_RIGHT, figures.misses
