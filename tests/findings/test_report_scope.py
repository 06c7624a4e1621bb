"""What a report of the legs or of one arm alone is, and that denials and normal findings do not move it."""

from __future__ import annotations

import pytest

from spinecourse.course.model import Fact, Patient
from spinecourse.findings.report_scope import legs_alone, one_arm_alone

WEAK_LEGS = Fact("symptom", "leg_weakness", 0, side="both")
PATIENT = Patient("somebody", None, None)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Fact("symptom", "back_pain", 0), 1.0),
        (Fact("symptom", "hand_numbness", 0, side="both"), None),
        (Fact("symptom", "neck_pain", 0), None),
        (Fact("power", "all_upper_limb", 0, side="both", mrc=4.0), None),
        (Fact("reflex", "biceps", 0, side="left", grade="brisk"), None),
        (Fact("symptom", "neck_pain", 0, present=False), 1.0),
        (Fact("power", "all_upper_limb", 0, side="both", mrc=5.0), 1.0),
        (Fact("reflex", "biceps", 0, side="left", grade="normal"), 1.0),
    ],
)
def test_only_a_complaint_or_a_changed_sign_of_the_arms_counts(other: Fact, expected: float | None) -> None:
    assert legs_alone(PATIENT, [WEAK_LEGS, other])[0] == expected


def test_without_trouble_in_the_legs_nothing_is_said() -> None:
    assert legs_alone(PATIENT, [Fact("symptom", "back_pain", 0)]) == (None, ())


NUMB_HAND = Fact("symptom", "hand_numbness", 0, side="right")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Fact("symptom", "neck_pain", 0), 1.0),
        (Fact("power", "finger_abduction", 0, side="right", mrc=4.0), 1.0),
        (Fact("symptom", "hand_numbness", 0, side="left"), None),
        (Fact("symptom", "arm_pain", 0, side="both"), None),
        (Fact("symptom", "gait_unsteadiness", 0), None),
        (Fact("reflex", "knee", 0, side="both", grade="brisk"), None),
        (Fact("symptom", "urinary_retention", 0), None),
        (Fact("symptom", "gait_unsteadiness", 0, present=False), 1.0),
        (Fact("reflex", "knee", 0, side="both", grade="normal"), 1.0),
    ],
)
def test_one_arm_alone_ends_with_anything_of_the_legs_or_the_other_arm(other: Fact, expected: float | None) -> None:
    assert one_arm_alone(PATIENT, [NUMB_HAND, other])[0] == expected


def test_without_trouble_in_an_arm_nothing_is_said_of_it() -> None:
    assert one_arm_alone(PATIENT, [Fact("symptom", "neck_pain", 0)]) == (None, ())
