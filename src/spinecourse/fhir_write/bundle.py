"""The bundle: the patient, everything the assessment says, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from spinecourse import __version__
from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Patient
from spinecourse.fhir_write.dangers import detected_issues, requests
from spinecourse.fhir_write.expectations import expected_courses, goals
from spinecourse.fhir_write.follow_up import follow_up
from spinecourse.fhir_write.plan import care_plan
from spinecourse.fhir_write.resources import Resource, Subject, narrative, with_values
from spinecourse.fhir_write.risks import risk_assessments

PURPOSE: Final = (
    "Proposals of a decision support program for a clinician to weigh; nothing here has been ordered or decided."
)


def assessment_bundle(patient: Patient, assessment: Assessment, recorded: datetime, message: str = "") -> Resource:
    """One assessment as an R4 Bundle of type ``collection``.

    Dangers are DetectedIssues (an own one holds what nobody asked), proposals ServiceRequests in draft, site and kind
    of pain RiskAssessments; a Provenance names the program, its version and the facts used. Facts are named by their
    words in ``basis``, because the record they stand in is not ours to address. ``recorded`` is the moment of the
    assessment and must carry its offset; the same assessment at the same moment gives the same bundle. ``message`` is
    what the patient is told, such as the letter's words; without one there is no Communication.

    Source: HL7 FHIR R4 (4.0.1), https://hl7.org/fhir/R4/.
    """
    if recorded.tzinfo is None:
        raise ValueError("recorded must carry its offset from UTC, as FHIR instants do")
    subject = Subject(assessment.id, recorded.isoformat(timespec="seconds"))
    said = [*_said(subject, assessment), *_message(subject, message)]
    provenance = subject.address("Provenance"), _provenance(subject, [address for address, _ in said])
    entries = [(subject.address("Patient"), _patient(patient)), *said, provenance]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": subject.recorded,
        "entry": [{"fullUrl": address, "resource": resource} for address, resource in entries],
    }


def _said(subject: Subject, assessment: Assessment) -> Iterator[tuple[str, Resource]]:
    yield from detected_issues(subject, assessment.triage)
    yield from requests(subject, assessment.triage)
    yield from risk_assessments(subject, assessment.localisation, assessment.mechanism)
    yield from care_plan(subject, assessment.pathway)
    yield from expected_courses(subject, assessment.expectation, assessment.risks)
    yield from goals(subject, assessment.expectation)
    yield from follow_up(subject, assessment.follow)


def _message(subject: Subject, message: str) -> Iterator[tuple[str, Resource]]:
    """What the patient is told, in preparation: somebody reads it before it goes out."""
    if message:
        yield (
            subject.address("Communication"),
            {
                "resourceType": "Communication",
                "text": narrative(message.split("\n\n")),
                "status": "preparation",
                "subject": subject.reference,
                "payload": [{"contentString": message}],
            },
        )


def _patient(patient: Patient) -> Resource:
    age = f", {patient.age_years:g} years" if patient.age_years is not None else ""
    return with_values(
        {
            "resourceType": "Patient",
            "text": narrative([f"Patient {patient.id}{age}"]),
            "identifier": [{"value": patient.id}],
            "gender": patient.sex or "unknown",
        }
    )


def _provenance(subject: Subject, targets: list[str]) -> Resource:
    """Which program said it, in which version, and that it is a proposal."""
    return {
        "resourceType": "Provenance",
        "text": narrative([f"spinecourse {__version__}", PURPOSE]),
        "target": [{"reference": address} for address in targets],
        "recorded": subject.recorded,
        "activity": {"text": "assessment by rules and models of published knowledge"},
        "agent": [
            {
                "type": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                            "code": "assembler",
                            "display": "Assembler",
                        }
                    ]
                },
                "who": {"display": f"spinecourse {__version__}"},
            }
        ],
        "entity": [{"role": "source", "what": subject.reference | {"display": "the record of the patient"}}],
    }
