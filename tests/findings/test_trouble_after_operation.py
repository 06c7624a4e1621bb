"""Trouble since an operation is told by the newest words since it; pain from before is no word on it."""

from __future__ import annotations

import pytest

from spinecourse.course.model import Fact, Patient
from spinecourse.findings.operation_numbers import OPERATION_NUMBERS

OPERATED = Fact("treatment", "discectomy", 50, level="L5/S1", side="left")
BEFORE = Fact("symptom", "leg_pain", -70, side="left", nrs=8)


def score(day: int, value: float, name: str = "nrs_leg") -> Fact:
    return Fact("measure", name, day, value=value)


@pytest.mark.parametrize(
    ("facts", "troubled"),
    [
        ((BEFORE,), None),
        ((BEFORE, score(140, 7)), 1.0),
        ((BEFORE, score(140, 7), score(400, 2)), 0.0),
        ((BEFORE, score(140, 1), score(400, 6)), 1.0),
        ((BEFORE, score(400, 1), score(400, 6, "nrs_back")), 1.0),
        ((BEFORE, Fact("symptom", "leg_pain", 300, side="left")), 1.0),
        ((BEFORE, Fact("symptom", "leg_pain", 300, side="left", present=False)), 0.0),
        ((BEFORE, score(300, 7, "nrs_arm")), None),
    ],
)
def test_the_newest_word_since_the_operation_decides(facts: tuple[Fact, ...], troubled: float | None) -> None:
    read = OPERATION_NUMBERS["troubled_since_operation"]
    assert read(Patient("x", 40, None), (OPERATED, *facts))[0] == troubled
    assert read(Patient("x", 40, None), (*reversed(facts), OPERATED))[0] == troubled


def test_without_an_operation_there_is_nothing_to_tell() -> None:
    assert OPERATION_NUMBERS["troubled_since_operation"](Patient("x", 40, None), (BEFORE,))[0] is None


def test_an_operation_that_was_not_had_is_none() -> None:
    refused = Fact("treatment", "fusion", 60, level="L5/S1", present=False)
    for read in OPERATION_NUMBERS.values():
        assert read(Patient("x", 40, None), (BEFORE, refused))[0] is None
