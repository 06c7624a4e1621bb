"""The course of a group: the latent mean at a few days since the start, joined in the square root of time.

Recovery is quick at first and slow later; straight lines in the square root of time follow that without a number to
choose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinecourse.trajectory.scale import Scale, expected_score

Array = NDArray[np.float64]

_BISECTIONS = 40


@dataclass(frozen=True, slots=True)
class Group:
    """What a group like the patient's does.

    ``days``: knots since the start, shape (knots,), rising from 0. ``latent``: the mean there, shape (patients, knots).
    ``start``: the day of each course on which it begins, shape (patients,); before it the first knot holds, after the
    last knot the last.
    """

    days: Array
    latent: Array
    start: Array

    @classmethod
    def of(cls, days: ArrayLike, latent: ArrayLike, start: ArrayLike = 0.0) -> Group:
        """A group from plain numbers; one row of ``latent`` serves one patient."""
        means = np.atleast_2d(np.asarray(latent, dtype=float))
        begin = np.broadcast_to(np.asarray(start, dtype=float), (len(means),))
        return cls(np.asarray(days, dtype=float), means, begin)

    def elapsed(self, day: Array) -> Array:
        """Days since the start for days of the course of shape (patients, any), negative before it."""
        return np.asarray(day - self.start[:, None])

    def beyond(self, day: Array) -> Array:
        """Days after the last knot, shape (patients, any); 0 where the day was studied."""
        return np.asarray(np.maximum(self.elapsed(day) - self.days[-1], 0.0))

    def mean(self, day: Array) -> Array:
        """The latent mean on days of the course, shape (patients, any); NaN for a day that is NaN."""
        if len(self.days) == 1:
            return np.where(np.isnan(day), np.nan, self.latent[:, :1])
        at, knots = np.sqrt(np.clip(self.elapsed(day), 0.0, self.days[-1])), np.sqrt(self.days)
        left = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
        share = (at - knots[left]) / (knots[left + 1] - knots[left])
        before, after = (np.take_along_axis(self.latent, left + step, axis=1) for step in (0, 1))
        means: Array = before + share * (after - before)
        return means


def latent_mean_for(measured: Scale, mean_score: ArrayLike, sd: ArrayLike) -> Array:
    """The latent mean at which a group with latent standard deviation ``sd`` has this mean score.

    A published mean of 2 on a bounded scale is no latent value: half of the people may be at 0. Shapes broadcast; a
    mean at or beyond an end of the scale is moved a thousandth of the range inside, since no spread could give it.
    """
    wanted = (np.asarray(mean_score, dtype=float) - measured.best) / (measured.worst - measured.best)
    wanted, spread = np.broadcast_arrays(np.clip(wanted, 0.001, 0.999), np.asarray(sd, dtype=float))
    low, high = -1.0 - 6 * spread, 2.0 + 6 * spread
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        share = (expected_score(measured, middle, spread) - measured.best) / (measured.worst - measured.best)
        low, high = np.where(share < wanted, middle, low), np.where(share < wanted, high, middle)
    return np.asarray((low + high) / 2)
