"""Single numbers of the models, each a row of ``model/parameters`` with its meaning and source."""

from __future__ import annotations

from functools import cache

from spinecourse.knowledge.tables import by_column, load


@cache
def parameter(name: str) -> float:
    """The value of one parameter.

    Raises KeyError where the table does not have it, KnowledgeError where the cell is no number.
    """
    value = by_column(load("model/parameters"), "name")[name].number("value")
    assert value is not None, f"parameter {name} is empty"
    return value
