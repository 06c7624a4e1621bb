"""Examinations from files: what is right is read, what is wrong is refused with its place, nothing becomes normal."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from textwrap import dedent
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isncsci.examinations import as_document, injury, normal, sprinkled
from spinecourse.cli.isncsci import isncsci
from spinecourse.course import load_documents
from spinecourse.errors import CourseError, NotFound
from spinecourse.isncsci import Classification, classify, read_examination

HERE = Path(__file__).parent
GUIDE = HERE.parents[1] / "docs" / "how-to" / "grade-a-cord-injury.md"
BAD: list[Any] = [document.content for document in load_documents(HERE / "bad_examinations.yaml")]


def changed(document: dict[str, Any], at: list[str], change: dict[str, Any]) -> dict[str, Any]:
    """The document with another value at a path, or with nothing there."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    holder = copy
    for key in at[:-1]:
        holder = holder[key]
    if "leave_out" in change:
        del holder[at[-1]]
    else:
        holder[at[-1]] = change["value"]
    return copy


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{'.'.join(bad['at'])}={bad.get('value', 'left out')}")
def test_what_is_wrong_is_refused(bad: Any, tmp_path: Path) -> None:
    file = tmp_path / "examination.json"
    file.write_text(json.dumps(changed(as_document(normal()), bad["at"], bad), indent=1), encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        read_examination(file)
    assert bad["says"] in str(caught.value)
    assert all(problem.line is not None and problem.file == str(file) for problem in caught.value.problems)


def test_every_problem_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "examination.yaml"
    side = "  motor: {C5 to S1: 5}\n  light_touch: {C2 to S4-5: 2}\n  pin_prick:\n    C2 to S4-5: 7\n"
    text = f"isncsci: 1\nvoluntary_anal_contraction: maybe\ndeep_anal_pressure: NT\nright:\n{side}left:\n{side}"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        read_examination(file)
    assert [problem.line for problem in caught.value.problems] == [2, 8, 13]


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "examination.yaml"
    file.write_text("isncsci: 1\nisncsci: 1\n", encoding="utf-8")
    with pytest.raises(CourseError, match="isncsci stands twice"):
        read_examination(file)


@pytest.mark.parametrize("text", ["", "[]", "isncsci: 1\n---\nisncsci: 1\n", "just words", "{", "- isncsci: 1\n- 2\n"])
def test_what_is_no_examination_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "examination.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError):
        read_examination(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"missing\.yaml"):
        read_examination(tmp_path / "missing.yaml")


@given(st.integers(0, 2**32).map(Random))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, random: Random) -> None:
    examination = sprinkled(random, injury(random), 0.1, 0.2)
    file = tmp_path_factory.mktemp("examination") / "examination.json"
    file.write_text(json.dumps(as_document(examination)), encoding="utf-8")
    read = read_examination(file)
    # A score is kept as it was written, so that a page and a sum show what the examiner found.
    assert as_document(read) == as_document(examination)


def test_the_guide_shows_what_the_command_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example, page = (block for block in blocks(GUIDE) if "isncsci: 1" in block or "classification of" in block)
    file = tmp_path / "examination.yaml"
    file.write_text(example, encoding="utf-8")
    isncsci(file)
    assert capsys.readouterr().out == page


def blocks(page: Path) -> list[str]:
    """The blocks of code of a page, which stand indented in its steps."""
    found = re.findall(r"^    ```\w+\n(.*?)^    ```$", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [dedent(block) for block in found]


def test_json_holds_the_whole_classification(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "examination.json"
    file.write_text(json.dumps(as_document(normal())), encoding="utf-8")
    isncsci(file, format="json")
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert msgspec.json.decode(out, type=Classification) == classify(read_examination(file))
