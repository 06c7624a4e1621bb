"""What the form asks, in which order, and which answers it takes: all of it from the tables ``intake/...``.

A row is one finding. An examined finding has a cell for each side, the patient's right first, as in the drawings; what
is asked has one cell, whose answers name the side. A cell left empty is *not examined* or *not asked*, and makes no
fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import Row as TableRow
from spinecourse.knowledge.tables import by_column, load
from spinecourse.pictures import plain

ASKED: Final = ("symptom", "history", "event")
"""Kinds that are asked and not examined: one cell a row, whose answers name the side."""

SIDES: Final = ("right", "left")
"""The patient's right stands on the viewer's left, as in every drawing."""

State = Literal["normal", "denied", "abnormal"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer a cell takes: the key that gives it, the value it is kept as, and how it is shown."""

    key: str
    value: str
    label: str
    says: str
    state: State


@dataclass(frozen=True, slots=True)
class Cell:
    """One place for an answer: its field in the form, and the side it is about (empty where sides mean nothing)."""

    field: str
    side: str
    label: str


@dataclass(frozen=True, slots=True)
class Further:
    """What else may be said of a finding that is there, such as since when."""

    key: str
    field: str
    side: str
    label: str
    hint: str
    width: int
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One finding of the form; ``empty`` is what an unanswered cell says, ``normal`` the answer of one key."""

    kind: str
    name: str
    label: str
    meaning: str
    cells: tuple[Cell, ...]
    answers: tuple[Answer, ...]
    further: tuple[Further, ...]

    @property
    def id(self) -> str:
        """The row's name within the page."""
        return f"row-{self.kind}-{self.name}"

    @property
    def asked(self) -> bool:
        """Whether it is asked rather than examined."""
        return self.kind in ASKED

    @property
    def empty(self) -> str:
        """What a cell without an answer says."""
        return "not asked" if self.asked else "not examined"

    @property
    def normal(self) -> Answer:
        """The answer that says it was examined and normal, or asked and denied."""
        return next(answer for answer in self.answers if answer.state != "abnormal")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together; ``part`` is the section of the page they stand in."""

    name: str
    part: str
    title: str
    hint: str
    rows: tuple[Row, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer of its rows once, for the legend."""
        return tuple(dict.fromkeys(answer for row in self.rows for answer in row.answers))


@cache
def blocks() -> tuple[Block, ...]:
    """The blocks in the order of the table."""
    found = []
    for block in load("intake/blocks"):
        rows = tuple(_row(row) for row in load("intake/rows") if row["block"] == block["block"])
        found.append(Block(block["block"], block["part"], block["title"], block["hint"], rows))
    return tuple(found)


@cache
def rows() -> dict[tuple[str, str], Row]:
    """Every row by kind and name."""
    return {(row.kind, row.name): row for block in blocks() for row in block.rows}


@cache
def cell_of(field: str) -> tuple[Row, Cell] | None:
    """The row and cell of a field of the form; None where the form has no such field."""
    return _cells().get(field)


@cache
def _cells() -> dict[str, tuple[Row, Cell]]:
    return {cell.field: (row, cell) for row in rows().values() for cell in row.cells}


@cache
def further_fields() -> dict[str, tuple[Row, Further]]:
    """The row and the further question of a field of the form."""
    return {further.field: (row, further) for row in rows().values() for further in row.further}


def _row(row: TableRow) -> Row:
    kind, name = row["kind"], row["name"]
    label = row["label"] or plain(name)
    cells = _cells_of(kind, name, label)
    further = tuple(_further(kind, cell, key) for cell in cells for key in row.items_of("further"))
    return Row(kind, name, label, _meaning(kind, name), cells, answers_of(kind, name), further)


def _meaning(kind: str, name: str) -> str:
    entry = vocabulary.find(kind, name)
    return entry.meaning if entry else ""


def paired(kind: str, name: str) -> bool:
    """Whether left and right are told apart."""
    entry = vocabulary.find(kind, name)
    return entry is not None and entry.side == "paired"


def _cells_of(kind: str, name: str, label: str) -> tuple[Cell, ...]:
    field = f"{kind}.{name}"
    if kind in ASKED or not paired(kind, name):
        return (Cell(field, "", label),)
    return tuple(Cell(f"{field}.{side}", side, f"{label}, {side}") for side in SIDES)


@cache
def answers_of(kind: str, name: str) -> tuple[Answer, ...]:
    """The answers a finding takes, the sides of what is asked included where it has sides."""
    return tuple(
        Answer(row["key"], row["value"], row["label"], row["says"], row["state"])  # type: ignore[arg-type]
        for row in load("intake/answers")
        if row["kind"] == kind and (row["side"] == "any" or paired(kind, name))
    )


def _further(kind: str, cell: Cell, key: str) -> Further:
    row = by_column(load("intake/further"), "field")[key]
    choices = vocabulary.keys_of(kind)[key].choices if key == "trend" else ()
    return Further(key, f"{cell.field}:{key}", cell.side, row["label"], row["hint"], int(row["width"]), choices)


@cache
def commands() -> tuple[TableRow, ...]:
    """The keys that do something other than answer."""
    return load("intake/keys")


@cache
def days_of_unit() -> dict[str, float]:
    """How many days each unit of time lasts, by every spelling of it."""
    return {row["unit"]: float(row["days"]) for row in load("intake/durations")}
