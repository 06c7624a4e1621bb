"""The log density of the targets with its slopes, in NumPy, as a function that JAX can differentiate.

The covariance of a few hundred rows has structure JAX does not see: most effects are shared by few rows. Written
out over the pairs of rows that share one it costs a Cholesky factor, an inverse, and little else.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, lapack

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Density:
    """Log density of ``target`` given the weights of entries (rows, then the second series of those that have one).

    ``levels`` (entries x blocks) says which effect of each block an entry has; entries of one effect covary.
    """

    def __init__(self, levels: Ints, rows: int, two: Ints) -> None:
        self.rows, self.two = rows, two
        self.pairs = [self._pairs(levels[:, block]) for block in range(levels.shape[1])]
        self.entries = len(levels)

    @staticmethod
    def _pairs(level: Ints) -> tuple[Ints, Ints] | None:
        """The pairs of entries of one effect; None where all entries have the same one."""
        if (level == level[0]).all():
            return None
        first, second = np.nonzero(level[:, None] == level[None, :])
        return first, second

    def covariance(self, w: Floats, sd: Floats) -> Floats:
        """Covariance of the rows through the effects they share."""
        found = np.zeros((self.entries, self.entries))
        for at, pairs in enumerate(self.pairs):
            scaled = w[:, at] * sd[at]
            if pairs is None:
                found += np.outer(scaled, scaled)
            else:
                found[pairs] += scaled[pairs[0]] * scaled[pairs[1]]
        return self._folded(found)

    def _folded(self, found: Floats) -> Floats:
        n = self.rows
        found[self.two, :] += found[n:, :]
        found[:, self.two] += found[:, n:]
        return np.asarray(found[:n, :n])

    def value_and_slopes(
        self, w: Floats, sd: Floats, own: Floats, away: Floats
    ) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """The log density of ``away`` (target minus mean) and its slopes in all four arguments."""
        covariance = self.covariance(w, sd)
        covariance[np.diag_indices(self.rows)] += own
        factor = cholesky(covariance, lower=True, check_finite=False)
        solved = cho_solve((factor, True), away, check_finite=False)
        value = -0.5 * float(away @ solved) - float(np.log(np.diag(factor)).sum()) - 0.5 * self.rows * np.log(2 * np.pi)
        inverse, _ = lapack.dpotri(factor, lower=1)
        inverse = np.tril(inverse) + np.tril(inverse, -1).T
        by_covariance = 0.5 * (np.outer(solved, solved) - inverse)
        by_w, by_sd = self._slopes(self._unfolded(by_covariance), w, sd)
        return np.asarray(value), by_w, by_sd, np.diag(by_covariance).copy(), -solved

    def _unfolded(self, by_covariance: Floats) -> Floats:
        every = np.concatenate([np.arange(self.rows), self.two])
        return np.asarray(by_covariance[np.ix_(every, every)])

    def _slopes(self, by: Floats, w: Floats, sd: Floats) -> tuple[Floats, Floats]:
        by_w, by_sd = np.empty_like(w), np.empty_like(sd)
        inner: Floats
        for at, pairs in enumerate(self.pairs):
            if pairs is None:
                inner = by @ w[:, at]
            else:
                inner = np.asarray(np.bincount(pairs[0], by[pairs] * w[pairs[1], at], self.entries), dtype=float)
            by_w[:, at] = 2 * sd[at] ** 2 * inner
            by_sd[at] = 2 * sd[at] * float(w[:, at] @ inner)
        return by_w, by_sd


def log_density(density: Density) -> Any:
    """The density as a JAX function of (w, sd, own, away); its slopes are computed together with it."""

    def call(*arguments: Any) -> Any:
        shapes = [jax.ShapeDtypeStruct((), np.float64)]
        shapes += [jax.ShapeDtypeStruct(np.shape(a), np.float64) for a in arguments]
        return jax.pure_callback(partial(_numbers, density), tuple(shapes), *arguments, vmap_method="sequential")

    density_of: Any = jax.custom_vjp(lambda *arguments: call(*arguments)[0])

    def forward(*arguments: Any) -> tuple[Any, Any]:
        value, *slopes = call(*arguments)
        return value, tuple(slopes)

    density_of.defvjp(forward, lambda slopes, one: tuple(jnp.asarray(slope) * one for slope in slopes))
    return density_of


def _numbers(density: Density, *arguments: Any) -> Any:
    try:
        return density.value_and_slopes(*(np.asarray(a) for a in arguments))
    except np.linalg.LinAlgError:
        return np.asarray(-np.inf), *(np.zeros(np.shape(a)) for a in arguments)
