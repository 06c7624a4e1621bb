"""Observation: measures, tests, examination findings and answers, one fact a code, components included."""

from __future__ import annotations

from dataclasses import replace

from spinecourse.fhir.codes import Concept, Target, read_concept, targets_of
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.element import Element
from spinecourse.fhir.findings import valued_draft
from spinecourse.fhir.reading import Reading, handling_of, moment, presence_draft, times, unread_notes
from spinecourse.fhir.sites import Site, read_sites
from spinecourse.fhir.values import Value, read_value, skip_value

_CONTEXT = "Observation"


def read_observation(resource: Element, reading: Reading) -> list[Draft]:
    """The facts of an Observation; none where its status or its subject forbids it, which is reported."""
    unread_notes(reading, resource, "note")
    if handling_of(reading, resource, "status", resource.text("status")) == "no":
        resource.take(*resource.value)
        return []
    if resource.has("focus"):
        resource.take(*resource.value)
        reading.note("focus", resource, "focus")
        return []
    when = _when(reading, resource)
    site = read_sites(resource, reading.report)
    components = resource.each("component")
    drafts = _measured(reading, resource, site, when, is_panel=bool(components) or resource.has("hasMember"))
    for component in components:
        drafts += _measured(reading, component, site, when)
    return drafts


def _when(reading: Reading, resource: Element) -> Times:
    """When it was observed; where that is not said, when it was issued. An observation lasts no longer than it took."""
    found = times(reading, resource, "effective")
    return replace(found, end=None, recorded=moment(reading, resource, "issued"))


def _measured(reading: Reading, element: Element, site: Site, when: Times, *, is_panel: bool = False) -> list[Draft]:
    """The facts of one code and its value, be it an observation or a component of one."""
    concept = read_concept(element.child("code"))
    if concept is None:
        reading.note("code_missing", element)
        skip_value(element)
        return []
    targets = targets_of(concept, _CONTEXT, reading.report)
    if not targets or not any(target.makes_fact for target in targets):
        return _no_fact(reading, element, concept, targets, site, when, is_panel)
    value = _value(reading, element, concept, is_panel)
    if value is None:
        return []
    found = [valued_draft(reading, target, concept, site, when, value) for target in targets]
    return [draft for draft in found if draft is not None]


def _value(reading: Reading, element: Element, concept: Concept, is_panel: bool) -> Value | None:
    """The value; where it is missing the reason given, or the interpretation as positive or negative."""
    absent = read_concept(element.child("dataAbsentReason"))
    value = read_value(reading, element)
    interpretations = [read_concept(item) for item in element.each("interpretation")]
    if value is not None:
        return value
    if absent is not None:
        reading.report.note("value_absent", absent.path, absent.name, absent.shown)
        return None
    told = [item for item in interpretations if item is not None]
    if len(told) == 1:
        return Value((told[0].path, told[0].name), answer=told[0])
    if not is_panel and not any(key.startswith("value") for key in element.value):
        reading.report.note("value_missing", concept.path, concept.name, concept.shown)
    return None


def _no_fact(
    reading: Reading,
    element: Element,
    concept: Concept,
    targets: tuple[Target, ...],
    site: Site,
    when: Times,
    is_panel: bool,
) -> list[Draft]:
    """A code that is unknown, says nothing, heads a panel, or asserts the finding its value names."""
    kind = targets[0].kind if targets else "unknown"
    if kind == "assertion" and element.has("valueCodeableConcept"):
        return _asserted(reading, element, site, when)
    has_value = any(key.startswith("value") for key in element.value)
    if kind in {"unused", "assertion"} or (kind == "panel" and has_value):
        reading.report.note("code_unused", concept.path, concept.name, concept.shown)
    elif kind == "panel" and not is_panel:
        reading.report.note("value_missing", concept.path, concept.name, concept.shown)
    skip_value(element)
    return []


def _asserted(reading: Reading, element: Element, site: Site, when: Times) -> list[Draft]:
    """The findings that an assertion's value names: they are present."""
    found = read_concept(element.child("valueCodeableConcept"))
    skip_value(element)
    assert found is not None
    drafts = []
    for target in targets_of(found, _CONTEXT, reading.report):
        if target.makes_fact:
            drafts.append(presence_draft(reading, target, found, site, when))
        else:
            reading.report.note("code_unused", found.path, found.name, found.shown)
    return [draft for draft in drafts if draft is not None]
