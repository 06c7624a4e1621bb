"""What published associations say about somebody unlike the average of the groups studied.

Each factor moves the logit of the mean by a shift with a spread (``synthesis/covariates``), counted from what was
usual in the groups studied. The associations come from different people and adjustments, so the shifts are wide and
none is a promise that changing the factor would change the outcome.
"""

from __future__ import annotations

from functools import cache

from spinecourse.knowledge.tables import Row, by_column, load


@cache
def covariates() -> dict[str, Row]:
    """The factors the synthesis can take into account, by name."""
    return by_column(load("synthesis/covariates"), "factor")


@cache
def published(factor: str) -> tuple[Row, ...]:
    """The published associations of a factor, to be shown beside it; empty where none is on record."""
    name = covariates()[factor]["evidence_row"]
    return tuple(row for row in load("evidence/prognostic_factors") if name and row["factor"].startswith(name))
