"""From an examination to its classification: the steps in order, then which results rest on an assumption."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from spinecourse.isncsci.levels import motor_level, neurological_level, possible_levels, sensory_level
from spinecourse.isncsci.model import Classification, Decision, Examination, Side, SideResult, Subtotals
from spinecourse.isncsci.scale import completeness, impairment_scale
from spinecourse.isncsci.scores import Modality, score
from spinecourse.isncsci.standard import INTACT, SIDES, non_key_movements, standard
from spinecourse.isncsci.view import View, views
from spinecourse.isncsci.zones import motor_zone, sensory_zone

REVISION: Final = "2019"


def classify(examination: Examination) -> Classification:
    """The classification of an examination by the International Standards, revision 2019.

    A result that depends on a score that was not testable has every value that is possible, and no other. A result
    that would be different with starred scores as they were examined is tagged. Raises ValueError for a score that is
    none, and KeyError for a level without a score; ``read_examination`` finds both, with their lines, beforehand.
    """
    assumed, examined = views(examination)
    decisions = _decisions(examination, assumed)
    if examined is not assumed:
        as_examined = _decisions(examination, examined)
        decisions = {key: _tagged(decision, as_examined[key]) for key, decision in decisions.items()}
    right, left = (_side_result(name, getattr(examination, name), decisions) for name in SIDES)
    return Classification(
        id=examination.id,
        revision=REVISION,
        right=right,
        left=left,
        neurological_level=decisions["neurological_level", None],
        completeness=decisions["completeness", None],
        impairment_scale=decisions["impairment_scale", None],
        totals=_together(right.subtotals, left.subtotals),
        notes=[*_notes(examination, decisions)],
    )


_Key = tuple[str, str | None]


def _decisions(examination: Examination, view: View) -> dict[_Key, Decision]:
    levels = possible_levels(view)
    found = [neurological_level(examination, levels), completeness(examination, view), impairment_scale(view, levels)]
    for side, sensory, motor in zip(view.sides, levels.sensory, levels.motor, strict=True):
        examined: Side = getattr(examination, side.name)
        found += [
            sensory_level(side, examined, sensory),
            motor_level(side, examined, view.contraction, motor),
            sensory_zone(view, side, examination),
            motor_zone(view, side, examination),
        ]
    return {(decision.step, decision.side): decision for decision in found}


def _tagged(assumed: Decision, examined: Decision) -> Decision:
    """The decision, tagged if the scores as examined lead elsewhere; what is not determinable has no tag."""
    if not assumed.determined or assumed.values == examined.values:
        return assumed
    reason = f"tagged *: with the scores as examined it would be {examined.text}"
    return replace(assumed, tagged=True, because=[*assumed.because, reason])


def _side_result(name: str, side: Side, decisions: Mapping[_Key, Decision]) -> SideResult:
    steps = ("sensory_level", "motor_level", "sensory_zone", "motor_zone")
    return SideResult(subtotals=_subtotals(side), **{step: decisions[step, name] for step in steps})


def _subtotals(side: Side) -> Subtotals:
    known = standard()
    return Subtotals(
        upper_extremity=_sum("motor", side.motor, known.upper),
        lower_extremity=_sum("motor", side.motor, known.lower),
        motor=_sum("motor", side.motor, known.key_muscles),
        light_touch=_sum("sensation", side.light_touch, known.dermatomes),
        pin_prick=_sum("sensation", side.pin_prick, known.dermatomes),
    )


def _sum(modality: Modality, scores: Mapping[str, str], levels: Iterable[str]) -> int | None:
    """The sum of scores as examined; None where one was not testable."""
    numbers = [score(modality, scores[level]).number for level in levels]
    return None if None in numbers else sum(number for number in numbers if number is not None)


def _together(right: Subtotals, left: Subtotals) -> Subtotals:
    def both(one: int | None, other: int | None) -> int | None:
        return None if one is None or other is None else one + other

    return Subtotals(*(both(getattr(right, name), getattr(left, name)) for name in Subtotals.__struct_fields__))


def _notes(examination: Examination, decisions: Mapping[_Key, Decision]) -> Iterator[str]:
    grades = decisions["impairment_scale", None].values
    if "B" in grades:
        for name in SIDES:
            yield from _untested_movements(name, getattr(examination, name), decisions["motor_level", name])
    if "E" in grades:
        yield "E is for somebody with a documented earlier deficit; without one the scale does not apply."


def _untested_movements(name: str, side: Side, motor: Decision) -> Iterator[str]:
    """Which non-key muscles would turn B into a motor incomplete grade, where none is recorded."""
    known = standard()
    places = (known.intact if level == INTACT else known.place(level) for level in motor.values)
    lowest = min(places) + known.levels_below_motor_level
    wanted = [f"{text} ({level})" for level, text in non_key_movements().items() if known.place(level) > lowest]
    if wanted and side.lowest_non_key_muscle is None:
        yield f"Before B is final, test the {name} side for {'; '.join(wanted)}."
