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


@cache
def definition(term: str, column: str) -> float:
    """One number of a row of ``follow/definitions``; KeyError where the table does not have the term."""
    value = by_column(load("follow/definitions"), "term")[term].number(column)
    assert value is not None, f"{column} of {term} is empty"
    return value
