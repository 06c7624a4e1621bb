"""Answers in a comma-separated file: a line for each filled-in form, scored for every instrument it has questions of.

Columns are named by form and question, such as ``odi_1`` to ``odi_10``; an empty cell is *not answered*. A column
``id`` names the form, a column ``variant`` its sex, coding or value set; other columns are left alone and reported.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from spinecourse.errors import NotFound, Problem, UserError
from spinecourse.measures.banks import BankItem
from spinecourse.measures.graded_response import score_bank
from spinecourse.measures.instruments import Instrument, Numbers, instrument, instruments
from spinecourse.measures.scoring import can_be_scored, reason, score

_QUESTION = re.compile(r"(.+)_(\d+)")


class ScoredForm(msgspec.Struct, frozen=True):
    """One score of one line: ``value`` is None where there is none, and then ``why`` says the reason in words."""

    id: str
    line: int
    instrument: str
    value: float | None
    unit: str
    answered: int
    questions: int
    prorated: bool
    why: str


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file as read: ``answers`` by form, with NaN for not answered and an infinity for what is no number."""

    ids: list[str]
    lines: list[int]
    variants: list[str | None] | None
    answers: dict[str, Numbers]
    problems: list[Problem]
    not_read: list[str]


@dataclass(frozen=True, slots=True)
class _Table:
    """The cells of a file: its header, its rows and the line of each, blank lines left out."""

    file: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str) -> list[str]:
        """The cells of a column, empty where the file has no such column."""
        return [row[self.header.index(name)].strip() for row in self.rows] if name in self.header else []

    def ids(self) -> list[str]:
        """What names each row: its ``id``, or its line."""
        return self.column("id") or [str(line) for line in self.lines]

    def numbers(self, places: list[int]) -> tuple[Numbers, list[Problem]]:
        """Columns as numbers, NaN for an empty cell; a cell that is no number is an infinity and a problem."""
        found = np.full((len(self.rows), len(places)), np.nan)
        problems = []
        for number, (row, line) in enumerate(zip(self.rows, self.lines, strict=True)):
            for question, place in enumerate(places):
                cell = row[place].strip()
                try:
                    found[number, question] = float(cell) if cell else np.nan
                except ValueError:
                    found[number, question] = np.inf
                    message = f"column {place + 1} is no number: leave it empty if unanswered"
                    problems.append(Problem(self.file, line, None, message))
        return found, problems


def _table(path: Path) -> _Table:
    """Raises UserError where the file cannot be read, names a column twice, or a line has too many or too few cells."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"{path}: cannot be read as text ({type(error).__name__}): give a comma-separated file"
        ) from None
    rows = list(csv.reader(text.splitlines(keepends=True)))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if len(set(header)) != len(header):
        raise UserError(f"{path}:1: has a column twice")
    numbered = [(number, row) for number, row in enumerate(rows[1:], 2) if row]
    wrong = [
        str(Problem(str(path), number, None, f"has {len(row)} cells, the header has {len(header)}"))
        for number, row in numbered
        if len(row) != len(header)
    ]
    if wrong:
        raise UserError("\n".join(wrong))
    return _Table(str(path), header, [row for _, row in numbered], [number for number, _ in numbered])


def read_answers(path: Path) -> AnswerFile:
    """The answers of a file; a cell that is no number is among the ``problems``, and its form gets no score.

    Raises UserError where the file cannot be read, a line has too many or too few cells, or a form lacks a column.
    """
    table = _table(path)
    columns = _columns(table.file, table.header)
    parts = {form: table.numbers(places) for form, places in columns.items()}
    read = {place for places in columns.values() for place in places}
    other = [name for place, name in enumerate(table.header) if place not in read and name not in ("id", "variant")]
    variants = table.column("variant")
    return AnswerFile(
        table.ids(), table.lines, [found or None for found in variants] if variants else None,
        {form: numbers for form, (numbers, _) in parts.items()},
        [problem for _, problems in parts.values() for problem in problems], other,
    )  # fmt: skip


def _columns(file: str, header: list[str]) -> dict[str, list[int]]:
    """Where the questions of each form stand."""
    sizes = {found.form: found.form_items for found in instruments().values()}
    forms = dict.fromkeys(match[1] for name in header if (match := _QUESTION.fullmatch(name)) and match[1] in sizes)
    if not forms:
        raise UserError(f"{file}:1: has no column of a form, such as odi_1; the forms are {', '.join(sorted(sizes))}")
    missing = [f"{form}_{n}" for form in forms for n in range(1, sizes[form] + 1) if f"{form}_{n}" not in header]
    if missing:
        raise UserError(f"{file}:1: has no column {', '.join(missing)}: leave its cells empty if it was not asked")
    return {form: [header.index(f"{form}_{n}") for n in range(1, sizes[form] + 1)] for form in forms}


def score_answers(file: AnswerFile, only: str | None = None, variant: str = "") -> Iterator[ScoredForm]:
    """The scores of a file, line by line within each instrument.

    ``only`` restricts it to one instrument, and ``variant`` is that of all lines where the file has no such column. An
    instrument that has no such variant is scored by its plain coding, or not at all where it has none.
    Raises NotFound where the file lacks the instrument's form, or a variant is one of no instrument in it.
    """
    chosen = _chosen(file, only)
    variants = file.variants or [variant or None] * len(file.ids)
    known = {name for found in chosen for name in found.variants}
    for name in sorted({name for name in variants if name is not None} - known):
        raise NotFound(
            f"{name[:40]!r} is no variant of the instruments; they have {', '.join(sorted(known)) or 'none'}"
        )
    for found in chosen:
        yield from _scored(found, file, variants)


def _chosen(file: AnswerFile, only: str | None) -> list[Instrument]:
    if only is None:
        return [found for found in instruments().values() if found.form in file.answers]
    chosen = instrument(only)
    if chosen.form not in file.answers:
        raise NotFound(
            f"the file has no answers of {only}: name its columns {chosen.form}_1, {chosen.form}_2 and so on"
        )
    return [chosen]


def _scored(chosen: Instrument, file: AnswerFile, variants: Sequence[str | None]) -> Iterator[ScoredForm]:
    if not can_be_scored(chosen):
        for name, line in zip(file.ids, file.lines, strict=True):
            yield ScoredForm(name, line, chosen.name, None, chosen.row["unit"], 0, 0, False, reason("owner_only"))
        return
    plain = "" if "" in chosen.variants else None
    own = [found if found in chosen.variants else plain for found in variants]
    scores = score(chosen.name, file.answers[chosen.form], own)
    questions = sum(part.count for part in next(iter(chosen.variants.values())))
    for number, (name, line) in enumerate(zip(file.ids, file.lines, strict=True)):
        value, why = float(scores.value[number]), str(scores.why[number])
        yield ScoredForm(
            name, line, chosen.name, None if why else value, chosen.row["unit"], int(scores.answered[number]),
            questions, bool(scores.prorated[number]), reason(why) if why else "",
        )  # fmt: skip


class BankForm(msgspec.Struct, frozen=True):
    """The score of one line by an item bank; every number is None where there is none, and ``why`` says the reason."""

    id: str
    line: int
    theta: float | None
    standard_error: float | None
    t_score: float | None
    t_standard_error: float | None
    answered: int
    questions: int
    why: str


def score_bank_file(path: Path, bank: Sequence[BankItem]) -> tuple[list[BankForm], list[Problem]]:
    """The scores of a file with a column for each item of a bank, and the cells that are no numbers.

    Items that the file has no column for were not asked. Raises UserError where it has a column for none.
    """
    table = _table(path)
    names = [item.name for item in bank]
    known = [name for name in names if name in table.header]
    if not known:
        raise UserError(f"{path}:1: has no column of the bank; its items are {', '.join(names[:10])}")
    given, problems = table.numbers([table.header.index(name) for name in known])
    answers = np.full((len(given), len(names)), np.nan)
    answers[:, [names.index(name) for name in known]] = given
    found = score_bank(bank, answers)
    return [
        BankForm(
            name, line, _or_none(found.theta[row]), _or_none(found.standard_error[row]), _or_none(found.t_score[row]),
            _or_none(found.t_standard_error[row]), int(found.answered[row]), len(names),
            reason(str(found.why[row])) if found.why[row] else "",
        )
        for row, (name, line) in enumerate(zip(table.ids(), table.lines, strict=True))
    ], problems  # fmt: skip


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
