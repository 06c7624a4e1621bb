"""A normal without some of its rows, from the inverse covariance of the whole: nothing is factorised again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def solved_without(precision: Floats, away: Floats, out: Ints) -> Floats:
    """The inverse covariance of the rows that stay times what lies ``away``; 0 for the rows left out.

    From the inverse of the whole: no row is factorised again for each family.
    """
    across = precision[:, out]
    found = precision @ away - across @ np.linalg.solve(precision[np.ix_(out, out)], across.T @ away)
    found[out] = 0.0
    return np.asarray(found)


def log_density_change(precision: Floats, away: Floats, out: Ints) -> float:
    """The log density of the rows that stay less that of all (up to a constant): of the rows out given the others."""
    inner, solved = precision[np.ix_(out, out)], precision[out] @ away
    return float(0.5 * solved @ np.linalg.solve(inner, solved) - 0.5 * np.linalg.slogdet(inner)[1])
