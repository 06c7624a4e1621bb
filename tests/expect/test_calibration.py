"""The judge of simulation-based calibration, on a sampler known to be right and on ones known to be wrong; and the
density of the synthesis against the dense normal it stands for.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from synthesis_fit.leaving import log_density_change, solved_without
from synthesis_fit.uniform import BINS, DRAWS, counts_of, judge

QUANTITIES, TIMES = 20, 150
NOISE = 3.0
"""Of the figures: the prior has to matter for a wrong one to be found."""


def ranks_of_a_normal(
    prior_sd: float = 1.0, place: float = 0.0, stretch: float = 1.0, kept: float = 0.0
) -> dict[str, list[int]]:
    """True values from a standard normal, one figure each, and exact draws of a posterior that believes other things.

    ``kept`` is how much of a draw's deviate the next one takes over: a chain that was thinned too little.
    """
    random = np.random.default_rng(11)
    true = random.standard_normal((TIMES, QUANTITIES))
    figure = true + NOISE * random.standard_normal(true.shape)
    precision = NOISE**-2 + prior_sd**-2
    mean = (figure / NOISE**2 + place / prior_sd**2) / precision
    sd = stretch / np.sqrt(precision)
    deviates = random.standard_normal((DRAWS, TIMES, QUANTITIES))
    for at in range(1, DRAWS):
        deviates[at] = kept * deviates[at - 1] + np.sqrt(1 - kept**2) * deviates[at]
    ranks = (mean + sd * deviates < true).sum(axis=0)
    return {f"q{at}": [int(rank) for rank in ranks[:, at]] for at in range(QUANTITIES)}


def test_a_right_sampler_passes() -> None:
    verdict = judge(ranks_of_a_normal())
    assert verdict.passes, verdict


@pytest.mark.parametrize(
    "wrong",
    [{"prior_sd": 3.0}, {"prior_sd": 0.5}, {"place": 1.0}, {"stretch": 0.7}, {"stretch": 1.4}, {"kept": 0.97}],
    ids=str,
)
def test_a_wrong_sampler_is_found(wrong: dict[str, float]) -> None:
    """Too wide a prior, too narrow, in the wrong place; draws too narrow, too wide, too alike."""
    assert not judge(ranks_of_a_normal(**wrong)).passes


def test_one_wrong_quantity_among_many_right_ones_is_found() -> None:
    ranks = ranks_of_a_normal() | {"wrong": ranks_of_a_normal(stretch=0.6)["q0"]}
    verdict = judge(ranks)
    assert not verdict.passes
    assert min(verdict.chances, key=lambda name: verdict.chances[name]) == "wrong"


def test_every_rank_has_its_bin() -> None:
    counts = counts_of(list(range(DRAWS + 1)))
    assert list(counts) == [(DRAWS + 1) // BINS] * BINS


def test_leaving_rows_out_is_the_same_as_never_having_had_them() -> None:
    random = np.random.default_rng(5)
    root, away, out = random.standard_normal((30, 30)), random.standard_normal(30), np.array([2, 3, 11, 29])
    covariance = root @ root.T + np.eye(30)
    keep = np.setdiff1d(np.arange(30), out)
    inner, precision = covariance[np.ix_(keep, keep)], np.linalg.inv(covariance)
    found = solved_without(precision, away, out)
    assert found[keep] == pytest.approx(np.linalg.solve(inner, away[keep]))
    assert not found[out].any()
    whole, kept = multivariate_normal(cov=covariance).logpdf(away), multivariate_normal(cov=inner).logpdf(away[keep])
    constant = 0.5 * len(out) * np.log(2 * np.pi)
    assert log_density_change(precision, away, out) == pytest.approx(kept - whole - constant)


def test_the_density_is_that_of_the_effects_added_up() -> None:
    """Effects integrated out by pairs against the dense normal of design times prior, on every sixth family."""
    pytest.importorskip("numpyro", reason="the extra `fit` is not installed: pip install 'spinecourse[fit]'")
    from synthesis_fit import calibration
    from synthesis_fit.data import collect
    from synthesis_fit.linear import Linear, rows_of

    calibration.use_cores(1)
    linear = Linear(calibration.some_rows(rows_of(collect())))
    linear.linearise(linear.points, 1.4)
    p = calibration.drawn_from_priors(np.random.default_rng(3), len(linear.rows.data.names.families))
    design = np.asarray(linear.design(p, linear.moving["slope"]))
    mean, sd = (np.asarray(part) for part in linear.prior(p))
    own = np.asarray(linear.own_variance(p, linear.moving))
    dense: NDArray[np.float64] = (design * sd**2) @ design.T + np.diag(own)
    found = float(linear.log_likelihood(p, linear.moving))
    assert found == pytest.approx(float(multivariate_normal(design @ mean, dense).logpdf(linear.target)), rel=1e-9)
