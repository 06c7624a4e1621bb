"""What the days before and after the newest spinal operation tell: relief, return, same pain or new, which level.

A record that does not know the date of an earlier operation puts it on the day before presentation
(``follow/parameters`` unknown_day); such an operation has no day here, and no interval is counted from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spinecourse.course.model import Fact
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.tables import Row, by_column, load


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
    dated = [fact for fact in done if known_day(fact) is not None]
    day = max((fact.day or 0 for fact in dated), default=None)
    newest = tuple(fact for fact in done if known_day(fact) == day)
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


def known_day(fact: Fact) -> int | None:
    """The day of a treatment; None where the record does not know it."""
    return None if fact.day == follow_parameter("unknown_day") else fact.day


def _region(operation: Sequence[Fact]) -> Row | None:
    """The region operated on, by level or by what was done; None where neither tells, so that any pain counts."""
    for row in load("follow/operation_regions"):
        begins, names = row.items_of("level_begins"), row.items_of("operations")
        if any((fact.level or "").startswith(begins) or fact.name in names for fact in operation):
            return row
    return None


def is_pain(fact: Fact, region: Row | None) -> bool:
    """Whether a fact speaks of pain in the region: a symptom, or a pain score."""
    name = pain_name(fact)
    if name is None:
        return False
    rows = [region] if region is not None else load("follow/operation_regions")
    return any(name in (*row.items_of("spine_pain"), *row.items_of("limb_pain")) for row in rows)


def pain_name(fact: Fact) -> str | None:
    """The complaint a fact is about: the symptom itself, or that of a pain score; None for other facts."""
    if fact.kind == "symptom":
        return fact.name
    return pain_measures().get(fact.name) if fact.kind == "measure" else None


@cache
def pain_measures() -> dict[str, str]:
    """The symptom that each pain score is about (``follow/pain_scores``)."""
    return {row["measure"]: row["symptom"] for row in load("follow/pain_scores")}


def score_of(fact: Fact) -> tuple[str, float] | None:
    """The measure and the score that a fact reports: a measure, or how bad a pain is from 0 to 10.

    None where it reports no score; a pain that is denied reports none, because nobody gave a number.
    """
    if fact.kind == "measure" and fact.value is not None:
        return fact.name, fact.value
    measure = _measure_of_pain().get(fact.name) if fact.kind == "symptom" and fact.present else None
    return (measure, fact.nrs) if measure is not None and fact.nrs is not None else None


@cache
def _measure_of_pain() -> dict[str, str]:
    return {symptom: measure for measure, symptom in pain_measures().items()}


def _hurts(fact: Fact) -> bool:
    score = fact.value if fact.kind == "measure" else fact.nrs
    return fact.present and (score is None or score > follow_parameter("pain_free_nrs"))


def _sides(fact: Fact) -> tuple[str, ...]:
    return ("left", "right") if fact.side == "both" else (fact.side or "",)
