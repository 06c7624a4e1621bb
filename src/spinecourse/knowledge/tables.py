"""Reading the knowledge tables: comma-separated files in the package, one claim a row, with source and certainty.

A row that lacks a column, or has a cell too many, is refused with file and line. Every row handed out remembers
where it stood, so that later checks can name it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from spinecourse.errors import KnowledgeError, Problem

SURENESS: Final = ("read", "secondary", "quoted", "derived", "fitted", "judgement", "textbook", "recalled")
"""Values of the ``checked`` column, surest first; the tables' README says what each means."""

URGENCIES: Final = ("emergency", "urgent", "soon", "routine")
"""Values of an ``urgency`` column, the most urgent first."""


@dataclass(frozen=True, slots=True)
class Row(Mapping[str, str]):
    """One claim: its cells by column name, and the place it was read from."""

    table: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def __hash__(self) -> int:
        return hash((self.table, self.line))

    def problem(self, message: str) -> Problem:
        """A complaint about this row, naming file and line."""
        return Problem(file=f"{self.table}.csv", line=self.line, fact=None, message=message)

    def items_of(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that holds a list separated by semicolons; an empty cell has none."""
        return tuple(part.strip() for part in self.cells[column].split(";") if part.strip())

    def number(self, column: str) -> float | None:
        """The cell as a number; None where it is empty, meaning *not known*.

        Raises KnowledgeError where the cell holds something else.
        """
        text = self.cells[column]
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            raise KnowledgeError([self.problem(f"{column} should be a number, is {text!r}")]) from None

    def needed_number(self, column: str) -> float:
        """The cell as a number; raises KnowledgeError where it is empty or holds something else."""
        value = self.number(column)
        if value is None:
            raise KnowledgeError([self.problem(f"{column} is empty")])
        return value

    def weights(self, column: str) -> dict[str, float]:
        """A cell such as ``L4:0.3;L5:0.7`` as a dictionary."""
        try:
            return {name: float(weight) for name, weight in (part.split(":") for part in self.items_of(column))}
        except ValueError:
            message = f"{column} should look like L4:0.3;L5:0.7, is {self.cells[column]!r}"
            raise KnowledgeError([self.problem(message)]) from None


@cache
def load(table: str) -> tuple[Row, ...]:
    """All rows of one table, named by folder and file, such as ``anatomy/muscles``.

    Raises KnowledgeError naming file and line for every row whose cells do not match the header.
    """
    text = files("spinecourse.knowledge").joinpath("tables", f"{table}.csv").read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines(keepends=True))
    header = next(reader)
    rows: list[Row] = []
    problems: list[Problem] = []
    for cells in reader:
        row = Row(table, reader.line_num, dict(zip(header, cells, strict=False)))
        if len(cells) == len(header):
            rows.append(row)
        else:
            problems.append(row.problem(f"has {len(cells)} cells, the header has {len(header)}"))
    if problems:
        raise KnowledgeError(problems)
    return tuple(rows)


@cache
def table_names() -> tuple[str, ...]:
    """The names of all tables in the package, in alphabetical order."""
    root = files("spinecourse.knowledge").joinpath("tables")
    found = [
        f"{folder.name}/{entry.name.removesuffix('.csv')}"
        for folder in root.iterdir()
        if folder.is_dir()
        for entry in folder.iterdir()
        if entry.name.endswith(".csv")
    ]
    return tuple(sorted(found))


def by_column(rows: Iterable[Row], column: str) -> dict[str, Row]:
    """Rows by the value of a column in which no value may occur twice.

    Raises KnowledgeError where one does.
    """
    found: dict[str, Row] = {}
    for row in rows:
        key = row[column]
        if key in found:
            raise KnowledgeError([row.problem(f"{column} {key!r} stands in line {found[key].line} already")])
        found[key] = row
    return found
