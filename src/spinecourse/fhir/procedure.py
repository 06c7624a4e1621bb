"""Procedure and ServiceRequest: treatments that were done; what was only ordered or not done is reported."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from spinecourse.fhir.codes import read_concept, targets_of
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.element import Element
from spinecourse.fhir.reading import Reading, bare_fact, forbidden, handling_of, times, unread_notes
from spinecourse.fhir.sites import read_sites
from spinecourse.knowledge.tables import load


def read_procedure(resource: Element, reading: Reading) -> list[Draft]:
    """The treatments of a Procedure; none where it was not done, since a course cannot deny a treatment."""
    unread_notes(reading, resource, "note")
    if handling_of(reading, resource, "status", resource.text("status")) == "no":
        resource.take(*resource.value)
        return []
    return _treatments(reading, resource, times(reading, resource, "performed"), _response(reading, resource))


def read_service_request(resource: Element, reading: Reading) -> list[Draft]:
    """The treatments of a completed ServiceRequest; an order not known to be carried out is no fact."""
    unread_notes(reading, resource, "note")
    if forbidden(reading, resource):
        return []
    if handling_of(reading, resource, "status", resource.text("status")) == "no":
        resource.take(*resource.value)
        return []
    return _treatments(reading, resource, times(reading, resource, "occurrence"), None)


def _treatments(reading: Reading, resource: Element, when: Times, response: str | None) -> list[Draft]:
    concept = read_concept(resource.child("code"))
    if concept is None:
        reading.note("code_missing", resource)
        return []
    site = read_sites(resource, reading.report)
    drafts = []
    for target in targets_of(concept, "Procedure", reading.report):
        if not target.makes_fact:
            reading.report.note("code_unused", concept.path, concept.name, concept.shown)
            continue
        found = bare_fact(reading, target, concept, site)
        if found is None:
            continue
        if target.kind != "treatment":
            reading.report.note("not_a_treatment", concept.path, concept.name, concept.shown)
            continue
        drafts.append(Draft(replace(found[0], response=response), when, concept.name))
    return drafts


def _response(reading: Reading, resource: Element) -> str | None:
    """How far a procedure helped, where its outcome says so in the codes of FHIR."""
    outcome = read_concept(resource.child("outcome"))
    if outcome is None:
        return None
    for coding in outcome.codings:
        found = _outcomes().get((coding.system or "", coding.code or ""))
        if found:
            return found
    reading.report.note("value_unknown", outcome.path, outcome.name, outcome.shown)
    return None


@cache
def _outcomes() -> dict[tuple[str, str], str]:
    return {(row["system"], row["code"]): row["response"] for row in load("fhir/outcomes")}
