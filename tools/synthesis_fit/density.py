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
from scipy.linalg import blas, cho_solve, cholesky, lapack

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Density:
    """Log density of ``target`` given the weights of entries (rows, then the second series of those that have one).

    ``levels`` (entries x blocks) says which effect of each block an entry has; entries of one effect covary. Only
    the lower half of the covariance is kept. ``common`` are the blocks of one effect alone.
    """

    def __init__(self, levels: Ints, rows: int, two: Ints) -> None:
        self.rows = rows
        self.row_of = np.concatenate([np.arange(rows), two])
        self.common = np.array([b for b in range(levels.shape[1]) if (levels[:, b] == levels[0, b]).all()])
        pairs = [self._pairs(levels[:, b], b) for b in range(levels.shape[1]) if b not in self.common]
        self.first, self.second, self.block = (np.concatenate(part) for part in zip(*pairs, strict=True))
        a, b = self.row_of[self.first], self.row_of[self.second]
        self.cell = np.maximum(a, b) * rows + np.minimum(a, b)
        self.times = np.where((a == b) & (self.first != self.second), 2.0, 1.0)
        self.shape = levels.shape

    @staticmethod
    def _pairs(level: Ints, block: int) -> tuple[Ints, Ints, Ints]:
        """The pairs of entries of one effect, each once."""
        first, second = np.nonzero(np.triu(level[:, None] == level[None, :]))
        return first, second, np.full_like(first, block)

    def covariance(self, w: Floats, sd: Floats) -> Floats:
        """Covariance of the rows through the effects they share, lower half."""
        scaled = w * sd
        shared = scaled[self.first, self.block] * scaled[self.second, self.block] * self.times
        found = np.bincount(self.cell, shared, self.rows**2).reshape(self.rows, self.rows)
        common = self._folded(scaled[:, self.common])
        return np.asarray(found + common @ common.T)

    def _folded(self, entries: Floats) -> Floats:
        folded = entries[: self.rows].copy()
        np.add.at(folded, self.row_of[self.rows :], entries[self.rows :])
        return folded

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
        by_w, by_sd = self._slopes(inverse, solved, w, sd)
        return np.asarray(value), by_w, by_sd, 0.5 * (solved**2 - np.diag(inverse)), -solved

    def _slopes(self, inverse: Floats, solved: Floats, w: Floats, sd: Floats) -> tuple[Floats, Floats]:
        """Slopes in weights and standard deviations; half of ``solved solved' - inverse`` is the slope in the
        covariance.
        """
        first, second, block = self.first, self.second, self.block
        by = solved[self.row_of[first]] * solved[self.row_of[second]]
        by = 0.5 * (by - inverse.ravel()[self.cell])
        count, width = self.shape[0] * self.shape[1], self.shape[1]
        apart = by * (first != second)
        inner = np.bincount(first * width + block, by * w[second, block], count)
        inner = inner + np.bincount(second * width + block, apart * w[first, block], count)
        inner = inner.reshape(self.shape)
        for at in self.common:
            here = self._folded(w[:, [at]])[:, 0]
            inner[:, at] = 0.5 * (solved * (solved @ here) - blas.dsymv(1.0, inverse, here, lower=1))[self.row_of]
        return 2 * sd**2 * inner, 2 * sd * (w * inner).sum(axis=0)


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
