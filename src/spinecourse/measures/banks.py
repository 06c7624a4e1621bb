"""Item banks of the graded-response model, as a site supplies them with their parameters.

A bank is a comma-separated file: ``item`` (its name), ``discrimination`` (above 0), ``first_answer`` (the number of
the lowest answer, usually 0 or 1) and ``threshold_1``, ``threshold_2`` ... in rising order, on a scale on which the
reference population has mean 0 and standard deviation 1. An item with ``k`` thresholds has ``k + 1`` answers; cells
after its last threshold stay empty. No bank is part of the package: parameters belong to their owners.

The model: Samejima 1969, Estimation of latent ability using a response pattern of graded scores, Psychometrika
Monograph 17, doi 10.1007/BF03372160.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spinecourse.errors import Problem, UserError

_NEEDED = ("item", "discrimination", "first_answer")


@dataclass(frozen=True, slots=True)
class BankItem:
    """One question: ``thresholds`` rise, and answers run from ``first_answer`` upwards, one more than thresholds."""

    name: str
    discrimination: float
    first_answer: int
    thresholds: tuple[float, ...]


def read_bank(path: Path) -> tuple[BankItem, ...]:
    """The items of a bank, in the order of the file.

    Raises UserError naming file and line of everything that is wrong, not only of the first.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"{path}: cannot be read as text ({type(error).__name__}): give a comma-separated file"
        ) from None
    reader = csv.DictReader(text.splitlines(keepends=True))
    items, problems = [], _header(str(path), reader.fieldnames or [])
    for row in () if problems else reader:
        found = list(_wrong(row))
        problems += [Problem(str(path), reader.line_num, None, message) for message in found]
        if not found:
            items.append(_item(row))
    problems += _repeated(str(path), items)
    if not problems and not items:
        problems = [Problem(str(path), 1, None, "has no items")]
    if problems:
        raise UserError("\n".join(str(problem) for problem in problems))
    return tuple(items)


def _header(file: str, names: object) -> list[Problem]:
    columns = list(names) if isinstance(names, list) else []
    wanted = [*_NEEDED, *(f"threshold_{number}" for number in range(1, max(2, len(columns) - 2)))]
    if columns == wanted:
        return []
    return [Problem(file, 1, None, f"the columns should be {', '.join(wanted)}, are {', '.join(columns) or 'missing'}")]


def _wrong(row: dict[str, str | None]) -> Iterator[str]:
    """What is wrong with one row."""
    if None in row or None in row.values():
        yield "has more or fewer cells than the header"
        return
    if not (row["item"] or "").strip():
        yield "item is empty: name the question"
    slope = _number(row["discrimination"])
    if slope is None or slope <= 0:
        yield f"discrimination should be a number above 0, is {row['discrimination']!r}"
    first = _number(row["first_answer"])
    if first is None or first != int(first):
        yield f"first_answer should be a whole number, is {row['first_answer']!r}"
    yield from _wrong_thresholds(_cells(row))


def _cells(row: dict[str, str | None]) -> list[str]:
    return [(text or "").strip() for name, text in row.items() if name not in _NEEDED]


def _wrong_thresholds(cells: list[str]) -> Iterator[str]:
    filled = [cell for cell in cells if cell]
    if cells[: len(filled)] != filled:
        yield "a threshold is empty before another: leave cells empty only after the last"
    numbers = [_number(cell) for cell in filled]
    rising = [number for number in numbers if number is not None]
    if not filled or None in numbers:
        yield "thresholds should be numbers, at least one"
    elif rising != sorted(set(rising)):
        yield f"thresholds should rise, are {', '.join(filled)}"


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _item(row: dict[str, str | None]) -> BankItem:
    return BankItem(
        (row["item"] or "").strip(), float(row["discrimination"] or 0), int(float(row["first_answer"] or 0)),
        tuple(float(cell) for cell in _cells(row) if cell),
    )  # fmt: skip


def _repeated(file: str, items: list[BankItem]) -> list[Problem]:
    names = [item.name for item in items]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [Problem(file, None, None, f"item {name!r} stands there twice") for name in twice]
