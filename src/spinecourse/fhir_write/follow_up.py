"""Following as FHIR: what does not go as expected and what endangers as DetectedIssues, causes as a RiskAssessment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spinecourse.fhir_write.resources import Resource, Subject, narrative, notes_of, with_values
from spinecourse.fhir_write.risks import Prediction, risk
from spinecourse.follow import Follow
from spinecourse.follow.answer import FailedSurgery, OpioidDanger
from spinecourse.pictures import plain

ISSUES: Final = ("slower", "off_course", "failing")
"""Statuses that somebody has to look at; unknown is none of them, and is said in the note of the plan."""


def follow_up(subject: Subject, follow: Follow) -> Iterator[tuple[str, Resource]]:
    """What following raises; nothing where it raises nothing, which is not the same as going well."""
    if follow.status in ISSUES:
        yield subject.address("DetectedIssue", "course"), _off_course(subject, follow)
    for danger in follow.opioids.dangers if follow.opioids else []:
        yield subject.address("DetectedIssue", "opioid", danger.danger), _opioid(subject, danger)
    if follow.failed_surgery is not None:
        yield subject.address("RiskAssessment", "after surgery"), _causes(subject, follow.failed_surgery)


def _off_course(subject: Subject, follow: Follow) -> Resource:
    return _issue(subject, f"course of treatment: {plain(follow.status)}", follow.because, follow.why)


def _opioid(subject: Subject, danger: OpioidDanger) -> Resource:
    issue = _issue(subject, danger.meaning, danger.because, f"Sources: {'; '.join(danger.sources)} ({danger.checked}).")
    return issue | {"mitigation": [{"action": {"text": danger.action}}]}


def _issue(subject: Subject, says: str, because: list[str], detail: str) -> Resource:
    return with_values(
        {
            "resourceType": "DetectedIssue",
            "text": narrative([says, *because, detail]),
            "status": "preliminary",
            "code": {"text": says},
            "patient": subject.reference,
            "identifiedDateTime": subject.recorded,
            "evidence": [with_values({"code": [{"text": plain(text)} for text in because]})] if because else [],
            "detail": detail,
        }
    )


def _causes(subject: Subject, found: FailedSurgery) -> Resource:
    """Likely causes in order; their weights are an order to think in and are written as words, not as probabilities."""
    causes = [
        Prediction(plain(cause.cause), None, f"weight {cause.share:.0%} of the causes considered; {cause.work_up}")
        for cause in found.causes
    ]
    notes = [found.why, *(f"Not again: {text}" for text in found.do_not_repeat)]
    resource = risk(subject, "likely causes of pain after surgery", causes, found.pain, notes)
    return resource | {"note": notes_of([*notes, *(f"Not asked: {plain(text)}" for text in found.unasked)])}
