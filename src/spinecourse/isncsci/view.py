"""An examination as the rules see it: for every segment, each state it may be in.

There are two views of one examination. In the one that is *assumed*, starred scores count as the examiner assumed; in
the one that was *examined* they count as tested. In both, a score that was not testable may be any score. Comparing
what follows from the two is how the standard decides which results get a star.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Final

from spinecourse.isncsci.model import Answer, Examination, Side, SideName
from spinecourse.isncsci.scores import Modality, Score, score
from spinecourse.isncsci.standard import SIDES, standard

_ANSWERS: Final[dict[Answer, tuple[bool, ...]]] = {"yes": (True,), "no": (False,), "NT": (False, True)}


class Sensation(IntEnum):
    """Light touch and pin prick of one dermatome together."""

    ABSENT = 0
    IMPAIRED = 1
    INTACT = 2


@dataclass(frozen=True, slots=True)
class SideView:
    """One side: by the place of the level, the states of sensation and the scores of the key muscle that are possible.

    ``power`` is None at a level without a key muscle, ``non_key`` the place of the lowest non-key muscle with function.
    """

    name: SideName
    sensation: tuple[tuple[Sensation, ...], ...]
    power: tuple[tuple[int, ...] | None, ...]
    non_key: int | None


@dataclass(frozen=True, slots=True)
class View:
    """Both sides, and whether there may be voluntary anal contraction and deep anal pressure."""

    right: SideView
    left: SideView
    contraction: tuple[bool, ...]
    pressure: tuple[bool, ...]

    @property
    def sides(self) -> tuple[SideView, SideView]:
        """Right and left."""
        return self.right, self.left


def views(examination: Examination) -> tuple[View, View]:
    """The view that is assumed and the view as examined; one and the same where nothing is starred.

    Raises ValueError for a score that is none, and KeyError for a level without a score.
    """
    assumed = _view(examination, as_examined=False)
    return assumed, _view(examination, as_examined=True) if _starred(examination) else assumed


def _starred(examination: Examination) -> bool:
    sides = (examination.right, examination.left)
    return any("*" in text for side in sides for part in _parts(side) for text in part)


def _parts(side: Side) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(scores.values()) for scores in (side.motor, side.light_touch, side.pin_prick))


def _view(examination: Examination, as_examined: bool) -> View:
    right, left = (_side(name, getattr(examination, name), as_examined) for name in SIDES)
    contraction, pressure = examination.voluntary_anal_contraction, examination.deep_anal_pressure
    return View(right, left, _ANSWERS[contraction], _ANSWERS[pressure])


def _side(name: SideName, side: Side, as_examined: bool) -> SideView:
    known = standard()

    def possible(modality: Modality, text: str) -> tuple[int, ...]:
        found: Score = score(modality, text)
        return found.examined() if as_examined else found.assumed()

    def sensation(level: str) -> tuple[Sensation, ...]:
        if level not in known.dermatomes:
            return (Sensation.INTACT,)
        touch, prick = possible("sensation", side.light_touch[level]), possible("sensation", side.pin_prick[level])
        return _sensations(touch, prick)

    lowest = side.lowest_non_key_muscle
    return SideView(
        name,
        tuple(sensation(level) for level in known.levels),
        tuple(possible("motor", side.motor[level]) if level in known.key_muscles else None for level in known.levels),
        None if lowest is None else known.place(lowest),
    )


@cache
def _sensations(touch: tuple[int, ...], prick: tuple[int, ...]) -> tuple[Sensation, ...]:
    """What the two modalities of a dermatome come to, for each pair of scores they may have."""
    return tuple(sorted({_sensation(one, other) for one in touch for other in prick}))


def _sensation(touch: int, prick: int) -> Sensation:
    known = standard()
    if min(touch, prick) >= known.normal_sensation:
        return Sensation.INTACT
    return Sensation.IMPAIRED if max(touch, prick) >= known.preserved_sensation else Sensation.ABSENT
