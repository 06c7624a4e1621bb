"""Importance weights with a smoothed and diagnosed tail (Pareto smoothed importance sampling, Vehtari 2024, JMLR
25:72).

The largest weights are replaced by what a generalised Pareto distribution fitted to them expects; its shape says
whether a weighted average can be trusted at all.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from spinecourse.expect.scales import Array

TRUSTED: Final = 0.7
"""Shape above which weighted averages must not be trusted (Vehtari 2024, section 3)."""

_TAIL_SHARE: Final = 0.2
_TAIL_ROOTS: Final = 3.0
_PRIOR_WEIGHT: Final = 10.0
_PRIOR_SHAPE: Final = 0.5
_LEAST_TAIL: Final = 5


def smoothed(log_weights: Array) -> tuple[Array, float]:
    """Normalised weights with a smoothed tail, and the shape of the tail; the shape is infinite for too few draws."""
    shifted = log_weights - log_weights.max()
    weights = np.exp(shifted)
    count = int(min(_TAIL_SHARE * len(weights), _TAIL_ROOTS * np.sqrt(len(weights))))
    if count < _LEAST_TAIL:
        return weights / weights.sum(), float("inf")
    order = np.argsort(weights)
    tail, cut = order[-count:], float(weights[order[-count - 1]])
    shape, scale = _fitted(weights[tail] - cut)
    weights[tail] = np.minimum(cut + _quantiles(count, shape, scale), weights.max())
    return weights / weights.sum(), shape


def effective_count(weights: Array) -> float:
    """How many equal draws the weighted ones are worth."""
    return float(1 / (weights**2).sum())


def _quantiles(count: int, shape: float, scale: float) -> Array:
    """The expected order statistics of a generalised Pareto sample."""
    p = (np.arange(count) + 0.5) / count
    if abs(shape) < 1e-9:
        return np.asarray(-scale * np.log1p(-p))
    return np.asarray(scale / shape * ((1 - p) ** -shape - 1))


def _fitted(excess: Array) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto distribution (Zhang and Stephens 2009, Technometrics 51:316).

    The shape is drawn a little towards a half, as Vehtari does for small tails.
    """
    x = np.sort(np.maximum(excess, np.finfo(float).tiny))
    n = len(x)
    grid = 30 + int(np.sqrt(n))
    quarter = x[max(int(n / 4 + 0.5) - 1, 0)]
    b = 1 / x[-1] + (1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3 * quarter)
    k = np.log1p(-b[:, None] * x).mean(axis=1)
    log_likelihood = n * (np.log(-b / k) - k - 1)
    weight = 1 / np.exp(log_likelihood - log_likelihood[:, None]).sum(axis=1)
    weight = np.where(np.isfinite(weight), weight, 0.0)
    best = float((b * weight).sum() / weight.sum())
    shape = float(np.log1p(-best * x).mean())
    scale = -shape / best
    return (n * shape + _PRIOR_WEIGHT * _PRIOR_SHAPE) / (n + _PRIOR_WEIGHT), scale
