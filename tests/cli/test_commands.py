"""The commands as a shell sees them: what goes to which stream, and the exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from spinecourse.cli.main import main

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases" / "dev.jsonl"
MECHANISMS = CASES.parents[1] / "data" / "smart_mechanism" / "data.csv"
CAUDA = """course: 1
patient: {id: A1, age_years: 54, sex: female}
facts:
  - {day: -2, symptom: urinary_retention}
  - {day: 0, symptom: back_pain}
"""
OBSERVED = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "p", "gender": "female"}},
        {
            "resource": {
                "resourceType": "Condition",
                "id": "c",
                "subject": {"reference": "urn:uuid:1"},
                "recordedDate": "2024-01-01",
                "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G83.4"}]},
                "invented": True,
            }
        },
    ],
}


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return command


@pytest.fixture
def cauda(tmp_path: Path) -> Path:
    path = tmp_path / "cauda.yaml"
    path.write_text(CAUDA)
    return path


def test_json_is_one_object_a_course(run: Run, cauda: Path) -> None:
    ran = run("assess", cauda, cauda, "--format", "json")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, ran.err) == (0, "")
    assert [answer["triage"]["urgency"] for answer in answers] == ["emergency", "emergency"]
    assert answers[0]["expectation"] == []
    assert all(answers[0][part]["why"] for part in ("pathway", "follow", "triage", "localisation", "mechanism"))


def test_the_page_names_class_reason_and_what_nobody_asked(run: Run, cauda: Path) -> None:
    ran = run("assess", cauda)
    assert "EMERGENCY" in ran.out
    assert "urinary_retention" in ran.out
    assert "not asked" in ran.out


def test_a_calm_page_with_open_questions_says_so(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "calm.yaml"
    path.write_text("course: 1\npatient: {id: A1}\nfacts:\n  - {day: 0, symptom: back_pain}\n")
    ran = run("assess", path)
    assert "ROUTINE on what is known" in ran.out
    assert "Not asked, so not cleared" in ran.out


def hundred(tmp_path: Path) -> Path:
    path = tmp_path / "hundred.jsonl"
    names = ["bak_pain" if number == 41 else "back_pain" for number in range(100)]
    courses = [
        {"course": 1, "patient": {"id": f"P{number}"}, "facts": [{"day": 0, "symptom": name}]}
        for number, name in enumerate(names)
    ]
    path.write_text("\n".join(json.dumps(course) for course in courses))
    return path


def test_one_bad_course_of_a_hundred_stops_the_file(run: Run, tmp_path: Path) -> None:
    ran = run("assess", hundred(tmp_path), "--format", "json")
    assert (ran.code, ran.out) == (3, "")
    assert "hundred.jsonl:42, fact 1: bak_pain is not a known symptom; did you mean back_pain?" in ran.err


def test_one_bad_course_of_a_hundred_leaves_the_others_with_keep_going(run: Run, tmp_path: Path) -> None:
    ran = run("assess", hundred(tmp_path), "--format", "json", "--keep-going")
    assert ran.code == 3
    assert len(ran.out.splitlines()) == 99
    assert "bak_pain" in ran.err


def test_a_missing_file_is_passed_over_with_keep_going(run: Run, cauda: Path, tmp_path: Path) -> None:
    ran = run("assess", tmp_path / "nowhere.yaml", cauda, "--format", "json", "--keep-going")
    assert ran.code == 5
    assert len(ran.out.splitlines()) == 1


def test_fhir_is_told_by_its_content_and_its_report_goes_to_the_other_stream(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(OBSERVED))
    ran = run("assess", path, "--format", "json")
    assert json.loads(ran.out)["triage"]["urgency"] == "emergency"
    assert "Condition.invented" in ran.err


def test_the_whole_import_report_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    path, report = tmp_path / "bundle.json", tmp_path / "report.txt"
    path.write_text(json.dumps(OBSERVED))
    ran = run("assess", path, "--import-report", report)
    assert ran.err == ""
    assert "Condition.invented" in report.read_text()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["assess"], 2),
        (["assess", "x.yaml", "--format", "xml"], 2),
        (["asess", "x.yaml"], 2),
        (["assess", "nowhere.yaml"], 5),
        (["knowledge", "show", "root:Q9"], 5),
        (["--version"], 0),
    ],
)
def test_exit_codes(run: Run, arguments: list[str], code: int) -> None:
    ran = run(*arguments)
    assert ran.code == code
    assert "Traceback" not in ran.err
    assert ran.err or not code


def test_a_reader_who_goes_away_is_no_error(cauda: Path) -> None:
    command = f"{sys.executable} -m spinecourse.cli.main assess {' '.join([str(cauda)] * 30)} | head -1"
    ran = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.skipif(not CASES.exists(), reason="the development cases are not here")
def test_evaluation_ends_with_one_object_and_reads_no_ids(run: Run, tmp_path: Path) -> None:
    first = run("evaluate", "cases", CASES)
    renamed = [json.loads(line) for line in CASES.read_text().splitlines()]
    for number, case in enumerate(renamed):
        case["id"] = case["course"]["patient"]["id"] = f"x{number}"
    path = tmp_path / "renamed.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in renamed))
    assert json.loads(first.out.splitlines()[-1])["emergency_found"] == 1
    assert run("evaluate", "cases", path).out == first.out


@pytest.mark.skipif(not MECHANISMS.exists(), reason="the mechanism data are not here")
def test_mechanisms_are_evaluated_through_facts(run: Run) -> None:
    found = json.loads(run("evaluate", "mechanism", MECHANISMS).out.splitlines()[-1])
    assert found["patients"] == 232
    assert found["accuracy"] > 0.93
    assert found["log_loss"] < 0.172


def test_a_verdict_nobody_knows_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("c01,c09,mechanism\n1,2,nociceptive\n0,,tired\n")
    ran = run("evaluate", "mechanism", path)
    assert ran.code == 3
    assert f"{path}:2: c09 is '2'" in ran.err
    assert f"{path}:3: mechanism is none of" in ran.err
