"""The NumPyro model of the parameters, every effect integrated out, and draws of the effects given the parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpyro
import numpyro.distributions as dist
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from spinecourse.expect.synthesis_model import priors
from synthesis_fit.data import Floats
from synthesis_fit.linear import Linear

Parameters = dict[str, Any]


def parameters(families: int) -> Parameters:
    """The parameters, drawn from their priors."""
    found: Parameters = {}
    for name, (kind, place, width, each) in priors().items():
        if kind == "fixed":
            found[name] = place
            continue
        base = dist.LogNormal(np.log(place), width) if kind == "lognormal" else dist.Normal(place, width)
        found[name] = numpyro.sample(name, base.expand([families]).to_event(1) if each == "family" else base)
    return found


def synthesis(linear: Linear, moving: Parameters) -> None:
    """The joint model: the linearised figures are one multivariate normal (see ``density``)."""
    p = parameters(len(linear.rows.data.names.families))
    numpyro.factor("figures", linear.log_likelihood(p, moving))


def effects_given(
    linear: Linear,
    moving: Parameters,
    p: Parameters,
    generator: np.random.Generator | None,
    keep: NDArray[np.int64] | None = None,
) -> Floats:
    """Effects (used ones) given the parameters: their mean without a generator, else one draw (Matheron's rule).

    ``keep`` selects the rows that are conditioned on.
    """
    mean, covariance = linear.moments(p, moving)
    g, prior = np.asarray(linear.design(p, moving["slope"])), linear.prior(p)
    prior_mean, sd = np.asarray(prior[0]), np.asarray(prior[1])
    target, own = np.asarray(moving["target"]), np.sqrt(np.asarray(linear.own_variance(p, moving)))
    start, fitted = prior_mean, mean
    if generator is not None:
        start = prior_mean + sd * generator.standard_normal(len(sd))
        fitted = g @ start + own * generator.standard_normal(len(own))
    at = np.arange(len(target)) if keep is None else keep
    factor = cho_factor(covariance[np.ix_(at, at)], lower=True, check_finite=False)
    return np.asarray(start + sd**2 * (g[at].T @ cho_solve(factor, (target - fitted)[at], check_finite=False)))
