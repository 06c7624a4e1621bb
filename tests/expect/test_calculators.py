"""Published calculators: figures by hand, their population, what a record does not hold, and those not run."""

from __future__ import annotations

from math import erf, exp, log, sqrt

import pytest

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.expect.calculators import Calculator, calculated, calculators, input_of, not_runnable
from spinecourse.expect.expecting import expected
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import load


def named(name: str) -> Calculator:
    return next(each for each in calculators() if each.name == name)


def course(*facts: Fact, age: float | None = None) -> Course:
    return Course(Patient("P1", age), facts)


def phi(value: float) -> float:
    return 0.5 * (1 + erf(value / sqrt(2)))


def test_the_registrys_shares_at_average_inputs_are_those_worked_out_by_hand() -> None:
    """Disc herniation: the terms of the page times the registry's shares give 0.0869; four thresholds less that."""
    predictor = (
        0.104657 * 0.0839 + 0.195288 * 0.286404 + 0.124684 * 0.197496 - 0.106271 * 0.423256 + 0.332313 * 0.128086
    )
    below = [phi(limit - predictor) for limit in (-0.284644, 0.869144, 1.482623, 1.926812)]
    by_hand = [below[0], below[1] - below[0], below[2] - below[1], below[3] - below[2], 1 - below[3]]
    found = calculated(named("swespine_disc_herniation_pain"), None).shares
    assert list(found.values()) == pytest.approx(by_hand, abs=1e-9)
    assert list(found.values()) == pytest.approx([0.355, 0.428, 0.136, 0.048, 0.033], abs=0.001)


def test_an_input_on_record_moves_the_answer_as_printed() -> None:
    chosen = named("swespine_disc_herniation_satisfaction")
    plain, smoker = calculated(chosen, course()), calculated(chosen, course(Fact("history", "smoking", 0)))
    assert "IsSmoker" in smoker.known
    assert "IsSmoker" in plain.average

    def logit(share: float) -> float:
        return -log(1 / share - 1)

    moved = logit(smoker.shares["satisfied"]) - logit(plain.shares["satisfied"])
    assert moved == pytest.approx(-0.305632 * (1 - 0.067891))
    odi = calculated(chosen, course(Fact("measure", "odi", 0, value=47.516542 + 18.410253)))
    assert logit(odi.shares["satisfied"]) - logit(plain.shares["satisfied"]) == pytest.approx(-0.049437)
    assert plain.shares["satisfied"] == pytest.approx(1 / (1 + exp(-logit(plain.shares["satisfied"]))))


@pytest.mark.parametrize(("days", "code"), [(30, 1), (91, 2), (400, 3), (900, 4), (0, None)])
def test_durations_become_the_codes_of_the_registry(days: int, code: float | None) -> None:
    assert input_of("DurationLegPain", course(Fact("symptom", "leg_pain", -days))) == code


def test_numbered_durations_count_from_none() -> None:
    """Three to twelve months is the third level of the model that has five."""
    chosen = named("swespine_spinal_stenosis_satisfaction")
    short = calculated(chosen, course(Fact("symptom", "leg_pain", -30))).shares["satisfied"]
    middle = calculated(chosen, course(Fact("symptom", "leg_pain", -200))).shares["satisfied"]
    long = calculated(chosen, course(Fact("symptom", "leg_pain", -900))).shares["satisfied"]
    assert short > middle > long


@pytest.mark.parametrize("chosen", calculators(), ids=lambda chosen: chosen.name)
def test_every_calculator_gives_shares_of_one_and_says_how_it_fared(chosen: Calculator) -> None:
    assert sum(calculated(chosen, course()).shares.values()) == pytest.approx(1)
    assert chosen.performance


def test_it_speaks_only_inside_its_population() -> None:
    known = course(Fact("measure", "nrs_leg", 0, value=8.0), age=50)
    told = expected(known, "lumbar_radiculopathy", ["discectomy", "nsaid"]).second_opinions
    assert {each.treatment for each in told} == {"discectomy"}
    pain = next(each for each in told if each.predicts == "pain")
    assert pain.theirs["completely gone"] > 0.2
    assert pain.ours
    assert pain.apart.startswith(("agrees", "parts"))
    assert pain.validation
    assert expected(known, "psps_type_2", ["discectomy", "nsaid"]).second_opinions == []


def test_models_not_printed_in_full_are_listed_with_why() -> None:
    assert len(not_runnable()) > 20
    assert all(row["why_not"] for row in not_runnable())
    names = {row["calculator"] for row in load("calculators/calculators")}
    assert {name for row in load("calculators/performance") for name in row.items_of("calculators")} <= names
    assert {row["calculator"] for row in load("calculators/terms")} == {each.name for each in calculators()}


def test_inputs_are_facts_of_the_vocabulary() -> None:
    asked = [(row["kind"], name) for row in load("calculators/inputs") for name in row.items_of("names")]
    assert [each for each in asked if each[0] != "patient" and vocabulary.find(*each) is None] == []
    codings = {row["coding"] for row in load("calculators/codes")} | {"value", "yes_no"}
    assert {row["coding"] for row in load("calculators/inputs")} <= codings
