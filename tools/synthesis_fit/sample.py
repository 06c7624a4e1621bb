"""Draws of the parameters (NUTS) and, given each, of the effects."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from jax.flatten_util import ravel_pytree
from numpyro.diagnostics import effective_sample_size, gelman_rubin
from numpyro.infer import MCMC, NUTS
from numpyro.infer.util import initialize_model

from synthesis_fit.data import Floats, collect
from synthesis_fit.linear import Linear, rows_of
from synthesis_fit.mode import fixed
from synthesis_fit.model import Parameters, effects_given, synthesis


def nuts(
    linear: Linear, place: Floats, spread: Floats, chains: int, warmup: int, draws: int, seed: int
) -> dict[str, Any]:
    """Draws of the parameters by chain (chains x draws x ...), started around the most probable ones.

    Each chain runs in a process of its own: chains of one process call back into Python, and can wait for each other
    for ever on a busy machine.
    """
    run = partial(one_chain, linear.points, place, spread, warmup, draws)
    with ProcessPoolExecutor(min(chains, os.cpu_count() or 1), get_context("spawn")) as pool:
        found = list(pool.map(run, range(seed, seed + chains)))
    divergent, steps = (
        sum(int(each.pop("diverging").sum()) for each in found),
        [each.pop("num_steps") for each in found],
    )
    print(f"divergent {divergent}, steps {float(np.mean(steps)):.1f}", flush=True)
    return {name: np.stack([each[name] for each in found]) for name in found[0]}


def one_chain(points: Floats, place: Floats, spread: Floats, warmup: int, draws: int, seed: int) -> dict[str, Any]:
    """Draws of one chain (draws x ...), with what the sampler says of each.

    ``spread`` is the covariance of the parameters on the unconstrained axis, as Laplace's method has it: the sampler
    begins with it as its metric, and adapts its step alone.
    """
    use_cores(1)
    linear = Linear(rows_of(collect()))
    linear.points = points
    linear.linearise(points, float(fixed()["person_factor"]))
    info = initialize_model(jax.random.PRNGKey(seed), synthesis, model_args=(linear, linear.moving))
    _, back = ravel_pytree(info.param_info.z)
    start = np.random.default_rng(seed).multivariate_normal(place, spread)
    kernel = NUTS(
        synthesis,
        target_accept_prob=0.8,
        dense_mass=True,
        max_tree_depth=5,
        inverse_mass_matrix=jnp.asarray(spread),
        adapt_mass_matrix=False,
    )
    mcmc = MCMC(kernel, num_warmup=warmup, num_samples=draws, progress_bar=False)
    told = ("diverging", "num_steps")
    mcmc.run(jax.random.PRNGKey(seed), linear, linear.moving, init_params=back(jnp.asarray(start)), extra_fields=told)
    found = dict(mcmc.get_samples()) | dict(mcmc.get_extra_fields())
    return {name: np.asarray(values) for name, values in found.items()}


def diagnostics(found: dict[str, Any]) -> dict[str, float]:
    """The worst R-hat and the smallest bulk effective sample size of all parameters."""
    flat = [np.asarray(v).reshape(*v.shape[:2], -1) for v in found.values()]
    columns = np.concatenate(flat, axis=2)
    ranked = np.stack([_ranked(columns[:, :, i]) for i in range(columns.shape[2])], axis=2)
    return {
        "parameters": float(columns.shape[2]),
        "rhat_worst": float(np.max(gelman_rubin(_split(ranked)))),
        "ess_bulk_least": float(np.min(effective_sample_size(_split(ranked)))),
    }


def _ranked(values: Floats) -> Floats:
    """Rank-normalised draws of one parameter (Vehtari 2021)."""
    from scipy.stats import norm, rankdata

    ranks = rankdata(values).reshape(values.shape)
    return np.asarray(norm.ppf((ranks - 0.375) / (values.size + 0.25)))


def _split(columns: Floats) -> Floats:
    half = columns.shape[1] // 2
    return np.concatenate([columns[:, :half], columns[:, half : 2 * half]])


def thinned(found: dict[str, Any], draws: int) -> list[Parameters]:
    """Evenly spaced draws over all chains, fixed parameters added."""
    flat = {name: np.concatenate(list(values)) for name, values in found.items()}
    at = np.linspace(0, len(next(iter(flat.values()))) - 1, draws).round().astype(int)
    return [fixed() | {name: values[i] for name, values in flat.items()} for i in at]


def effect_draws(linear: Linear, drawn: list[Parameters], seed: int, keep: Any | None = None) -> Floats:
    """One draw of the used effects for each draw of the parameters (draws x used)."""
    generator, moving = np.random.default_rng(seed), linear.moving
    return np.stack([effects_given(linear, moving, p, generator, keep) for p in drawn])


def use_cores(count: int) -> None:
    """Let chains run beside each other; call before anything is computed."""
    numpyro.set_host_device_count(count)
    numpyro.enable_x64()
