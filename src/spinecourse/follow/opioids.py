"""The opioids of a course: doses, totals over time, thresholds reached, and what makes them more dangerous."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from spinecourse.course.model import Course, Fact
from spinecourse.findings import Batch, supporting_facts
from spinecourse.findings.opioid_dose import Dose, doses, is_active, total_at
from spinecourse.follow.answer import OpioidDanger, OpioidDose, Opioids, OpioidTotal
from spinecourse.follow.parameters import parameter
from spinecourse.knowledge.rules import rules
from spinecourse.knowledge.tables import Row, load


def opioids(course: Course, batch: Batch, row: int, now: int) -> Opioids | None:
    """The opioids of one course up to day ``now``; None where no opioid is on record.

    That none is on record does not mean that none is taken.
    """
    facts = [fact for fact in course.facts if not fact.after]
    found = doses(facts)
    if not found:
        return None
    days = sorted({day for dose in found for day in _changes(dose) if day <= now})
    totals = [_total(found, day) for day in days]
    current = _total(found, now)
    active = [dose for dose in found if is_active(dose, now)]
    dangers = [*_together(active, facts, now), *_conditions(batch, row)] if active else []
    return Opioids(
        doses=[_shown(dose) for dose in found],
        totals=[total for at, total in enumerate(totals) if at == 0 or not _alike(total, totals[at - 1])],
        now=current,
        trend=_trend(found, active, now),
        thresholds=_thresholds(current) if active else [],
        dangers=dangers,
        version=", ".join(dict.fromkeys(dose.version for dose in found if dose.version)),
        why=_why(current, active, dangers),
    )


def _changes(dose: Dose) -> Iterator[int]:
    """The days on which a dose changes the total."""
    if dose.day is not None:
        yield dose.day
    if dose.until_day is not None:
        yield dose.until_day + 1


def _total(found: Sequence[Dose], day: int) -> OpioidTotal:
    lowest, highest, unknown = total_at(found, day)
    return OpioidTotal(day, round(lowest, 1), round(highest, 1), not unknown)


def _alike(one: OpioidTotal, other: OpioidTotal) -> bool:
    return (one.lowest_mme, one.highest_mme, one.complete) == (other.lowest_mme, other.highest_mme, other.complete)


def _shown(dose: Dose) -> OpioidDose:
    written = f" ({dose.fact.dose})" if dose.fact.dose else ""
    return OpioidDose(
        dose.drug, dose.day, dose.until_day, dose.lowest, dose.highest, dose.why, dose.note, dose.fact.text + written
    )


def _trend(
    found: Sequence[Dose], active: Sequence[Dose], now: int
) -> Literal["rising", "falling", "stable", "stopped", "unknown"]:
    """The total of now against that of some weeks ago; unknown where a dose of either day is."""
    if not active:
        return "stopped"
    current, earlier = total_at(found, now), total_at(found, now - int(parameter("opioid_rise_days")))
    if current[2] or earlier[2] or any(dose.day is None for dose in found):
        return "unknown"
    if current[1] == earlier[1]:
        return "stable"
    return "rising" if current[1] > earlier[1] else "falling"


def _thresholds(total: OpioidTotal) -> list[OpioidDanger]:
    """The thresholds that the total reaches, the highest first; a lower bound reaches what it reaches."""
    reached = [row for row in load("follow/opioid_thresholds") if total.highest_mme >= float(row["at_least_mme"])]
    amount = f"{total.highest_mme:g} mg of morphine equivalents a day" + ("" if total.complete else " at least")
    return [_danger(row, [amount]) for row in reversed(reached)]


def _together(active: Sequence[Dose], facts: Sequence[Fact], now: int) -> Iterator[OpioidDanger]:
    """Treatments taken at the same time that endanger."""
    for row in load("follow/opioid_dangers"):
        taken = [fact for fact in facts if fact.kind == "treatment" and fact.name in row.items_of("taken_with")]
        with_it = [fact for fact in taken if _is_taken(fact, now)]
        if with_it:
            yield _danger(row, [fact.text for fact in (*(dose.fact for dose in active), *with_it)])


def _is_taken(fact: Fact, now: int) -> bool:
    """Whether a treatment is taken on a day; without an end it still is."""
    return fact.present and (fact.day is None or fact.day <= now) and (fact.until_day is None or fact.until_day >= now)


def _conditions(batch: Batch, row: int) -> Iterator[OpioidDanger]:
    """What about the patient makes an opioid more dangerous."""
    for rule in rules("follow/opioid_dangers", "condition"):
        if batch.conditions.true(rule.condition) >> row & 1:
            found = [fact.text for fact in supporting_facts(rule.condition, batch, row)]
            yield _danger(rule.row, found or [rule.row["condition"]])


def _danger(row: Row, because: list[str]) -> OpioidDanger:
    sources = [f"{row['source']} ({row['checked']}) {row['source_url']}"]
    return OpioidDanger(
        row["name"], row["meaning"], row["action"], list(dict.fromkeys(because)), sources, row["checked"]
    )


def _why(total: OpioidTotal, active: Sequence[Dose], dangers: Sequence[OpioidDanger]) -> str:
    """One sentence that a clinician can read out."""
    if not active:
        return "opioids were taken, and none is on record as taken now"
    unknown = [dose for dose in active if dose.highest is None]
    amount = f"{total.highest_mme:g} mg of morphine equivalents a day"
    if len(unknown) == len(active):
        said = f"the dose of {_drugs(unknown)} is unknown ({unknown[0].why}), so no total is given"
    elif unknown:
        said = f"at least {amount}; the dose of {_drugs(unknown)} is unknown ({unknown[0].why})"
    elif total.lowest_mme != total.highest_mme:
        said = f"between {total.lowest_mme:g} and {amount}"
    else:
        said = amount
    also = f"; with {' and '.join(danger.danger.replace('_', ' ') for danger in dangers)}" if dangers else ""
    return said + also


def _drugs(found: Sequence[Dose]) -> str:
    return " and ".join(dict.fromkeys(dose.drug.replace("_", " ") for dose in found))
