"""A deficit found long ago and never looked at again is pointed out, and still counts."""

from __future__ import annotations

import pytest

from spinecourse.assess import assess_course
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.findings.batch import build_batch

WEAK = Fact("power", "ankle_dorsiflexion", 0, side="left", mrc=3)


def notes(*facts: Fact) -> str:
    return "; ".join(build_batch([Course(Patient("x", 50, "male"), facts)]).notes[0])


@pytest.mark.parametrize(("days", "said"), [(30, False), (90, False), (91, True), (500, True)])
def test_it_is_said_after_three_months(days: int, said: bool) -> None:
    assert ("nobody has looked at these" in notes(WEAK, Fact("measure", "odi", days, value=20))) == said


def test_looking_again_ends_it() -> None:
    healed = Fact("power", "ankle_dorsiflexion", 400, side="left", mrc=5)
    assert notes(WEAK, healed, Fact("measure", "odi", 420, value=8)) == ""


def test_normal_findings_and_facts_without_a_day_are_not_meant() -> None:
    undated = Fact("sign", "babinski", None, side="left")
    assert (
        notes(undated, Fact("reflex", "knee", 0, side="left", grade="normal"), Fact("measure", "odi", 900, value=8))
        == ""
    )
    assert notes(undated) == ""


def test_it_still_counts() -> None:
    later = Fact("measure", "odi", 500, value=20)
    old = assess_course(Course(Patient("x", 50, "male"), (WEAK, later)))
    new = assess_course(Course(Patient("x", 50, "male"), (WEAK,)))
    assert old.triage.urgency == new.triage.urgency != "routine"
