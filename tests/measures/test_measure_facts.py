"""Every score can be a measure fact, and a value outside its range is refused with fact and range."""

from __future__ import annotations

import pytest

from spinecourse.course.checking import check_course
from spinecourse.knowledge import vocabulary
from spinecourse.measures import instruments
from spinecourse.measures.instruments import Instrument


def problems(value: float, name: str) -> list[str]:
    course = {"course": 1, "patient": {"id": "M1"}, "facts": [{"day": 0, "measure": name, "value": value}]}
    return [str(problem) for problem in check_course(course, file="m.yaml").problems]


@pytest.mark.parametrize("chosen", instruments().values(), ids=lambda chosen: chosen.name)
def test_every_score_can_be_a_fact(chosen: Instrument) -> None:
    for name in (chosen.name, chosen.fact):
        assert name in vocabulary.known("measure")
        assert problems(chosen.lowest, name) == problems(chosen.highest, name) == []


@pytest.mark.parametrize("chosen", instruments().values(), ids=lambda chosen: chosen.name)
def test_a_value_out_of_range_names_fact_and_range(chosen: Instrument) -> None:
    entry = vocabulary.find("measure", chosen.fact)
    assert entry is not None
    assert entry.highest is not None
    (said,) = problems(entry.highest + 1, chosen.fact)
    assert "fact 1" in said
    assert f"to {entry.highest:g}" in said
