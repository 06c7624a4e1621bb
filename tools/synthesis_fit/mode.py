"""The most probable parameters, with the linearisation renewed until it stands still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from numpyro.infer.util import initialize_model
from scipy.optimize import minimize

from spinecourse.expect.synthesis_model import priors, weights
from synthesis_fit.data import Data, Floats, collect
from synthesis_fit.linear import Linear, rows_of
from synthesis_fit.model import Parameters, effects_given, synthesis

ROUNDS = 20
CLIMBS = 4
"""Rounds in which the parameters are renewed with the linearisation; later ones move it alone."""
STILL = 0.02
"""Logits by which no point may move any more in the last round."""


def fixed() -> Parameters:
    """Parameters that are not fitted."""
    return {name: row[1] for name, row in priors().items() if row[0] == "fixed"}


def points_at(linear: Linear, p: Parameters, effects: Any) -> Floats:
    """The points of every row for given effects."""
    both = [weights(p, xp=jnp, **linear.facts[side]) * jnp.asarray(effects)[linear.at[side]] for side in (0, 1)]
    return np.stack([np.asarray(part.sum(axis=1)) for part in both], axis=1)


def settle(data: Data | None = None, points: Floats | None = None) -> tuple[Linear, Parameters, Best]:
    """The linear model around its own best fit, the parameters there."""
    linear = Linear(rows_of(data or collect()))
    person = float(fixed()["person_factor"])
    if points is not None:
        linear.points = points
    linear.linearise(linear.points, person)
    best = Best(linear)
    p: Parameters = {}
    for turn in range(ROUNDS):
        p = best.climb(linear.moving) if turn < CLIMBS else p
        points = points_at(linear, p, effects_given(linear, linear.moving, p, None))
        moved = float(np.abs(points - linear.points).max())
        linear.points = points
        linear.linearise(points, person)
        print(f"linearisation moved by {moved:.3f}", flush=True)
        if moved < STILL and turn >= CLIMBS:
            break
    return linear, best.climb(linear.moving), best


class Best:
    """Climbs to the most probable parameters, from where it last stood."""

    def __init__(self, linear: Linear) -> None:
        info = initialize_model(jax.random.PRNGKey(0), synthesis, model_args=(linear, linear.moving), dynamic_args=True)
        flat, self.back = ravel_pytree(info.param_info.z)
        self.place = np.zeros(len(flat))
        self.values: Callable[[Parameters, Any], Parameters] = lambda moving, at: info.postprocess_fn(linear, moving)(
            self.back(at)
        )
        potential = jax.value_and_grad(lambda at, moving: info.potential_fn(linear, moving)(self.back(at)))
        self.potential: Callable[..., tuple[Any, Any]] = jax.jit(potential)

    def climb(self, moving: Parameters) -> Parameters:
        """The most probable parameters for one linearisation."""

        def slope(at: Any) -> tuple[Any, Any]:
            value, gradient = self.potential(at, moving)
            return np.asarray(value, dtype=float), np.asarray(gradient, dtype=float)

        self.place = minimize(slope, self.place, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
        values = self.values(moving, jnp.asarray(self.place))
        return fixed() | {name: value for name, value in values.items() if name != "figures"}
