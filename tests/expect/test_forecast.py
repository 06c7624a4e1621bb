"""Forecasts of a score: what they lean on, what they widen for, and what must always hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinecourse.cli.main import main
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.errors import NotFound
from spinecourse.expect.forecast_answer import LEVELS, Forecast
from spinecourse.expect.forecasting import forecast
from spinecourse.expect.populations import Record, arm_shares, log_weight, populations
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import load
from spinecourse.trajectory import Group, Seen, condition, process, quantiles, scale, scales


def course(*facts: Fact, age: float | None = None) -> Course:
    return Course(Patient("P1", age), facts)


def measured(day: int, name: str, value: float) -> Fact:
    return Fact("measure", name, day, value=value)


def treated(name: str, sessions: int | None = None) -> Fact:
    return Fact("treatment", name, 0, sessions=sessions)


def values(told: Forecast) -> list[float]:
    return list(told.quantiles.values())


def one(known: Course, measure: str = "odi", day: float = 364) -> Forecast:
    return forecast([known], measure, day)[0]


def spread(told: Forecast) -> float:
    return told.quantiles["0.9"] - told.quantiles["0.1"]


def test_one_population_is_the_trajectory_itself() -> None:
    odi = scale("odi")
    only = next(each for each in populations(odi) if each.name == "physiotherapy_trial")
    known = course(measured(0, "odi", 30), measured(35, "odi", 24), treated("education"))
    arm = only.arms[1]
    person = condition(odi, only.how, Group.of(arm.days, arm.latent), Seen.of([0.0, 35.0], [30.0, 24.0]))
    expected = odi.near_steps(quantiles(odi, person.predicted([364.0]), np.array(LEVELS))[0, 0], 0.1)
    assert values(forecast([known], "odi", 364, [only])[0]) == pytest.approx(expected, abs=0.001)
    assert np.abs(expected - 2 * np.round(expected / 2)).max() < 0.1 * odi.step


def test_every_visit_that_goes_well_lowers_the_forecast_and_narrows_it() -> None:
    visits = [measured(0, "odi", 40), measured(35, "odi", 24), measured(70, "odi", 10)]
    told = [one(course(*visits[:number])) for number in (1, 2, 3)]
    assert [each.quantiles["0.5"] for each in told] == sorted((each.quantiles["0.5"] for each in told), reverse=True)
    assert spread(told[2]) < spread(told[0])


def test_a_patient_who_does_not_improve_leans_away_from_those_who_did() -> None:
    still = course(measured(0, "odi", 44), measured(70, "odi", 44), measured(120, "odi", 44))
    better = course(measured(0, "odi", 44), measured(70, "odi", 20), measured(120, "odi", 14))
    assert one(still).populations["lasting_disability"] > 3 * one(better).populations.get("lasting_disability", 0.0)


def test_a_measure_not_on_record_is_borrowed_wider_or_told_from_the_population() -> None:
    known, borrowed, nothing = (
        one(course(*facts, age=50), "nrs_back", 91)
        for facts in ([measured(0, "nrs_back", 7)], [measured(0, "vas_back_mm", 70)], [])
    )
    assert known.why == "from 1 report of nrs_back"
    assert "told from vas_back_mm" in borrowed.why
    assert "not of this patient" in nothing.why
    assert spread(known) < spread(borrowed) < spread(nothing)


def test_a_measure_whose_course_cannot_be_told_is_refused() -> None:
    with pytest.raises(NotFound, match="no course is known for the measure bmi"):
        forecast([course()], "bmi", 364)


def test_facts_after_the_day_are_left_out() -> None:
    early = course(measured(0, "odi", 40))
    late = course(measured(0, "odi", 40), measured(400, "odi", 2), replace(treated("physiotherapy"), day=401))
    assert one(late) == one(early)


def test_what_nobody_wrote_down_counts_neither_way() -> None:
    clinic = populations(scale("nrs_back"))[0]
    plain = log_weight(clinic, Record.of(course()), 91)
    assert plain == pytest.approx(np.log(clinic.share))
    long = Fact("symptom", "back_pain", -900)
    short = Fact("symptom", "back_pain", -10)
    assert log_weight(clinic, Record.of(course(long)), 91) == plain > log_weight(clinic, Record.of(course(short)), 91)
    denied = replace(short, present=False)
    assert log_weight(clinic, Record.of(course(denied)), 91) == plain
    assert log_weight(clinic, Record.of(course()), 5 * clinic.last_day) == pytest.approx(plain - 2 * np.log(5))


@pytest.mark.parametrize(
    ("facts", "shares"),
    [
        ([], [0.5, 0.5]),
        ([treated("physiotherapy", 10)], [1, 0]),
        ([treated("physiotherapy", 2)], [0, 1]),
        ([treated("education")], [0, 1]),
        ([treated("physiotherapy")], [1, 0]),
        ([treated("tumour_resection")], [0.5, 0.5]),
    ],
)
def test_treatments_say_the_arm(facts: list[Fact], shares: list[float]) -> None:
    trial = next(each for each in populations(scale("odi")) if each.name == "physiotherapy_trial")
    assert arm_shares(trial, course(*facts)) == pytest.approx(shares)


def test_scores_that_predict_shift_the_forecast() -> None:
    worse = course(measured(0, "nrs_pain", 7), measured(0, "promis_pain_interference", 76))
    better = course(measured(0, "nrs_pain", 7), measured(0, "promis_pain_interference", 56))
    assert one(worse, "nrs_pain", 91).quantiles["0.5"] > one(better, "nrs_pain", 91).quantiles["0.5"] + 0.3


names = st.sampled_from(["odi", "nrs_back", "ndi", "vas_leg_mm", "mjoa", "promis_physical_function"])


@st.composite
def some_courses(draw: st.DrawFn) -> Course:
    reports = []
    for name in draw(st.lists(names, max_size=4)):
        ends = scale(name)
        share = draw(st.floats(0, 1))
        value = round(min(ends.best, ends.worst) + share * ends.range)
        reports.append(measured(draw(st.integers(-50, 300)), name, value))
    reports += [treated(each) for each in draw(st.lists(st.sampled_from(["physiotherapy", "opioid"]), max_size=2))]
    return course(*reports, age=draw(st.none() | st.integers(18, 95)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(some_courses(), min_size=1, max_size=4), names, st.randoms(use_true_random=False))
def test_a_batch_is_its_courses_one_by_one_in_any_order_of_facts(known, measure, random) -> None:  # type: ignore[no-untyped-def]
    low, high = sorted((scale(measure).best, scale(measure).worst))
    for each, told in zip(known, forecast(known, measure, 320), strict=True):
        assert values(told) == sorted(values(told))
        assert low <= values(told)[0]
        assert values(told)[-1] <= high
        facts = list(each.facts)
        random.shuffle(facts)
        alone = one(replace(each, facts=tuple(facts)), measure, 320)
        assert values(alone) == pytest.approx(values(told), abs=0.002)
        assert alone.populations == pytest.approx(told.populations, abs=0.002)


@pytest.mark.parametrize("measure", sorted(scales()))
def test_every_measure_has_populations_that_are_whole(measure: str) -> None:
    found = populations(scale(measure))
    assert sum(each.share for each in found) == pytest.approx(1)
    for each in found:
        assert process(each.row["process"])
        assert sum(arm.share for arm in each.arms) == pytest.approx(1)
        assert all(len(arm.days) >= 2 and arm.days[0] == 0 for arm in each.arms)


def test_the_tables_name_what_the_vocabulary_knows() -> None:
    treatments = {
        name for row in load("forecast/arms") for key in ("treatments", "brief") for name in row.items_of(key)
    }
    assert {name for name in treatments if vocabulary.find("treatment", name) is None} == set()
    cues = {(row["kind"], name) for row in load("forecast/cues") for name in row.items_of("names")}
    assert {cue for cue in cues if vocabulary.find(*cue) is None} == set()
    families = {row["family"] for row in load("forecast/courses")}
    assert families == {each.family for each in scales().values()}


def test_the_command_writes_one_object_a_course(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.jsonl"
    lines = [
        {"course": 1, "patient": {"id": name}, "facts": [{"day": 0, "measure": "odi", "value": 40}]} for name in "ab"
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["forecast", str(path), "--measure", "odi", "--day", "364", "--format", "json"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ended.value.code == 0
    assert [each["id"] for each in told] == ["a", "b"]
    assert list(told[0]["quantiles"]) == [f"{step * 5 / 100:g}" for step in range(1, 20)]
    with pytest.raises(SystemExit) as refused:
        main(["forecast", str(path), "--measure", "happiness", "--day", "364"])
    assert refused.value.code == 5
