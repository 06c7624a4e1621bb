"""A slow, plain reading of the three-valued conditions, one patient at a time, to compare the bit planes with."""

from __future__ import annotations

from collections.abc import Mapping

from spinecourse.knowledge.conditions import Atom, Combination, Condition
from spinecourse.knowledge.rules import derived_conditions

Facts = Mapping[str, bool | None]
"""Atoms as the tables write them, each true, false or unknown (None)."""


def truth(condition: Condition, known: Facts) -> bool | None:
    """Whether a condition holds for one patient: true, false, or None for unknown."""
    if isinstance(condition, Combination):
        parts = [truth(part, known) for part in condition.parts]
        return combined(condition, parts)
    return _atom(condition, known)


def _atom(atom: Atom, known: Facts) -> bool | None:
    opened = derived_conditions().get(atom.name) if atom.kind == "derived" else None
    return truth(opened, known) if opened is not None else known.get(str(atom))


def combined(condition: Combination, parts: list[bool | None]) -> bool | None:
    """What the combiner makes of its parts."""
    met, denied = parts.count(True), parts.count(False)
    if condition.combiner in ("not", "none"):
        return met == 0
    if condition.combiner == "at_most":
        return _decided(len(parts) - denied <= condition.count, met > condition.count)
    needed = {"all": len(parts), "any": 1, "at_least": condition.count}[condition.combiner]
    return _decided(met >= needed, len(parts) - denied < needed)


def _decided(holds: bool, fails: bool) -> bool | None:
    return True if holds else False if fails else None
