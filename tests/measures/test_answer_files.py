"""Answers in files: read strictly, scored line by line, and nothing that was left aside goes unsaid."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from spinecourse.cli.main import main
from spinecourse.errors import NotFound, UserError
from spinecourse.measures.answer_files import ScoredForm, read_answers, score_answers, score_bank_file
from spinecourse.measures.banks import read_bank

ODI = ",".join(f"odi_{number}" for number in range(1, 11))
EQ5D = ",".join(f"eq5d_index_{number}" for number in range(1, 6))


def scored(tmp_path: Path, text: str, only: str | None = None, variant: str = "") -> list[ScoredForm]:
    path = tmp_path / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return list(score_answers(read_answers(path), only, variant))


def test_lines_are_scored_and_gaps_are_told(tmp_path: Path) -> None:
    found = scored(tmp_path, f"id,{ODI}\na,2,2,2,2,2,2,1,1,1,1\nb,2,2,2,2,2,2,2,,1,1\n\nc,,,,,,,,,,\n")
    assert [(form.id, form.line, form.prorated) for form in found] == [("a", 2, False), ("b", 3, True), ("c", 5, False)]
    assert found[0].value == 32
    assert found[1].value == pytest.approx(35.5556, abs=1e-4)
    assert found[1].answered == 9
    assert found[2].value is None
    assert "too few" in found[2].why


def test_a_word_costs_its_line_the_score_and_is_reported_without_being_repeated(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(f"{ODI}\n2,2,2,2,2,2,1,1,1,private\n1,1,1,1,1,1,1,1,1,1\n", encoding="utf-8")
    file = read_answers(path)
    assert [(problem.line, "private" in problem.message) for problem in file.problems] == [(2, False)]
    assert [form.value for form in score_answers(file)] == [None, 20]


def test_variants_by_line_and_for_all(tmp_path: Path) -> None:
    rows = f"variant,{EQ5D}\nus,5,5,5,5,5\nspain,5,5,5,5,5\n,5,5,5,5,5\n"
    assert [form.value for form in scored(tmp_path, rows)] == [pytest.approx(-0.573), pytest.approx(-0.416), None]
    both = f"{EQ5D},{ODI}\n1,1,1,1,1" + ",1" * 10 + "\n"
    assert {form.instrument: form.value for form in scored(tmp_path, both, variant="us")} == {
        "eq5d_index": 1,
        "odi": 20,
    }
    with pytest.raises(NotFound, match="'uss' is no variant"):
        scored(tmp_path, both, variant="uss")


def test_what_only_its_owner_can_score_says_so(tmp_path: Path) -> None:
    (form,) = scored(tmp_path, ",".join(f"promis_pf_{n}" for n in range(1, 11)) + "\n" + ",".join("3" * 10) + "\n")
    assert form.value is None
    assert "owner" in form.why


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column of a form"),
        ("pain\n3\n", "has no column of a form"),
        ("peg_1,peg_2\n1,2\n", "has no column peg_3"),
        ("peg_1,peg_2,peg_3\n1,2\n", "answers.csv:2: has 2 cells, the header has 3"),
        ("peg_1,peg_2,peg_3,peg_3\n1,2,3,3\n", "has a column twice"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said):
        scored(tmp_path, text)


def test_the_command_scores_and_its_code_tells_of_bad_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("id,peg_1,peg_2,peg_3,note\na,3,4,5,x\nb,3,?,5,y\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["measures", "score", str(path)])
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert [row["value"] for row in csv.DictReader(io.StringIO(out))] == ["4.0", ""]
    assert "answers.csv:3" in err
    assert "columns left alone: note" in err


SHOWN = [
    (["list"], ["odi ", "comi ", "unverified"]),
    (["show", "odi"], ["2 may be unanswered", "coded_1_to_6", "acceptable: 22 points", "recalled"]),
    (["show", "eq5d_index"], ["variant    us", "variant    spain"]),
    (["show", "sf36_pcs"], ["owner's program"]),
    (["show", "promis_pf"], ["not in the package"]),
    (["show", "phq9"], ["question 9 above 0"]),
]


@pytest.mark.parametrize(("words", "wanted"), SHOWN, ids=lambda value: value[-1])
def test_the_pages_show_the_rule_and_how_sure_it_is(
    words: list[str], wanted: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["measures", *words])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert [text for text in wanted if text not in out] == []


BANK = "item,discrimination,first_answer,threshold_1,threshold_2\na,2,1,-1,1\nb,1.5,1,-0.5,0.5\nc,1.5,1,-0.5,0.5\n"


def test_the_command_scores_by_a_bank(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bank.csv").write_text(BANK, encoding="utf-8")
    (tmp_path / "a.csv").write_text("id,b,a\np1,1,1\np2,3,3\np3,,\np4,2,?\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["measures", "score", str(tmp_path / "a.csv"), "--bank", str(tmp_path / "bank.csv")])
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert ended.value.code == 2
    assert "a.csv:5" in err
    assert float(rows[0]["theta"]) == pytest.approx(-float(rows[1]["theta"]))
    assert float(rows[1]["t_score"]) > 50
    assert [row["t_score"] for row in rows[2:]] == ["", ""]
    assert [row["answered"] for row in rows] == ["2", "2", "0", "2"]


def test_answers_without_an_item_of_the_bank_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,x\np1,1\n", encoding="utf-8")
    (tmp_path / "bank.csv").write_text(BANK, encoding="utf-8")
    with pytest.raises(UserError, match="has no column of the bank; its items are a, b, c"):
        score_bank_file(tmp_path / "a.csv", read_bank(tmp_path / "bank.csv"))
