"""Conditioning on what was seen: a Kalman filter over each person's visits, all persons at once.

The state of a person is (level, response, drift), normal before and after every visit. A report at the best or worst
score says only that the latent value lies beyond that end; there the normal is matched to the mean and variance of the
truncated one (Tobit; assumed density filtering).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr

from spinecourse.trajectory.group import Group
from spinecourse.trajectory.mixture import Mixture
from spinecourse.trajectory.process import Process
from spinecourse.trajectory.scale import Scale

Array = NDArray[np.float64]

_LOG_SQRT_TAU = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Seen:
    """Reports of each person: ``days`` and ``scores`` of shape (patients, visits), NaN where there is none.

    Visits may stand in any order and at any spacing, and several on one day.
    """

    days: Array
    scores: Array

    @classmethod
    def of(cls, days: ArrayLike, scores: ArrayLike) -> Seen:
        """Reports from plain numbers, put in the order of their days; what lacks a day or a score is left out."""
        when, what = np.broadcast_arrays(
            np.atleast_2d(np.asarray(days, float)), np.atleast_2d(np.asarray(scores, float))
        )
        when = np.where(np.isnan(what), np.nan, when)
        order = np.argsort(when, axis=1, kind="stable")
        return cls(
            np.take_along_axis(when, order, 1), np.take_along_axis(np.where(np.isnan(when), np.nan, what), order, 1)
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of each person after the visits seen.

    ``state`` (patients, 3) and ``covariance`` (patients, 3, 3) of level, response and drift on ``last_day``
    (patients,), which is NaN where nothing was seen. ``log_likelihood`` (patients,) of the reports under this group
    and process.
    ``surprise`` (patients, visits): each report's distance from what was expected just before it, in standard
    deviations, worse positive; NaN where there is no report.
    """

    process: Process
    group: Group
    state: Array
    covariance: Array
    last_day: Array
    log_likelihood: Array
    surprise: Array

    def latent(self, days: ArrayLike, observed: bool = True) -> tuple[Array, Array]:
        """Latent mean and standard deviation on days of the course not before the last visit, shape (patients, days).

        ``days`` has the shape (days,) or (patients, days). ``observed`` adds the noise of one report: leave it out for
        the true score behind.
        """
        patients = len(self.state)
        day = np.broadcast_to(np.atleast_1d(np.asarray(days, float)), (patients, np.shape(np.atleast_1d(days))[-1]))
        of = self.process
        gap = np.where(np.isnan(self.last_day)[:, None], np.inf, np.maximum(day - self.last_day[:, None], 0.0))
        kept = np.exp(-gap / of.drift_days[:, None])
        share = -np.expm1(-np.maximum(self.group.elapsed(day), 0.0) / of.response_days[:, None])
        weights = np.stack([np.ones_like(day), share, kept], axis=-1)
        mean = self.group.mean(day) + np.einsum("pdk,pk->pd", weights, self.state)
        variance = np.einsum("pdk,pkl,pdl->pd", weights, self.covariance, weights)
        variance += (of.drift_sd**2)[:, None] * (1 - kept**2)
        variance += (of.beyond_sd**2)[:, None] * self.group.beyond(day) / 365.25
        if observed:
            variance += (of.noise_sd**2)[:, None]
        return mean, np.sqrt(variance)

    def predicted(self, days: ArrayLike, observed: bool = True) -> Mixture:
        """The prediction for these days, of shape (patients, days), as a mixture of the calm and the restless."""
        mean, sd = self.latent(days, observed)
        calm = np.broadcast_to(self.process.calm_share[:, None], mean.shape)
        factors = np.stack([self.process.calm_factor, self.process.restless_factor], axis=-1)[:, None, :]
        return Mixture(np.stack([calm, 1 - calm], axis=-1), np.stack([mean, mean], axis=-1), sd[..., None] * factors)


def condition(measured: Scale, how: Process, group: Group, seen: Seen) -> Known:
    """Take the reports in one after the other.

    Nothing seen leaves the prior: the group's course with all the spread between people. Every array has one row a
    patient, and a batch gives what its patients give one by one.
    """
    return deque(conditioned(measured, how, group, seen), maxlen=1)[0]


def conditioned(measured: Scale, how: Process, group: Group, seen: Seen) -> Iterator[Known]:
    """What is known before any report, and then after each column of reports in turn.

    ``log_likelihood`` and ``surprise`` are filled as the reports come: keep a copy of what is to be kept.
    """
    patients, visits = seen.days.shape
    how = how.rows(patients)
    state, covariance = np.zeros((patients, 3)), _prior(how)
    last = np.full(patients, np.nan)
    likelihood, surprise = np.zeros(patients), np.full((patients, visits), np.nan)
    expected, latent = group.mean(seen.days), measured.latent(seen.scores)
    yield Known(how, group, state, covariance, last, likelihood, surprise)
    for visit in range(visits):
        day, there = seen.days[:, visit], ~np.isnan(seen.days[:, visit])
        kept = np.where(there & ~np.isnan(last), np.exp(-np.nan_to_num(day - last) / how.drift_days), 1.0)
        state, covariance = _carried(state, covariance, kept, how.drift_sd)
        weights = np.stack(
            [np.ones(patients), how.unfolded(np.nan_to_num(day - group.start)), np.ones(patients)], axis=1
        )
        gain_part = np.einsum("pkl,pl->pk", covariance, weights)
        spread2 = np.einsum("pk,pk->p", gain_part, weights) + how.noise_sd**2
        mean = expected[:, visit] + np.einsum("pk,pk->p", state, weights)
        found = _report(measured, seen.scores[:, visit], latent[:, visit], mean, np.sqrt(spread2))
        gain = np.where(there, 1.0, 0.0)[:, None] * gain_part / spread2[:, None]
        state = state + gain * np.nan_to_num(found.shift)[:, None]
        shrink = np.nan_to_num(spread2 - found.variance)
        covariance = covariance - gain[:, :, None] * gain[:, None, :] * shrink[:, None, None]
        likelihood += np.where(there, found.log_density, 0.0)
        surprise[:, visit] = np.where(there, found.shift / np.sqrt(spread2), np.nan)
        last = np.where(there, day, last)
        yield Known(how, group, state, covariance, last, likelihood, surprise)


def _prior(how: Process) -> Array:
    covariance = np.zeros((len(how.level_sd), 3, 3))
    covariance[:, 0, 0], covariance[:, 1, 1], covariance[:, 2, 2] = how.level_sd**2, how.response_sd**2, how.drift_sd**2
    shared = how.level_response_correlation * how.level_sd * how.response_sd
    covariance[:, 0, 1] = covariance[:, 1, 0] = shared
    return covariance


def _carried(state: Array, covariance: Array, kept: Array, drift_sd: Array) -> tuple[Array, Array]:
    """State and covariance at the next visit: the drift fades, and new drift comes."""
    factors = np.stack([np.ones_like(kept), np.ones_like(kept), kept], axis=1)
    moved = covariance * factors[:, :, None] * factors[:, None, :]
    moved[:, 2, 2] += drift_sd**2 * (1 - kept**2)
    return state * factors, moved


@dataclass(frozen=True, slots=True)
class _Report:
    """What a report says of the latent value: how far from the mean, with what variance left, and how likely."""

    shift: Array
    variance: Array
    log_density: Array


def _report(measured: Scale, scores: Array, latent: Array, mean: Array, sd: Array) -> _Report:
    density = -0.5 * ((latent - mean) / sd) ** 2 - np.log(sd) - _LOG_SQRT_TAU
    exact = _Report(latent - mean, np.zeros_like(sd), density)
    half = measured.step / 2
    low = _beyond(mean, sd, measured.floor, -1.0)
    high = _beyond(mean, sd, measured.ceiling, 1.0)
    at_best, at_worst = abs(scores - measured.best) < half, abs(scores - measured.worst) < half
    return _Report(
        *(
            np.where(at_best, getattr(low, name), np.where(at_worst, getattr(high, name), getattr(exact, name)))
            for name in ("shift", "variance", "log_density")
        )
    )


def _beyond(mean: Array, sd: Array, limit: float, sign: float) -> _Report:
    """The normal cut to one side of a limit: below it for sign -1, above it for 1."""
    distance = sign * (limit - mean) / sd
    log_chance = log_ndtr(-distance)
    ratio = np.exp(-0.5 * distance**2 - _LOG_SQRT_TAU - log_chance)
    variance = sd**2 * np.clip(1 + distance * ratio - ratio**2, 0.0, 1.0)
    return _Report(sign * sd * ratio, variance, log_chance)
