"""Checks of single cells: every column is there, and every cell holds what ``columns.csv`` says the column holds.

``holds`` is one of: text; key (all key columns together name one row); number, probability, percentage, ratio; yes_no;
range; ``interval:X``, ``low:X``, ``high:X`` around column X; weights; url, sureness, urgency; condition;
``one_of:a;b``; ``name:SET`` or ``names:SET`` with a set of ``check_names.name_sets``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.errors import KnowledgeError, Problem
from spinecourse.knowledge.tables import SURENESS, URGENCIES, Row, load

WORDS_FOR_RATIOS: Final = ("inf", "NS")
"""Ratios that are no numbers: no false positive was seen; not significant."""

NEARLY_ONE: Final = 1e-6
"""Sums may differ from 1 by this much."""

_URL: Final = re.compile(r"https?://[^\s/]+\.[^\s]+")
_INTERVAL: Final = re.compile(r"(\d*\.?\d+)-(\d*\.?\d+)")

NameSets = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of one table holds; ``of`` is the column, set or list after the colon."""

    table: str
    name: str
    holds: str
    of: str
    may_be_empty: bool


@cache
def columns() -> dict[str, tuple[Column, ...]]:
    """The columns by table."""
    found: dict[str, list[Column]] = defaultdict(list)
    for row in load("columns"):
        holds, _, of = row["holds"].partition(":")
        found[row["table"]].append(Column(row["table"], row["column"], holds, of, row["may_be_empty"] == "yes"))
    return {table: tuple(described) for table, described in found.items()}


USUAL: Final = {"checked": "sureness", "source_url": "url", "urgency": "urgency"}
"""What columns of these names hold in a table that ``columns.csv`` does not describe."""


def usual_columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns of a table that nobody described, as far as their names say what they hold."""
    named = [name for name in USUAL if rows and name in rows[0].cells]
    return tuple(Column(rows[0].table, name, USUAL[name], "", may_be_empty=True) for name in named)


def check_header(table: str, rows: Sequence[Row], described: Sequence[Column]) -> Iterator[Problem]:
    """A column that is missing, and one that nobody described."""
    place = f"{table}.csv"
    if not rows:
        yield Problem(place, 1, None, "has no rows")
        return
    known = [column.name for column in described]
    for name in known:
        if name not in rows[0].cells:
            yield Problem(place, 1, None, f"has no column {name!r}; columns.csv describes one")
    for name in rows[0].cells:
        if name not in known:
            yield Problem(place, 1, None, f"column {name!r} is not described: add it to columns.csv")


def check_cells(rows: Sequence[Row], described: Sequence[Column], names: NameSets) -> Iterator[Problem]:
    """Every cell that does not hold what its column should, and every row that has the key of another."""
    usable = [column for column in described if rows and column.name in rows[0].cells]
    for row in rows:
        for column in usable:
            yield from (row.problem(message) for message in _cell(row, column, names))
    yield from _repeated(rows, [column.name for column in usable if column.holds == "key"])


def _cell(row: Row, column: Column, names: NameSets) -> Iterator[str]:
    text = row[column.name]
    if text != text.strip():
        yield f"{column.name} has blanks at its ends: {text!r}"
    if not text.strip():
        if not column.may_be_empty:
            yield f"{column.name} is empty"
    elif column.holds in ("name", "names"):
        yield from _names(row, column, names)
    else:
        yield from _HOLDS[column.holds](row, column)


def _names(row: Row, column: Column, names: NameSets) -> Iterator[str]:
    items = row.items_of(column.name) if column.holds == "names" else (row[column.name],)
    for item in items:
        if item not in names[column.of]:
            yield f"{column.name} names {item!r}, which is no {column.of} of the tables"


def _text(row: Row, column: Column) -> Iterator[str]:
    return iter(())


def _number(row: Row, column: Column) -> float | None:
    """The cell as a number, None where it is none; words for ratios that are no numbers count as none."""
    try:
        return row.number(column.name)
    except KnowledgeError:
        return None


def _within(lowest: float, highest: float) -> Callable[[Row, Column], Iterator[str]]:
    """A check that a cell holds a number between two bounds."""

    def check(row: Row, column: Column) -> Iterator[str]:
        value = _number(row, column)
        if value is None:
            yield f"{column.name} should be a number, is {row[column.name]!r}"
        elif not lowest <= value <= highest:
            yield f"{column.name} should lie between {lowest:g} and {highest:g}, is {value:g}"

    return check


def _ratio(row: Row, column: Column) -> Iterator[str]:
    if row[column.name] not in WORDS_FOR_RATIOS:
        yield from _within(0, float("inf"))(row, column)


def _interval(row: Row, column: Column) -> Iterator[str]:
    """An interval such as 0.16-0.51 runs upwards and contains the point it belongs to."""
    match = _INTERVAL.fullmatch(row[column.name])
    if not match:
        yield f"{column.name} should look like 0.16-0.51, is {row[column.name]!r}"
        return
    low, high = float(match[1]), float(match[2])
    point = row.number(column.of) if row[column.of] else None
    if low > high or (point is not None and not low <= point <= high):
        yield f"{column.name} {row[column.name]} does not contain {column.of} {row[column.of]}"


def _bound(row: Row, column: Column) -> Iterator[str]:
    """A lower or upper bound lies on its side of the point."""
    value, point = _number(row, column), row.number(column.of) if row[column.of] else None
    if value is None:
        yield f"{column.name} should be a number, is {row[column.name]!r}"
    elif point is not None and (value > point if column.holds == "low" else value < point):
        yield f"{column.name} {value:g} is on the wrong side of {column.of} {point:g}"


def _weights(row: Row, column: Column) -> Iterator[str]:
    try:
        weights = row.weights(column.name)
    except KnowledgeError as error:
        yield error.problems[0].message
        return
    if abs(sum(weights.values()) - 1) > NEARLY_ONE:
        yield f"{column.name} should sum to 1, sums to {sum(weights.values()):g}"
    if not all(0 < weight <= 1 for weight in weights.values()):
        yield f"{column.name} has a weight that is not between 0 and 1"


def _one_of(row: Row, column: Column) -> Iterator[str]:
    if row[column.name] not in column.of.split(";"):
        yield f"{column.name} should be one of {column.of.replace(';', ', ')}, is {row[column.name]!r}"


def _listed(values: Iterable[str]) -> Callable[[Row, Column], Iterator[str]]:
    """A check that a cell holds one of the values."""
    allowed = tuple(values)

    def check(row: Row, column: Column) -> Iterator[str]:
        if row[column.name] not in allowed:
            yield f"{column.name} should be one of {', '.join(allowed)}, is {row[column.name]!r}"

    return check


def _url(row: Row, column: Column) -> Iterator[str]:
    if not _URL.fullmatch(row[column.name]):
        yield f"{column.name} is no address: {row[column.name]!r}"


_HOLDS: Final[dict[str, Callable[[Row, Column], Iterator[str]]]] = {
    "text": _text,
    "key": _text,
    "condition": _text,
    "range": _text,
    "number": _within(float("-inf"), float("inf")),
    "probability": _within(0, 1),
    "percentage": _within(0, 100),
    "ratio": _ratio,
    "interval": _interval,
    "low": _bound,
    "high": _bound,
    "weights": _weights,
    "one_of": _one_of,
    "yes_no": _listed(("yes", "no")),
    "sureness": _listed(SURENESS),
    "urgency": _listed(URGENCIES),
    "url": _url,
}
"""The checks by what a column holds. A condition is checked as a whole by ``check_conditions``."""


def _repeated(rows: Sequence[Row], key: Sequence[str]) -> Iterator[Problem]:
    """Rows that say something a second time about the same thing."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows if key else ():
        values = tuple(row[name] for name in key)
        if values in first:
            yield row.problem(f"{', '.join(key)} {', '.join(values)} stands in line {first[values].line} already")
        first.setdefault(values, row)
