"""Single numbers of following, each a row of ``follow/parameters``."""

from __future__ import annotations

from functools import cache

from spinecourse.knowledge.tables import by_column, load


@cache
def parameter(name: str) -> float:
    """The value of one parameter; KeyError where the table does not have it."""
    value = by_column(load("follow/parameters"), "name")[name].number("value")
    assert value is not None, f"parameter {name} is empty"
    return value
