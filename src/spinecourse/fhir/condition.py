"""Condition: complaints, diagnoses and history, with beginning, end, certainty and side."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from spinecourse.fhir.codes import Concept, read_concept, targets_of
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.element import Element
from spinecourse.fhir.reading import Reading, handling_of, moment, presence_draft, times, unread_notes
from spinecourse.fhir.sites import read_sites
from spinecourse.knowledge.tables import load


def read_condition(resource: Element, reading: Reading) -> list[Draft]:
    """The facts of a Condition: present, or with ``present`` false where it was refuted.

    None where the record calls it an error or one of several possibilities, which is reported.
    """
    unread_notes(reading, resource, "note")
    verified = _status(reading, resource, "verificationStatus")
    clinical = _status(reading, resource, "clinicalStatus")
    if "no" in (verified, clinical):
        resource.take(*resource.value)
        return []
    when = _when(reading, resource, over=clinical == "ended")
    concept = read_concept(resource.child("code"))
    if concept is None:
        reading.note("code_missing", resource)
        return []
    site, severity = read_sites(resource, reading.report), _severity(reading, resource)
    drafts = []
    for target in targets_of(concept, "Condition", reading.report):
        if target.makes_fact:
            present = verified != "denied"
            drafts.append(presence_draft(reading, target, concept, site, when, present=present, severity=severity))
        else:
            reading.report.note("code_unused", concept.path, concept.name, concept.shown)
    return [draft for draft in drafts if draft is not None]


def _status(reading: Reading, resource: Element, key: str) -> str:
    """What a coded status means; a Condition without one is taken as read."""
    concept = read_concept(resource.child(key))
    if concept is None:
        return "read"
    codes = [coding.code for coding in concept.codings if coding.code]
    return handling_of(reading, resource, key, codes[0] if codes else None)


def _when(reading: Reading, resource: Element, *, over: bool) -> Times:
    onset = times(reading, resource, "onset")
    abated = times(reading, resource, "abatement")
    recorded = moment(reading, resource, "recordedDate")
    end = abated.end or abated.start or onset.end
    started = replace(onset, end=end, recorded=recorded)
    return replace(started, over=over or _has_abatement(resource))


def _has_abatement(resource: Element) -> bool:
    return any(key.startswith("abatement") for key in resource.value)


def _severity(reading: Reading, resource: Element) -> str | None:
    concept = read_concept(resource.child("severity"))
    if concept is None:
        return None
    found = _known_severity(concept)
    if found is None:
        reading.report.note("value_unknown", concept.path, concept.name, concept.shown)
    return found


def _known_severity(concept: Concept) -> str | None:
    codes = {(coding.system, coding.code) for coding in concept.codings}
    words = {text.strip().lower() for text in concept.wording}
    for (system, code), severity in _severities().items():
        if (system, code) in codes or severity in words:
            return severity
    return None


@cache
def _severities() -> dict[tuple[str, str], str]:
    return {(row["system"], row["code"]): row["severity"] for row in load("fhir/severities")}
