"""Units into those of the vocabulary, by the table ``fhir/units``."""

from __future__ import annotations

from functools import cache

from spinecourse.knowledge.tables import load
from spinecourse.knowledge.vocabulary import Name

_UNITLESS = frozenset({"points", "1", "ratio", "T", "cycles"})


def may_lack_unit(name: Name) -> bool:
    """Whether a score may come without a unit, because it can only be in points."""
    return name.unit in _UNITLESS or (name.kind == "measure" and name.unit == "%")


def converted(value: float, unit: str, name: Name) -> float | None:
    """A value in the vocabulary's unit of ``name``; None where the table knows no way there.

    A row for this very name wins over one for the unit alone, because moles and grams need the substance.
    """
    factors = _factors().get((unit, name.unit, name.name)) or _factors().get((unit, name.unit, ""))
    return None if factors is None else round(value * factors[0] + factors[1], 6)


@cache
def _factors() -> dict[tuple[str, str, str], tuple[float, float]]:
    return {
        (row["unit"], row["to"], row["only"]): (row.number("factor") or 0.0, row.number("offset") or 0.0)
        for row in load("fhir/units")
    }
