"""Predictions as mixtures of normals on the latent scale: quantiles, chances and draws as scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from spinecourse.trajectory.scale import Scale, expected_score

Array = NDArray[np.float64]

_BISECTIONS, _NEWTONS = 8, 4
_SQRT_TAU = float(np.sqrt(2 * np.pi))


@dataclass(frozen=True, slots=True)
class Mixture:
    """Latent normals with weights, each of shape (..., parts); the weights of a prediction sum to one."""

    weights: Array
    means: Array
    sds: Array

    @classmethod
    def single(cls, means: ArrayLike, sds: ArrayLike) -> Mixture:
        """One normal for each prediction."""
        middle, spread = np.broadcast_arrays(np.asarray(means, dtype=float), np.asarray(sds, dtype=float))
        return cls(np.ones((*middle.shape, 1)), middle[..., None], spread[..., None])

    def below(self, latent: ArrayLike) -> Array:
        """The chance of a latent value below a limit that broadcasts against the predictions."""
        distance = (np.asarray(latent, dtype=float)[..., None] - self.means) / self.sds
        return np.asarray((self.weights * ndtr(distance)).sum(axis=-1))

    def at_least_as_good(self, measured: Scale, score: ArrayLike) -> Array:
        """The chance of reporting this score or a better one, for scores that broadcast against the predictions.

        Reports come in steps, so half a step is added: *no pain at all* has the chance of its pile.
        """
        towards_worse = np.sign(measured.worst - measured.best) * measured.step / 2
        limit = measured.latent(np.asarray(score, dtype=float) + towards_worse)
        return np.where(limit >= 1.0, 1.0, self.below(limit))

    def mean_score(self, measured: Scale) -> Array:
        """The mean score of each prediction."""
        return np.asarray((self.weights * expected_score(measured, self.means, self.sds)).sum(axis=-1))

    def latent_quantiles(self, levels: ArrayLike) -> Array:
        """Latent quantiles at levels of shape (levels,): shape (..., levels), by bisection and then Newton's steps.

        A step that would leave the bracket is replaced by its middle, so that gaps between parts do no harm.
        """
        level = np.asarray(levels, dtype=float)
        low, high = (self.means - 9 * self.sds).min(axis=-1), (self.means + 9 * self.sds).max(axis=-1)
        low, high = (np.repeat(each[..., None], len(level), axis=-1) for each in (low, high))
        wide = Mixture(self.weights[..., None, :], self.means[..., None, :], self.sds[..., None, :])
        at = (low + high) / 2
        for step in range(_BISECTIONS + _NEWTONS):
            off = wide.below(at) - level
            low, high = np.where(off < 0, at, low), np.where(off < 0, high, at)
            at = (low + high) / 2 if step < _BISECTIONS else _newton(wide, at, off, low, high)
        return np.asarray(at)

    def density(self, latent: Array) -> Array:
        """The density at latent values that broadcast against the predictions."""
        distance = (latent[..., None] - self.means) / self.sds
        return np.asarray((self.weights * np.exp(-0.5 * distance**2) / self.sds).sum(axis=-1) / _SQRT_TAU)


def _newton(wide: Mixture, at: Array, off: Array, low: Array, high: Array) -> Array:
    density = wide.density(at)
    step = at - off / np.where(density > 0, density, np.inf)
    slack = (high - low) / 16  # a root at the very end of the bracket is still a root
    return np.where((step >= low - slack) & (step <= high + slack), step, (low + high) / 2)


def quantiles(measured: Scale, predicted: Mixture, levels: ArrayLike) -> Array:
    """Quantiles of the score, rising, shape (..., levels)."""
    level = np.asarray(levels, dtype=float)
    if measured.worst > measured.best:
        return measured.score(predicted.latent_quantiles(level))
    return measured.score(predicted.latent_quantiles(1 - level))


def draws(measured: Scale, predicted: Mixture, number: int, seed: int) -> Array:
    """Random scores from each prediction, shape (..., number), from a fixed seed."""
    random = np.random.default_rng(seed)
    shape = (*predicted.weights.shape[:-1], number)
    edges = predicted.weights.cumsum(axis=-1)[..., None, :-1]
    part = (random.random(shape)[..., None] > edges).sum(axis=-1)
    chosen = [np.take_along_axis(each, part, axis=-1) for each in (predicted.means, predicted.sds)]
    return measured.score(chosen[0] + chosen[1] * random.standard_normal(shape))
