"""The instruments: what each measures, how its answers are coded, and the rule that makes one score of them.

Tables: ``measures/instruments`` (a row is a score), ``measures/items`` (how answers become points),
``measures/conversions`` (from a raw sum to a scale). A score is made in four steps: each answer becomes points, the
points of a part are put together by the part's rule, the parts by the rule of the whole, and the result is scaled or
looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from spinecourse.errors import KnowledgeError, NotFound
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import Row, by_column, load

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Items:
    """Questions coded alike: their places in the form counted from 0, what may be answered, and the points.

    ``answers`` are the only values allowed; where it is empty every number from ``lowest`` to ``highest`` is, or every
    whole one. ``points`` belong to ``answers`` one by one; where it is empty the answer itself counts.
    """

    places: tuple[int, ...]
    lowest: float
    highest: float
    whole_numbers: bool
    answers: tuple[float, ...]
    points: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Items put together by one rule (sum, mean or highest), of which ``may_miss`` may be unanswered."""

    name: str
    rule: str
    may_miss: int
    items: tuple[Items, ...]

    @property
    def count(self) -> int:
        """How many items the part has."""
        return sum(len(items.places) for items in self.items)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One score: ``variants`` maps a coding, a sex or a value set to the parts; the plain coding is called ``""``.

    ``fact`` is the name that a measure fact of this score bears. Instruments with the same ``form`` are scored from
    the same answers. ``verified_by`` says against what the rule was tried, ``unverified`` where against nothing.
    """

    name: str
    row: Row
    form: str
    form_items: int
    fact: str
    higher_is_worse: bool
    lowest: float
    highest: float
    whole_rule: str
    multiply: float
    add: float
    variants: dict[str, tuple[Part, ...]]
    requires: tuple[str, ...]

    @property
    def unticked_is_no(self) -> bool:
        """Whether a statement left unticked counts as not agreed to, once any is ticked."""
        return self.row["missing_rule"] == "unticked_is_no"

    @property
    def verified_by(self) -> str:
        """Against what the rule was tried."""
        return self.row["verified_by"]

    @property
    def source(self) -> str:
        """The publication and its address."""
        return f"{self.row['source']} {self.row['source_url']}".strip()

    def parts(self, variant: str) -> tuple[Part, ...]:
        """The parts of one variant.

        Raises NotFound for a name that is no variant of the instrument.
        """
        if variant not in self.variants:
            known = ", ".join(sorted(filter(None, self.variants)))
            said = f"has no variant {variant!r}" if variant else "needs a variant"
            raise NotFound(f"{self.name} {said}; it has {known or 'none'}")
        return self.variants[variant]


def places_of(row: Row, column: str) -> tuple[int, ...]:
    """A cell such as ``1-4;7`` as places counted from 0."""
    found: list[int] = []
    for text in row.items_of(column):
        first, _, last = text.partition("-")
        found += range(int(first) - 1, int(last or first))
    return tuple(found)


def _items(row: Row) -> Items:
    answers, points = _numbers(row, "answers"), _numbers(row, "points")
    if len(points) not in (0, len(answers)):
        raise KnowledgeError([row.problem(f"{len(answers)} answers have {len(points)} points")])
    return Items(
        places_of(row, "items"), row.number("lowest") or 0.0, row.number("highest") or 0.0,
        row["whole_numbers"] == "yes", answers, points,
    )  # fmt: skip


def _numbers(row: Row, column: str) -> tuple[float, ...]:
    try:
        return tuple(float(text) for text in row.items_of(column))
    except ValueError:
        raise KnowledgeError([row.problem(f"{column} should hold numbers, holds {row[column]!r}")]) from None


def _parts(rows: list[Row]) -> dict[str, tuple[Part, ...]]:
    """The parts by variant."""
    ordered = sorted(rows, key=lambda row: row["variant"])
    return {
        variant: tuple(_part(name, list(chosen)) for name, chosen in _grouped(list(group)))
        for variant, group in groupby(ordered, key=lambda row: row["variant"])
    }


def _grouped(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    return [(name, [row for row in rows if row["part"] == name]) for name in dict.fromkeys(row["part"] for row in rows)]


def _part(name: str, rows: list[Row]) -> Part:
    for row in rows[1:]:
        for column in ("part_rule", "may_miss"):
            if row[column] != rows[0][column]:
                raise KnowledgeError([row.problem(f"{column} differs from line {rows[0].line} of the same part")])
    return Part(name, rows[0]["part_rule"], int(rows[0]["may_miss"]), tuple(_items(row) for row in rows))


def _instrument(row: Row, items: list[Row]) -> Instrument:
    multiply = row.number("multiply")
    return Instrument(
        row["instrument"], row, row["form"], int(row["form_items"]), row["fact"], row["direction"] == "higher_worse",
        row.number("score_min") or 0.0, row.number("score_max") or 0.0, row["whole_rule"],
        1.0 if multiply is None else multiply, row.number("add") or 0.0, _parts(items), row.items_of("requires"),
    )  # fmt: skip


@cache
def instruments() -> dict[str, Instrument]:
    """Every instrument by name, in the order of the table.

    Raises KnowledgeError naming file and line for a row of items that cannot be read.
    """
    named = by_column(load("measures/instruments"), "instrument")
    items: dict[str, list[Row]] = {name: [] for name in named}
    for row in load("measures/items"):
        if row["instrument"] not in items:
            raise KnowledgeError([row.problem(f"{row['instrument']!r} is no instrument")])
        items[row["instrument"]].append(row)
    return {name: _instrument(row, items[name]) for name, row in named.items()}


def instrument(name: str) -> Instrument:
    """The instrument of this name.

    Raises NotFound, with the name most like it.
    """
    known = instruments()
    if name not in known:
        like = vocabulary.most_like(name, frozenset(known))
        raise NotFound(f"{name!r} is no instrument" + (f"; did you mean {like}?" if like else ""))
    return known[name]


@cache
def conversion(lookup: str) -> tuple[Numbers, Numbers]:
    """Raw sums in rising order and the score of each; both empty where the package does not hold the table."""
    rows = [row for row in load("measures/conversions") if row["lookup"] == lookup]
    pairs = sorted((row.number("raw") or 0.0, row.number("score") or 0.0) for row in rows)
    return np.array([raw for raw, _ in pairs]), np.array([score for _, score in pairs])
