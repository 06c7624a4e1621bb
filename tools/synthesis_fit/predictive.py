"""Posterior predictive checks: do figures the model would make look like the figures there are?"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from synthesis_fit.data import Floats
from synthesis_fit.linear import BASELINE, CHANGE, CONTRAST, LEVEL, RESPONDER, Linear
from synthesis_fit.model import Parameters

KINDS = {"baseline": BASELINE, "level": LEVEL, "change": CHANGE, "responder": RESPONDER, "contrast": CONTRAST}
CHECKED = 100
"""Draws that are checked."""


def posterior_predictive(linear: Linear, drawn: list[Parameters], effects: Floats) -> dict[str, float]:
    """For each kind of figure the share of replicated data sets whose spread around the fit exceeds the actual one.

    A share near 0 or 1 says that the model makes figures of that kind too regular or too wild.
    """
    generator = np.random.default_rng(1)
    moving = linear.moving
    parts = jax.jit(lambda p: (linear.design(p, moving["slope"]), jnp.sqrt(linear.own_variance(p, moving))))
    more: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for p, effect in zip(drawn[:CHECKED], effects[:CHECKED], strict=True):
        g, own = (np.asarray(part) for part in parts(p))
        actual = ((linear.target - g @ effect) / own) ** 2
        made = generator.standard_normal(len(own)) ** 2
        for kind, number in KINDS.items():
            here = linear.rows.kind % 10 == number
            more[kind].append(bool(made[here].sum() > actual[here].sum()))
    return {f"ppc_{kind}": float(np.mean(found)) for kind, found in more.items()}
