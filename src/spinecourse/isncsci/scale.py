"""Steps 4 and 5 of the worksheet: completeness and the ASIA Impairment Scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from spinecourse.isncsci.levels import Levels, level_names
from spinecourse.isncsci.model import Decision, Examination
from spinecourse.isncsci.standard import SIDES, grades, standard
from spinecourse.isncsci.view import Sensation, View
from spinecourse.isncsci.walk import Below, possible_below

COMPLETE, INCOMPLETE = "complete", "incomplete"


def completeness(examination: Examination, view: View) -> Decision:
    """Whether anything is spared in S4-5: sensation of either side, deep anal pressure, voluntary contraction."""
    sacral = standard().sacral
    states = [side.sensation[sacral] for side in view.sides]
    may_be_absent = all(Sensation.ABSENT in state for state in states)
    may_be_there = any(state != (Sensation.ABSENT,) for state in states)
    values = []
    if may_be_absent and False in view.contraction and False in view.pressure:
        values.append(COMPLETE)
    if may_be_there or True in view.contraction or True in view.pressure:
        values.append(INCOMPLETE)
    return Decision("completeness", None, values, False, [_sacral_sparing(examination)])


def _sacral_sparing(examination: Examination) -> str:
    level = standard().levels[-1]
    sides = ((name, getattr(examination, name)) for name in SIDES)
    scores = (f"{name} {side.light_touch[level]} and {side.pin_prick[level]}" for name, side in sides)
    return (
        f"{level} light touch and pin prick {', '.join(scores)}; deep anal pressure {examination.deep_anal_pressure}; "
        f"voluntary anal contraction {examination.voluntary_anal_contraction}"
    )


@dataclass(frozen=True, slots=True)
class _Whole:
    """One way the whole body may look: what the grade depends on."""

    level: int
    contraction: bool
    spared: bool
    far: bool
    fewest: int
    most: int


def possible_grades(view: View, neurological: set[int]) -> dict[str, str]:
    """The grades that are possible, each with the reason for the first way in which it comes about."""
    found: dict[str, str] = {}
    for whole in _wholes(view, neurological):
        for grade, reason in _graded(whole):
            found.setdefault(grade, reason)
        if len(found) == len(grades()):
            break
    return {grade: found[grade] for grade in grades() if grade in found}


def _wholes(view: View, neurological: set[int]) -> Iterator[_Whole]:
    for level, contraction in product(sorted(neurological), view.contraction):
        right, left = (possible_below(side, level, contraction) for side in view.sides)
        for one, other, pressure in product(right, left, view.pressure):
            if one.reached or other.reached:
                yield _joined(level, contraction, pressure, one, other)


def _joined(level: int, contraction: bool, pressure: bool, one: Below, other: Below) -> _Whole:
    spared = one.spared or other.spared or pressure
    counts = one.fewest + other.fewest, one.most + other.most
    return _Whole(level, contraction, spared, one.far or other.far, *counts)


def _graded(whole: _Whole) -> Iterator[tuple[str, str]]:
    """The grades of one way the body may look: one, or C and D where only the count of strong muscles is open."""
    known = standard()
    far = f"more than {known.levels_below_motor_level} levels below the motor level"
    if not whole.contraction and not whole.spared:
        yield "A", "nothing is spared in S4-5"
    elif whole.level == known.intact:
        yield "E", "sensation and motor function are normal in all segments"
    elif not whole.contraction and not whole.far:
        yield "B", f"sensation is spared in S4-5, without voluntary anal contraction or motor function {far}"
    else:
        spared = (
            "voluntary anal contraction" if whole.contraction else f"sensation spared in S4-5, motor function {far}"
        )
        yield from _motor_incomplete(whole, spared)


def _motor_incomplete(whole: _Whole, spared: str) -> Iterator[tuple[str, str]]:
    known = standard()
    muscles = 2 * known.key_muscles_below(whole.level)
    enough = known.share_antigravity * muscles
    counted = f"of {muscles} key muscles below {known.name(whole.level)} are {known.antigravity} or better"
    weak, strong = whole.fewest < enough, whole.most >= enough
    between = str(whole.most) if whole.fewest == whole.most else f"{whole.fewest} to {whole.most}"
    if weak:
        few = whole.fewest if strong else between
        yield "C", f"motor incomplete ({spared}); {few} {counted}: fewer than half"
    if strong:
        many = whole.most if weak else between
        yield "D", f"motor incomplete ({spared}); {many} {counted}: half or more"


def impairment_scale(view: View, levels: Levels) -> Decision:
    """The grade of the ASIA Impairment Scale."""
    found = possible_grades(view, levels.neurological)
    reasons = [*found.values()] if len(found) == 1 else [f"{grade} if {reason}" for grade, reason in found.items()]
    if not found.keys().isdisjoint("CD") and False in view.contraction:
        reasons += [*_far_function(view, levels)]
    if len(found) > 1 and len(levels.neurological) > 1:
        reasons.append(f"the neurological level is open: {' or '.join(level_names(levels.neurological))}")
    return Decision("impairment_scale", None, [*found], False, reasons)


def _far_function(view: View, levels: Levels) -> Iterator[str]:
    """Where there is, or may be, the motor function far below the motor level that B lacks."""
    known = standard()
    for side, places in zip(view.sides, levels.motor, strict=True):
        lowest = min(places) + known.levels_below_motor_level
        far = [_muscle(place, power) for place, power in enumerate(side.power) if place > lowest and power is not None]
        if side.non_key is not None and side.non_key > lowest:
            far.append(f"{known.name(side.non_key)} (non-key)")
        found = [muscle for muscle in far if muscle]
        if found:
            above = f"{side.name} {known.name(min(places))}"
            yield f"motor function more than {known.levels_below_motor_level} levels below {above}: {', '.join(found)}"


def _muscle(place: int, power: tuple[int, ...]) -> str:
    """A key muscle that has, or may have, motor function; empty for one without."""
    known = standard()
    if max(power) < known.motor_function:
        return ""
    return known.name(place) + (" (open)" if min(power) < known.motor_function else "")
