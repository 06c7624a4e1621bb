"""Checks of rows that must add up or agree: shares that sum to 1, a graph without circles, ratios, ranges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from spinecourse.errors import Problem
from spinecourse.knowledge.check_columns import NEARLY_ONE
from spinecourse.knowledge.tables import Row

RATIO_SLACK: Final = 0.15
"""A ratio may differ from what sensitivity and specificity give by this part of itself: published ones are rounded."""


def check_sum(rows: Sequence[Row], group: str, share: str, at_most: bool = False) -> Iterator[Problem]:
    """Shares that should sum to 1 within each group, or with ``at_most`` should not exceed it."""
    totals: dict[str, float] = defaultdict(float)
    first: dict[str, Row] = {}
    for row in rows:
        totals[row[group]] += row.number(share) or 0.0
        first.setdefault(row[group], row)
    for name, total in totals.items():
        if total > 1 + NEARLY_ONE or (not at_most and total < 1 - NEARLY_ONE):
            should = "at most 1" if at_most else "1"
            yield first[name].problem(f"{share} of {group} {name!r} should sum to {should}, sums to {total:g}")


def check_no_circles(rows: Sequence[Row]) -> Iterator[Problem]:
    """An edge of the plexus table that leads back to where it comes from."""
    following: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        following[row["from"]].append(row["to"])
    for row in rows:
        if _reaches(row["to"], row["from"], following):
            yield row.problem(f"{row['from']} feeds {row['to']}, which leads back to it")


def _reaches(start: str, goal: str, following: dict[str, list[str]]) -> bool:
    waiting, seen = [start], set()
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            waiting += following[node]
    return False


def check_parents(nerves: Sequence[Row], plexus: Sequence[Row]) -> Iterator[Problem]:
    """A nerve whose parent does not feed it in the plexus table; a nerve of the plexus table without a row."""
    edges = {(row["from"], row["to"]) for row in plexus}
    named = {f"{row['kind']}:{row['nerve']}" for row in nerves}
    for row in nerves:
        if (row["parent"], f"{row['kind']}:{row['nerve']}") not in edges:
            yield row.problem(f"parent {row['parent']!r} does not feed {row['nerve']!r} in anatomy/plexus")
    for row in plexus:
        if row["to"].startswith("nerve:") and row["to"] not in named:
            yield row.problem(f"{row['to']!r} has no row in anatomy/nerves")


def check_ratios(rows: Sequence[Row]) -> Iterator[Problem]:
    """A computed likelihood ratio that its sensitivity and specificity do not give; a ratio used that none gives."""
    for row in rows:
        yield from _computed(row)
        used, known = row.number("lr_when_met"), (row.number("lr_plus"), row.number("lr_minus"))
        if used is not None and used not in known:
            yield row.problem(f"lr_when_met {used:g} is neither lr_plus nor lr_minus")
        if used is None and known[0] is not None:
            yield row.problem("has lr_plus but no lr_when_met")


def _computed(row: Row) -> Iterator[Problem]:
    sensitivity, specificity, ratio = row.number("sensitivity"), row.number("specificity"), row.number("lr_plus")
    if sensitivity is None or specificity is None or ratio is None or row["lr_basis"] != "computed" or specificity == 1:
        return
    expected = sensitivity / (1 - specificity)
    if abs(expected - ratio) > RATIO_SLACK * ratio:
        yield row.problem(
            f"lr_plus {ratio:g} is called computed, but {sensitivity:g} and {specificity:g} give {expected:.3g}"
        )


def check_ranges(rows: Sequence[Row], low: str, high: str) -> Iterator[Problem]:
    """A range whose lower end lies above its upper end."""
    for row in rows:
        lowest, highest = row.number(low), row.number(high)
        if lowest is not None and highest is not None and lowest > highest:
            yield row.problem(f"{low} {lowest:g} is above {high} {highest:g}")


def check_sources(rows: Sequence[Row]) -> Iterator[Problem]:
    """A row that says how sure it is but not where it comes from."""
    for row in rows:
        if "checked" in row.cells and not any(row.cells.get(name) for name in ("source", "study", "source_url")):
            yield row.problem("has no source")
