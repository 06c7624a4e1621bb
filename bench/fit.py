"""Time the sampler of the synthesis beside plain PyMC and lme4, on the same simplified model of the same figures.

The logit of a group's mean is a start, the effects of its study and series, and after the start a common course over
log time and the effect of its treatment; the printed standard errors count up to a common factor, which lme4 needs.
Ours integrates every effect out and draws it afterwards; PyMC draws all of them, non-centred; lme4 gives the most
probable variances and no draws. An engine that is not installed is skipped. Prints tables and writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import numpy as np
from numpy.typing import NDArray

from assess_one import processor

SEED = 20261122
WIDTH = 2.0
"""Prior standard deviation of the three common coefficients."""
COEFFICIENTS = ("start", "after", "after_log_year")
SPREADS = {"study": (0.3, 0.5), "series": (0.2, 0.5), "treatment": (0.2, 0.5)}
"""Median and width of the lognormal prior of each spread, as in the synthesis; a series is an outcome in an arm."""
FACTOR = (1.0, 1.0)
TELL = (*COEFFICIENTS, *(f"sd_{name}" for name in SPREADS), "factor")
Floats = NDArray[np.float64]


def spent() -> float:
    """Seconds of processor time so far, programs that were started included: a busy machine does not change them."""
    return sum(os.times()[:4])


@dataclass
class Figures:
    """Baselines and later means of the package's evidence, on the logit, with what the model is told of each."""

    y: Floats
    se: Floats
    after: Floats
    log_year: Floats
    groups: dict[str, NDArray[np.int64]]


@dataclass
class Fitted:
    """What an engine found: seconds from the figures to the answer, compiling included; draws by name (chains, draws,
    width), or estimates with their errors.
    """

    seconds: float
    draws: dict[str, Floats] = field(default_factory=dict)
    told: dict[str, tuple[float, float]] = field(default_factory=dict)
    note: str = ""


def figures() -> Figures:
    """The figures that were printed as means."""
    from synthesis_fit.data import collect

    d = collect()
    series = np.concatenate([d.baseline["series"], d.level["series"]]).astype(int)
    share = np.clip(np.concatenate([d.baseline["share"], d.level["share"]]).astype(float), 0.01, 0.99)
    se = np.concatenate([d.baseline["se"], d.level["se"]]).astype(float) / (share * (1 - share))
    months = np.concatenate([np.zeros(len(d.baseline["series"])), d.level["months"].astype(float)])
    after = (months > 0) * 1.0
    names = {"study": d.series_study, "series": np.arange(len(d.series_arm)), "treatment": d.series_treatment}
    groups = {name: np.unique(values[series], return_inverse=True)[1] for name, values in names.items()}
    y: Floats = np.log(share / (1 - share))
    late = after * np.log(np.maximum(months, 1.0) / 12.0)
    return Figures(y, np.asarray(se), np.asarray(after), np.asarray(late), groups)


def ours(rows: Figures, chains: int, draws: int) -> Fitted:
    """Every effect integrated out with the density of the synthesis, and drawn given the spreads."""
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from numpyro.infer import MCMC, NUTS

    from synthesis_fit.density import Density, log_density

    numpyro.enable_x64()
    begun = spent()
    weights, levels = design(rows)
    density = log_density(Density(levels, len(rows.y), np.zeros(0, dtype=int)))

    def model() -> None:
        spreads = [numpyro.sample(f"sd_{name}", dist.LogNormal(np.log(a), b)) for name, (a, b) in SPREADS.items()]
        factor = numpyro.sample("factor", dist.LogNormal(np.log(FACTOR[0]), FACTOR[1]))
        sd = jnp.stack([*[jnp.asarray(WIDTH)] * len(COEFFICIENTS), *spreads])
        numpyro.factor("figures", density(jnp.asarray(weights), sd, (factor * rows.se) ** 2, jnp.asarray(rows.y)))

    mcmc = MCMC(
        NUTS(model), num_warmup=draws, num_samples=draws, num_chains=chains, chain_method="sequential",
        progress_bar=False,
    )  # fmt: skip
    mcmc.run(jax.random.PRNGKey(SEED))
    found = {name: np.asarray(values)[..., None] for name, values in mcmc.get_samples(group_by_chain=True).items()}
    every = found | effects(rows, found)
    return Fitted(spent() - begun, every, note=f"NumPyro {numpyro.__version__}")


def design(rows: Figures) -> tuple[Floats, NDArray[np.int64]]:
    """Weights of the three coefficients and the three effects of each row, and which effect of each it has."""
    one = np.ones(len(rows.y))
    weights = np.stack([one, rows.after, rows.log_year, one, one, rows.after], axis=1)
    common = np.zeros((len(rows.y), len(COEFFICIENTS)), dtype=int)
    return weights, np.concatenate([common, np.stack([rows.groups[name] for name in SPREADS], axis=1)], axis=1)


def effects(rows: Figures, found: dict[str, Floats]) -> dict[str, Floats]:
    """Draws of the coefficients and effects given each draw of the spreads: they are normal."""
    weights, levels = design(rows)
    sizes = levels.max(axis=0) + 1
    first = np.concatenate([[0], np.cumsum(sizes)])
    g = np.zeros((len(rows.y), first[-1]))
    g[np.arange(len(g))[:, None], first[:-1] + levels] = weights
    spreads = np.concatenate([found[f"sd_{name}"] for name in SPREADS], axis=-1)
    shape, generator = spreads.shape[:2], np.random.default_rng(SEED)
    drawn = np.empty((*shape, g.shape[1]))
    for at in np.ndindex(*shape):
        sd = np.repeat(np.concatenate([np.full(len(COEFFICIENTS), WIDTH), spreads[at]]), sizes)
        scaled = g / (found["factor"][at] * rows.se[:, None])
        factor = np.linalg.cholesky(scaled.T @ scaled + np.diag(sd**-2.0))
        mean = np.linalg.solve(factor, scaled.T @ (rows.y / (found["factor"][at] * rows.se)))
        drawn[at] = np.linalg.solve(factor.T, mean + generator.standard_normal(len(mean)))
    names = (*COEFFICIENTS, *SPREADS)
    return {name: drawn[..., first[at] : first[at + 1]] for at, name in enumerate(names)}


def plain_pymc(rows: Figures, chains: int, draws: int) -> Fitted:
    """The model as one writes it down: every effect a parameter, non-centred."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pymc as pm
    begun = spent()
    with pm.Model():
        c = {name: pm.Normal(name, 0.0, WIDTH) for name in COEFFICIENTS}
        effect = {}
        for name, (place, width) in SPREADS.items():
            sd = pm.LogNormal(f"sd_{name}", np.log(place), width)
            z = pm.Normal(f"z_{name}", 0.0, 1.0, shape=int(rows.groups[name].max()) + 1)
            effect[name] = pm.Deterministic(name, sd * z)[rows.groups[name]]
        mean = c["start"] + c["after"] * rows.after + c["after_log_year"] * rows.log_year
        mean = mean + effect["study"] + effect["series"] + effect["treatment"] * rows.after
        factor = pm.LogNormal("factor", np.log(FACTOR[0]), FACTOR[1])
        pm.Normal("y", mean, factor * rows.se, observed=rows.y)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pm.sample(
                draws, tune=draws, chains=chains, cores=1, random_seed=SEED, progressbar=False,
                compute_convergence_checks=False,
            )  # fmt: skip
    seconds = spent() - begun
    names = (*TELL, *SPREADS)
    drawn = {name: np.asarray(found.posterior[name]).reshape(chains, draws, -1) for name in names}
    divergent = int(np.asarray(found.sample_stats["diverging"]).sum())
    return Fitted(seconds, drawn, note=f"PyMC {pm.__version__}, {divergent} divergent")


def lme4(rows: Figures, chains: int, draws: int) -> Fitted:
    """Restricted maximum likelihood in R; nothing is drawn."""
    program = shutil.which("Rscript")
    if program is None:
        raise ImportError("Rscript")
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "figures.csv"
        write(rows, table)
        begun = spent()
        script = Path(__file__).with_name("fit_lme4.R")
        ran = subprocess.run([program, str(script), str(table)], capture_output=True, text=True, check=False)
        seconds = spent() - begun
    if ran.returncode:
        raise ImportError(ran.stderr.strip().splitlines()[-1])
    lines = [line.split() for line in ran.stdout.splitlines()]
    version = next(parts[1] for parts in lines if parts[0] == "version")
    told = {parts[0]: (float(parts[1]), float(parts[2])) for parts in lines if parts[0] != "version"}
    return Fitted(seconds - told["profile_seconds"][0], told=told, note=f"lme4 {version}")


def write(rows: Figures, place: Path) -> None:
    """The figures as a table."""
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["y", "se", "after", "after_log_year", *SPREADS])
        groups = [rows.groups[name] for name in SPREADS]
        writer.writerows(zip(rows.y, rows.se, rows.after, rows.log_year, *groups, strict=True))


ENGINES: dict[str, tuple[Callable[[Figures, int, int], Fitted], str]] = {
    "ours": (ours, "pip install 'spinecourse[fit]'"),
    "PyMC": (plain_pymc, "pip install 'spinecourse[bench]'"),
    "lme4": (lme4, "apt-get install r-base-core r-cran-lme4"),
}


def effective(values: Floats) -> Floats:
    """Bulk effective draws of each column of one quantity; estimates beyond what can be told are cut (Vehtari 2021)."""
    from synthesis_fit.sample import diagnostics

    found = [diagnostics({"one": values[..., [at]]})["ess_bulk_least"] for at in range(values.shape[-1])]
    most = values[..., 0].size * np.log10(values[..., 0].size)
    return np.array([each if 0 < each < most else most for each in found])


def tell_times(fits: dict[str, Fitted]) -> None:
    """Seconds of processor time, and effective draws a second of it."""
    print(f"\n{'engine':<8}{'seconds':>9}{'least ESS':>11}{'ESS/s':>8}{'ratio':>8}  version")
    rates = {}
    for name, fit in fits.items():
        line = f"{name:<8}{fit.seconds:>9.1f}"
        if fit.draws:
            least = min(float(effective(values).min()) for values in fit.draws.values())
            rates[name] = least / fit.seconds
            line += f"{least:>11.0f}{rates[name]:>8.1f}{rates[name] / next(iter(rates.values())):>8.2f}"
        else:
            line += f"{'no draws':>11}{'':>16}"
        print(f"{line}  {fit.note}")


def tell_agreement(fits: dict[str, Fitted]) -> None:
    """Posterior means with Monte Carlo errors, lme4's estimates, and how far they lie apart."""
    names = [name for name in ("ours", "PyMC") if name in fits]
    print("\nposterior mean (Monte Carlo error) and standard deviation; lme4: estimate (standard error)")
    for what in TELL:
        cells = [
            f"{name} {mean:.3f} ({error:.4f}) sd {sd:.3f}"
            for name in names
            for mean, error, sd in [summary(fits[name], what)]
        ]
        if len(names) == 2:
            (a, b, _), (c, d, _) = (summary(fits[name], what) for name in names)
            cells.append(f"apart {abs(a - c) / np.hypot(b, d):.1f} Monte Carlo errors")
        if "lme4" in fits:
            cells.append(beside(fits, what))
        print(f"{what:<16}{'; '.join(cells)}")


def summary(fit: Fitted, what: str) -> tuple[float, float, float]:
    """Mean, its Monte Carlo error, and standard deviation."""
    values = fit.draws[what]
    sd = float(values.std())
    return float(values.mean()), sd / float(np.sqrt(effective(values)[0])), sd


def beside(fits: dict[str, Fitted], what: str) -> str:
    """What lme4 estimates, and how far our posterior mean lies from it in our standard deviations."""
    value, error = fits["lme4"].told[what]
    low, high = fits["lme4"].told.get(f"profile_{what}", (value - 1.96 * error, value + 1.96 * error))
    text = f"lme4 {value:.3f} ({low:.3f} to {high:.3f})"
    if "ours" not in fits:
        return text
    mean, _, sd = summary(fits["ours"], what)
    return f"{text}, ours off by {abs(mean - value) / sd:.2f} sd"


def main() -> None:
    """Print what is fitted, on what machine, and the tables."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--chains", type=int, default=2)
    reader.add_argument("--draws", type=int, default=1000, help="draws of each chain, after as many to warm up")
    asked = reader.parse_args()
    print(f"{processor()}, {os.cpu_count()} cores of which one is used, load {os.getloadavg()[0]:.1f}, "
          f"Python {platform.python_version()}")  # fmt: skip
    fits: dict[str, Fitted] = {}
    rows = figures()
    sizes = ", ".join(f"{values.max() + 1} of {name}" for name, values in rows.groups.items())
    print(f"{len(rows.y)} means of the package's evidence; effects: {sizes}")
    print(f"{asked.chains} chains of {asked.draws} draws, seed {SEED}")
    for name, (run, how) in ENGINES.items():
        try:
            fits[name] = run(rows, asked.chains, asked.draws)
        except ImportError as error:
            print(f"{name} is skipped: {error}; to install it: {how}")
    tell_times(fits)
    tell_agreement(fits)


if __name__ == "__main__":
    main()
