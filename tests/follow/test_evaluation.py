"""How early following sees: within the promise, earlier than the rivals; bounds that hold where the unseen differ."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spinecourse.assess.follow_evaluation import FollowEvaluation, cross_validated, evaluate_follow
from spinecourse.assess.follow_truth import judged, read_visits
from spinecourse.cli.main import main
from spinecourse.course import Course, check_course
from spinecourse.errors import UserError
from spinecourse.follow.expected import expected, shape
from spinecourse.follow.model import Episodes, boundary, chance_of_failing, follow_batch, success_limit
from spinecourse.follow.silence import silence_parameter
from spinecourse.knowledge.tables import load
from spinecourse.simulate.followed import followed_documents, simulate_followed
from spinecourse.trajectory import Seen, scale

STOPS = Path(__file__).parents[3] / "shared" / "data" / "stops_odi" / "data.csv"
PEOPLE = 2500


def simulated(people: int, seed: int) -> list[Course]:
    readings = [
        check_course(document, file="simulated") for document in followed_documents(simulate_followed(people, seed))
    ]
    return [reading.course for reading in readings if reading.course is not None]


@pytest.fixture(scope="module")
def clinic() -> FollowEvaluation:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "ruptures", None)
        return evaluate_follow(simulated(PEOPLE, 32), 70)


def test_the_same_seed_draws_the_same_people() -> None:
    one, again, other = simulated(40, 1), simulated(40, 1), simulated(40, 2)
    assert one == again
    assert one != other


def test_simulated_courses_are_valid_and_their_end_is_known() -> None:
    found = simulated(200, 5)
    known, count = judged(found)
    assert len(found) == count == 200
    assert known is not None
    assert len(known.failed) > 150
    assert 0.25 < known.failed.mean() < 0.5


def test_false_alarms_stay_within_the_promise(clinic: FollowEvaluation) -> None:
    """Counted on other patients than the boundary was set on; four standard errors of chance."""
    years = clinic.judged * (1 - clinic.failed)
    chance = 4 * np.sqrt(clinic.promised_per_year / years)
    assert clinic.methods[0].false_alarms_per_year <= clinic.promised_per_year + chance
    assert float(load("follow/boundaries")[0]["false_alarms_per_year"]) <= clinic.promised_per_year


def test_following_sees_failing_earlier_than_the_rivals(clinic: FollowEvaluation) -> None:
    ours, *rivals = clinic.methods
    assert len(rivals) >= 9
    assert ours.median_lead_days >= 1.25 * max(rival.median_lead_days for rival in rivals)
    assert ours.median_lead_days > 30
    assert ours.mean_lead_days > max(rival.mean_lead_days for rival in rivals)
    assert ours.sensitivity > max(rival.sensitivity for rival in rivals)


def test_what_cannot_be_compared_is_said(clinic: FollowEvaluation) -> None:
    assert any("ruptures" in reason for reason in clinic.skipped)


def test_the_forecast_is_as_good_as_a_regression_fitted_to_the_same_patients(clinic: FollowEvaluation) -> None:
    found = clinic.forecast
    assert found is not None
    assert found.auc > found.logistic_auc - 0.02
    assert sum(count for *_, count in found.calibration) == found.patients


def test_who_fails_is_known_at_week_ten_in_a_trial() -> None:
    if not STOPS.exists():
        pytest.skip("the trial's data are not beside this checkout")
    found = evaluate_follow(read_visits(STOPS), 70)
    assert found.courses == 150
    assert found.forecast is not None
    assert found.forecast.auc > 0.8
    assert found.forecast.auc > found.forecast.logistic_auc - 0.02


def test_regression_learns_what_can_be_learnt() -> None:
    generator = np.random.default_rng(0)
    features = generator.normal(size=(400, 2))
    chance = 1 / (1 + np.exp(-2 * features[:, 0]))
    failed = generator.random(400) < chance
    assert np.abs(cross_validated(features, failed) - chance).mean() < 0.06


@pytest.mark.parametrize("towards", [-1.0, 1.0], ids=["the well fall silent", "the unwell fall silent"])
def test_bounds_hold_where_silence_depends_on_what_is_not_seen(towards: float) -> None:
    """Who falls silent depends on the end itself, as long as the unseen lie within an important difference."""
    measured, people, generator = scale("odi"), 6000, np.random.default_rng(3)
    baseline = np.round(generator.uniform(30, 60, people) / 2) * 2
    prior = expected(measured, [shape("rehabilitation", "disability")] * people, baseline, np.zeros(people))
    days = np.tile([35.0, 60.0, 365.0], (people, 1))
    true = prior.group.mean(days) + generator.normal(0, prior.how.level_sd, (people, 1))
    true += generator.normal(0, prior.how.response_sd, (people, 1)) * prior.how.unfolded(days)
    true += generator.normal(0, prior.how.drift_sd, days.shape)
    scores = measured.score(true + generator.normal(0, prior.how.noise_sd, days.shape))
    built = Episodes(
        measured, prior, Seen(days[:, :2], scores[:, :2]), baseline, np.full(people, 10.0), np.zeros(people),
        np.full(people, 84.0), np.full(people, 365.0), [boundary("rehabilitation", "disability")] * people,
    )  # fmt: skip
    last, delta = follow_batch(built).last, silence_parameter("delta_important_differences")
    mean, spread = (each[:, 0] for each in last.latent(np.full((people, 1), 365.0)))
    beyond = (true[:, 2] - mean) / spread
    silent = generator.random(people) < 1 / (1 + np.exp(1 - towards * beyond))
    assert abs((scores[:, 2] - measured.score(mean))[silent].mean()) < 10 * delta
    low, high = (
        chance_of_failing(last, built, success_limit(measured, baseline, built.needed * (1 + shift)))[silent].mean()
        for shift in (-delta, delta)
    )
    assert low <= (baseline - scores[:, 2] < 10)[silent].mean() <= high


@pytest.mark.parametrize(
    ("text", "said"), [("patient,week\n1,0\n", "expected columns"), ("patient,arm,week,odi\n1,a,x,20\n", "line 2")]
)
def test_a_table_that_cannot_be_read_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        list(read_visits(path))


def test_the_commands_work_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["simulate", "follow", "--people", "60", "--seed", "3"])
    assert left.value.code == 0
    path = tmp_path / "clinic.jsonl"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["evaluate", "follow", str(path)])
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["courses"] == len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(SystemExit):
        main(["follow", str(path), "--format", "json", "--as-of-day", "100"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["follow"]["as_of_day"] for line in lines} == {100}


def test_the_end_is_not_shown_to_the_follower() -> None:
    course = simulated(20, 8)[0]
    last = course.facts[-1]
    changed = replace(course, facts=(*course.facts[:-1], replace(last, value=0.0)))
    one, other = judged([course])[0], judged([changed])[0]
    assert one is not None
    assert other is not None
    assert np.array_equal(one.chance, other.chance, equal_nan=True)
