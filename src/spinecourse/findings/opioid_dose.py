"""Opioids over time in milligrams of morphine equivalents a day, from doses as they were written.

A dose that cannot be read is unknown, never zero: a total with one in it is a lower bound. Factors are those of
``follow/opioid_factors`` with their version; they are for judging danger and not for changing from drug to drug.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spinecourse.course.model import Fact, Patient
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.tables import Row, load

_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:mcg|µg|μg|ug|micrograms?)\s*(?:/|per |an )\s*h(?:ou)?r?\b")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(?:\s*(?:-|to)\s*(\d+(?:\.\d+)?))?\s*(?:mg|milligrams?)\b")
_EQUIVALENTS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:mg\s*)?(?:mme|ome|omeq|morphine equivalents?)\b")
_PRODUCT = re.compile(r"\b(\d+)\s*(?:x|×)\s*(\d+(?:\.\d+)?)\s*(?:mg|milligrams?)\b")
_OVER_TIME = re.compile(r"as needed|as required|\bprn\b|if needed|when needed")


@dataclass(frozen=True, slots=True)
class Dose:
    """One opioid from ``day`` to ``until_day``: milligrams of morphine equivalents a day, or why they are unknown.

    ``lowest`` and ``highest`` differ where the dose was a range or to be taken as needed; both are None where the
    dose is unknown.
    """

    fact: Fact
    drug: str
    day: int | None
    until_day: int | None
    lowest: float | None
    highest: float | None
    why: str
    version: str
    note: str


@cache
def opioid_names() -> frozenset[str]:
    """Treatments that are opioids."""
    return frozenset(anatomy.groups("any")["treatment", "opioid"])


def doses(facts: Sequence[Fact]) -> list[Dose]:
    """Every opioid of a course in order of days; one without an end lasts until the same drug is given anew."""
    found = [_dose(fact) for fact in sorted(facts, key=lambda fact: fact.order) if _is_opioid(fact)]
    return [_ended(dose, found[at + 1 :]) for at, dose in enumerate(found)]


def _is_opioid(fact: Fact) -> bool:
    return fact.kind == "treatment" and fact.present and fact.name in opioid_names()


def _ended(dose: Dose, later: Sequence[Dose]) -> Dose:
    """A dose without an end lasts until the day before the same drug is written down again with another dose."""
    if dose.until_day is not None or dose.day is None:
        return dose
    following = [other.day for other in later if other.drug == dose.drug and other.day is not None]
    newer = [day for day in following if day > dose.day]
    if not newer:
        return dose
    return Dose(
        dose.fact, dose.drug, dose.day, min(newer) - 1, dose.lowest, dose.highest, dose.why, dose.version, dose.note
    )


def _dose(fact: Fact) -> Dose:
    text = (fact.dose or "").casefold()
    row = _factor(fact, text)
    drug = row["drug"] if row else fact.name
    lowest, highest, why = read_dose(text, row)
    return Dose(
        fact,
        drug,
        fact.day,
        fact.until_day,
        lowest,
        highest,
        why,
        row["version"] if row else "",
        row["note"] if row else "",
    )


def _factor(fact: Fact, text: str) -> Row | None:
    """The row of the drug: its own name, or else the one drug that the dose names."""
    named = [row for row in load("follow/opioid_factors") if fact.name in row.items_of("words")]
    told = [row for row in load("follow/opioid_factors") if any(_word(word, text) for word in row.items_of("words"))]
    rows = named or told
    return rows[0] if len(rows) == 1 else None


def _word(word: str, text: str) -> bool:
    return re.search(rf"\b{word}\b", text) is not None


def read_dose(text: str, row: Row | None) -> tuple[float | None, float | None, str]:
    """Morphine equivalents a day from a dose as written: lowest, highest, and why where they are unknown.

    ``row`` is the drug's row of ``follow/opioid_factors``, None where the drug is not known. A dose to be taken as
    needed may be anything from nothing upwards.
    """
    told = _EQUIVALENTS.search(text)
    if told:
        return _as_needed(text, float(told[1]), float(told[1]))
    if not text:
        return None, None, "no dose is on record"
    if row is None:
        return None, None, "the drug is not named"
    factor = row.number("factor")
    if factor is None:
        return None, None, f"no factor for {row['drug'].replace('_', ' ')}: {row['note']}"
    rate = _RATE.search(text)
    if row["unit"] == "mcg/h":
        return (
            _as_needed(text, *[factor * float(rate[1])] * 2)
            if rate
            else (None, None, "micrograms an hour are not given")
        )
    amount, times = _amount(text), _times_a_day(text)
    if amount is None:
        return None, None, "milligrams are not given"
    if times is None:
        return None, None, "how often a day is not given"
    return _as_needed(text, factor * amount[0] * times[0], factor * amount[1] * times[1])


def _as_needed(text: str, lowest: float, highest: float) -> tuple[float, float, str]:
    if _OVER_TIME.search(text):
        return 0.0, highest, "to be taken as needed: anything up to the highest"
    return lowest, highest, ""


def _amount(text: str) -> tuple[float, float] | None:
    """Milligrams at a time; None where none or several different ones are written."""
    product = _PRODUCT.search(text)
    if product:
        return (float(product[1]) * float(product[2]),) * 2
    found = {(float(low), float(high or low)) for low, high in _AMOUNT.findall(text)}
    return found.pop() if len(found) == 1 else None


def _times_a_day(text: str) -> tuple[float, float] | None:
    """Times a day, the longest matching words first; None where nothing matches."""
    found = [(words, row) for row in load("follow/opioid_frequencies") for words in row.items_of("words")]
    for words, row in sorted(found, key=lambda entry: -len(entry[0])):
        if re.search(rf"(?<![\w/]){re.escape(words)}(?!\w)" if words[0] != "/" else re.escape(words) + r"(?!\w)", text):
            return float(row["lowest"]), float(row["highest"])
    return None


def total_at(found: Sequence[Dose], day: int) -> tuple[float, float, list[Dose]]:
    """The total of one day: lowest, highest of what is known, and the doses taken then that are unknown."""
    active = [dose for dose in found if is_active(dose, day)]
    unknown = [dose for dose in active if dose.highest is None]
    known = [dose for dose in active if dose.highest is not None]
    return sum(dose.lowest or 0.0 for dose in known), sum(dose.highest or 0.0 for dose in known), unknown


def is_active(dose: Dose, day: int) -> bool:
    """Whether an opioid is taken on a day; one whose beginning is unknown began before."""
    began = dose.day is None or dose.day <= day
    return began and (dose.until_day is None or dose.until_day >= day)


def opioid_mme(patient: Patient, facts: Sequence[Fact]) -> tuple[float | None, tuple[Fact, ...]]:
    """Highest morphine equivalents a day now; None where no opioid is on record or a dose is unknown."""
    found = doses(facts)
    if not found:
        return None, ()
    now = max((0, *(fact.day for fact in facts if fact.day is not None)))
    active = [dose for dose in found if is_active(dose, now)]
    _, highest, unknown = total_at(found, now)
    return (None, ()) if unknown or not active else (highest, tuple(dose.fact for dose in active))
