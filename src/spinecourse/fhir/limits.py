"""The bounds of the reader, from the table ``fhir/limits``."""

from __future__ import annotations

from functools import cache

from spinecourse.knowledge.tables import by_column, load


@cache
def limit(name: str) -> float:
    """One bound by its name; the table says the unit and why.

    Raises KeyError where the table has no such name.
    """
    value = by_column(load("fhir/limits"), "name")[name].number("value")
    assert value is not None
    return value
