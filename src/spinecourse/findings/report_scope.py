"""What a report says nothing about: legs in trouble and not a word on arms or neck, or one arm and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from spinecourse.course.model import Fact, Patient
from spinecourse.findings.catalogue import FULL_STRENGTH
from spinecourse.knowledge import anatomy


def legs_alone(patient: Patient, facts: Sequence[Fact]) -> tuple[float | None, tuple[Fact, ...]]:
    """1 where legs are weak, stiff or unsteady and no complaint or changed sign of arm, hand or neck is reported.

    None otherwise, never 0: what the report holds on the arms speaks for itself. A statement about the *report*, as
    with a finding told of one side: the arms stay unknown everywhere else, and triage does not use it. Denied and
    normal findings of the arms change nothing, so that taking a denial away cannot move the answer.
    """
    legs = tuple(fact for fact in facts if fact.present and _leg_deficit(fact))
    if not legs or any(_changed(fact) and _upper_limb(fact) for fact in facts):
        return None, ()
    return 1.0, legs[:1]


def one_arm_alone(patient: Patient, facts: Sequence[Fact]) -> tuple[float | None, tuple[Fact, ...]]:
    """1 where one arm is in trouble and nothing of the other arm, the legs or the bladder is reported.

    None otherwise, never 0. A statement about the *report*, like ``legs_alone``: denied and normal findings change
    nothing, the rest of the body stays unknown everywhere else, and triage does not use it.
    """
    changed = tuple(fact for fact in facts if _changed(fact))
    arm = tuple(fact for fact in changed if fact.side and _upper_limb(fact))
    if len({fact.side for fact in arm}) != 1 or arm[0].side not in ("left", "right"):
        return None, ()
    if any(_leg_deficit(fact) or _leg_sign(fact) or fact.name in _names(fact.kind, "sphincter") for fact in changed):
        return None, ()
    return 1.0, arm[:1]


def _leg_sign(fact: Fact) -> bool:
    group = {"reflex": "any_leg_tendon", "sensation": "any_leg"}.get(fact.kind, "lower_limb")
    return "lower_limb" in fact.name or fact.name in _names(fact.kind, group)


def _leg_deficit(fact: Fact) -> bool:
    if fact.kind == "power":
        weak = fact.mrc is not None and fact.mrc < FULL_STRENGTH
        return weak and (fact.name == "all_lower_limb" or fact.name in _names("power", "any_leg"))
    return fact.name in _names(fact.kind, "leg_deficit")


def _changed(fact: Fact) -> bool:
    weak = fact.mrc is None or fact.mrc < FULL_STRENGTH
    return fact.present and weak and fact.grade != "normal"


def _upper_limb(fact: Fact) -> bool:
    group = "any_arm" if fact.kind in ("power", "sensation") else "upper_limb"
    return "upper_limb" in fact.name or fact.name in _names(fact.kind, group)


@cache
def _names(kind: str, group: str) -> frozenset[str]:
    return frozenset(anatomy.groups("any").get((kind, group), ()))
