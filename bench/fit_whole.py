"""The whole synthesis drawn by plain PyMC, beside the draws in the package: another program, nothing integrated out.

The linearised figures are those of ``make fit``; every effect is a parameter, non-centred. Prints how far the means
of the parameters lie apart and what an effective draw costs. Settling the linearisation takes some minutes.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import numpy as np

from assess_one import processor
from fit import SEED, spent
from spinecourse.expect.draws import shipped
from spinecourse.expect.synthesis_model import BLOCKS, priors, weights
from synthesis_fit.linear import CONTRAST, RESPONDER, Linear
from synthesis_fit.mode import settle
from synthesis_fit.sample import diagnostics, use_cores

CHAINS = 2


def parameters(pm: Any, families: int) -> dict[str, Any]:
    """The parameters with their priors."""
    found: dict[str, Any] = {}
    for name, (kind, place, width, each) in priors().items():
        shape = (families,) if each == "family" else ()
        if kind == "lognormal":
            found[name] = pm.LogNormal(name, np.log(place), width, shape=shape)
        else:
            found[name] = place if kind == "fixed" else pm.Normal(name, place, width, shape=shape)
    return found


def model(pm: Any, tensor: Any, linear: Linear) -> Any:
    """The joint model of parameters, effects and figures."""
    rows, slope = linear.rows, np.asarray(linear.slope)
    xp = SimpleNamespace(
        asarray=tensor.as_tensor_variable, exp=tensor.exp, log=tensor.log, clip=tensor.clip,
        ones_like=tensor.ones_like, stack=tensor.stack,
    )  # fmt: skip
    with pm.Model() as found:
        p = parameters(pm, len(rows.data.names.families))
        mean = np.array([float(p.get(f"mean_{name}", 0.0)) for name in BLOCKS])[linear.block]
        sd = tensor.stack([tensor.as_tensor_variable(p[f"sd_{name}"]) for name in BLOCKS])[linear.block]
        effects = mean + linear.by_class[linear.used] + sd * pm.Normal("z", 0.0, 1.0, shape=len(linear.used))
        made = 0.0
        for side in (0, 1):
            w = weights(p, xp=xp, **linear.facts[side])
            made = made + (w * effects[linear.at[side]]).sum(axis=1) * slope[:, side]
        row = (slope[:, 0] * rows.fits_month) ** 2 * np.where(rows.kind == CONTRAST, 2.0, 1.0)
        own = linear.variance + p["sd_row"] ** 2 * row + p["sd_responder"] ** 2 * (rows.kind % 10 == RESPONDER)
        pm.Normal("figures", made, tensor.sqrt(own), observed=linear.target)
    return found


def tell(found: dict[str, Any], seconds: float) -> None:
    """What a draw cost, and the largest distance of a mean from that of the package's draws."""
    told, ours = diagnostics(found), shipped()
    print(f"{seconds:.0f} s of processor time, least bulk ESS {told['ess_bulk_least']:.0f}, "
          f"{told['ess_bulk_least'] / seconds:.2f} a second, worst R-hat {told['rhat_worst']:.3f}")  # fmt: skip
    for name, values in found.items():
        flat, mine = values.reshape(-1, *values.shape[2:]), ours.parameters[name]
        apart = (flat.mean(axis=0) - mine.mean(axis=0)) / mine.std(axis=0)
        print(f"{name:24} apart by {np.round(apart, 2)} posterior standard deviations")


def main() -> None:
    """Settle, draw, compare."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--draws", type=int, default=300, help="draws of each of two chains, after as many to warm up")
    asked = reader.parse_args()
    use_cores(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pymc as pm
        from pytensor import tensor
    linear, _, _ = settle()
    print(f"{processor()}, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, PyMC {pm.__version__}")
    print(f"{len(linear.target)} figures, {len(linear.used)} effects, {CHAINS} chains of {asked.draws}, seed {SEED}")
    begun = spent()
    with model(pm, tensor, linear), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = pm.sample(
            asked.draws, tune=asked.draws, chains=CHAINS, cores=1, random_seed=SEED, progressbar=False,
            compute_convergence_checks=False,
        )  # fmt: skip
    tell({n: np.asarray(drawn.posterior[n]) for n, row in priors().items() if row[0] != "fixed"}, spent() - begun)


if __name__ == "__main__":
    main()
