"""Scores of a filled-in form for an electronic record: Observations that lead back to the answers they came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spinecourse import __version__
from spinecourse.fhir_write.resources import Resource, Subject, narrative, notes_of, with_values
from spinecourse.fhir_write.scores import FormScore

_LOINC: Final = "http://loinc.org"
_SURVEY: Final = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}]
}
_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def score_bundle(response: Resource, scores: list[FormScore], subject: Subject) -> Resource:
    """The response, an Observation for each score, an issue for each answer that needs somebody, and a Provenance.

    An Observation is ``derivedFrom`` the response and says how many questions were answered; where there is no score
    it carries a ``dataAbsentReason`` and no value. All speak of the response's own subject where it names one. The same
    scores at the same moment give the same bundle.
    Source: HL7 FHIR R4 Observation and Provenance, https://hl7.org/fhir/R4/.
    """
    answers = subject.address("QuestionnaireResponse", response.get("questionnaire", ""))
    patient = response.get("subject") or subject.reference
    found = [
        (subject.address("Observation", number), _observation(score, answers, subject) | {"subject": patient})
        for number, score in enumerate(scores)
    ]
    issues = [
        (subject.address("DetectedIssue", number), issue | {"patient": patient})
        for number, issue in enumerate(issue for score in scores for issue in _issues(score, answers, subject))
    ]
    provenance = subject.address("Provenance", "scores"), _provenance([name for name, _ in found], answers, subject)
    entries = [(answers, response), *found, *issues, *([provenance] if found else [])]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": subject.recorded,
        "entry": [{"fullUrl": name, "resource": resource} for name, resource in entries],
    }


def _observation(score: FormScore, answers: str, subject: Subject) -> Resource:
    coding = [{"system": _LOINC, "code": score.loinc}] if score.loinc else []
    value = {"value": score.value, "unit": score.unit} if score.value is not None else None
    return with_values(
        {
            "resourceType": "Observation",
            "text": narrative(
                [f"{score.name}: {'no score' if score.value is None else f'{score.value:g} {score.unit}'}"]
            ),
            "status": "final",
            "category": [_SURVEY],
            "code": with_values({"coding": coding, "text": score.name}),
            "effectiveDateTime": subject.recorded,
            "valueQuantity": value,
            "dataAbsentReason": _absent(score) if value is None else None,
            "method": {"text": score.rule},
            "note": notes_of(_notes(score)),
            "derivedFrom": [{"reference": answers}],
        }
    )


def _absent(score: FormScore) -> Resource:
    code = {"system": _ABSENT, "code": "not-asked" if score.answered == 0 else "not-applicable"}
    return {"coding": [code], "text": score.why}


def _notes(score: FormScore) -> Iterator[str]:
    yield f"{score.answered} of {score.questions} questions answered"
    if score.prorated:
        yield "prorated: the score stands for questions that were not answered"
    yield score.why


def _issues(score: FormScore, answers: str, subject: Subject) -> Iterator[Resource]:
    """An issue for each answer that needs somebody, and for each such question that nobody answered."""
    for alert in score.alerts:
        said = alert.alert if alert.asked else f"not answered: {alert.alert}"
        yield {
            "resourceType": "DetectedIssue",
            "text": narrative([f"{score.name}, question {alert.item}: {said}"]),
            "status": "preliminary",
            "severity": "high" if alert.asked else "moderate",
            "code": {"text": f"{score.name}, question {alert.item}"},
            "identifiedDateTime": subject.recorded,
            "implicated": [{"reference": answers}],
            "detail": said,
            "reference": alert.source.rpartition(" ")[2],
        }


def _provenance(scores: list[str], answers: str, subject: Subject) -> Resource:
    program = f"spinecourse {__version__}"
    return {
        "resourceType": "Provenance",
        "text": narrative([f"{program}: scores worked out from the answers"]),
        "target": [{"reference": name} for name in scores],
        "recorded": subject.recorded,
        "activity": {"text": "scoring of a questionnaire"},
        "agent": [{"who": {"display": program}}],
        "entity": [{"role": "source", "what": {"reference": answers}}],
    }
