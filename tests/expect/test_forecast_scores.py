"""The scores of the validation of forecasts, against simulation and against each other."""

from __future__ import annotations

import numpy as np
import pytest
from forecasts.scores import FINE, NINETEEN, crps_of_normal, described, inside, quantile_loss
from scipy.stats import norm

CAME = np.array([-1.0, 0.2, 3.0])


def test_the_crps_of_a_normal_is_its_mean_distance_less_half_its_own_scatter() -> None:
    """Against simulation by the definition of Gneiting and Raftery 2007, doi 10.1198/016214506000001437."""
    random = np.random.default_rng(3)
    one, other = random.normal(0.5, 2, 200_000), random.normal(0.5, 2, 200_000)
    drawn = [abs(one - came).mean() - abs(one - other).mean() / 2 for came in CAME]
    assert crps_of_normal(np.full(3, 0.5), 2.0, CAME) == pytest.approx(drawn, abs=0.02)


def test_the_loss_at_fine_levels_is_the_crps_and_at_nineteen_levels_more() -> None:
    fine, coarse = (0.5 + 2 * np.tile(norm.ppf(levels), (3, 1)) for levels in (FINE, NINETEEN))
    whole = crps_of_normal(np.full(3, 0.5), 2.0, CAME)
    assert quantile_loss(fine, CAME, FINE) == pytest.approx(whole, abs=0.01)
    assert (quantile_loss(coarse, CAME, NINETEEN) > 1.02 * whole).all()


def test_what_nineteen_quantiles_describe_is_close_to_the_whole_and_stays_in_range() -> None:
    found = np.clip(40 + 15 * np.tile(norm.ppf(NINETEEN), (3, 1)), 0, 100)
    came = np.array([10.0, 38.0, 75.0])
    whole = crps_of_normal(np.full(3, 40.0), 15.0, came)
    for straight in (True, False):
        fine = described(found, 0, 100, straight)
        assert (np.diff(fine) >= 0).all()
        assert ((fine >= 0) & (fine <= 100)).all()
        assert quantile_loss(fine, came, FINE) == pytest.approx(whole, rel=0.06)


def test_the_ends_of_an_interval_belong_to_it() -> None:
    found = np.tile(np.arange(19.0), (3, 1))
    assert inside(found, np.array([1.0, 17.0, 0.9])).tolist() == [True, True, False]
