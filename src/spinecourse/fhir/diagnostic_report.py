"""DiagnosticReport: coded conclusions become findings; the written conclusion is reported as unread."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from spinecourse.fhir.codes import Concept, read_concept, targets_of
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.element import Element
from spinecourse.fhir.reading import Reading, handling_of, moment, presence_draft, times, unread_notes
from spinecourse.fhir.sites import Site
from spinecourse.fhir.texts import level_in, normalise
from spinecourse.knowledge.tables import load


def read_diagnostic_report(resource: Element, reading: Reading) -> list[Draft]:
    """The findings of a report's coded conclusions, with the kind of imaging where code or category tell it."""
    unread_notes(reading, resource, "conclusion", "presentedForm", "media")
    if handling_of(reading, resource, "status", resource.text("status")) == "no":
        resource.take(*resource.value)
        return []
    when = replace(times(reading, resource, "effective"), end=None, recorded=moment(reading, resource, "issued"))
    modality = _modality(reading, resource)
    _check_results(reading, resource)
    drafts: list[Draft] = []
    for item in resource.each("conclusionCode"):
        concept = read_concept(item)
        if concept is not None:
            drafts += _concluded(reading, concept, when, modality)
    return drafts


def _concluded(reading: Reading, concept: Concept, when: Times, modality: str | None) -> list[Draft]:
    drafts = []
    level = next(filter(None, (level_in(text, segment_only=True) for text in concept.wording)), None)
    for target in targets_of(concept, "DiagnosticReport", reading.report):
        if not target.makes_fact:
            reading.report.note("code_unused", concept.path, concept.name, concept.shown)
            continue
        draft = presence_draft(reading, target, concept, Site(level=level), when)
        if draft is not None:
            kind = modality if target.kind == "imaging" else None
            drafts.append(replace(draft, fact=replace(draft.fact, modality=kind)))
    return drafts


def _modality(reading: Reading, resource: Element) -> str | None:
    """The kind of imaging, from the categories' codes or from a word of the report's code."""
    concepts = [read_concept(item) for item in resource.each("category")]
    code = read_concept(resource.child("code"))
    for concept in [*concepts, code]:
        found = _modality_of(concept) if concept else None
        if found:
            return found
    return None


def _modality_of(concept: Concept) -> str | None:
    for row in load("fhir/modalities"):
        if row["code"] and any((c.system, c.code) == (row["system"], row["code"]) for c in concept.codings):
            return row["modality"]
    words = {word for text in concept.wording for word in normalise(text).split()}
    return next((_words()[word] for word in sorted(words) if word in _words()), None)


@cache
def _words() -> dict[str, str]:
    return {row["word"]: row["modality"] for row in load("fhir/modalities") if row["word"]}


def _check_results(reading: Reading, resource: Element) -> None:
    """The results are read as Observations of their own; a reference that leads nowhere is reported."""
    for result in resource.each("result"):
        target = result.text("reference") or ""
        if not reading.index.holds(target):
            reading.note("reference_unresolved", result)
        result.take("display", "type", "identifier")
