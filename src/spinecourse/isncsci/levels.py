"""Steps 1 to 3 of the worksheet: sensory levels, motor levels, neurological level of injury."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spinecourse.isncsci.model import Decision, Examination, Side
from spinecourse.isncsci.scores import score
from spinecourse.isncsci.standard import standard
from spinecourse.isncsci.view import Sensation, SideView, View
from spinecourse.isncsci.walk import ON, Ends, motor_end, possible_ends, representatives


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels that are possible in one view: sensory and motor by side, right first, and the neurological one."""

    sensory: tuple[set[int], set[int]]
    motor: tuple[set[int], set[int]]
    neurological: set[int]


def possible_levels(view: View) -> Levels:
    """Every level that is possible for some choice of the scores that were not testable.

    The neurological level is taken from whole choices, the most rostral of the four levels of each: levels of
    different choices are never mixed.
    """
    right, left, most_rostral = set[Ends](), set[Ends](), set[int]()
    for contraction in view.contraction:
        ends = [possible_ends(side, contraction) for side in view.sides]
        right |= ends[0]
        left |= ends[1]
        most_rostral |= {min(one, other) for one in _rostral(ends[0]) for other in _rostral(ends[1])}
    both = (right, left)
    sensory, motor = ([{ends[kind] for ends in side} for side in both] for kind in (0, 1))
    return Levels((sensory[0], sensory[1]), (motor[0], motor[1]), most_rostral)


def _rostral(ends: Iterable[Ends]) -> set[int]:
    return {min(pair) for pair in ends}


def level_names(places: Iterable[int]) -> list[str]:
    """The names of levels, from rostral to caudal."""
    return [standard().name(place) for place in sorted(places)]


def sensory_level(side: SideView, examined: Side, places: set[int]) -> Decision:
    """The sensory level of one side: where the first dermatome lies that is not intact."""
    reasons = [*_sensory_reasons(side, examined)] or ["light touch and pin prick are normal from C2 to S4-5"]
    return Decision("sensory_level", side.name, level_names(places), False, reasons)


def _sensory_reasons(side: SideView, examined: Side) -> Iterator[str]:
    known = standard()
    for level in known.dermatomes:
        states = side.sensation[known.place(level)]
        above = known.name(known.place(level) - 1)
        if states != (Sensation.INTACT,):
            yield f"{dermatome(examined, level)}: {_verdict(Sensation.INTACT in states)}, so {above}"
        elif _starred(examined, level):
            yield f"{dermatome(examined, level)}: considered normal"
        if Sensation.INTACT not in states:
            return


def dermatome(side: Side, level: str) -> str:
    """The scores of a dermatome as a reason quotes them."""
    return f"{level} light touch {side.light_touch[level]}, pin prick {side.pin_prick[level]}"


def _starred(side: Side, level: str) -> bool:
    return "*" in side.light_touch[level] + side.pin_prick[level]


def _verdict(may_be_normal: bool) -> str:
    return "normal or not" if may_be_normal else "not intact"


def motor_level(side: SideView, examined: Side, contraction: tuple[bool, ...], places: set[int]) -> Decision:
    """The motor level of one side: the last segment of at least antigravity strength below nothing but normal ones."""
    reasons = [*_motor_reasons(side, examined, contraction)] or [_all_normal()]
    return Decision("motor_level", side.name, level_names(places), False, reasons)


def _all_normal() -> str:
    return f"every key muscle is {standard().normal_power}, sensation is intact, anal contraction is voluntary"


def _motor_reasons(side: SideView, examined: Side, contraction: tuple[bool, ...]) -> Iterator[str]:
    known = standard()
    intact = {True}
    for place in range(1, known.sacral):
        sensation = side.sensation[place]
        intact = {before and state is Sensation.INTACT for before in intact for state in sensation}
        powers = representatives(side.power[place])
        ends = {motor_end(place, power, so_far) for power in powers for so_far in intact}
        yield from _motor_reason(place, examined, ends)
        if ON not in ends:
            return
    yield from _sacral_reasons(side, intact, contraction)


def _motor_reason(place: int, examined: Side, ends: set[int]) -> Iterator[str]:
    known = standard()
    level = known.name(place)
    at = " or ".join(level_names(ends - {ON}))
    if level in known.key_muscles:
        text = examined.motor[level]
        muscle = f"{level} {known.key_muscles[level]} {text}"
        if ends != {ON}:
            yield f"{muscle}: {_strength(text, ends, place)}, so {at}"
        elif "*" in text:
            yield f"{muscle}: considered normal"
    elif ends != {ON}:
        may = "may not be" if ON in ends else "is not"
        yield f"{level} has no key muscle and sensation {may} intact from C2 to {level}, so {at}"


def _strength(text: str, ends: set[int], place: int) -> str:
    known = standard()
    if score("motor", text).number is None or len(ends) > 1:
        return "open how strong"
    return f"at least {known.antigravity}, not normal" if place in ends else f"below {known.antigravity}"


def _sacral_reasons(side: SideView, intact: set[bool], contraction: tuple[bool, ...]) -> Iterator[str]:
    known = standard()
    above = known.name(known.sacral - 1)
    if False in intact or side.sensation[known.sacral] != (Sensation.INTACT,):
        yield f"S4-5 has no key muscle and sensation is, or may be, not intact down to there, so {above}"
    if contraction != (True,):
        missing = "was not testable" if True in contraction else "is absent"
        yield f"voluntary anal contraction {missing}, so {above}"


def neurological_level(examination: Examination, levels: Levels) -> Decision:
    """The neurological level of injury: the most rostral of the sensory and motor levels of both sides."""
    named = (
        f"{kind} {side} {' or '.join(level_names(places))}"
        for kind, pair in (("sensory", levels.sensory), ("motor", levels.motor))
        for side, places in zip(("right", "left"), pair, strict=True)
    )
    reasons = [f"the most rostral of: {', '.join(named)}"]
    return Decision("neurological_level", None, level_names(levels.neurological), False, reasons)
