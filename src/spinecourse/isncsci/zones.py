"""Step 6 of the worksheet: zones of partial preservation."""

from __future__ import annotations

from spinecourse.isncsci.levels import dermatome, level_names
from spinecourse.isncsci.model import Decision, Examination, Side
from spinecourse.isncsci.standard import NOT_APPLICABLE, standard
from spinecourse.isncsci.view import Sensation, SideView, View
from spinecourse.isncsci.walk import possible_zones


def sensory_zone(view: View, side: SideView, examination: Examination) -> Decision:
    """How far down the side any sensation reaches; NA where deep anal pressure or S4-5 of the side is spared."""
    known = standard()
    sacral = side.sensation[known.sacral]
    values = [NOT_APPLICABLE] if True in view.pressure or sacral != (Sensation.ABSENT,) else []
    places = _sensory_places(side) if False in view.pressure and Sensation.ABSENT in sacral else []
    values += level_names(places)
    examined: Side = getattr(examination, side.name)
    reasons = [f"deep anal pressure {examination.deep_anal_pressure}; {dermatome(examined, known.levels[-1])}"]
    dermatomes = [known.name(place) for place in places if known.name(place) in known.dermatomes]
    if dermatomes:
        reasons.append(f"most caudal sensation: {'; '.join(dermatome(examined, level) for level in dermatomes)}")
    elif places:
        reasons.append("no sensation in any dermatome")
    return Decision("sensory_zone", side.name, values, False, reasons)


def _sensory_places(side: SideView) -> list[int]:
    """The places where the last sensation may be, going up from S3 until there must be some."""
    found = []
    for place in range(standard().sacral - 1, 0, -1):
        if side.sensation[place] != (Sensation.ABSENT,):
            found.append(place)
        if Sensation.ABSENT not in side.sensation[place]:
            return found
    return [*found, 0]


def motor_zone(view: View, side: SideView, examination: Examination) -> Decision:
    """How far down the side any motor function reaches; NA with voluntary anal contraction."""
    places = possible_zones(side) if False in view.contraction else set()
    values = [NOT_APPLICABLE] if True in view.contraction else []
    values += level_names(places)
    reasons = [f"voluntary anal contraction {examination.voluntary_anal_contraction}"]
    examined: Side = getattr(examination, side.name)
    reasons += [_last_function(place, side, examined) for place in sorted(places)]
    return Decision("motor_zone", side.name, values, False, reasons)


def _last_function(place: int, side: SideView, examined: Side) -> str:
    known = standard()
    level = known.name(place)
    powers = side.power[place]
    if powers is not None and max(powers) >= known.motor_function:
        return f"most caudal motor function: {level} {known.key_muscles[level]} {examined.motor[level]}"
    if place == side.non_key:
        return f"most caudal motor function: a non-key muscle of {level}"
    return f"no motor function below the motor level {level}"
