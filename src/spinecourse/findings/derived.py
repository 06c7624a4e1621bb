"""Numbers that follow from several facts together: durations, ages at onset, days since an operation.

Each is None where it cannot be known. The case and clinic records write the onset of a complaint as the day of
assessment where nobody noted it; such an onset counts as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Final

from spinecourse.course.model import Fact, Patient
from spinecourse.findings.catalogue import FULL_STRENGTH
from spinecourse.findings.operation_numbers import OPERATION_NUMBERS
from spinecourse.findings.opioid_dose import opioid_mme
from spinecourse.findings.report_scope import legs_alone, one_arm_alone
from spinecourse.knowledge import anatomy

DAYS_PER_YEAR: Final = 365.25

Derived = tuple[float | None, tuple[Fact, ...]]


def derived_number(name: str, patient: Patient, facts: Sequence[Fact]) -> Derived:
    """The derived number of this name and the facts it rests on.

    Raises KeyError for a name nobody defined; ``knowledge check`` finds those in the tables.
    """
    return DERIVED[name](patient, facts)


def assessment_day(facts: Sequence[Fact]) -> int | None:
    """The day of presentation (0), or of the newest fact where that is later; None where no fact has a day."""
    days = [fact.day for fact in facts if fact.day is not None]
    return max(0, *days) if days else None


def ended(facts: Sequence[Fact]) -> list[Fact]:
    """For every complaint whose last day lies before the assessment, the fact that it was gone from then on."""
    now = assessment_day(facts)
    return [
        replace(fact, present=False, day=fact.until_day, until_day=None)
        for fact in facts
        if fact.kind == "symptom" and fact.present and fact.until_day is not None and fact.until_day < (now or 0)
    ]


def _duration(group: str) -> Callable[[Patient, Sequence[Fact]], Derived]:
    """Days from the first mention of a group of findings to the assessment."""

    def days(patient: Patient, facts: Sequence[Fact]) -> Derived:
        names = set(anatomy.groups("any")["symptom", group])
        return _days_since_first([fact for fact in facts if fact.kind == "symptom" and fact.name in names], facts)

    return days


def _deficit_days(patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Days since the first weakness that anybody reported or found."""
    names = set(anatomy.groups("any")["symptom", "weakness"])
    weak = [
        fact
        for fact in facts
        if (fact.kind == "symptom" and fact.name in names)
        or (fact.kind == "power" and fact.mrc is not None and fact.mrc < FULL_STRENGTH)
        or (fact.kind == "sign" and fact.name.startswith("weak_"))
    ]
    return _days_since_first(weak, facts)


def _days_since_first(chosen: Sequence[Fact], facts: Sequence[Fact]) -> Derived:
    dated = [fact for fact in chosen if fact.present and fact.day is not None]
    now = assessment_day(facts)
    if not dated or now is None:
        return None, ()
    first = min(dated, key=lambda fact: fact.day or 0)
    if first.day is None or first.day == now:
        return None, ()
    return float(now - first.day), (first,)


def _days_since(kind: str, *names: str) -> Callable[[Patient, Sequence[Fact]], Derived]:
    """Days from the newest dated fact of these names, present and not denied, to the assessment."""

    def days(patient: Patient, facts: Sequence[Fact]) -> Derived:
        named = [fact for fact in facts if fact.kind == kind and fact.name in names and fact.present]
        dated = [fact for fact in named if fact.day is not None]
        now = assessment_day(facts)
        if not dated or now is None:
            return None, ()
        newest = max(dated, key=lambda fact: fact.day or 0)
        return float(now - (newest.day or 0)), (newest,)

    return days


def _days_since_surgery(patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Days from the newest spinal operation or injection to the assessment."""
    return _days_since("treatment", *anatomy.groups("any")["treatment", "spinal_procedure"])(patient, facts)


def _trauma_days(patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Days from the newest dated injury to the assessment."""
    return _days_since("event", *anatomy.groups("any")["event", "injury"])(patient, facts)


def _age_at_onset(patient: Patient, facts: Sequence[Fact]) -> Derived:
    days, basis = _duration("spine_pain")(patient, facts)
    if patient.age_years is None:
        return None, ()
    return patient.age_years - (days or 0.0) / DAYS_PER_YEAR, basis


def _bmi(patient: Patient, facts: Sequence[Fact]) -> Derived:
    measured = [fact for fact in facts if fact.kind == "measure" and fact.name == "bmi" and fact.value is not None]
    newest = max(measured, key=lambda fact: (fact.day or 0, fact.value or 0.0), default=None)
    return (newest.value, (newest,)) if newest else (None, ())


def _no_improvement_days(patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Days of back pain of which nobody says that it improves; None where somebody does or the onset is unknown."""
    days, basis = _duration("spine_pain")(patient, facts)
    improving = [fact for fact in facts if fact.kind == "symptom" and fact.trend == "improving"]
    return (None, ()) if improving else (days, basis)


def _most_mrc_loss(patient: Patient, facts: Sequence[Fact]) -> Derived:
    """The largest fall of a weak movement between two examinations, in grades.

    A fall from normal is not counted here: new weakness is taken as new without proof that it was absent before.
    """
    graded = [fact for fact in facts if fact.kind == "power" and fact.mrc is not None and fact.mrc < FULL_STRENGTH]
    falls = [
        ((earlier.mrc or 0.0) - (later.mrc or 0.0), (earlier, later))
        for earlier, later in permutations(graded, 2)
        if (earlier.name, earlier.side) == (later.name, later.side) and (earlier.day or 0) < (later.day or 0)
    ]
    return max(falls, key=lambda fall: fall[0], default=(None, ()))


def _complaint_days(patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Days since the first pain of the spine or of a limb."""
    found = [_duration(group)(patient, facts) for group in ("spine_pain", "lower_limb_pain", "upper_limb_pain")]
    return max((entry for entry in found if entry[0] is not None), key=lambda entry: entry[0] or 0, default=(None, ()))


def _leg_over_back(patient: Patient, facts: Sequence[Fact]) -> Derived:
    """Points from 0 to 10 by which the newest pain of the leg is worse than that of the back."""
    leg, back = (_newest_pain(facts, *names) for names in (("nrs_leg", "leg_pain"), ("nrs_back", "back_pain")))
    if leg is None or back is None:
        return None, ()
    return leg[0] - back[0], (leg[1], back[1])


def _newest_pain(facts: Sequence[Fact], measure: str, symptom: str) -> tuple[float, Fact] | None:
    rated = [
        (number, fact)
        for fact in facts
        if fact.present
        and (fact.kind, fact.name) in (("measure", measure), ("symptom", symptom))
        and (number := fact.value if fact.kind == "measure" else fact.nrs) is not None
    ]
    return max(rated, key=lambda entry: (entry[1].day or 0, entry[0]), default=None)


DERIVED: Final[dict[str, Callable[[Patient, Sequence[Fact]], Derived]]] = {
    "age_at_onset": _age_at_onset,
    "arm_pain_days": _duration("upper_limb_pain"),
    "bmi": _bmi,
    "bladder_days": _duration("sphincter"),
    "cauda_equina_diagnosis_days": _days_since("diagnosis", "cauda_equina_syndrome"),
    "complaint_days": _complaint_days,
    "days_since_surgery": _days_since_surgery,
    "deficit_days": _deficit_days,
    "fusion_days": _days_since("treatment", "fusion"),
    "leg_over_back": _leg_over_back,
    "leg_pain_days": _duration("lower_limb_pain"),
    "legs_alone": legs_alone,
    "most_mrc_loss": _most_mrc_loss,
    "no_improvement_days": _no_improvement_days,
    "numbness_days": _duration("numbness"),
    "one_arm_alone": one_arm_alone,
    "opioid_mme": opioid_mme,
    "pain_days": _duration("spine_pain"),
    "trauma_days": _trauma_days,
    **OPERATION_NUMBERS,
}
"""Every name that a condition may use after ``derived:`` (or ``patient:``, for ages and body mass)."""
