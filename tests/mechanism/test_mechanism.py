"""What kind of pain: patients of the three kinds, reasons, and what nobody asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from spinecourse.course import Course
from spinecourse.findings import build_batch
from spinecourse.mechanism import Mechanism, explain, mechanism_batch
from spinecourse.mechanism.model import MECHANISMS, criteria, log_prior
from strategies import courses
from written import Written, bare, course_of

RADICULAR = [
    {"symptom": "leg_pain", "side": "left"}, {"symptom": "leg_numbness", "side": "left"},
    {"symptom": "electric_shock_pain"}, {"symptom": "pain_dermatomal"},
    {"sign": "straight_leg_raise", "side": "left"}, {"imaging": "disc_herniation", "level": "L4/5"},
    {"reflex": "ankle", "side": "left", "grade": "absent"},
]  # fmt: skip
MECHANICAL = [
    {"symptom": "back_pain"}, {"symptom": "pain_mechanical"}, {"symptom": "pain_localised"},
    {"sign": "lumbar_movement_provokes_pain"}, {"sign": "paraspinal_tenderness"},
    {"symptom": "burning_pain", "present": False}, {"symptom": "widespread_pain", "present": False},
    {"symptom": "leg_pain", "present": False}, {"symptom": "pain_disproportionate", "present": False},
]  # fmt: skip
WIDESPREAD = [
    {"symptom": "back_pain"}, {"symptom": "widespread_pain"}, {"symptom": "pain_disproportionate"},
    {"symptom": "pain_unpredictable"}, {"sign": "diffuse_tenderness"}, {"symptom": "fatigue"},
    {"history": "fibromyalgia"}, {"history": "psychosocial_distress"},
]  # fmt: skip


def mechanism_of(course: Course) -> Mechanism:
    batch = build_batch([course])
    return explain(batch, mechanism_batch(batch), 0)


def chances(found: Mechanism) -> dict[str, float]:
    values = [found.nociceptive, found.neuropathic, found.nociplastic]
    return {name: value for name, value in zip(MECHANISMS, values, strict=True) if value is not None}


@pytest.mark.parametrize(
    ("facts", "kind"), [(RADICULAR, "neuropathic"), (MECHANICAL, "nociceptive"), (WIDESPREAD, "nociplastic")]
)
def test_a_typical_patient_has_the_typical_kind(facts: list[Written], kind: str) -> None:
    found = mechanism_of(course_of(*facts))
    assert max(chances(found), key=chances(found).__getitem__) == kind
    assert chances(found)[kind] > 0.7
    assert found.why.startswith(kind)
    assert found.sources


def test_nothing_known_has_no_kind() -> None:
    found = mechanism_of(bare())
    assert chances(found) == {}
    assert found.because == []
    assert found.unasked
    assert "nothing is known" in found.why


def test_the_prior_is_a_distribution() -> None:
    assert sum(2.718281828 ** log_prior()) == pytest.approx(1, abs=1e-6)


def test_every_criterion_tells_the_kinds_apart_when_met() -> None:
    for criterion in criteria():
        assert np.isfinite([criterion.present, criterion.absent]).all()
        assert np.ptp(criterion.present) > 0, criterion.row["plain"]


def test_a_denied_criterion_speaks_the_other_way() -> None:
    """Asked and denied is not the same as never asked."""
    asked, denied = ({"symptom": "widespread_pain"}, {"symptom": "widespread_pain", "present": False})
    local = {"symptom": "pain_localised"}
    unasked = chances(mechanism_of(course_of(local)))["nociplastic"]
    assert chances(mechanism_of(course_of(local, denied)))["nociplastic"] < unasked
    assert chances(mechanism_of(course_of(local, asked)))["nociplastic"] > unasked


def test_reasons_name_the_facts() -> None:
    found = mechanism_of(course_of({"symptom": "widespread_pain"}, {"symptom": "pain_localised", "present": False}))
    assert any("day 0 symptom widespread_pain" in reason and not reason.startswith("not:") for reason in found.because)
    assert any(reason.startswith("not:") and "pain_localised denied" in reason for reason in found.because)


def test_an_answered_criterion_is_not_proposed_again() -> None:
    first = mechanism_of(bare()).unasked[0]
    asked = next(criterion for criterion in criteria() if criterion.row["plain"] == first)
    kind, name = str(asked.condition).split(":")
    assert first not in mechanism_of(course_of({kind: name})).unasked
    assert first not in mechanism_of(course_of({kind: name, "present": False})).unasked


@given(courses())
def test_a_batch_has_chances_for_every_patient(course: Course) -> None:
    together = mechanism_batch(build_batch([bare(), course, bare()])).probability
    alone = mechanism_batch(build_batch([course])).probability
    assert together.shape == (3, 3)
    assert together[1] == pytest.approx(alone[0], abs=1e-12)
    assert together.sum(axis=1) == pytest.approx([1, 1, 1])
