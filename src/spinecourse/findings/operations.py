"""What the days before and after the newest spinal operation tell: relief, return, same pain or new, which level.

A record that does not know the date of an earlier operation puts it on the day before presentation
(``follow/parameters`` unknown_day); such an operation has no day here, and no interval is counted from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from spinecourse.course.model import Fact, Patient
from spinecourse.findings.operated_pain import is_pain, pain_name
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.tables import Row, by_column, load

Derived = tuple[float | None, tuple[Fact, ...]]

NOTHING: Final[Derived] = (None, ())


@cache
def follow_parameter(name: str) -> float:
    """The value of one row of ``follow/parameters``; KeyError where there is none."""
    value = by_column(load("follow/parameters"), "name")[name].number("value")
    assert value is not None, f"parameter {name} is empty"
    return value


@dataclass(frozen=True, slots=True)
class Operated:
    """The newest spinal operation and the pain of its region around it.

    ``day`` is None where nobody noted it. ``count`` is the number of operations on different days. ``before`` and
    ``after`` are pains that were there, ``relief`` words that there was none after the operation; each in order of
    days. ``never_relieved`` is True where the record says that the operation did not help.
    """

    facts: tuple[Fact, ...]
    region: Row | None
    day: int | None
    count: int
    before: tuple[Fact, ...]
    after: tuple[Fact, ...]
    relief: tuple[Fact, ...]
    never_relieved: bool

    @property
    def returned(self) -> Fact | None:
        """The first word of pain after the relief, or after the operation where no relief is on record."""
        last = max((fact.day or 0 for fact in self.relief), default=self.day)
        return next((fact for fact in self.after if last is None or (fact.day or 0) > last), None)

    @property
    def pain_free_days(self) -> float | None:
        """Longest pain-free time after the operation that the record allows; 0 where it never helped; None unknown."""
        if self.never_relieved:
            return 0.0
        back = self.returned
        if not self.relief or back is None or back.day is None or self.day is None:
            return None
        return float(back.day - self.free_from)

    @property
    def free_from(self) -> int:
        """The day relief began: that of the operation, unless pain is on record between it and the first relief."""
        assert self.day is not None
        first = max(min(fact.day or 0 for fact in self.relief), self.day)
        between = [fact for fact in self.after if self._healed(fact) and (fact.day or 0) < first]
        return first if between else self.day

    def _healed(self, fact: Fact) -> bool:
        """Whether a pain lies beyond the days in which the wound is expected to hurt."""
        return fact.day is not None and self.day is not None and fact.day - self.day > follow_parameter("early_days")

    @property
    def same_pain(self) -> bool | None:
        """Whether the pain after is the pain before, by place and side; None where either is not on record."""
        if any((fact.complication or "").startswith("new_") for fact in self.facts):
            return False
        if not self.before or not self.after:
            return None
        known = {(self._place(fact), side) for fact in self.before for side in _sides(fact)}
        return any((self._place(fact), side) in known for fact in self.after for side in _sides(fact))

    @property
    def other_side(self) -> bool | None:
        """Whether pain of a limb is now on the side where it was not; None where a side is not on record."""
        earlier = {side for fact in self.before if self._place(fact) == "limb_pain" for side in _sides(fact)}
        earlier |= {side for fact in self.facts for side in _sides(fact)} - {""}
        now = {side for fact in self.after if self._place(fact) == "limb_pain" for side in _sides(fact)}
        return None if not earlier - {""} or not now - {""} else not (earlier & now)

    def _place(self, fact: Fact) -> str:
        spine = self.region is not None and pain_name(fact) in self.region.items_of("spine_pain")
        return "spine_pain" if spine else "limb_pain"


def operated(facts: Sequence[Fact]) -> Operated | None:
    """The newest spinal operation of a course; None where none is on record as a treatment."""
    done = [fact for fact in facts if fact.kind == "treatment" and fact.present and fact.name in _operations()]
    if not done:
        return None
    dated = [fact for fact in done if _known_day(fact) is not None]
    day = max((fact.day or 0 for fact in dated), default=None)
    newest = tuple(fact for fact in done if _known_day(fact) == day)
    region = _region(newest)
    pains = sorted((fact for fact in facts if is_pain(fact, region)), key=lambda fact: fact.order)
    before = tuple(
        fact for fact in pains if _hurts(fact) and day is not None and fact.day is not None and fact.day < day
    )
    later = [fact for fact in pains if fact.day is not None and (day is None or fact.day > day)]
    relief = [fact for fact in later if not _hurts(fact) and day is not None]
    relief += [fact for fact in newest if fact.response == "good" and day is not None]
    return Operated(
        facts=newest,
        region=region,
        day=day,
        count=len({fact.day for fact in done}),
        before=before,
        after=tuple(fact for fact in later if _hurts(fact)),
        relief=tuple(relief),
        never_relieved=any(fact.response == "none" for fact in newest),
    )


@cache
def _operations() -> frozenset[str]:
    return frozenset(anatomy.groups("any")["treatment", "spinal_operation"])


def _known_day(fact: Fact) -> int | None:
    return None if fact.day == follow_parameter("unknown_day") else fact.day


def _region(operation: Sequence[Fact]) -> Row | None:
    """The region operated on, by level or by what was done; None where neither tells, so that any pain counts."""
    for row in load("follow/operation_regions"):
        begins, names = row.items_of("level_begins"), row.items_of("operations")
        if any((fact.level or "").startswith(begins) or fact.name in names for fact in operation):
            return row
    return None


def _hurts(fact: Fact) -> bool:
    score = fact.value if fact.kind == "measure" else fact.nrs
    return fact.present and (score is None or score > follow_parameter("pain_free_nrs"))


def _sides(fact: Fact) -> tuple[str, ...]:
    return ("left", "right") if fact.side == "both" else (fact.side or "",)


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
        if fact.kind == "treatment" and fact.present and fact.name in fusions and _known_day(fact) is not None
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
