"""The course of a score against joint normals, truncated normals and simulation, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from spinecourse.errors import NotFound
from spinecourse.trajectory import (
    Group,
    Mixture,
    Process,
    Seen,
    condition,
    draws,
    expected_score,
    latent_mean_for,
    process,
    process_of,
    quantiles,
    scale,
    scales,
)
from spinecourse.trajectory.filtering import Array, _beyond

LEVELS = np.arange(0.05, 0.951, 0.05)
ODI, NRS, MJOA = scale("odi"), scale("nrs_back"), scale("mjoa")
COURSE = Group.of([0.0, 35.0, 70.0, 364.0], [0.55, 0.45, 0.4, 0.36])


def covariance(how: Process, days: Array) -> Array:
    """The covariance of the latent values on some days, written out."""
    share = 1 - np.exp(-days / how.response_days)
    shared = how.level_response_correlation * how.level_sd * how.response_sd
    lasting = how.level_sd**2 + shared * (share[:, None] + share) + how.response_sd**2 * np.outer(share, share)
    return lasting + how.drift_sd**2 * np.exp(-abs(days[:, None] - days) / how.drift_days)


def test_the_filter_gives_what_conditioning_a_joint_normal_gives() -> None:
    how, days, target = process("disability"), np.array([0.0, 20.0, 71.0, 200.0]), 364.0
    scores = np.array([44.0, 30.0, 35.0, 18.0])
    known = condition(ODI, how, COURSE, Seen.of(days, scores))
    mean, sd = known.latent([target])

    joint = covariance(how, np.append(days, target))
    noisy = joint[:4, :4] + how.noise_sd**2 * np.eye(4)
    off = ODI.latent(scores) - COURSE.mean(days[None])[0]
    gain = np.linalg.solve(noisy, joint[:4, 4])
    assert mean[0, 0] == pytest.approx(COURSE.mean(np.array([[target]]))[0, 0] + gain @ off)
    assert sd[0, 0] ** 2 == pytest.approx(joint[4, 4] + how.noise_sd**2 - gain @ joint[:4, 4])
    assert known.log_likelihood[0] == pytest.approx(stats.multivariate_normal(np.zeros(4), noisy).logpdf(off))


@pytest.mark.parametrize(("mean", "sd", "limit"), [(0.2, 0.3, 0.1), (0.9, 0.1, 0.05), (-0.4, 0.2, 0.07)])
def test_a_report_at_the_floor_is_a_truncated_normal(mean: float, sd: float, limit: float) -> None:
    cut = stats.truncnorm(-np.inf, (limit - mean) / sd, mean, sd)
    found = _beyond(np.array([mean]), np.array([sd]), limit, -1.0)
    assert found.shift[0] == pytest.approx(cut.mean() - mean)
    assert found.variance[0] == pytest.approx(cut.var(), rel=1e-4)
    assert np.exp(found.log_density[0]) == pytest.approx(stats.norm(mean, sd).cdf(limit))


def test_quantiles_and_means_agree_with_draws() -> None:
    known = condition(ODI, process("disability"), COURSE, Seen.of([0.0], [36.0]))
    predicted = known.predicted([364.0])
    drawn = draws(ODI, predicted, 200_000, seed=1)[0, 0]
    assert quantiles(ODI, predicted, LEVELS)[0, 0] == pytest.approx(np.quantile(drawn, LEVELS), abs=0.6)
    assert predicted.mean_score(ODI)[0, 0] == pytest.approx(drawn.mean(), abs=0.15)
    assert predicted.at_least_as_good(ODI, 10.0)[0, 0] == pytest.approx((drawn < 11).mean(), abs=0.005)


def test_calm_and_restless_together_vary_as_predicted() -> None:
    known = condition(NRS, process("pain"), COURSE, Seen.of([0.0], [7.0]))
    mean, sd = known.latent([90.0])
    parts = known.predicted([90.0])
    assert (parts.weights * parts.sds**2).sum() == pytest.approx(sd[0, 0] ** 2)
    assert (parts.weights * parts.means).sum() == pytest.approx(mean[0, 0])


@pytest.mark.parametrize("measure", sorted(scales()))
def test_a_mean_score_is_found_again(measure: str) -> None:
    measured = scale(measure)
    shares = np.array([0.05, 0.3, 0.8])
    wanted = measured.best + shares * (measured.worst - measured.best)
    latent = latent_mean_for(measured, wanted, 0.2)
    assert expected_score(measured, latent, 0.2) == pytest.approx(wanted, abs=0.01 * measured.range)


@pytest.mark.parametrize("measure", sorted(scales()))
def test_the_ends_of_a_scale_are_its_ends(measure: str) -> None:
    measured = scale(measure)
    assert measured.score([-3.0, 0.0, 1.0, 4.0]) == pytest.approx([measured.best] * 2 + [measured.worst] * 2)
    inside = measured.best + 0.37 * (measured.worst - measured.best)
    assert measured.score(measured.latent(inside)) == pytest.approx(inside)
    assert process_of(measured).level_sd > 0


def test_an_unknown_measure_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"walking_distance_m; there is one for .*odi"):
        scale("walking_distance_m")
    with pytest.raises(NotFound, match="no process happiness"):
        process("happiness")


def test_more_said_means_less_spread_and_nothing_said_means_the_prior() -> None:
    spreads = []
    for visits in range(4):
        seen = Seen.of(np.array([0.0, 35.0, 70.0])[:visits], np.array([40.0, 30.0, 24.0])[:visits])
        spreads.append(condition(ODI, process("disability"), COURSE, seen).latent([364.0])[1][0, 0])
    assert spreads == sorted(spreads, reverse=True)
    how = process("disability")
    prior = covariance(how, np.array([364.0]))[0, 0] + how.noise_sd**2
    assert spreads[0] == pytest.approx(np.sqrt(prior))


def test_beyond_the_last_day_studied_it_widens() -> None:
    known = condition(ODI, process("disability"), COURSE, Seen.of([0.0], [40.0]))
    near, far = known.latent([364.0, 364.0 + 5 * 365.25])[1][0]
    assert far**2 - near**2 > 4 * process("disability").beyond_sd ** 2


def test_an_uncertain_group_is_wider_and_keeps_the_covariance() -> None:
    how = process("disability")
    wider = how.with_uncertain_mean(0.1)
    assert wider.response_sd == pytest.approx(np.hypot(how.response_sd, 0.1))
    assert wider.response_sd * wider.level_response_correlation == pytest.approx(
        how.response_sd * how.level_response_correlation
    )


visits = st.lists(st.tuples(st.integers(-30, 700), st.integers(0, 50).map(lambda items: 2.0 * items)), max_size=6)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(visits, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_batch_is_its_patients_one_by_one_in_any_order_of_visits(people, random) -> None:  # type: ignore[no-untyped-def]
    widest = max(1, *(len(person) for person in people))
    padded = np.array([person + [(np.nan, np.nan)] * (widest - len(person)) for person in people], dtype=float)
    how, course = process("disability"), Group.of(COURSE.days, np.repeat(COURSE.latent, len(people), axis=0))
    together = quantiles(
        ODI, condition(ODI, how, course, Seen.of(*np.moveaxis(padded, 2, 0))).predicted([800.0]), LEVELS
    )
    assert (np.diff(together, axis=-1) >= 0).all()
    assert ((together >= 0) & (together <= 100)).all()
    for person, expected in zip(people, together, strict=True):
        days = [day for day, _ in person]
        if len(set(days)) == len(days):
            random.shuffle(person)
        alone = condition(ODI, how, COURSE, Seen.of(*np.array(person, dtype=float).reshape(-1, 2).T))
        assert quantiles(ODI, alone.predicted([800.0]), LEVELS)[0] == pytest.approx(expected, abs=1e-6)


def test_a_better_high_score_counts_the_other_way() -> None:
    known = condition(MJOA, process("wide"), Group.of([0.0, 365.0], [0.4, 0.2]), Seen.of([0.0], [11.0]))
    predicted = known.predicted([365.0])
    found = quantiles(MJOA, predicted, LEVELS)[0, 0]
    assert (np.diff(found) >= 0).all()
    assert found[9] > 11
    assert predicted.at_least_as_good(MJOA, 18.0)[0, 0] < predicted.at_least_as_good(MJOA, 12.0)[0, 0]
    assert predicted.at_least_as_good(MJOA, 0.0)[0, 0] == 1.0


def test_quantiles_of_a_mixture_have_their_levels_even_across_gaps() -> None:
    random = np.random.default_rng(0)
    shape = (300, 6)
    parts = Mixture(
        random.dirichlet(np.full(6, 0.3), 300), random.normal(0.4, 0.4, shape), random.uniform(0.02, 0.3, shape)
    )
    found = parts.latent_quantiles(LEVELS)
    assert np.stack([parts.below(column) for column in found.T], axis=1) == pytest.approx(
        np.tile(LEVELS, (300, 1)), abs=1e-5
    )
    assert (np.diff(found, axis=1) >= 0).all()


def test_a_mixture_of_one_is_a_normal() -> None:
    single = Mixture.single([0.4, 0.9], 0.1)
    assert single.latent_quantiles([0.1, 0.5])[0] == pytest.approx(stats.norm(0.4, 0.1).ppf([0.1, 0.5]), abs=1e-9)
    assert single.below(0.9)[1] == pytest.approx(0.5)


@given(st.sampled_from(sorted(scales())), st.lists(st.floats(0, 1), min_size=2, max_size=19), st.floats(0.01, 1))
def test_scores_near_steps_keep_their_order_and_their_side_of_every_answer(
    measure: str, shares: list[float], between: float
) -> None:
    measured = scale(measure)
    scores = measured.best + (measured.worst - measured.best) * np.sort(shares)
    near = measured.near_steps(scores, between)
    low, high = sorted((measured.best, measured.worst))
    assert (low <= near).all()
    assert (near <= high).all()
    along = np.sign(measured.worst - measured.best) * np.diff(near)
    assert (along >= -1e-9).all()
    assert (abs(near - scores) <= (1 - between) * measured.step / 2 + 1e-9).all()
    if not measured.in_steps:
        assert (near == scores).all()


def test_an_interval_near_steps_holds_the_same_answers() -> None:
    ends = np.linspace(0.05, 9.95, 100)
    answers = np.arange(11.0)
    near = NRS.near_steps(ends, 0.1)
    assert ((near[:, None] < answers) == (ends[:, None] < answers)).all()
    assert NRS.near_steps([2.4, 2.6], 0.1) == pytest.approx([2.04, 2.96])
    assert ODI.near_steps([2.4, 3.4], 0.0) == pytest.approx([2.0, 4.0])
