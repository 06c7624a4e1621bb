"""What is realistic for one person: figures that fit together, what widens, what is refused, the hope beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from rich.console import Console

from readability import reading_age
from spinecourse.assess import assess_course
from spinecourse.cli.expectation_page import realistic_page
from spinecourse.cli.main import main
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.expect.expectation_answer import Expectation
from spinecourse.expect.expecting import cohort, expected, options_of, outcomes_for, usual_outcomes
from spinecourse.expect.known_factors import factors_of, shift_of_factors
from spinecourse.expect.names import conditions, treatments
from spinecourse.expect.option_course import going_on, option_course, usual_start
from spinecourse.expect.plain import counts_of_100, in_plain_words, people_of_100, probability_words
from spinecourse.expect.scales import outcomes
from spinecourse.knowledge.tables import load
from spinecourse.trajectory import quantiles, scale, scales

SCIATICA = "lumbar_radiculopathy"


def course(*facts: Fact, age: float | None = 45, identifier: str = "P1") -> Course:
    return Course(Patient(identifier, age), facts)


def measured(name: str, value: float, day: int = 0) -> Fact:
    return Fact("measure", name, day, value=value)


def hope(treatment: str, measure: str, value: float, months: float | None = None) -> Fact:
    return Fact("expectation", treatment, 0, measure=measure, value=value, months=months)


def rows(known: Course, *treatments: str, outcome: str = "odi", months: float = 12) -> dict[str, Expectation]:
    found = expected(known, SCIATICA, treatments, (3, 12, 24), [outcome]).expectation
    return {row.treatment: row for row in found if row.months == months}


def check(row: Expectation) -> None:
    """What must hold of every row with figures."""
    assert row.median is not None
    assert row.interval50 is not None
    assert row.interval80 is not None
    assert row.interval90 is not None
    ends = [row.interval90[0], row.interval80[0], row.interval50[0], row.median]
    assert ends == sorted(ends)
    ends = [row.median, row.interval50[1], row.interval80[1], row.interval90[1]]
    assert ends == sorted(ends)
    low, high = sorted((scale(row.outcome).best, scale(row.outcome).worst))
    assert low <= row.interval90[0]
    assert row.interval90[1] <= high
    assert (row.better is None) == (row.worse is None) == (row.same is None)
    if row.better is not None and row.worse is not None and row.same is not None:
        assert row.better + row.same + row.worse == pytest.approx(1, abs=0.002)
        assert row.much_better is None or row.much_better <= row.better
        assert sum(people_of_100(row).values()) == 100
    assert row.sources
    assert row.certainty in ("very low", "low", "moderate", "high")


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(conditions())), st.none() | st.integers(0, 10), st.none() | st.integers(0, 50),
    st.none() | st.integers(18, 95), st.booleans(),
)  # fmt: skip
def test_every_answer_is_whole(condition, pain, disability, age, smokes) -> None:  # type: ignore[no-untyped-def]
    facts = [Fact("history", "smoking", 0, present=smokes)]
    facts += [measured(name, pain) for name in ("nrs_back", "nrs_leg") if pain is not None]
    facts += [measured("odi", 2 * disability)] if disability is not None else []
    found = expected(course(*facts, age=age), condition, ["discectomy", "exercise", "opioid", "acupuncture"])
    assert found.why
    assert found.expectation[0].going_on_as_now
    for row in found.expectation:
        if row.months is None:
            assert row.median is None
            assert row.why
        else:
            check(row)


def test_going_on_as_now_is_always_told_first_and_once() -> None:
    told = options_of(SCIATICA, ["discectomy", "microdiscectomy", "watchful_waiting"])
    assert [option.as_now for option in told] == [True, False]
    assert [option.studied_as for option in told] == ["usual_care", "discectomy"]
    assert options_of("lumbar_stenosis", [])[0].studied_as == "usual_care"


def test_what_comes_anyway_is_unknown_where_nobody_studied_going_on() -> None:
    for condition in (name for name in conditions() if going_on(name) is None):
        found = expected(course(), condition, list(treatments()), (12,)).expectation
        assert all(row.months is None for row in found if row.going_on_as_now)
        assert all(row.comes_anyway is None for row in found)
    known = rows(course(measured("odi", 40)), "discectomy")["discectomy"]
    assert known.comes_anyway is not None
    said = in_plain_words(structs.replace(known, comes_anyway=None, comes_anyway80=None))
    assert any("do not know how much of a gain" in line for line in said)


def test_the_usual_patient_ends_where_the_group_does() -> None:
    """Somebody who reports just what is usual at the start has the group's mean, within what rounding leaves."""
    start = usual_start(SCIATICA, "odi")
    group = option_course(SCIATICA, "discectomy", "odi", (3.0, 12.0, 24.0))
    mean = group.told.scale.points(group.logit)[1]
    told = cohort([course(measured("odi", round(start / 2) * 2), age=None)], SCIATICA, "discectomy", "odi", (12.0,))
    assert told.mean_score(scale("odi"))[0, 0] == pytest.approx(mean, abs=2.5)


def test_a_worse_start_ends_worse_but_not_by_as_much() -> None:
    mild, severe = (rows(course(measured("odi", value)), "discectomy")["discectomy"].median for value in (30, 60))
    assert mild is not None
    assert severe is not None
    assert 2 < severe - mild < 25


def test_without_a_score_it_widens_and_says_nothing_of_better_or_worse() -> None:
    known, unknown = rows(course(measured("odi", 44)), "discectomy"), rows(course(), "discectomy")
    assert unknown["discectomy"].better is None
    assert "no odi is on record" in unknown["discectomy"].why
    width = [each["discectomy"].interval80 for each in (known, unknown)]
    assert width[1] is not None
    assert width[0] is not None
    assert width[1][1] - width[1][0] > width[0][1] - width[0][0]


def test_a_treatment_nobody_studied_is_refused_once_and_its_kind_is_named() -> None:
    found = expected(course(measured("odi", 44)), SCIATICA, ["acupuncture", "happiness"])
    refused = [row for row in found.expectation if row.months is None]
    assert [row.treatment for row in refused] == ["acupuncture", "happiness"]
    assert all(row.median is None and row.certainty == "none" for row in refused)
    assert "no study on record" in refused[0].why
    assert "does not know happiness" in refused[1].why
    assert "acupuncture" in found.why


def test_an_unknown_condition_is_answered_with_why() -> None:
    found = expected(course(), "broken_heart", ["discectomy"])
    assert (found.expectation, found.risks) == ([], [])
    assert "no study on record is about broken_heart" in found.why


def test_the_hope_stands_beside_its_own_option_outcome_and_time() -> None:
    known = course(measured("nrs_leg", 8), hope("microdiscectomy", "nrs_leg", 0, 12))
    found = expected(known, SCIATICA, ["discectomy", "epidural_steroid"]).expectation
    asked = [(row.treatment, row.outcome, row.months) for row in found if row.patient_expects is not None]
    assert asked == [("discectomy", "nrs_leg", 12)]
    row = next(row for row in found if row.patient_expects is not None)
    assert row.chance_of_that is not None
    assert row.symptom_free is not None
    assert 0.02 < row.chance_of_that <= row.symptom_free


def test_a_smaller_hope_is_met_more_often() -> None:
    chances = [
        rows(course(measured("odi", 50), hope("discectomy", "odi", value)), "discectomy")["discectomy"].chance_of_that
        for value in (0, 10, 20, 40)
    ]
    assert all(chance is not None for chance in chances)
    assert chances == sorted(chances)


def test_factors_move_the_answer_and_unknown_ones_do_not() -> None:
    plain = factors_of(course(age=None))
    assert set(plain.values()) == {None}
    assert shift_of_factors([plain]).mean[0] == 0
    smoker = course(measured("odi", 44), Fact("history", "smoking", 0), age=None)
    never = course(measured("odi", 44), Fact("history", "smoking", 0, present=False), age=None)
    said = [
        rows(each, "discectomy")["discectomy"].median or 0
        for each in (smoker, course(measured("odi", 44), age=None), never)
    ]
    assert said == sorted(said, reverse=True)
    assert factors_of(course(Fact("history", "depression", 0, present=False), measured("phq9", 17)))["depression"] == 1
    assert factors_of(course(Fact("symptom", "back_pain", -500)))["duration_over_a_year"] == 1


def test_outcomes_are_those_the_patient_took_and_hopes_for() -> None:
    assert outcomes_for(course(), SCIATICA) == ("nrs_leg", "odi")
    assert outcomes_for(course(measured("rmdq", 12)), SCIATICA) == ("nrs_leg", "rmdq")
    assert outcomes_for(course(hope("discectomy", "nrs_back", 2)), SCIATICA) == ("nrs_leg", "odi", "nrs_back")


def test_every_condition_has_outcomes_that_can_be_told_in_words() -> None:
    plain = {row["outcome"] for row in load("expect/plain_outcomes")}
    for condition in conditions():
        assert usual_outcomes(condition)
        for outcome in usual_outcomes(condition):
            assert outcome in outcomes()
            assert outcome in scales()
            assert outcome in plain


def test_a_cohort_is_its_people_one_by_one() -> None:
    people = [
        course(measured("odi", value), age=age, identifier=str(value))
        for value, age in ((20, 30), (44, None), (70, 80))
    ]
    people.append(course(identifier="none"))
    together = quantiles(scale("odi"), cohort(people, SCIATICA, "discectomy", "odi", (3.0, 12.0)), [0.1, 0.5, 0.9])
    for each, found in zip(people, together, strict=True):
        told = rows(each, "discectomy")["discectomy"]
        assert told.interval80 is not None
        assert np.array([told.interval80[0], told.median, told.interval80[1]]) == pytest.approx(found[1], abs=0.01)
    with pytest.raises(ValueError, match="no study on record"):
        cohort(people, SCIATICA, "acupuncture", "odi", (12.0,))


def test_the_order_of_facts_does_not_matter() -> None:
    facts = [measured("odi", 44), measured("odi", 50, -40), Fact("history", "smoking", 0), measured("nrs_leg", 7)]
    one, other = (expected(course(*order), SCIATICA, ["discectomy"]) for order in (facts, facts[::-1]))
    assert one == other


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda shares: sum(shares) > 0.01))
def test_people_of_a_hundred_sum_to_a_hundred_and_are_off_by_less_than_one(shares: list[float]) -> None:
    chances = {str(place): share / sum(shares) for place, share in enumerate(shares)}
    counts = counts_of_100(chances)
    assert sum(counts.values()) == 100
    assert all(abs(counts[name] - 100 * chance) < 1 + 1e-6 for name, chance in chances.items())


def test_chances_that_do_not_sum_to_one_are_no_people_of_a_hundred() -> None:
    with pytest.raises(ValueError, match="sum to one"):
        counts_of_100({"better": 0.5, "worse": 0.2})


def test_words_for_chances_fall_with_the_chance() -> None:
    said = [probability_words(chance) for chance in (1, 0.8, 0.6, 0.5, 0.3, 0.1, 0)]
    assert len(set(said)) == 7
    assert said[0] == "almost certain"
    assert said[-1] == "very unlikely"


def test_plain_words_are_read_at_twelve_and_hold_the_counts() -> None:
    known = course(measured("nrs_leg", 8), measured("odi", 50), hope("discectomy", "nrs_leg", 0, 12))
    told = [row for row in expected(known, SCIATICA, ["discectomy", "epidural_steroid", "nsaid"]).expectation]
    text = " ".join(line for row in told for line in in_plain_words(row))
    assert reading_age(text) <= 12
    row = next(row for row in told if row.patient_expects is not None)
    people = people_of_100(row)
    assert f"{people['worse']} worse" in " ".join(in_plain_words(row))
    assert f"You hope for 0. Of 100 people like you, {100 * (row.chance_of_that or 0):.0f} get there." in " ".join(
        in_plain_words(row)
    )
    refused = expected(known, SCIATICA, ["acupuncture"]).expectation[-1]
    assert "We can give no numbers" in in_plain_words(refused)[0]


ROOT_PAIN = (
    Fact("symptom", "leg_pain", -60, side="left", area=("L5",)),
    Fact("imaging", "disc_herniation", 0, modality="mri", level="L4/5", side="left", severity="severe"),
    Fact("sign", "straight_leg_raise", 0, side="left", degrees=35.0),
    measured("nrs_leg", 8),
)


def test_a_score_is_said_as_precisely_as_people_answer() -> None:
    pain = next(iter(rows(course(measured("nrs_leg", 1)), "discectomy", outcome="nrs_leg").values()))
    said = in_plain_words(structs.replace(pain, median=0.6, interval80=(0.4, 2.6)))
    assert any("near 1 out of 10" in line for line in said)
    assert any("between 0 and 3" in line for line in said)


def test_an_assessment_tells_the_open_options_of_its_condition() -> None:
    answer = assess_course(course(*ROOT_PAIN))
    assert {row.condition for row in answer.expectation} == {SCIATICA}
    assert answer.expectation[0].going_on_as_now
    closed = {
        each.treatment for each in answer.pathway.options if each.standing in ("contraindicated", "not_indicated")
    }
    assert not closed & {row.treatment for row in answer.expectation if not row.going_on_as_now}
    assert answer.why["expectation"]


def test_a_danger_comes_before_what_is_realistic() -> None:
    retention = (Fact("symptom", "urinary_retention", 0), Fact("symptom", "saddle_numbness", 0))
    answer = assess_course(course(*ROOT_PAIN, *retention))
    assert answer.triage.urgency == "emergency"
    assert answer.expectation == []
    assert "danger comes first" in answer.why["expectation"]


def test_the_command_tells_named_options_of_a_named_condition(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one.json"
    path.write_text(
        json.dumps({"course": 1, "patient": {"id": "a"}, "facts": [{"day": 0, "measure": "odi", "value": 40}]})
    )
    arguments = ["expect", "patient", str(path), "--treatment", "discectomy", "--months", "6", "--condition", SCIATICA]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0
    assert {(row["treatment"], row["months"]) for row in told["expectation"]} == {
        ("usual_care", 6),
        ("discectomy", 6),
    }
    with pytest.raises(SystemExit):
        main(arguments)
    assert "For the patient" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "code"), [(["--months", "soon"], 2), (["--months", "0"], 2), (["--condition", "x"], 5)]
)
def test_the_command_refuses_what_it_cannot_tell(wrong: list[str], code: int, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"course": 1, "patient": {"id": "a"}, "facts": []}))
    with pytest.raises(SystemExit) as ended:
        main(["expect", "patient", str(path), *wrong])
    assert ended.value.code == code


def test_replacing_a_score_by_a_later_one_counts_from_the_later() -> None:
    early = course(measured("odi", 60))
    later = replace(early, facts=(*early.facts, measured("odi", 30, 50)))
    assert rows(later, "discectomy")["discectomy"].baseline == 30


def test_burdens_that_come_together_are_not_added_in_full() -> None:
    def shift(*burdens: str) -> float:
        return float(shift_of_factors([dict.fromkeys(burdens, 1.0)]).mean[0])

    smoking, mood = shift("current_smoker"), shift("depression")
    assert max(smoking, mood) < shift("current_smoker", "depression") < smoking + mood
    assert shift() == 0.0


def test_a_burden_takes_from_the_gain_and_does_no_harm_of_its_own() -> None:
    burdens = (Fact("history", "depression", 0), Fact("history", "smoking", 0))
    plain, burdened = (rows(course(measured("odi", 50), *more), "discectomy") for more in ((), burdens))
    for treatment in ("usual_care", "discectomy"):
        first, second = plain[treatment].median, burdened[treatment].median
        assert first is not None
        assert second is not None
        assert first < second < 50
    lost = {name: (burdened[name].median or 0.0) - (plain[name].median or 0.0) for name in plain}
    assert lost["usual_care"] < lost["discectomy"]


def pain(nrs: float | None, side: str, *, present: bool = True, day: int = 0, after: bool = False) -> Fact:
    return Fact("symptom", "leg_pain", day, side=side, nrs=nrs, present=present, after=after)


def test_a_pain_reported_with_a_number_is_a_report_of_its_score() -> None:
    said = rows(course(pain(7, "left")), "discectomy", outcome="nrs_leg")
    assert said == rows(course(measured("nrs_leg", 7)), "discectomy", outcome="nrs_leg")
    assert said["discectomy"].baseline == 7


def test_of_two_sides_on_one_day_the_worse_counts() -> None:
    said = rows(course(pain(3, "left"), pain(7, "right"), pain(None, "left")), "discectomy", outcome="nrs_leg")
    assert said["discectomy"].baseline == 7


@pytest.mark.parametrize("unsaid", [pain(None, "left"), pain(0, "left", present=False), pain(7, "left", after=True)])
def test_a_pain_without_a_number_of_the_present_is_no_report(unsaid: Fact) -> None:
    assert rows(course(unsaid), "discectomy", outcome="nrs_leg")["discectomy"].baseline is None


def test_the_page_has_a_column_for_each_horizon_and_counts_people_once(capsys: pytest.CaptureFixture[str]) -> None:
    found = expected(course(pain(7, "left")), SCIATICA, ["discectomy"], (3, 12), ["nrs_leg"])
    Console(width=100).print(*realistic_page(found))
    page = capsys.readouterr().out
    discectomy = next(row for row in found.expectation if row.treatment == "discectomy" and row.months == 12)
    counts = people_of_100(discectomy)
    line = next(line for line in page.splitlines() if "discectomy" in line)
    assert "leg pain (nrs_leg, out of 10), now 7" in page
    assert "3 months" in page
    assert "12 months" in page
    assert f"{discectomy.median:.1f} (" in line
    assert f"{counts['much_better'] + counts['better']}/{counts['same']}/{counts['worse']}" in line
