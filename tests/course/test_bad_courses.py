"""What a person may write wrongly: each file and each fact of the tables, with what the message must say.

To add a case, add a line to ``bad_facts.csv``, or a file to ``bad/`` whose comments say what is expected:
``# expect LINE: message`` (or ``# expect LINE, fact N: message``) and ``# not: text`` for what must not be repeated.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from spinecourse.course import CourseReading, check_course, read_courses
from spinecourse.errors import CourseError

Read = Callable[..., list[CourseReading]]

TODAY = date(2024, 6, 30)
HERE = Path(__file__).parent
FILES = sorted((HERE / "bad").iterdir())
with (HERE / "bad_facts.csv").open(newline="") as table:
    FACTS = [(row["fact"], row["message"]) for row in csv.DictReader(table)]

ONLY = "course: 1\npatient: {id: A1}\nfacts:\n"


@pytest.mark.parametrize(("fact", "message"), FACTS, ids=[fact for fact, _ in FACTS])
def test_a_wrong_fact_is_named_with_line_and_number(read: Read, fact: str, message: str) -> None:
    (reading,) = read(f"{ONLY}  - {fact}\n")
    assert reading.course is None
    assert [problem.place for problem in reading.problems] == [f"{reading.file}:4, fact 1"]
    assert message in reading.problems[0].message


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_a_wrong_file_is_named_with_its_lines(path: Path) -> None:
    text = path.read_text()
    with pytest.raises(CourseError) as caught:
        list(read_courses(path, today=TODAY))
    said = str(caught.value)
    expected = re.findall(r"^# expect (.*)$", text, re.MULTILINE)
    missing = [each for each in expected if f"{path}:{each}" not in said]
    assert not missing, said
    assert len(caught.value.problems) == len(expected), said
    for secret in re.findall(r"^# not: (.*)$", text, re.MULTILINE):
        assert secret not in said


def test_every_problem_of_every_course_is_reported_together(read: Read) -> None:
    facts = "".join(f"  - {fact}\n" for fact, _ in FACTS[:10])
    text = f"{ONLY}{facts}---\n{ONLY.replace('A1', 'A2')}{facts}"
    with pytest.raises(CourseError) as caught:
        read(text, keep_going=False)
    assert [problem.fact for problem in caught.value.problems] == [*range(1, 11), *range(1, 11)]
    assert {problem.course for problem in caught.value.problems} == {"1", "2"}


def test_the_same_problems_are_found_in_json_and_in_a_mapping(read: Read) -> None:
    facts = [{"day": 0, "symptom": "leg_pian"}, {"day": 0, "symptom": "leg_pain", "nrs": 11}]
    document = {"course": 1, "patient": {"id": "A1"}, "facts": facts}
    (in_json,) = read(json.dumps(document, indent=1), ".json")
    in_mapping = check_course(document, file="form")
    messages = [problem.message for problem in in_mapping.problems]
    assert messages == [problem.message for problem in in_json.problems]
    assert len(messages) == 2
    assert [problem.line for problem in in_json.problems] == [9, 14]
    assert [problem.line for problem in in_mapping.problems] == [None, None]


def test_keys_that_stand_twice_are_found_in_json_too(read: Read) -> None:
    text = '{"course": 1,\n "patient": {"id": "A1"},\n "facts": [\n {"day": 0,\n "symptom": "leg_pain", "day": 3}]}'
    (reading,) = read(text, ".json")
    assert [str(problem) for problem in reading.problems] == [
        f"{reading.file}:5, fact 1: day stands twice in the same place; leave one out"
    ]
    (reading,) = read(text.replace("\n", ""), ".jsonl")
    assert reading.problems[0].place == f"{reading.file}:1, fact 1"


def test_a_course_full_of_mistakes_is_not_checked_for_ever(read: Read) -> None:
    facts = "".join(f"  - {{day: 0, symptom: leg_pian{number}}}\n" for number in range(5000))
    (reading,) = read(ONLY + facts)
    assert len(reading.problems) == 101
    assert reading.problems[-1].message == "100 problems so far: nothing further was checked"


def test_a_file_full_of_mistakes_is_not_read_for_ever(read: Read) -> None:
    line = '{"course": 1, "patient": {}, "facts": []}\n'
    with pytest.raises(CourseError) as caught:
        read(line * 5000, ".jsonl", keep_going=False)
    assert len(caught.value.problems) == 201
    assert caught.value.problems[-1].message == "200 problems so far: nothing after course 200 was checked"
    assert len(read(line * 5000, ".jsonl")) == 5000


def test_a_name_with_control_characters_does_not_reach_the_terminal(read: Read) -> None:
    fact = r'{"day": 0, "symptom": "\u001b[31mleg", "side": "\ud800", "\u0007": 1}'
    (reading,) = read(f'{{"course": 1, "patient": {{"id": "A1"}}, "facts": [{fact}]}}', ".json")
    assert len(reading.problems) == 3
    assert all(str(problem).isprintable() for problem in reading.problems)
