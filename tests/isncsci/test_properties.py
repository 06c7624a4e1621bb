"""What holds of every examination, whatever its scores."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from isncsci.examinations import (
    HIGHEST,
    KNOWN,
    LEVELS,
    SIDES,
    each_score,
    injury,
    mirrored,
    normal,
    sprinkled,
    uniform,
)
from spinecourse.isncsci import Classification, Examination, Side, classify, render

RANDOM = st.integers(0, 2**32).map(Random)
PLACES = {name: place for place, name in enumerate((*KNOWN.levels, "INT"))}


def made(random: Random, not_testable: float = 0.0, starred: float = 0.0) -> Examination:
    """An injury or, one time in five, scores without any sense."""
    return sprinkled(random, uniform(random) if random.random() < 0.2 else injury(random), not_testable, starred)


def values(found: Classification) -> dict[tuple[str, str | None], list[str]]:
    return {(decision.step, decision.side): decision.values for decision in found.decisions}


@given(RANDOM)
def test_a_mirror_exchanges_the_sides_and_nothing_else(random: Random) -> None:
    examination = made(random, 0.03, 0.1)
    found, image = classify(examination), classify(mirrored(examination))
    exchange = {"right": "left", "left": "right", None: None}
    assert values(image) == {(step, exchange[side]): value for (step, side), value in values(found).items()}
    assert image.totals == found.totals


def test_a_normal_examination_is_intact() -> None:
    found = classify(normal())
    assert [decision.text for decision in found.decisions] == [*["INT"] * 5, "incomplete", "E", *["NA"] * 4]
    assert (found.totals.motor, found.totals.light_touch, found.totals.pin_prick) == (100, 112, 112)
    assert any("documented earlier deficit" in note for note in found.notes)


def test_nothing_at_all_is_a_complete_injury_of_c1() -> None:
    nothing = each_score(normal(), lambda _, part, __, ___: "0" if part in HIGHEST else "no")
    assert [decision.text for decision in classify(nothing).decisions] == [*["C1"] * 5, "complete", "A", *["C1"] * 4]


def test_nothing_testable_leaves_everything_open() -> None:
    """Unknown is never normal, and never absent."""
    found = classify(each_score(normal(), lambda *_: "NT"))
    assert found.impairment_scale.values == ["A", "B", "C", "D", "E"]
    assert found.completeness.values == ["complete", "incomplete"]
    assert found.neurological_level.values == [level for level in (*KNOWN.levels[:-1], "INT")]
    assert not any(decision.tagged for decision in found.decisions)
    assert found.totals.motor is None


@given(RANDOM)
def test_not_testing_a_score_never_takes_a_possible_value_away(random: Random) -> None:
    examination = made(random, 0.02, 0.05)
    hidden = each_score(examination, lambda *place: "NT" if random.random() < 0.03 else place[-1])
    before, after = values(classify(examination)), values(classify(hidden))
    assert all(set(before[step]) <= set(after[step]) for step in before)


@given(RANDOM)
def test_the_neurological_level_is_the_most_rostral_of_the_four(random: Random) -> None:
    found = classify(made(random))
    levels = [decision.values[0] for decision in found.decisions if decision.step in ("sensory_level", "motor_level")]
    assert found.neurological_level.values == [min(levels, key=PLACES.__getitem__)]


@given(RANDOM)
def test_grade_a_and_complete_are_one(random: Random) -> None:
    found = classify(made(random, 0.02, 0.1))
    assert ("A" in found.impairment_scale.values) == ("complete" in found.completeness.values)
    assert (found.impairment_scale.values == ["A"]) == (found.completeness.values == ["complete"])


@given(RANDOM)
def test_only_stars_lead_to_tags(random: Random) -> None:
    found = classify(made(random, 0.03))
    assert not any(decision.tagged for decision in found.decisions)


@given(RANDOM)
def test_a_better_score_never_moves_a_level_up(random: Random) -> None:
    """True of levels and of completeness; of the grade it is not, as the next test shows."""
    examination = made(random)
    side, part = random.choice(SIDES), random.choice(sorted(HIGHEST))
    level = random.choice(LEVELS[part])
    better = each_score(examination, lambda *place: raised(place, (side, part, level)))
    before, after = classify(examination), classify(better)
    for old, new in zip(before.decisions[:5], after.decisions[:5], strict=True):
        assert PLACES[new.values[0]] >= PLACES[old.values[0]]
    assert (before.completeness.values, after.completeness.values) != (["incomplete"], ["complete"])


def raised(place: tuple[str, ...], at: tuple[str, str, str]) -> str:
    highest = HIGHEST.get(place[1], 0)
    return str(min(int(place[3]) + 1, highest)) if place[:3] == at else place[3]


def test_a_better_score_may_lower_the_grade() -> None:
    """Regained sensation moves the neurological level down past strong muscles: D becomes C, by the standard."""
    weak = normal_except({"C8": "2", "T1": "2", "L2": "2", "L3": "2", "L4": "2", "L5": "2", "S1": "2"}, "C4")
    regained = normal_except({"C8": "2", "T1": "2", "L2": "2", "L3": "2", "L4": "2", "L5": "2", "S1": "2"}, "C8")
    strong = dict.fromkeys(("C5", "C6", "C7"), "5")
    assert all(weak.right.motor[level] == regained.right.motor[level] == score for level, score in strong.items())
    grades = [with_legs(examination, "3", 2) for examination in (weak, regained)]
    assert [classify(examination).impairment_scale.text for examination in grades] == ["D", "C"]


def normal_except(motor: dict[str, str], last_intact: str) -> Examination:
    """Both sides alike: these key muscles, and sensation altered below a level."""
    whole = normal().right
    altered = {level: "2" if PLACES[level] <= PLACES[last_intact] else "1" for level in KNOWN.dermatomes}
    side = Side({**whole.motor, **motor}, altered, altered)
    return Examination(side, side, "yes", "yes")


def with_legs(examination: Examination, score: str, muscles: int) -> Examination:
    """The examination with so many leg muscles of both sides at a score."""
    motor = dict(examination.right.motor) | dict.fromkeys(KNOWN.lower[:muscles], score)
    side = replace(examination.right, motor=motor)
    return replace(examination, right=side, left=side)


@given(RANDOM)
def test_every_decision_has_a_reason_and_the_page_shows_it(random: Random) -> None:
    found = classify(made(random, 0.03, 0.1))
    page = " ".join(render(found).split())
    for decision in found.decisions:
        assert decision.because
        assert all(" ".join(reason.split()) in page for reason in decision.because)


def test_grade_b_asks_for_the_non_key_muscles_that_would_change_it() -> None:
    side = normal_except(dict.fromkeys(KNOWN.key_muscles, "0"), "C4").right
    examination = Examination(side, replace(side, lowest_non_key_muscle="C6"), "no", "yes")
    found = classify(examination)
    assert found.impairment_scale.text == "B"
    assert [note for note in found.notes if "hip adduction (L2)" in note and "right" in note] == found.notes


@pytest.mark.parametrize(
    ("contraction", "grade", "completeness"),
    [("no", "A", "complete"), ("yes", "C", "incomplete"), ("NT", "ND (A or C)", "ND (complete or incomplete)")],
)
def test_the_anal_contraction_decides_between_complete_and_motor_incomplete(
    contraction: Any, grade: str, completeness: str
) -> None:
    nothing = each_score(normal(), lambda _, part, __, ___: "0" if part in HIGHEST else "no")
    found = classify(replace(nothing, voluntary_anal_contraction=contraction))
    assert (found.impairment_scale.text, found.completeness.text) == (grade, completeness)


def test_a_grade_is_listed_only_if_one_choice_for_the_whole_body_gives_it() -> None:
    """Sensation of L1 decides between T12, far above strong legs (D), and L5, with only weak muscles near below it (B).

    The two would make C if the level of one choice were taken with the motor function of the other.
    """
    side = normal_except({"S1": "0"}, "L5").right
    unsure = replace(side, light_touch={**side.light_touch, "L1": "NT"})
    found = classify(Examination(unsure, side, "no", "yes"))
    assert found.neurological_level.values == ["T12", "L5"]
    assert found.impairment_scale.values == ["B", "D"]


@pytest.mark.parametrize("wrong", ["6", "", "nt", "3*3", "٣", "²"])
def test_a_score_that_is_none_is_no_normal_score(wrong: str) -> None:
    broken = replace(normal().right, motor={**normal().right.motor, "C5": wrong})
    with pytest.raises(ValueError, match="should be 0 to 5 or NT"):
        classify(replace(normal(), right=broken))


def test_a_level_left_out_is_no_normal_level() -> None:
    side = normal().right
    broken = replace(side, motor={level: score for level, score in side.motor.items() if level != "L3"})
    with pytest.raises(KeyError, match="L3"):
        classify(replace(normal(), right=broken))


def test_the_same_examination_is_classified_alike_twice() -> None:
    examination = sprinkled(Random(7), injury(Random(7)), 0.05, 0.1)
    assert classify(examination) == classify(examination)
