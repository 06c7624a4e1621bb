"""What published associations say about somebody unlike the average of the groups studied.

Each factor moves the logit of the mean by a shift with a spread (``synthesis/covariates``), counted from what was
usual in the groups studied. The associations come from different people and adjustments, so the shifts are wide and
none is a promise that changing the factor would change the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from spinecourse.expect.scales import Array
from spinecourse.knowledge.tables import Row, by_column, load

_SEED = 20261123
"""Of the deviates of the factors; fixed, so that answers repeat."""


@cache
def covariates() -> dict[str, Row]:
    """The factors the synthesis can take into account, by name."""
    return by_column(load("synthesis/covariates"), "factor")


def shift_of(known: Mapping[str, float | None], draws: int) -> Array:
    """Draws of how far the logit of the mean moves for somebody with these factors; positive is worse.

    A factor that is None or missing is *unknown*: it moves nothing, the person counts as average in it. Values are
    in the unit of the table (1 and 0 for yes and no). Raises KeyError for a factor the table does not have.
    """
    unknown = set(known) - set(covariates())
    if unknown:
        raise KeyError(sorted(unknown)[0])
    total = np.zeros(draws)
    for (name, row), z in zip(covariates().items(), _deviates(draws), strict=True):
        value = known.get(name)
        if value is not None:
            total += (value - float(row["usual"])) * (float(row["shift"]) + float(row["shift_sd"]) * z)
    return total


@cache
def _deviates(draws: int) -> Array:
    return np.random.default_rng(_SEED).standard_normal((len(covariates()), draws))


@cache
def published(factor: str) -> tuple[Row, ...]:
    """The published associations of a factor, to be shown beside it; empty where none is on record."""
    name = covariates()[factor]["evidence_row"]
    return tuple(row for row in load("evidence/prognostic_factors") if name and row["factor"].startswith(name))
