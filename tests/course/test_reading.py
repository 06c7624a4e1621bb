"""Reading course files and case sets: what comes out, in which order, and with which lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spinecourse.course import CourseReading, Fact, check_course, load_documents, read_cases, read_courses
from spinecourse.course import reading as reading_module
from spinecourse.errors import CourseError
from spinecourse.knowledge import vocabulary

Read = Callable[..., list[CourseReading]]

TODAY = date(2024, 6, 30)
EXAMPLE = """\
course: 1                                   # version of this format
patient: {id: case-001, age_years: 54, sex: female}
facts:
  - {day: -42, symptom: leg_pain, side: left, nrs: 8, area: [L5]}
  - {day: -2,  symptom: urinary_retention}
  - {day: 0,   symptom: saddle_numbness, present: false}          # asked, and denied
  - {day: 0,   power: ankle_dorsiflexion, side: left, mrc: 3}
  - {day: 0,   sensation: L5, side: left, grade: reduced}
  - {day: 0,   reflex: ankle, side: left, grade: absent}
  - {day: 0,   sign: straight_leg_raise, side: left, degrees: 35}
  - {day: 0,   imaging: disc_herniation, modality: mri, level: L4/5, side: left, severity: severe}
  - {day: 0,   measure: odi, value: 52}
  - {day: -30, treatment: physiotherapy, until_day: -2, sessions: 8, response: none}
  - {day: 0,   expectation: microdiscectomy, measure: nrs_leg, value: 0, months: 12}
"""


def facts_of(*facts: dict[str, Any], today: date = TODAY) -> tuple[Fact, ...]:
    """The facts of a course that must be accepted."""
    document = {"course": 1, "patient": {"id": "A1"}, "facts": list(facts)}
    reading = check_course(document, file="here", today=today)
    assert reading.course is not None, reading.problems
    return reading.course.facts


def course_line(patient: str, *facts: dict[str, Any]) -> str:
    return json.dumps({"course": 1, "patient": {"id": patient}, "facts": list(facts)}) + "\n"


def test_the_example_of_the_format(read: Read) -> None:
    (reading,) = read(EXAMPLE, keep_going=False)
    course = reading.course
    assert course is not None
    assert (course.id, course.patient.age_years, course.patient.sex) == ("case-001", 54, "female")
    assert [fact.line for fact in course.facts] == list(range(4, 15))
    assert [fact.number for fact in course.facts] == list(range(1, 12))
    assert course.facts[0] == Fact(
        "symptom", "leg_pain", -42, side="left", nrs=8, area=("L5",), number=1, line=4
    )  # fmt: skip
    assert course.facts[2].present is False
    assert course.facts[9] == Fact(
        "treatment", "physiotherapy", -30, until_day=-2, sessions=8, response="none", number=10, line=13
    )
    assert course.facts[10].measure == "nrs_leg"


def test_a_course_without_facts_is_a_course_of_which_nothing_is_known(read: Read) -> None:
    (reading,) = read("course: 1\npatient: {id: A1}\nfacts: []\n", keep_going=False)
    assert reading.course is not None
    assert reading.course.facts == ()
    assert reading.course.patient.age_years is None


def test_the_development_cases_are_read_without_what_became_known_after(case_set: Path) -> None:
    courses = [reading.course for reading in read_courses(case_set)]
    lines = [json.loads(line)["course"] for line in case_set.read_text().splitlines()]
    assert len(courses) == len(lines) == 65
    for course, line in zip(courses, lines, strict=True):
        assert course is not None
        assert [fact.number for fact in course.facts] == [
            number for number, fact in enumerate(line["facts"], 1) if not fact.get("after")
        ]


def test_nothing_a_case_says_is_lost(case_set: Path) -> None:
    for case, line in zip(read_cases(case_set, today=TODAY), case_set.read_text().splitlines(), strict=True):
        given = json.loads(line)
        assert (case.id, case.gold) == (given["id"], given["gold"])
        for fact, said in zip(case.course.facts, given["course"]["facts"], strict=True):
            attributes = {**{key: getattr(fact, key, None) for key in said}, fact.kind: fact.name}
            assert attributes == {key: tuple(value) if key == "area" else value for key, value in said.items()}


def test_the_development_cases_are_read_without_yaml(case_set: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path; from spinecourse.course import read_courses\n"
        "count = len(list(read_courses(Path(sys.argv[1]))))\n"
        "print(count, 'yaml' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, case_set], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["65", "False"]


def test_after_is_kept_where_asked_for(read: Read, tmp_path: Path) -> None:
    facts = [{"day": 0, "symptom": "leg_pain"}, {"day": 3, "symptom": "fever", "after": True}]
    inside = {"course": 1, "patient": {"id": "A1"}, "facts": facts}
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({"id": "c1", "course": inside, "gold": {"urgency": "soon"}}))
    (without,) = read_courses(path)
    (with_after,) = read_courses(path, allow_after=True)
    (case,) = read_cases(path)
    assert without.course is not None
    assert with_after.course is not None
    assert [fact.name for fact in without.course.facts] == ["leg_pain"]
    assert [fact.after for fact in with_after.course.facts] == [False, True]
    assert with_after.course == case.course
    (ordinary,) = read(json.dumps(inside), ".json")
    assert "after belongs to case sets only" in ordinary.problems[0].message


def test_a_course_wrapped_alone_is_no_case_set(read: Read) -> None:
    inside = {"course": 1, "patient": {"id": "A1"}, "facts": [{"day": 0, "symptom": "fever", "after": True}]}
    for alone in ({"course": inside}, {"id": "c1", "course": inside}):
        (reading,) = read(json.dumps(alone), ".jsonl")
        assert [problem.fact for problem in reading.problems] == [1]
    (reading,) = read(json.dumps({"course": inside, "gold": {}, "goal": {}}), ".jsonl")
    assert "goal is not a known key here; did you mean gold?" in reading.problems[0].message


def test_a_case_needs_id_and_gold(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(course_line("A1") + json.dumps({"course": json.loads(course_line("A2")), "source": {}}))
    with pytest.raises(CourseError) as caught:
        list(read_cases(path))
    assert [problem.line for problem in caught.value.problems] == [1, 1, 2, 2]


def test_one_bad_course_of_a_hundred(read: Read) -> None:
    lines = [course_line(f"P{number}", {"day": 0, "symptom": "leg_pain"}) for number in range(100)]
    lines[41] = course_line("P41", {"day": 0, "symptom": "leg_pain"}, {"day": 0, "symptom": "leg_pian"})
    with pytest.raises(CourseError) as caught:
        read("".join(lines), ".jsonl", keep_going=False)
    assert [(problem.line, problem.fact) for problem in caught.value.problems] == [(42, 2)]
    readings = read("".join(lines), ".jsonl")
    assert [reading.number for reading in readings if reading.course is None] == [42]
    assert [reading.course.id for reading in readings if reading.course] == [f"P{n}" for n in range(100) if n != 41]


def test_a_line_that_is_no_json_does_not_stop_the_others(read: Read) -> None:
    readings = read(course_line("A1") + "{oops\n" + course_line("A2"), ".jsonl")
    assert [reading.course is None for reading in readings] == [False, True, False]
    assert readings[1].problems[0].place.endswith(":2")


def test_a_list_of_courses_and_several_documents(read: Read) -> None:
    courses = [json.loads(course_line(f"A{number}", {"day": 0, "symptom": "fever"})) for number in range(3)]
    in_json = read(json.dumps(courses, indent=1), ".json", keep_going=False)
    in_yaml = read("---\n".join(course_line(f"A{number}", {"day": 0, "symptom": "fever"}) for number in range(3)))
    in_list = read("".join(f"- {course_line(f'A{number}')}" for number in range(3)), ".yml")
    assert [[reading.course and reading.course.id for reading in each] for each in (in_json, in_yaml, in_list)] == [
        ["A0", "A1", "A2"]
    ] * 3
    assert [reading.line for reading in in_json] == [2, 14, 26]
    assert [fact.line for reading in in_json if reading.course for fact in reading.course.facts] == [8, 20, 32]
    assert [reading.line for reading in in_yaml] == [1, 3, 5]


def test_the_same_patient_twice(read: Read) -> None:
    readings = read(course_line("A1") + course_line("A2") + course_line("A1"), ".jsonl")
    assert [reading.course is None for reading in readings] == [False, False, True]
    assert "line 1 already" in readings[2].problems[0].message
    assert "A1" not in str(readings[2].problems[0])


def test_a_long_file_is_checked_before_the_first_course_is_handed_out(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is too long to be held, so that it is read twice."""
    monkeypatch.setattr(reading_module, "MOST_FACTS_HELD", 5)
    lines = [course_line(f"P{number}") for number in range(20)]
    assert [reading.number for reading in read("".join(lines), ".jsonl", keep_going=False)] == list(range(1, 21))
    with pytest.raises(CourseError):
        read("".join([*lines, "{}"]), ".jsonl", keep_going=False)


def test_dates_become_days_from_presentation() -> None:
    dated = ({"on": "2024-02-27", "symptom": "leg_pain"}, {"on": "2024-01-27", "symptom": "back_pain"})
    assert [fact.day for fact in facts_of(*dated)] == [0, -31]
    for part in ("course", "patient"):
        document: dict[str, Any] = {"course": 1, "patient": {"id": "A1"}, "facts": list(dated)}
        (document if part == "course" else document["patient"])["presented_on"] = "2024-02-01"
        reading = check_course(document, file="here", today=TODAY)
        assert reading.course is not None
        assert [fact.day for fact in reading.course.facts] == [26, -5]


def test_today_is_not_the_future() -> None:
    assert facts_of({"on": str(TODAY), "symptom": "leg_pain"})[0].day == 0
    assert facts_of({"on": TODAY, "symptom": "leg_pain"})[0].day == 0


def test_what_became_known_after_does_not_move_presentation(tmp_path: Path) -> None:
    facts = [{"on": "2024-02-27", "symptom": "fever"}, {"on": "2024-03-08", "symptom": "leg_pain", "after": True}]
    path = tmp_path / "cases.jsonl"
    inside = {"course": 1, "patient": {"id": "A1"}, "facts": facts}
    path.write_text(json.dumps({"id": "c", "course": inside, "gold": {}}))
    (case,) = read_cases(path, today=TODAY)
    assert [fact.day for fact in case.course.facts] == [0, 10]


def test_yaml_words_mean_what_they_look_like(read: Read) -> None:
    """The key ``on`` is a date's key and not *true*; a zero in front keeps a number text."""
    text = "course: 1\npatient: {id: 007}\nfacts:\n  - on: 2024-02-27\n    symptom: leg_pain\n    present: true\n"
    (reading,) = read(text, keep_going=False)
    assert reading.course is not None
    assert reading.course.id == "007"
    assert reading.course.facts[0].line == 4
    assert reading.course.facts[0].day == 0


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ({"symptom": "sciatica"}, Fact("symptom", "leg_pain", 0)),
        ({"history": "unexplained_weight_loss"}, Fact("symptom", "weight_loss", 0)),
        (
            {"history": "unexplained_weight_loss", "present": False},
            Fact("symptom", "weight_loss", 0, present=False),
        ),
        ({"sign": "lhermitte"}, Fact("symptom", "lhermitte", 0)),
        (
            {"sign": "inverted_supinator", "side": "left"},
            Fact("reflex", "brachioradialis", 0, side="left", grade="inverted"),
        ),
        ({"reflex": "achilles", "grade": "absent"}, Fact("reflex", "ankle", 0, grade="absent")),
        ({"sensation": "S4-5", "grade": "absent"}, Fact("sensation", "S5", 0, grade="absent")),
        ({"sensation": "below T4", "grade": "reduced"}, Fact("sensation", "below T4", 0, grade="reduced")),
        ({"imaging": "disc_herniation", "level": "L5-S1"}, Fact("imaging", "disc_herniation", 0, level="L5/S1")),
        ({"imaging": "disc_herniation", "level": "L4-5"}, Fact("imaging", "disc_herniation", 0, level="L4/5")),
        ({"imaging": "disc_herniation", "level": "L4-L5"}, Fact("imaging", "disc_herniation", 0, level="L4/5")),
        ({"imaging": "disc_herniation", "level": "L5"}, Fact("imaging", "disc_herniation", 0, level="L5")),
        ({"test": "esr", "value": 40, "unit": "mm/hr"}, Fact("test", "esr_mm_h", 0, value=40, unit="mm/h")),
        ({"test": "pvr", "value": 300}, Fact("test", "post_void_residual_ml", 0, value=300)),
        ({"test": "emg_abnormal", "side": "both"}, Fact("test", "emg_abnormal", 0, side="both")),
        (
            {"symptom": "thigh_pain", "area": ["anterolateral_thigh", "L3", "S4-5"]},
            Fact("symptom", "thigh_pain", 0, area=("anterolateral_thigh", "L3", "S5")),
        ),
        ({"treatment": "esi", "response": "none"}, Fact("treatment", "epidural_injection", 0, response="none")),
        (
            {"expectation": "esi", "measure": "nrs_leg", "value": 2},
            Fact("expectation", "epidural_injection", 0, measure="nrs_leg", value=2),
        ),
        ({"power": "ankle_dorsiflexion", "mrc": 3.7}, Fact("power", "ankle_dorsiflexion", 0, mrc=3.7)),
        ({"symptom": "back_pain", "side": "midline"}, Fact("symptom", "back_pain", 0, side="midline")),
        ({"diagnosis": "spondylolisthesis", "grade": "Meyerding II"},
         Fact("diagnosis", "spondylolisthesis", 0, grade="Meyerding II")),
    ],
)  # fmt: skip
def test_other_spellings_are_kept_under_one_name(written: dict[str, Any], kept: Fact) -> None:
    (fact,) = facts_of({"day": 0, **written})
    expected = Fact(**{name: getattr(kept, name) for name in kept.__dataclass_fields__ if name != "number"}, number=1)
    assert fact == expected


def test_a_sign_not_found_says_nothing_of_the_reflex_it_stands_for() -> None:
    (fact,) = facts_of({"day": 0, "sign": "inverted_supinator", "present": False})
    assert (fact.kind, fact.name, fact.present, fact.grade) == ("reflex", "brachioradialis", False, None)


def test_every_key_of_the_tables_can_be_read() -> None:
    from spinecourse.course.values import READERS

    heads = [key for part in ("course", "patient", "case") for key in vocabulary.head_keys(part).values()]
    plain = {"version", "mapping", "list", "anything"}
    assert {key.type for key in vocabulary.fact_keys().values()} <= set(READERS)
    assert {key.type for key in heads} <= set(READERS) | plain
    assert set(READERS) <= {key.type for key in [*heads, *vocabulary.fact_keys().values()]}
    assert all(hasattr(Fact("", "", 0), key) for key, _ in vocabulary.fact_keys() if key != "on")


@pytest.mark.parametrize("name", ["cases.jsonl", "course.yaml", "course.json"])
def test_standard_input_is_read_whatever_its_format(tmp_path: Path, name: str) -> None:
    two = course_line("A1") + course_line("A2")
    one = json.dumps([json.loads(course_line("A1"))], indent=2)
    text, ids = {
        "cases.jsonl": (two, ["A1", "A2"]), "course.yaml": (EXAMPLE, ["case-001"]), "course.json": (one, ["A1"]),
    }[name]  # fmt: skip
    script = (
        "from pathlib import Path; from spinecourse.course import read_courses\n"
        "print(*(reading.course.id for reading in read_courses(Path('-'))))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=text, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ids


def test_other_documents_are_handed_over_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "bulk.ndjson"
    path.write_text('{"resourceType": "Patient", "id": "a"}\n\n{"resourceType": "Patient", "id": "b"}\n{oops\n')
    found = list(load_documents(path))
    assert [(document.number, document.line) for document in found] == [(1, 1), (2, 3), (3, 4)]
    assert found[1].content == {"resourceType": "Patient", "id": "b"}
    assert found[2].content is None
    assert found[2].problems[0].place == f"{path}:4"


def test_a_thousand_courses_are_all_read(read: Read) -> None:
    facts = [{"day": 0, "symptom": "leg_pain", "side": "left", "nrs": 5}] * 10
    text = "".join(course_line(f"P{number}", *facts) for number in range(1000))
    assert len(read(text, ".jsonl", keep_going=False)) == 1000
