"""Simulation-based calibration of the sampler (Talts 2018, arXiv 1804.06788): does it recover what made the data?

Parameters are drawn from their priors and figures from the parameters, on the design of some of the studies; the
rank of each true value among its posterior draws must be uniform.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dataclasses import replace
from typing import Any

import jax
import numpy as np
from numpyro.infer import MCMC, NUTS
from scipy.stats import chisquare

from spinecourse.expect.synthesis_model import priors
from synthesis_fit.data import Floats, collect
from synthesis_fit.linear import Linear, Rows, rows_of
from synthesis_fit.mode import fixed
from synthesis_fit.model import Parameters, synthesis
from synthesis_fit.sample import use_cores

BINS = 10
EVERY = 12
"""One family of studies in so many takes part, so that a fit takes seconds."""


def some_rows(rows: Rows) -> Rows:
    """The rows of every twelfth family."""
    here = rows.family % EVERY == 0
    parts = ("series", "months", "kind", "observed", "se", "extra", "person_sd", "fits_month")
    return replace(rows, **{name: getattr(rows, name)[here] for name in parts})


def drawn_from_priors(generator: np.random.Generator, families: int) -> Parameters:
    """One set of parameters."""
    found = dict(fixed())
    for name, (kind, place, width, each) in priors().items():
        if kind != "fixed":
            z = generator.standard_normal(families if each == "family" else None)
            found[name] = place * np.exp(width * z) if kind == "lognormal" else place + width * z
    return found


def made_target(linear: Linear, p: Parameters, generator: np.random.Generator) -> Floats:
    """Figures as these parameters make them."""
    mean, covariance = linear.moments(p, linear.moving)
    return np.asarray(mean + np.linalg.cholesky(covariance) @ generator.standard_normal(len(mean)))


def ranks(linear: Linear, times: int, seed: int) -> dict[str, list[int]]:
    """The rank of every true parameter among thinned draws, once for each simulated data set."""
    generator = np.random.default_rng(seed)
    mcmc = MCMC(NUTS(synthesis, max_tree_depth=6), num_warmup=200, num_samples=198, thinning=2, progress_bar=False)
    families = len(linear.rows.data.names.families)
    found: dict[str, list[int]] = {}
    for at in range(times):
        true = drawn_from_priors(generator, families)
        moving: dict[str, Any] = linear.moving | {"target": made_target(linear, true, generator)}
        mcmc.run(jax.random.PRNGKey(seed + at), linear, moving)
        for name, draws in mcmc.get_samples().items():
            below = (np.asarray(draws) < np.asarray(true[name])).sum(axis=0)
            for place, rank in enumerate(np.atleast_1d(below)):
                found.setdefault(f"{name}[{place}]" if np.ndim(below) else name, []).append(int(rank))
    return found


def main() -> None:
    """Print how uniform the ranks are."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--times", type=int, default=100)
    asked = reader.parse_args()
    use_cores(1)
    linear = Linear(some_rows(rows_of(collect())))
    linear.linearise(linear.points, float(fixed()["person_factor"]))
    found = ranks(linear, asked.times, 7)
    chances = {}
    for name, values in found.items():
        counts = np.bincount(np.array(values) * BINS // 100, minlength=BINS)
        chances[name] = float(chisquare(counts).pvalue)
        print(f"{name:24} {' '.join(f'{count:3}' for count in counts)}   p {chances[name]:.3f}")
    small = sum(chance < 0.05 for chance in chances.values())
    print(f"{len(linear.rows.kind)} rows, {asked.times} data sets, {len(chances)} parameters: p below 0.05 for {small}")


if __name__ == "__main__":
    main()
