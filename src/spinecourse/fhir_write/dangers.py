"""Triage as FHIR: a DetectedIssue for every danger raised, and a proposal of what to request for it."""

from __future__ import annotations

from collections.abc import Iterator

from spinecourse.fhir_write.resources import Resource, Subject, concept, narrative, notes_of, urgencies, with_values
from spinecourse.pictures import plain
from spinecourse.triage.answer import Concern, Triage


def detected_issues(subject: Subject, triage: Triage) -> Iterator[tuple[str, Resource]]:
    """One issue a concern, and one for what nobody asked: silence is written down as an open question."""
    for concern in triage.concerns:
        yield subject.address("DetectedIssue", concern.condition), _issue(subject, concern)
    if triage.open:
        yield subject.address("DetectedIssue", "unasked"), _unasked(subject, triage)


def _issue(subject: Subject, concern: Concern) -> Resource:
    severity = urgencies()[concern.urgency]["severity"]
    return with_values(
        {
            "resourceType": "DetectedIssue",
            "text": narrative([_headline(concern), *concern.because, concern.action]),
            "status": "preliminary",
            "code": concept(concern.condition, f"possible {plain(concern.condition)}"),
            "severity": severity,
            "patient": subject.reference,
            "identifiedDateTime": subject.recorded,
            "evidence": [with_values({"code": _texts([*concern.because, *_denied(concern)])})],
            "detail": _details(concern),
            "mitigation": [{"action": {"text": concern.action}}] if concern.action else [],
        }
    )


def _headline(concern: Concern) -> str:
    return f"{plain(concern.condition)}: {concern.urgency}, {concern.within}"


def _denied(concern: Concern) -> list[str]:
    """What speaks against; named as such, or a reader would take it for evidence."""
    return [f"against: {fact}" for fact in concern.against]


def _texts(texts: list[str]) -> list[Resource]:
    return [{"text": plain(text)} for text in texts]


def _details(concern: Concern) -> str:
    """Everything that does not fit an element of DetectedIssue, as sentences."""
    parts = [
        _headline(concern) + ".",
        f"Probability about {concern.probability:.2g}." if concern.probability is not None else "",
        f"Not asked: {'; '.join(map(plain, concern.unasked))}." if concern.unasked else "",
        *(f"Guidance differs: {text}." for text in concern.disagreements),
        f"Source: {'; '.join(concern.sources)} ({concern.certainty}).",
    ]
    return " ".join(part for part in parts if part)


def _unasked(subject: Subject, triage: Triage) -> Resource:
    questions = [f"{plain(entry.condition)}: {', '.join(map(plain, entry.unasked))}" for entry in triage.open]
    return {
        "resourceType": "DetectedIssue",
        "text": narrative(["Dangers that stay open because nobody asked:", *questions]),
        "status": "preliminary",
        "code": {"text": "decisive questions not asked"},
        "patient": subject.reference,
        "identifiedDateTime": subject.recorded,
        "detail": "Dangers that stay open because nobody asked: " + "; ".join(questions),
    }


def requests(subject: Subject, triage: Triage) -> Iterator[tuple[str, Resource]]:
    """What triage proposes to request; a proposal, which a person has to turn into an order."""
    for concern in triage.concerns:
        if concern.action:
            yield subject.address("ServiceRequest", concern.condition), _request(subject, concern)


def _request(subject: Subject, concern: Concern) -> Resource:
    return with_values(
        {
            "resourceType": "ServiceRequest",
            "text": narrative([concern.action, f"Within: {concern.within}"]),
            "status": "draft",
            "intent": "proposal",
            "priority": urgencies()[concern.urgency]["priority"],
            "code": {"text": concern.action},
            "subject": subject.reference,
            "authoredOn": subject.recorded,
            "reasonCode": [concept(concern.condition, f"possible {plain(concern.condition)}")],
            "reasonReference": [{"reference": subject.address("DetectedIssue", concern.condition)}],
            "note": notes_of([f"Within: {concern.within}."]),
        }
    )
