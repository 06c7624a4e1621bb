"""A quick stand-in for NUTS: the parameters as a normal around the most probable ones, on the unconstrained axis.

Good enough to try an idea and for leave-one-study-out; what is shipped comes from NUTS.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from synthesis_fit.data import Floats
from synthesis_fit.linear import Linear
from synthesis_fit.mode import Best, fixed
from synthesis_fit.model import Parameters

STEP = 0.02
"""Of the finite differences, on the unconstrained axis, where all parameters have a width near 0.5."""


def spread(best: Best, moving: dict[str, Any]) -> Floats:
    """The covariance of the parameters on the unconstrained axis, from the curvature at the best place."""
    steps = STEP * np.eye(len(best.place))

    def slope(at: Floats) -> Floats:
        return np.asarray(best.potential(jnp.asarray(at), moving)[1])

    rows = np.stack([(slope(best.place + step) - slope(best.place - step)) / (2 * STEP) for step in steps])
    values, vectors = np.linalg.eigh((rows + rows.T) / 2)
    return np.asarray((vectors / np.maximum(values, 1.0)) @ vectors.T)


def laplace(linear: Linear, best: Best, draws: int, seed: int) -> list[Parameters]:
    """Draws of the parameters."""
    generator = np.random.default_rng(seed)
    places = generator.multivariate_normal(best.place, spread(best, linear.moving), draws)
    back = jax.jit(lambda at: best.values(linear.moving, at))
    found = [{name: np.asarray(value) for name, value in back(jnp.asarray(at)).items()} for at in places]
    return [fixed() | {name: value for name, value in one.items() if name != "figures"} for one in found]
