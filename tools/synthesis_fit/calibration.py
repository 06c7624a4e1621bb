"""Simulation-based calibration of the sampler (Talts 2018, arXiv 1804.06788): does it recover what made the data?

Parameters are drawn from their priors, effects from the parameters and figures from the effects, on the design of
some of the studies. The sampler knows nothing of the effects: it integrates them out, and draws them afterwards. The
rank of each true value among its posterior draws must be uniform.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro.infer import NUTS
from numpyro.infer.util import initialize_model

from spinecourse.expect.synthesis_model import BLOCKS, priors
from synthesis_fit.data import Floats, collect
from synthesis_fit.linear import Linear, Rows, rows_of
from synthesis_fit.mode import fixed
from synthesis_fit.model import Parameters, effects_given, synthesis
from synthesis_fit.sample import use_cores
from synthesis_fit.uniform import DRAWS, counts_of, judge

SEED = 7
EVERY = 6
"""One family of studies in so many takes part, so that a fit takes seconds."""
WARMUP = 120
THINNING = 3
"""Every third draw is kept: neighbours tell of each other, and ranks would clump."""
EFFECTS = ("natural_mean", "effect_mean", "fade_mean", "chosen", "industry", "effect_class", "study", "start_series")
"""Blocks of which the first effect in use is ranked too."""


def some_rows(rows: Rows) -> Rows:
    """The rows of every so many-th family."""
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


def made(linear: Linear, p: Parameters, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Effects as these parameters make them, and figures as the effects make them."""
    mean, sd = (np.asarray(part) for part in linear.prior(p))
    effects = mean + sd * generator.standard_normal(len(sd))
    own = np.sqrt(np.asarray(linear.own_variance(p, linear.moving)))
    exact = np.asarray(linear.design(p, linear.moving["slope"])) @ effects
    return effects, exact + own * generator.standard_normal(len(own))


class Calibration:
    """The sampler, compiled once for all data sets, and the places of the effects that are ranked."""

    def __init__(self, linear: Linear) -> None:
        self.linear = linear
        self.families = len(linear.rows.data.names.families)
        self.places = {name: int(np.argmax(linear.block == BLOCKS.index(name))) for name in EFFECTS}
        self.divergent = 0
        self.neighbours: dict[str, list[float]] = {}
        model = partial(synthesis, linear)
        self.info = initialize_model(jax.random.PRNGKey(0), model, model_args=(linear.moving,), dynamic_args=True)
        self.kernel = NUTS(model, max_tree_depth=6)
        self.start = self.kernel.init(jax.random.PRNGKey(0), WARMUP, None, (linear.moving,), {})
        self.sample = jax.jit(self.sampled)

    def sampled(self, moving: dict[str, Any], key: Any) -> tuple[Any, Any]:
        """Posterior draws for figures that are data of the compiled program, and which of them diverged."""

        def step(_: Any, state: Any) -> Any:
            return self.kernel.sample(state, (moving,), {})

        def kept(state: Any, _: Any) -> tuple[Any, Any]:
            state = jax.lax.fori_loop(0, THINNING, step, state)
            return state, (state.z, state.diverging)

        energy, slope = jax.value_and_grad(self.info.potential_fn(moving))(self.start.z)
        state = self.start._replace(potential_energy=energy, z_grad=slope, rng_key=key)
        state = jax.lax.fori_loop(0, WARMUP, step, state)
        _, (places, diverging) = jax.lax.scan(kept, state, length=DRAWS)
        return jax.vmap(self.info.postprocess_fn(moving))(places), diverging

    def ranks(self, generator: np.random.Generator) -> Iterator[tuple[str, int]]:
        """The rank of every true value among the draws from one simulated data set."""
        true = drawn_from_priors(generator, self.families)
        effects, target = made(self.linear, true, generator)
        moving: dict[str, Any] = self.linear.moving | {"target": jnp.asarray(target)}
        found, diverging = self.sample(moving, jax.random.PRNGKey(int(generator.integers(2**31))))
        self.divergent += int(diverging.sum())
        drawn = {name: np.asarray(values) for name, values in found.items() if name in true}
        for name, values in drawn.items():
            below = (values < np.asarray(true[name])).reshape(DRAWS, -1).sum(axis=0)
            yield from ((f"{name}[{at}]" if len(below) > 1 else name, int(rank)) for at, rank in enumerate(below))
            self.neighbours.setdefault(name, []).append(correlation(values.reshape(DRAWS, -1)))
        yield from self.ranks_of_effects(drawn, effects, moving, generator)

    def ranks_of_effects(
        self, drawn: dict[str, Any], effects: Floats, moving: dict[str, Any], generator: np.random.Generator
    ) -> Iterator[tuple[str, int]]:
        """The same of some effects, drawn as for the package."""
        sets = [fixed() | {name: values[at] for name, values in drawn.items()} for at in range(DRAWS)]
        found = np.stack([effects_given(self.linear, moving, p, generator) for p in sets])
        for name, place in self.places.items():
            yield f"effect {name}", int((found[:, place] < effects[place]).sum())


def correlation(values: Floats) -> float:
    """The correlation of draws kept next to each other, the worst of the columns."""
    return max(float(np.corrcoef(column[:-1], column[1:])[0, 1]) for column in values.T)


def all_ranks(calibration: Calibration, times: int, seed: int) -> dict[str, list[int]]:
    """The ranks over so many simulated data sets."""
    generator = np.random.default_rng(seed)
    found: dict[str, list[int]] = {}
    begun = time.monotonic()
    for at in range(times):
        for name, rank in calibration.ranks(generator):
            found.setdefault(name, []).append(rank)
        if at % 10 == 9:
            print(f"{at + 1} data sets, {time.monotonic() - begun:.0f} s, {report_line(found)}", flush=True)
    return found


def report_line(ranks: dict[str, list[int]]) -> str:
    """The verdict in a line."""
    verdict = judge(ranks)
    return (
        f"{len(ranks)} quantities: smallest p times their number {verdict.least:.3f}, p below 0.05 for "
        f"{verdict.small} (at most {verdict.small_at_most}): {'passes' if verdict.passes else 'FAILS'}"
    )


def main() -> int:
    """Print how uniform the ranks are; exit code 1 says that they are not."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--times", type=int, default=100)
    reader.add_argument("--seed", type=int, default=SEED)
    asked = reader.parse_args()
    use_cores(1)
    linear = Linear(some_rows(rows_of(collect())))
    linear.linearise(linear.points, float(fixed()["person_factor"]))
    calibration = Calibration(linear)
    found = all_ranks(calibration, asked.times, asked.seed)
    verdict = judge(found)
    for name, values in found.items():
        counts = " ".join(f"{count:3}" for count in counts_of(values))
        print(f"{name:24} {counts}   p {verdict.chances[name]:.3f}")
    print(
        f"{len(linear.rows.kind)} figures of {len(np.unique(linear.rows.family))} families, {asked.times} data sets, "
        f"seed {asked.seed}, {calibration.divergent} divergent of {asked.times * DRAWS}"
    )
    worst, name = max((float(np.mean(values)), name) for name, values in calibration.neighbours.items())
    print(f"draws kept next to each other correlate by {worst:.2f} at most on average ({name})")
    print(report_line(found))
    return 0 if verdict.passes else 1


if __name__ == "__main__":
    raise SystemExit(main())
