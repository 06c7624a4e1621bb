"""The synthesis: what it says keeps to the scale, follows the evidence, refuses where there is none."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_folders import study_folder
from spinecourse.expect import options, predict_mean, read_evidence
from spinecourse.expect.certainty import LEVELS
from spinecourse.expect.covariates import covariates, published
from spinecourse.expect.draws import shipped
from spinecourse.expect.evidence import package_evidence
from spinecourse.expect.known_factors import shift_of_factors
from spinecourse.expect.names import conditions, treatments
from spinecourse.expect.new_study import ArmPrediction, predict_arms
from spinecourse.expect.risks import pooled, risks
from spinecourse.expect.scales import outcomes
from spinecourse.expect.thresholds import thresholds
from spinecourse.knowledge.tables import load


def one(place: Path, **of: str) -> ArmPrediction:
    (found,) = predict_arms(read_evidence(study_folder(place, **of)))  # type: ignore[arg-type]
    return found


@given(
    st.sampled_from(sorted(conditions())), st.sampled_from(sorted(treatments())), st.sampled_from(sorted(outcomes())),
    st.floats(0, 1), st.floats(0.1, 200),
)  # fmt: skip
def test_no_mean_leaves_its_scale(condition: str, treatment: str, outcome: str, share: float, months: float) -> None:
    row = outcomes()[outcome]
    low, high = float(row["model_low"]), float(row["model_high"])
    found = predict_mean(condition, treatment, outcome, [months], baseline=low + share * (high - low), n_draws=50)
    assert bool(found.why) == (found.mean.size == 0)
    assert ((found.mean >= low) & (found.mean <= high)).all()
    assert found.certainty.level in LEVELS


@pytest.mark.parametrize("worse", [30, 45])
def test_who_starts_worse_ends_worse(worse: float) -> None:
    better = predict_mean("lumbar_radiculopathy", "discectomy", "odi", [3, 12], baseline=worse)
    harder = predict_mean("lumbar_radiculopathy", "discectomy", "odi", [3, 12], baseline=worse + 20)
    assert (harder.mean > better.mean).all()


def test_most_of_what_comes_anyway_is_shown() -> None:
    """Disc herniations ease by themselves: beside an operation stands what would have come without."""
    found = predict_mean("lumbar_radiculopathy", "discectomy", "nrs_leg", [12], baseline=7)
    assert np.median(found.natural) < 5
    assert np.median(found.mean) < np.median(found.natural)


def test_the_natural_course_is_itself() -> None:
    found = predict_mean("lumbar_stenosis", "natural_history", "odi", [12], baseline=45)
    assert found.mean == pytest.approx(found.natural)


def test_a_start_nobody_measured_widens_the_answer() -> None:
    known = predict_mean("lumbar_stenosis", "decompression", "odi", [12], baseline=42)
    unknown = predict_mean("lumbar_stenosis", "decompression", "odi", [12])
    assert unknown.mean.std() > 1.1 * known.mean.std()


def test_without_evidence_there_is_no_number() -> None:
    found = predict_mean("cervical_myelopathy", "prp", "ndi", [12])
    assert found.mean.size == 0
    assert "no study on record" in found.why
    assert found.certainty.level == "very low"
    assert "prp" not in options("cervical_myelopathy")


def test_an_answer_names_its_studies_and_where_it_reaches_beyond_them() -> None:
    found = predict_mean("lumbar_radiculopathy", "discectomy", "odi", [12], baseline=95)
    assert "leiden_sciatica" not in {s.study for s in found.support.studies} or found.support.people > 1000
    assert any("began between" in warning for warning in found.warnings)
    assert all(study.source and study.source_url for study in found.support.studies)


def test_the_answer_repeats() -> None:
    first, again = (predict_mean("psps_type_2", "spinal_cord_stimulation", "odi", [12]).mean for _ in range(2))
    assert (first == again).all()


@pytest.mark.parametrize("condition", sorted(conditions()))
def test_going_on_as_now_is_open_to_most(condition: str) -> None:
    found = options(condition)
    assert found, "a condition the synthesis knows but cannot speak of"


def test_later_figures_are_never_read(tmp_path: Path) -> None:
    blank = one(tmp_path)
    assert one(tmp_path, later="99") == blank
    assert blank.why == ""
    assert blank.mean is not None
    assert blank.lo90 < blank.lo50 < blank.mean < blank.hi50 < blank.hi90  # type: ignore[operator]


def test_a_larger_study_is_predicted_more_sharply(tmp_path: Path) -> None:
    small, large = one(tmp_path, n="8"), one(tmp_path, n="400")
    assert small.hi90 - small.lo90 > large.hi90 - large.lo90  # type: ignore[operator]


def test_the_same_scale_in_other_units_gives_the_same_answer(tmp_path: Path) -> None:
    ten = one(tmp_path, outcome="nrs_leg", low="0", high="10", mean="7")
    hundred = one(tmp_path, outcome="vas_leg", low="0", high="100", mean="70")
    assert hundred.mean == pytest.approx(10 * ten.mean, rel=1e-6)  # type: ignore[operator]


def test_a_baseline_moves_the_prediction_and_its_lack_widens_it(tmp_path: Path) -> None:
    mild, severe, unknown = one(tmp_path, mean="30"), one(tmp_path, mean="70"), one(tmp_path, mean="")
    assert mild.mean < severe.mean  # type: ignore[operator]
    assert unknown.hi90 - unknown.lo90 > mild.hi90 - mild.lo90  # type: ignore[operator]


@pytest.mark.parametrize(
    ("of", "word"),
    [
        ({"treatment": "ozone therapy"}, "treatment 'ozone therapy'"),
        ({"condition": "migraine"}, "condition 'migraine'"),
        ({"outcome": "median_days_to_recovery"}, "outcome 'median_days_to_recovery'"),
        ({"months": ""}, "no single time"),
    ],
)
def test_what_cannot_be_answered_says_why(tmp_path: Path, of: dict[str, str], word: str) -> None:
    found = one(tmp_path, **of)
    assert found.mean is found.lo90 is found.hi50 is None
    assert word in found.why


def test_pooled_rates_agree_with_a_published_method() -> None:
    """Two like studies of 100 pool to their share; many like ones narrow the interval; none at all stays above 0."""
    middle, low, high = pooled(np.array([0.1, 0.1]), np.array([100.0, 100.0]))
    assert middle == pytest.approx(0.1)
    many = pooled(np.full(10, 0.1), np.full(10, 100.0))
    assert many[2] - many[1] < high - low
    assert 0 < pooled(np.array([0.0]), np.array([50.0]))[0] < 0.03


def test_harms_are_told_and_what_nobody_counted_is_named() -> None:
    found = risks("lumbar_radiculopathy", "discectomy")
    by = {(rate.risk, rate.period): rate for rate in found.rates}
    assert 8 < by["reoperation", "within five years"].percent < 20
    assert by["dural_tear", ""].directness == "direct"
    assert all(rate.low <= rate.percent <= rate.high for rate in found.rates)
    assert "infection" in risks("discogenic_pain", "prp").unreported or risks("discogenic_pain", "prp").rates


def test_a_risk_never_falls_with_time_and_crossing_over_is_not_carried_to_other_conditions() -> None:
    order = [row["period"] for row in load("synthesis/risk_periods")]
    treated = {(arm.condition, arm.treatment) for arm in package_evidence().arms if arm.condition and arm.treatment}
    for condition, treatment in sorted(treated):
        for name, rates in groupby(risks(condition, treatment).rates, key=lambda rate: rate.risk):
            timed = [rate for rate in rates if rate.period]
            assert [rate.period for rate in timed] == sorted((rate.period for rate in timed), key=order.index)
            assert [rate.percent for rate in timed] == sorted(rate.percent for rate in timed), (condition, treatment)
            assert name != "later_surgery" or all(rate.directness == "direct" for rate in timed)


def test_a_burden_never_helps_and_what_is_unknown_moves_nothing() -> None:
    for factor in covariates():
        with_it, without, unknown = shift_of_factors([{factor: 1.0}, {factor: 0.0}, {factor: None}]).mean
        assert with_it > without
        assert unknown == 0
    assert published("workers_compensation")


def test_cut_offs_are_found_by_instrument_and_kind() -> None:
    assert {row["value"] for row in thresholds("odi 0-100", "mcid")} >= {"10", "18"}
    assert thresholds("nothing") == ()


def test_the_shipped_draws_passed_their_checks() -> None:
    """The chains have mixed, and the model makes data like those it saw."""
    told = shipped().manifest
    assert told["rhat_worst"] < 1.01
    assert told["ess_bulk_least"] > 400
    assert all(0.01 < value < 0.99 for name, value in told.items() if name.startswith("ppc_"))
