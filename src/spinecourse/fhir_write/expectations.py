"""What is realistic as FHIR: a RiskAssessment for every option, and the patient's hopes as Goals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from spinecourse.expect.expectation_answer import Expectation, Harm, TreatmentRisks
from spinecourse.fhir_write.resources import Resource, Subject, narrative, with_values
from spinecourse.fhir_write.risks import Prediction, risk
from spinecourse.pictures import plain

CHANCES: Final = {
    "worse": "worse",
    "same": "about the same",
    "better": "better",
    "symptom_free": "nearly free of symptoms",
}


def expected_courses(
    subject: Subject, expectation: Sequence[Expectation], risks: Sequence[TreatmentRisks]
) -> Iterator[tuple[str, Resource]]:
    """One assessment an option, in the order given; a refusal is one without predictions that says why."""
    harms = {entry.treatment: entry for entry in risks}
    for treatment, entries in groupby(expectation, key=lambda entry: entry.treatment):
        told = list(entries)
        address = subject.address("RiskAssessment", "expected", treatment)
        yield address, _course(subject, treatment, told, harms.get(treatment))


def _course(subject: Subject, treatment: str, told: list[Expectation], harms: TreatmentRisks | None) -> Resource:
    predictions = [found for entry in told for found in _chances(entry)]
    predictions += [Prediction(f"{harm.label} {harm.period}".strip(), harm.of_100 / 100) for harm in _harms(harms)]
    notes = [_told(entry) for entry in told]
    notes += (
        [f"Not counted by any study on record: {', '.join(harms.not_counted)}."] if harms and harms.not_counted else []
    )
    because = [text for entry in told for text in entry.because]
    return risk(subject, f"expected course: {plain(treatment)}", predictions, because, notes)


def _chances(entry: Expectation) -> Iterator[Prediction]:
    for name, words in CHANCES.items():
        chance = getattr(entry, name)
        if chance is not None:
            yield Prediction(f"{plain(entry.outcome)} {words}", chance, f"certainty {entry.certainty}", entry.months)


def _harms(harms: TreatmentRisks | None) -> list[Harm]:
    return harms.harms if harms else []


def _told(entry: Expectation) -> str:
    """One outcome at one time in a sentence, or the reason why there is no figure."""
    when = f"{plain(entry.outcome)} after {entry.months:g} months" if entry.months is not None else plain(entry.outcome)
    if entry.median is None or entry.interval80 is None:
        return f"{when}: {entry.why}"
    low, high = entry.interval80
    parts = [f"{when}: {entry.median:g}, eight of ten between {low:g} and {high:g}", f"certainty {entry.certainty}"]
    return "; ".join([*parts, *entry.warnings, *(f"source: {source}" for source in entry.sources)])


def goals(subject: Subject, expectation: Sequence[Expectation]) -> Iterator[tuple[str, Resource]]:
    """What the patient hopes for, with the chance of at least that; hopes are written down, not agreed."""
    for entry in expectation:
        if entry.patient_expects is not None:
            parts = ("Goal", entry.treatment, entry.outcome, entry.months)
            yield subject.address(*parts), _goal(subject, entry)


def _goal(subject: Subject, entry: Expectation) -> Resource:
    hope = f"{plain(entry.outcome)} of {entry.patient_expects:g} after {plain(entry.treatment)}"
    chance = "not known" if entry.chance_of_that is None else f"{entry.chance_of_that:.0%}"
    said = f"hopes for {hope}; chance of at least that: {chance}"
    months = {"value": entry.months, "unit": "months", "system": "http://unitsofmeasure.org", "code": "mo"}
    return with_values(
        {
            "resourceType": "Goal",
            "text": narrative([said]),
            "lifecycleStatus": "proposed",
            "description": {"text": said},
            "subject": subject.reference,
            "target": [
                with_values(
                    {
                        "measure": {"text": plain(entry.outcome)},
                        "detailQuantity": {"value": entry.patient_expects},
                        "dueDuration": months if entry.months is not None else None,
                    }
                )
            ],
        }
    )
