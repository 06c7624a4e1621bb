"""Which conditions the facts speak for: rows of ``pathway/condition_rules`` over a batch, and why for one patient."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from spinecourse.knowledge.conditions import Condition
from spinecourse.knowledge.rules import rules
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.pathway.answer import Belongs, ConditionHeld, Sureness
from spinecourse.pathway.handed import Planes
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.reasons import because, signed_atoms
from spinecourse.pathway.rows import source_text

HOW_SURE: Final = ("established", "likely", "possible")
UMBRELLA: Final = "umbrella"
"""Conditions that rules ask for but that are no answer by themselves, such as pain for three months or more."""


@dataclass(frozen=True, slots=True)
class ConditionRule:
    """One way to know a condition, and how sure it makes it."""

    row: Row
    when: Condition
    sureness: Sureness


@cache
def condition_rules() -> dict[str, tuple[ConditionRule, ...]]:
    """The rules by condition, the surest first."""
    found: dict[str, list[ConditionRule]] = defaultdict(list)
    for rule in rules("pathway/condition_rules", "when"):
        entry = ConditionRule(rule.row, rule.condition, cast(Sureness, rule.row["sureness"]))
        found[rule.row["condition"]].append(entry)
    return {name: tuple(sorted(found[name], key=lambda rule: HOW_SURE.index(rule.sureness))) for name in found}


@cache
def conditions() -> dict[str, Row]:
    """The conditions in the order in which they are named first."""
    rows = sorted(load("pathway/conditions"), key=lambda row: float(row["rank"]))
    return by_column(rows, "condition")


def held_planes(asked: Asked) -> dict[str, Planes]:
    """For every condition the patients known to have it, and those known not to, for whom every rule fails."""
    found: dict[str, Planes] = {}
    for name, entries in condition_rules().items():
        planes = [asked.of(rule.when) for rule in entries]
        true, false = 0, asked.everyone
        for holds, fails in planes:
            true, false = true | holds, false & fails
        found[name] = true, false
    return found


def conditions_held(asked: Asked, row: int) -> list[ConditionHeld]:
    """The conditions of one patient, the first to be named first: dangers, then the surest."""
    found = [
        entry
        for name, described in conditions().items()
        if described["belongs"] != UMBRELLA and (entry := _held(name, described, asked, row)) is not None
    ]
    return _likelier_site_first(sorted(found, key=_order), asked, row)


def _likelier_site_first(found: list[ConditionHeld], asked: Asked, row: int) -> list[ConditionHeld]:
    """Of conditions that are merely likely, those that rest on a lesion site exchange places by the site's share."""
    shares = [_share(entry, asked, row) for entry in found]
    places = [place for place, share in enumerate(shares) if share]
    turned = sorted(places, key=lambda place: -shares[place])
    ordered = list(found)
    for place, taken in zip(places, turned, strict=True):
        ordered[place] = found[taken]
    return ordered


def _share(entry: ConditionHeld, asked: Asked, row: int) -> float:
    """The largest share of a group of sites that a likely condition other than a danger rests on, or 0."""
    if entry.belongs == "danger" or entry.sureness != "likely":
        return 0.0
    atoms = [atom for rule in condition_rules()[entry.condition] for atom, _ in signed_atoms(rule.when)]
    return max((asked.site_share(atom.name, row) for atom in atoms if asked.state(atom, row)), default=0.0)


def _held(name: str, described: Row, asked: Asked, row: int) -> ConditionHeld | None:
    met = [rule for rule in condition_rules().get(name, ()) if asked.state(rule.when, row)]
    if not met:
        return None
    surest = met[0].sureness
    return ConditionHeld(
        condition=name,
        belongs=cast(Belongs, described["belongs"]),
        meaning=described["means"],
        sureness=surest,
        because=list(dict.fromkeys(text for rule in met for text in because(rule.when, asked, row))),
        sources=[f"{rule.row['says']}: {source_text(rule.row)}" for rule in met],
    )


def _order(entry: ConditionHeld) -> tuple[bool, int, bool]:
    """Dangers first unless only possible; then by how sure, a danger before its equals; then the order of the table."""
    danger = entry.belongs == "danger"
    pressing = danger and entry.sureness != "possible"
    return not pressing, HOW_SURE.index("likely" if danger else entry.sureness), not danger
