"""Numbers about operations that conditions ask for: days since, relief and return, same pain, what scans show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from spinecourse.course.model import Fact, Patient
from spinecourse.findings.operations import Operated, follow_parameter, is_pain, known_day, operated, pain_name
from spinecourse.knowledge import anatomy

Derived = tuple[float | None, tuple[Fact, ...]]

NOTHING: Final[Derived] = (None, ())

Reading = Callable[[Operated, Patient, Sequence[Fact]], Derived]


def _reading(read: Reading) -> Callable[[Patient, Sequence[Fact]], Derived]:
    """A derived number that is unknown where no operation is on record."""

    def derived(patient: Patient, facts: Sequence[Fact]) -> Derived:
        found = operated(facts)
        return NOTHING if found is None else read(found, patient, facts)

    return derived


def _days(found: Operated, patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Days from the newest operation to the newest fact."""
    return _since(found.day, facts), found.facts


def _fusion_days(found: Operated, patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Days from the newest fusion to the newest fact."""
    fusions = anatomy.groups("any")["treatment", "any_fusion"]
    dated = [
        fact
        for fact in facts
        if fact.kind == "treatment" and fact.present and fact.name in fusions and known_day(fact) is not None
    ]
    newest = max(dated, key=lambda fact: fact.day or 0, default=None)
    return (None, ()) if newest is None else (_since(newest.day, facts), (newest,))


def _since(day: int | None, facts: Sequence[Fact]) -> float | None:
    now = max((0, *(fact.day for fact in facts if fact.day is not None)))
    return None if day is None else float(now - day)


def _return_days(found: Operated, patient: Patient, facts: Sequence[Fact]) -> Derived:
    back = found.returned
    if back is None or back.day is None or found.day is None:
        return NOTHING
    return float(back.day - found.day), (*found.facts, back)


def _truth(value: bool | None, facts: tuple[Fact, ...]) -> Derived:
    """A yes as 1, a no as 0."""
    return NOTHING if value is None else (float(value), facts)


def _operated_level(found: Operated, patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Whether a scan since the operation shows a herniation at the level operated on."""
    levels = {fact.level for fact in found.facts if fact.level}
    seen = [fact for fact in _imaged(found, facts) if fact.name in ("disc_herniation", "disc_sequestration")]
    placed = [fact for fact in seen if fact.level or not fact.present]
    if not levels or not placed:
        return NOTHING
    met = tuple(fact for fact in placed if fact.present and fact.level in levels)
    return (1.0, met) if met else (0.0, tuple(placed))


def _adjacent(found: Operated, patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Whether a scan since the operation shows narrowing, slip or herniation next to a fused level."""
    levels = {fact.level for fact in found.facts if fact.level}
    compressive = anatomy.groups("any")["imaging", "compressive"]
    seen = tuple(fact for fact in _imaged(found, facts) if fact.name in compressive and fact.level and fact.present)
    if not levels or not seen:
        return NOTHING
    met = tuple(fact for fact in seen if fact.level in _neighbours(levels))
    return (1.0, met) if met else (0.0, seen)


def _imaged(found: Operated, facts: Sequence[Fact]) -> list[Fact]:
    """Findings on imaging that are not known to be older than the operation."""
    images = [fact for fact in facts if fact.kind == "imaging"]
    return [fact for fact in images if found.day is None or (fact.day is not None and fact.day > found.day)]


def _neighbours(levels: set[str]) -> set[str]:
    segments = anatomy.motion_segments()
    pairs = [*pairwise(segments), *((lower, upper) for upper, lower in pairwise(segments))]
    return {other for level, other in pairs if level in levels} - levels


def _below_expected(found: Operated, patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Whether a score fell after the operation and yet stayed above what the patient expected of it."""
    for hoped in facts:
        if hoped.kind != "expectation" or hoped.value is None or found.day is None:
            continue
        scores = [
            fact for fact in facts if fact.kind == "measure" and fact.name == hoped.measure and fact.day is not None
        ]
        start = [fact for fact in scores if (fact.day or 0) <= found.day]
        end = [fact for fact in scores if (fact.day or 0) > found.day]
        if start and end:
            first, last = start[-1], end[-1]
            gained = (first.value or 0.0) > (last.value or 0.0) > hoped.value
            return float(gained), (hoped, first, last)
    return NOTHING


def _troubled(found: Operated, patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Whether the newest word about any pain since the operation tells of more than a little.

    Pain from before the operation is no word on it, and a denied pain speaks for itself alone.
    """
    words = [fact for fact in facts if is_pain(fact, found.region) and _is_since(fact, found.day)]
    last: dict[str | None, int] = {}
    for fact in words:
        last[pain_name(fact)] = max(fact.day or 0, last.get(pain_name(fact), fact.day or 0))
    newest = tuple(fact for fact in words if fact.day == last[pain_name(fact)])
    bad = tuple(fact for fact in newest if _strong(fact))
    return _truth(bool(bad) if newest else None, bad or newest)


def _is_since(fact: Fact, day: int | None) -> bool:
    return fact.day is not None and (day is None or fact.day > day)


def _strong(fact: Fact) -> bool:
    score = fact.value if fact.kind == "measure" else fact.nrs
    return fact.present and (score is None or score >= follow_parameter("troubling_nrs"))


OPERATION_NUMBERS: Final = {
    "operation_days": _reading(_days),
    "fusion_days": _reading(_fusion_days),
    "operations": _reading(lambda found, *_: (float(found.count), found.facts)),
    "pain_free_days": _reading(lambda found, *_: (found.pain_free_days, (*found.facts, *found.relief))),
    "pain_return_days": _reading(_return_days),
    "same_pain": _reading(lambda found, *_: _truth(found.same_pain, (*found.before, *found.after))),
    "other_side": _reading(lambda found, *_: _truth(found.other_side, found.after)),
    "operated_level_herniation": _reading(_operated_level),
    "adjacent_level_changed": _reading(_adjacent),
    "gain_below_expected": _reading(_below_expected),
    "troubled_since_operation": _reading(_troubled),
}
"""Derived numbers about operations, by the name that conditions use; a yes is 1 and a no is 0."""
