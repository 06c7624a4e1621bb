"""Reading the tables: a row that does not fit its header is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinecourse.errors import KnowledgeError
from spinecourse.knowledge import tables
from spinecourse.knowledge.tables import Row, by_column


def written(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> tuple[Row, ...]:
    """The rows of a table that holds this text, read past the cache."""
    place = folder / "tables" / "test"
    place.mkdir(parents=True)
    (place / "written.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(tables, "files", lambda package: folder)
    return tables.load.__wrapped__("test/written")


def test_rows_remember_where_they_stood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = written(monkeypatch, tmp_path, 'name,note\na,"two\nlines"\nb,\n')
    assert [(row["name"], row.line) for row in rows] == [("a", 3), ("b", 4)]
    assert str(rows[1].problem("is odd")) == "test/written.csv:4: is odd"


@pytest.mark.parametrize("bad", ["b", "b,1,2"], ids=["too few", "too many"])
def test_a_row_that_does_not_fit_its_header_is_refused(
    bad: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(KnowledgeError, match=r"test/written\.csv:3: has \d cells, the header has 2"):
        written(monkeypatch, tmp_path, f"name,p\na,0.5\n{bad}\nc,1\n")


def test_every_bad_row_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        written(monkeypatch, tmp_path, "name,p\na\nb,1\nc\n")
    assert [problem.line for problem in caught.value.problems] == [2, 4]


def test_cells_are_read_as_what_they_are() -> None:
    row = Row("test/written", 2, {"p": "0.5", "none": "", "word": "often", "list": "a; b;", "weights": "L4:0.3;L5:0.7"})
    assert (row.number("p"), row.number("none")) == (0.5, None)
    assert row.items_of("list") == ("a", "b")
    assert row.weights("weights") == {"L4": 0.3, "L5": 0.7}
    with pytest.raises(KnowledgeError, match=r"test/written\.csv:2: word should be a number"):
        row.number("word")
    with pytest.raises(KnowledgeError, match=r"should look like L4:0\.3"):
        row.weights("word")


def test_one_key_twice_is_refused() -> None:
    rows = [Row("test/written", line, {"name": "a"}) for line in (2, 5)]
    with pytest.raises(KnowledgeError, match=r"test/written\.csv:5: name 'a' stands in line 2 already"):
        by_column(rows, "name")
