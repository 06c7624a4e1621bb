"""How far a forecast was from what came: mean quantile loss, and the continuous ranked probability score (CRPS)."""

from __future__ import annotations

from typing import Final

import numpy as np
from forecasts.sets import Array
from numpy.typing import NDArray
from scipy.stats import norm

from spinecourse.expect.forecast_answer import LEVELS

NINETEEN: Final[Array] = np.array(LEVELS)
FINE: Final[Array] = (np.arange(200) + 0.5) / 200
"""Levels at which twice the mean quantile loss is the CRPS of the whole distribution."""


def quantile_loss(found: Array, came: Array, levels: Array) -> Array:
    """Twice the mean quantile loss of quantiles (people, levels), shape (people,)."""
    under = came[:, None] - found
    return np.asarray(2 * np.where(under >= 0, levels * under, (levels - 1) * under).mean(axis=1))


def crps_of_normal(mean: Array, sd: float, came: Array) -> Array:
    """The CRPS of normals that are not cut to the range of the score (Gneiting 2005, doi 10.1175/MWR2904.1)."""
    away = (came - mean) / sd
    return np.asarray(sd * (away * (2 * norm.cdf(away) - 1) + 2 * norm.pdf(away) - 1 / np.sqrt(np.pi)))


def described(found: Array, low: float, high: float, straight: bool) -> Array:
    """Fine quantiles of the distribution that nineteen describe, linear between them, shape (people, fine levels).

    Beyond the outermost two it goes straight on and is cut at the ends of the score, or else straight to those ends.
    """
    first, last = found[:, :1], found[:, -1:]
    if straight:
        first, last = 2 * first - found[:, 1:2], 2 * last - found[:, -2:-1]
    else:
        first, last = np.full_like(first, low), np.full_like(last, high)
    whole = np.clip(np.concatenate([first, found, last], axis=1), low, high)
    levels = np.concatenate([[0.0], NINETEEN, [1.0]])
    return np.array([np.interp(FINE, levels, each) for each in whole])


def inside(found: Array, came: Array) -> NDArray[np.bool_]:
    """Whether what came lies in the 80 % interval, its ends included."""
    return np.asarray((found[:, 1] <= came) & (came <= found[:, 17]))
