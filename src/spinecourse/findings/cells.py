"""One fact to the cells it fills: which finding, on which side, in which state.

A fact on both sides fills both. A finding that has sides, reported present without one, fills the slot *side not
given*; denied without a side it is denied on both, because nobody denies one unnamed side. Summaries such as
``all_lower_limb`` fill their members; a member named on its own the same day overrides the summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spinecourse.course.model import Fact
from spinecourse.findings.catalogue import GRADED, NORMAL, PRESENT, SLOTS, catalogue, states_of
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.tables import load

_BELOW = re.compile(r"below (\w+)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A finding at one slot in one state, and the fact that says so; ``summary`` where a group name said it."""

    kind: str
    name: str
    side: str
    state: int
    fact: Fact
    summary: bool = False


@cache
def _power_bands() -> tuple[tuple[float, float, int], ...]:
    rows = [row for row in load("vocabulary/grades") if row["kind"] == "power"]
    return tuple(
        (float(row["lowest"]), float(row["highest"]), number) for number, row in enumerate(rows, 1) if row["lowest"]
    )


def power_state(mrc: float) -> int:
    """The state of a Medical Research Council grade between 0 and 5."""
    return next(number for lowest, highest, number in _power_bands() if lowest <= mrc <= highest)


@cache
def _normal_grades() -> frozenset[tuple[str, str | None]]:
    """Kind and grade of what a grading calls normal, such as imaging of grade schizas A."""
    return frozenset((row["kind"], row["grade"]) for row in load("vocabulary/grades") if row["normal"] == "yes")


def state_of(fact: Fact) -> int | None:
    """The state a fact puts its finding in; None where the fact does not say, such as an inverted reflex that was
    looked for and not found, which may still be absent or normal."""
    if fact.kind not in GRADED:
        return PRESENT if fact.present and (fact.kind, fact.grade) not in _normal_grades() else NORMAL
    if fact.kind == "power":
        return None if fact.mrc is None else power_state(fact.mrc)
    return None if fact.grade is None else 1 + states_of(fact.kind).index(fact.grade)


def cells_of(fact: Fact) -> Iterator[Cell]:
    """Every cell a fact fills; none for expectations and for values without a meaning of their own."""
    if fact.kind == "sign" and fact.name.startswith("weak_"):
        yield from _ungraded_weakness(fact)
        return
    level = _BELOW.fullmatch(fact.name) if fact.kind == "sensation" else None
    state = state_of(fact)
    if state is None:
        return
    if level:
        yield from _below(fact, level.group(1), state)
        return
    yield from _named(fact, fact.kind, fact.name, state)
    if fact.kind == "symptom" and fact.present:
        yield from _areas(fact)
    if fact.kind in ("imaging", "diagnosis") and state == PRESENT and fact.level:
        yield from _imaged_level(fact, fact.level)


def _imaged_level(fact: Fact, level: str) -> Iterator[Cell]:
    """A finding that can press on cord or roots marks its motion segment or vertebra."""
    if fact.name in anatomy.groups("any")["imaging", "compressive"]:
        for side in _plain_sides(fact):
            yield Cell("imaged_level", level, side, PRESENT, fact)


@cache
def _modalities() -> dict[str, str]:
    """The tract that carries each modality of feeling (``vocabulary/modalities``)."""
    return {row["modality"]: row["tract"] for row in load("vocabulary/modalities")}


def tract_of(fact: Fact, name: str) -> str:
    """The kind of column a sensation fills: that of the tract where one modality was tested on a dermatome.

    Light touch, which both tracts carry, and feeling without a modality fill the plain column.
    """
    tract = _modalities().get(fact.modality or "", "")
    return tract if tract and (tract, name, "") in catalogue() else "sensation"


def _named(fact: Fact, kind: str, name: str, state: int) -> Iterator[Cell]:
    members = anatomy.groups("each").get((kind, name))
    for member in members or (name,):
        filled = tract_of(fact, member) if kind == "sensation" else kind
        for side in _sides(fact, kind, member, state):
            yield Cell(filled, member, side, state, fact, summary=members is not None)


def _sides(fact: Fact, kind: str, name: str, state: int) -> tuple[str, ...]:
    entry = vocabulary.find(kind, name)
    if entry is None or entry.side != "paired":
        return ("",)
    if fact.side in ("left", "right"):
        return (fact.side,)
    if fact.side == "both":
        return ("left", "right")
    return SLOTS["paired"] if state == NORMAL else ("",)


def _ungraded_weakness(fact: Fact) -> Iterator[Cell]:
    """A sign such as ``weak_knee_extension`` is a power finding without a grade."""
    state = 1 + states_of("power").index("ungraded") if fact.present else NORMAL
    name = fact.name.removeprefix("weak_")
    known = vocabulary.find("power", name) or ("power", name) in anatomy.groups("each")
    if known:
        yield from _named(fact, "power", name, state)
    else:
        yield from _named(fact, "sign", fact.name, PRESENT if fact.present else NORMAL)


def _below(fact: Fact, level: str, state: int) -> Iterator[Cell]:
    """A sensory level fills its own column and the limb and trunk dermatomes below it on the sides named.

    The saddle is left unknown: it may be spared by a lesion above, and has to be tested by itself.
    """
    segments = anatomy.segments()
    if state != NORMAL:
        yield Cell("sensory_level", "trunk_or_limb", "", 1 + segments.index(level), fact)
    for segment in segments[segments.index(level) :]:
        if segment in anatomy.groups("any")["sensation", "any_dermatome"]:
            for side in ("left", "right") if fact.side in (None, "both", "midline") else (fact.side,):
                yield Cell(tract_of(fact, segment), segment, side, state, fact, summary=True)


def _plain_sides(fact: Fact) -> tuple[str, ...]:
    """The slots of a fact that is there: both sides, one, or side not given."""
    if fact.side == "both":
        return ("left", "right")
    return (fact.side,) if fact.side in ("left", "right") else ("",)


@cache
def _covered() -> dict[str, tuple[str, ...]]:
    """Body areas as patients' drawings name them, to the skin they cover."""
    return {row["area"]: row.items_of("covers") for row in load("vocabulary/areas")}


def _areas(fact: Fact) -> Iterator[Cell]:
    for area in fact.area:
        for name in _covered().get(area, (area,)):
            if ("sensation", name) not in anatomy.groups("each"):
                for side in _plain_sides(fact):
                    yield Cell("area", name, side, PRESENT, fact)
