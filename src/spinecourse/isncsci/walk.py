"""Walking down one side of the body by the rules of the standard, keeping every state that is possible.

The rules stand once, for segments whose state is known (``sensory_end``, ``motor_end``). Where a segment may be in
several states the walk goes on from each of them, so that what comes out is what would come out for some choice of
scores for everything not testable, and nothing else. A whole examination leaves one state at every step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from spinecourse.isncsci.standard import Standard, standard
from spinecourse.isncsci.view import Sensation, SideView

ON: Final = -1
"""Stands for a level not yet reached: everything so far is normal."""

Ends = tuple[int, int]
"""The places of the sensory and the motor level, ``ON`` while still walking."""


def sensory_end(place: int, sensation: Sensation) -> int:
    """The sensory level as far as this dermatome decides it, when every dermatome above is intact."""
    return ON if sensation is Sensation.INTACT else place - 1


def motor_end(place: int, power: int | None, sensation_intact: bool) -> int:
    """The motor level as far as this segment decides it, when motor function above is normal.

    A segment without a key muscle (``power`` is None) is presumed normal where sensation is intact from C2 down to it.
    """
    known = standard()
    if power is None:
        return ON if sensation_intact else place - 1
    if power >= known.normal_power:
        return ON
    return place if power >= known.antigravity else place - 1


def sacral_ends(ends: Ends, sensation: Sensation, contraction: bool) -> Ends:
    """Both levels after S4-5, whose motor function is the voluntary anal contraction."""
    known = standard()
    sensory, motor = ends
    if sensory == ON:
        sensory = known.intact if sensation is Sensation.INTACT else known.sacral - 1
    if motor == ON:
        motor = known.intact if contraction and sensory == known.intact else known.sacral - 1
    return sensory, motor


def next_ends(ends: Ends, place: int, sensation: Sensation, power: int | None) -> Ends:
    """Both levels after one more segment above S4-5."""
    sensory, motor = ends
    if sensory == ON:
        sensory = sensory_end(place, sensation)
    if motor == ON:
        motor = motor_end(place, power, sensory == ON)
    return sensory, motor


def segments(side: SideView) -> Iterator[tuple[int, list[tuple[Sensation, int | None]]]]:
    """Every segment from C2 to S3 with the states it may be in: sensation, and the score of its key muscle."""
    for place in range(1, standard().sacral):
        powers = representatives(side.power[place])
        yield place, [(sensation, power) for sensation in side.sensation[place] for power in powers]


def representatives(powers: tuple[int, ...] | None) -> tuple[int | None, ...]:
    """One motor score for each group of scores that the rules treat alike; None where there is no key muscle."""
    if powers is None or len(powers) == 1:
        return powers or (None,)
    known = standard()
    edges = (known.normal_power, known.antigravity, known.motor_function, 0)
    return tuple({next(edge for edge in edges if power >= edge) for power in powers})


def possible_ends(side: SideView, contraction: bool) -> set[Ends]:
    """The pairs of sensory and motor level that are possible for one side."""
    states: set[Ends] = {(ON, ON)}
    for place, options in segments(side):
        states = {next_ends(ends, place, *option) for ends in states for option in options}
        if all(ON not in ends for ends in states):
            return states
    sacral = side.sensation[standard().sacral]
    return {sacral_ends(ends, sensation, contraction) for ends in states for sensation in sacral}


def possible_zones(side: SideView) -> set[int]:
    """The places where a motor zone of partial preservation may end, without voluntary anal contraction."""
    known = standard()
    states = {(ON, ON, 0)}
    for place, options in segments(side):
        states = {_next_zone(state, place, option, known) for state in states for option in options}
    ended = {max(motor, lowest) if motor != ON else known.sacral - 1 for _, motor, lowest in states}
    return {max(zone, side.non_key or 0) for zone in ended}


def _next_zone(
    state: tuple[int, int, int], place: int, option: tuple[Sensation, int | None], known: Standard
) -> tuple[int, int, int]:
    sensory, motor, lowest = state
    sensation, power = option
    sensory, motor = next_ends((sensory, motor), place, sensation, power)
    if power is not None and power >= known.motor_function:
        lowest = place
    # The sensory level itself does not matter here, only whether sensation is intact so far: fewer states to keep.
    return (sensory if sensory == ON else 0, motor, lowest)


@dataclass(frozen=True, slots=True)
class Below:
    """What one side may look like for one neurological level of injury.

    ``reached`` says that a level of this side is the neurological level, ``far`` that there is motor function far
    enough below the motor level, ``spared`` that there is sensation in S4-5. ``fewest`` and ``most`` bound how many
    key muscles below the neurological level are antigravity or better.
    """

    reached: bool
    far: bool
    spared: bool
    fewest: int
    most: int


_Path = tuple[bool, int, bool, bool]
"""Whether sensation is intact so far, the motor level, whether the neurological level was reached, far function."""


def possible_below(side: SideView, level: int, contraction: bool) -> list[Below]:
    """What one side may look like if neither of its levels is above the neurological level of injury."""
    paths: dict[_Path, tuple[int, int]] = {(True, ON, False, False): (0, 0)}
    for place, options in segments(side):
        paths = _further(paths, place, options, level)
    found: dict[tuple[bool, bool, bool], tuple[int, int]] = {}
    for path, counts in paths.items():
        for sensation in side.sensation[standard().sacral]:
            key = _outcome(path, sensation, contraction, level, side.non_key)
            if key is not None:
                found[key] = _wider(found.get(key), counts)
    return [Below(*key, *counts) for key, counts in found.items()]


def _further(
    paths: dict[_Path, tuple[int, int]], place: int, options: list[tuple[Sensation, int | None]], level: int
) -> dict[_Path, tuple[int, int]]:
    known = standard()
    found: dict[_Path, tuple[int, int]] = {}
    for path, (fewest, most) in paths.items():
        for sensation, power in options:
            after = _step(path, place, sensation, power, level)
            if after is not None:
                strong = int(power is not None and place > level and power >= known.antigravity)
                found[after] = _wider(found.get(after), (fewest + strong, most + strong))
    return found


def _step(path: _Path, place: int, sensation: Sensation, power: int | None, level: int) -> _Path | None:
    """The path after one more segment; None where one of the levels would lie above the neurological level."""
    known = standard()
    intact, motor, reached, far = path
    ends = next_ends((ON if intact else 0, motor), place, sensation, power)
    new = [end for end, before in zip(ends, (ON if intact else 0, motor), strict=True) if end != before]
    if any(end < level for end in new):
        return None
    motor_function = power is not None and power >= known.motor_function
    far = far or (motor_function and ends[1] != ON and place > ends[1] + known.levels_below_motor_level)
    return ends[0] == ON, ends[1], reached or level in new, far


def _outcome(
    path: _Path, sensation: Sensation, contraction: bool, level: int, non_key: int | None
) -> tuple[bool, bool, bool] | None:
    known = standard()
    intact, motor, reached, far = path
    before = (ON if intact else 0, motor)
    sensory, ended = sacral_ends(before, sensation, contraction)
    new = [end for end, old in zip((sensory, ended), before, strict=True) if old == ON]
    if any(end < level for end in new):
        return None
    far = far or (non_key is not None and non_key > ended + known.levels_below_motor_level)
    return reached or level in new, far, sensation is not Sensation.ABSENT


def _wider(counts: tuple[int, int] | None, more: tuple[int, int]) -> tuple[int, int]:
    return more if counts is None else (min(counts[0], more[0]), max(counts[1], more[1]))
