"""The rows of the pathway's tables with their conditions, compiled once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.knowledge.conditions import Condition, parse
from spinecourse.knowledge.rules import rules
from spinecourse.knowledge.tables import Row, by_column, load

OPTION_TABLES: Final = ("pathway/ladder", "pathway/indications")
"""Tables with one rule a row for or against a treatment."""


@dataclass(frozen=True, slots=True)
class OptionRule:
    """One row for or against a treatment in a condition.

    It speaks where the patient has ``condition`` and ``requires`` holds; a row *for* asks besides that ``after``
    holds, which is what has to be tried or known first. None asks nothing.
    """

    row: Row
    treatment: str
    condition: str
    requires: Condition | None
    after: Condition | None
    direction: str
    supports: str


def condition_of(row: Row, column: str) -> Condition | None:
    """The condition of a cell; None where it is empty."""
    return parse(row[column]) if row[column] else None


@cache
def option_rules() -> tuple[OptionRule, ...]:
    """Every rule for or against a treatment, those of the ladder first."""
    return tuple(
        OptionRule(
            row, row["treatment"], row["condition"], condition_of(row, "requires"), condition_of(row, "after"),
            row["direction"], row["supports"],
        )
        for table in OPTION_TABLES
        for row in load(table)
    )  # fmt: skip


@cache
def rules_of(treatment: str) -> tuple[OptionRule, ...]:
    """The rules about one treatment."""
    return tuple(rule for rule in option_rules() if rule.treatment == treatment)


@cache
def treatments() -> dict[str, Row]:
    """Every treatment the pathway speaks of, in the order of the table."""
    return by_column(load("pathway/treatments"), "treatment")


@dataclass(frozen=True, slots=True)
class Caution:
    """One row of ``pathway/cautions``: ``weight`` is contraindicated, defer or caution."""

    row: Row
    condition: Condition
    weight: str


@cache
def cautions() -> dict[str, tuple[Caution, ...]]:
    """The cautions by treatment; ``kind:...`` in a row means every treatment of that kind."""
    found: dict[str, list[Caution]] = defaultdict(list)
    for rule in rules("pathway/cautions", "when"):
        caution = Caution(rule.row, rule.condition, rule.row["weight"])
        for name in _meant(rule.row):
            found[name].append(caution)
    return {name: tuple(entries) for name, entries in found.items()}


def _meant(row: Row) -> list[str]:
    named = row.items_of("treatments")
    return [name for name, entry in treatments().items() if name in named or f"kind:{entry['kind']}" in named]


@cache
def not_again_when(treatment: str) -> Condition | None:
    """When another trial of a treatment is not worth it; None where no row says."""
    return condition_of(treatments()[treatment], "not_again_when")


@cache
def source_text(row: Row) -> str:
    """A row's source with how far it was checked, the row itself, and the address."""
    year = f", {row['year']}" if row.get("year") and row["year"] not in row["source"] else ""
    identifier = row.get("id") or row.get("treatment") or ""
    return f"{row['source']}{year} ({row['checked']}; {row.table} {identifier}) {row.get('source_url', '')}".strip()
