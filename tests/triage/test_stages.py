"""Stages of cauda equina syndrome: what is known to be reached, and what silence leaves open (Todd 2016, 2017)."""

from __future__ import annotations

import pytest

from spinecourse.assess import assess_course
from spinecourse.course import Course, Fact, Patient
from spinecourse.triage import Stage

BACK = Fact("symptom", "back_pain", 0)
LEGS = Fact("symptom", "leg_pain", 0, side="both")
SADDLE = Fact("symptom", "saddle_numbness", 0)
SLOW = Fact("symptom", "urinary_hesitancy", 0)
RETENTION = Fact("symptom", "urinary_retention", 0)


def stage_of(*facts: Fact) -> Stage | None:
    triage = assess_course(Course(Patient("a", 50, "female"), facts)).triage
    return next((entry.stage for entry in triage.concerns if entry.condition == "cauda_equina_syndrome"), None)


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ((BACK, LEGS, Fact("symptom", "leg_weakness", 0, trend="worsening")), "suspected"),
        ((BACK, SADDLE), "early"),
        ((BACK, SADDLE, SLOW), "incomplete"),
        ((BACK, SADDLE, RETENTION), "retention"),
        ((BACK, SADDLE, SLOW, Fact("test", "post_void_residual_ml", 0, value=800)), "retention"),
    ],
    ids=["both legs", "saddle", "slow stream", "retention", "large residual"],
)
def test_the_stage_that_is_known(facts: tuple[Fact, ...], stage: str) -> None:
    found = stage_of(*facts)
    assert found is not None
    assert found.stage == stage
    assert found.because


def test_a_worse_stage_is_not_excluded_by_silence() -> None:
    found = stage_of(BACK, SADDLE, SLOW)
    assert found is not None
    assert found.not_excluded == ["retention"]
    assert "symptom urinary_retention" in found.unasked
    assert "test post_void_residual_ml > 500" in found.unasked


def test_a_worse_stage_is_excluded_when_all_of_it_is_denied() -> None:
    found = stage_of(
        BACK,
        SADDLE,
        SLOW,
        Fact("symptom", "urinary_retention", 0, present=False),
        Fact("symptom", "loss_of_bladder_sensation", 0, present=False),
        Fact("sign", "palpable_bladder", 0, present=False),
        Fact("test", "post_void_residual_ml", 0, value=60),
    )
    assert found is not None
    assert (found.stage, found.not_excluded) == ("incomplete", [])


def test_the_worst_stage_leaves_nothing_worse_open() -> None:
    found = stage_of(BACK, SADDLE, RETENTION)
    assert found is not None
    assert (found.not_excluded, found.unasked) == ([], [])
