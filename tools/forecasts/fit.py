"""Maximum likelihood, lightly penalised, of a process and a group's course on the latent scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from forecasts.sets import Array, Set
from numpy.typing import NDArray
from scipy.optimize import minimize

from spinecourse.trajectory import Group, Process, Scale, Seen, condition

SPREADS = ("level_sd", "response_sd", "response_days", "drift_sd", "drift_days", "noise_sd")
CENTRES = {
    "level_sd": 0.08, "response_sd": 0.14, "response_days": 60.0, "drift_sd": 0.08, "drift_days": 120.0,
    "noise_sd": 0.07,
}  # fmt: skip
"""Where the penalty pulls, on the log scale; ``FREEDOM`` is its standard deviation there."""
FREEDOM = {
    "level_sd": 1.0, "response_sd": 1.0, "response_days": 0.5, "drift_sd": 1.0, "drift_days": 0.7, "noise_sd": 1.0,
}  # fmt: skip
TWO_VISITS = {"response_days": 0.05, "drift_sd": 0.3, "drift_days": 0.05, "noise_sd": 0.1}
"""What two visits cannot tell is held near the centre."""
ARM_SD = 0.15
CALM_SHARE = 0.6
ENOUGH_FOR_SHAPE = 200
"""Reports after the first from which the calm factor is fitted; from fewer it jumps between its ends."""


@dataclass(frozen=True)
class Fitted:
    """A process and the latent means of each arm, shape (arms, visits); no calm factor where too few were seen."""

    how: Process
    means: Array
    calm_factor: float | None
    theta: Array


def fit(known: Set, measured: Scale, centres: Mapping[str, float] | None = None, begin: Array | None = None) -> Fitted:
    """The process and the means of a set, searched for from ``begin`` (the ``theta`` of another fit) where given."""
    centre = CENTRES | dict(centres or {})
    freedom = FREEDOM | (TWO_VISITS if len(known.days) == 2 else {})
    visits, arms = len(known.days), len(known.arm_names)
    seen = Seen.of(np.broadcast_to(known.days, known.scores.shape), known.scores)
    start = np.zeros(len(known.scores))
    spread_at = visits + (arms - 1) * (visits - 1)

    def parts(theta: Array) -> tuple[Process, Array]:
        return process_of(theta[spread_at:]), means_of(theta, visits, arms)

    def cost(theta: Array) -> float:
        how, means = parts(theta)
        latent = means[known.arms]
        person = condition(measured, how, Group(known.days, latent, start), seen)
        return float(penalty(theta, visits, spread_at, centre, freedom) - person.log_likelihood.sum())

    first = np.concatenate([
        np.nanmean(measured.latent(known.scores), axis=0), np.zeros((arms - 1) * (visits - 1)), [0.0],
        [np.log(centre[name]) for name in SPREADS],
    ])  # fmt: skip
    theta = minimize(cost, first if begin is None else begin, method="L-BFGS-B", options={"maxiter": 300}).x
    how, means = parts(theta)
    latent = means[known.arms]
    surprise = condition(measured, how, Group(known.days, latent, start), seen).surprise
    return Fitted(how, means, calm_factor(surprise[:, 1:]), theta)


def process_of(theta: Array, calm: float = 0.75) -> Process:
    spreads = dict(zip(SPREADS, np.exp(theta[1:]), strict=True))
    return Process.of(
        **spreads, level_response_correlation=np.tanh(theta[0]), beyond_sd=0.0, calm_share=CALM_SHARE, calm_factor=calm
    )


def means_of(theta: Array, visits: int, arms: int) -> Array:
    """Latent means by arm; every arm begins where the first does."""
    means = np.tile(theta[:visits], (arms, 1))
    means[1:, 1:] += theta[visits : visits + (arms - 1) * (visits - 1)].reshape(arms - 1, visits - 1)
    return means


def penalty(
    theta: Array, visits: int, spread_at: int, centre: Mapping[str, float], freedom: Mapping[str, float]
) -> float:
    arms = (theta[visits:spread_at] / ARM_SD) ** 2
    logs = [
        (value - np.log(centre[name])) / freedom[name]
        for name, value in zip(SPREADS, theta[spread_at + 1 :], strict=True)
    ]
    return float(0.5 * (arms.sum() + theta[spread_at] ** 2 + np.square(logs).sum()))


def calm_factor(surprise: Array) -> float | None:
    """The factor that makes standardised surprises likeliest under the mixture of calm and restless.

    The shape of a distribution cannot be told from few: None below ``ENOUGH_FOR_SHAPE``.
    """
    found = surprise[~np.isnan(surprise)]
    if len(found) < ENOUGH_FOR_SHAPE:
        return None
    found = found / found.std()
    return float(max(np.arange(0.5, 0.99, 0.05), key=lambda factor: _mixture_likelihood(found, factor)))


def _mixture_likelihood(found: Array, factor: float) -> float:
    restless = np.sqrt((1 - CALM_SHARE * factor**2) / (1 - CALM_SHARE))
    density = CALM_SHARE * _normal(found, factor) + (1 - CALM_SHARE) * _normal(found, restless)
    return float(np.log(density).sum())


def _normal(at: Array, sd: float) -> NDArray[np.float64]:
    return np.asarray(np.exp(-0.5 * (at / sd) ** 2) / sd)
