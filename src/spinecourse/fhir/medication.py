"""MedicationStatement and MedicationRequest: what is taken, from codes or from the ingredient's name."""

from __future__ import annotations

import re
from functools import cache

from spinecourse.course.model import Fact
from spinecourse.fhir.codes import Concept, Target, read_concept, rows_of, targets_of
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.element import Element
from spinecourse.fhir.reading import Reading, forbidden, handling_of, moment, times, unread_notes
from spinecourse.knowledge.tables import Row, load


def read_medication_statement(resource: Element, reading: Reading) -> list[Draft]:
    """The treatments of a MedicationStatement; one not taken is no fact, since a course cannot deny a treatment."""
    unread_notes(reading, resource, "note")
    handling = handling_of(reading, resource, "status", resource.text("status"))
    if handling == "no":
        resource.take(*resource.value)
        return []
    when = times(reading, resource, "effective")
    return _drafts(reading, resource, Times(when.start, when.end, None, handling == "ended"), "dosage")


def read_medication_request(resource: Element, reading: Reading) -> list[Draft]:
    """The treatments of a MedicationRequest that was an order; a proposal or a ban is no fact."""
    unread_notes(reading, resource, "note")
    if forbidden(reading, resource):
        return []
    handlings = [handling_of(reading, resource, key, resource.text(key)) for key in ("status", "intent")]
    if "no" in handlings:
        resource.take(*resource.value)
        return []
    authored = moment(reading, resource, "authoredOn")
    return _drafts(reading, resource, Times(authored, over="ended" in handlings), "dosageInstruction")


def _drafts(reading: Reading, resource: Element, when: Times, dosage: str) -> list[Draft]:
    dose = _dose(reading, resource, dosage)
    given = "medicationReference" if resource.has("medicationReference") else "medicationCodeableConcept"
    origin, name = resource.place(given)
    drafts = []
    for concept in _concepts(reading, resource):
        for target in _targets(reading, concept):
            if not target.makes_fact:
                reading.report.note("code_unused", concept.path, concept.name, concept.shown)
            elif target.kind not in {"treatment", "history"}:
                reading.report.note("not_a_treatment", concept.path, concept.name, concept.shown)
            elif target.kind == "treatment":
                fact = Fact("treatment", target.name, None, dose=dose, origin=origin)
                drafts.append(Draft(fact, when, name))
            elif when.over or (when.end and not when.end.after(reading.today)):
                detail = f"{target.kind} {target.name}: no longer taken"
                reading.report.note("part_not_kept", concept.path, concept.name, detail)
            else:
                fact = Fact(target.kind, target.name, None, origin=origin)
                drafts.append(Draft(fact, when, name))
    return drafts


def _dose(reading: Reading, resource: Element, key: str) -> str | None:
    """The dose as written, or as a quantity; several are joined."""
    found = []
    for dosage in resource.each(key):
        text = dosage.text("text")
        for rate in dosage.each("doseAndRate"):
            quantity = rate.child("doseQuantity")
            if quantity is not None:
                quantity.take("system", "code")
                number, unit = quantity.number("value"), quantity.text("unit") or quantity.value.get("code")
                text = text or (f"{number:g} {unit}" if number is not None and unit else None)
        if text:
            found.append(text)
    return "; ".join(found) or None


def _concepts(reading: Reading, resource: Element) -> list[Concept]:
    """The medicine's code: in place, contained, or in a Medication of the document; else its ingredients."""
    concept = read_concept(resource.child("medicationCodeableConcept"))
    if concept is not None:
        return [concept]
    reference = resource.child("medicationReference")
    medication = _referred(reading, resource, reference) if reference else None
    if medication is None:
        reading.note("medication_unresolved" if reference else "code_missing", resource)
        return []
    code = read_concept(medication.child("code"))
    ingredients = [] if code else medication.each("ingredient")
    found = [code, *(read_concept(item.child("itemCodeableConcept")) for item in ingredients)]
    medication.report_rest(reading.report)
    known = [concept for concept in found if concept is not None]
    if not known:
        reading.note("code_missing", resource, "medicationReference")
    return known


def _referred(reading: Reading, resource: Element, reference: Element) -> Element | None:
    target = reference.text("reference") or ""
    if target.startswith("#"):
        return _contained(reading, resource, target[1:])
    found = [known for known in reading.index.find(target, reading.base) if known.content is not None]
    if len(found) != 1 or found[0].content is None:
        return None
    reading.index.used.add(found[0].number)
    return Element.resource(found[0].content, found[0].path)


def _contained(reading: Reading, resource: Element, wanted: str) -> Element | None:
    """A contained Medication by its id, under its own name so that the element table finds it."""
    contained = resource.value.get("contained")
    for at, item in enumerate(contained if isinstance(contained, list) else []):
        if isinstance(item, dict) and item.get("id") == wanted and item.get("resourceType") == "Medication":
            path = f"{resource.path}.contained[{at}]"
            reading.contained_used.add(path)
            element = Element(item, path, "Medication")
            element.take("resourceType")
            return element
    return None


def _targets(reading: Reading, concept: Concept) -> tuple[Target, ...]:
    """By code where one is known, else by the names of ingredients in text and displays."""
    if any(c.system and c.code and rows_of(c.system, c.code) for c in concept.codings):
        return targets_of(concept, "Medication", reading.report)
    found: dict[tuple[str, str], Target] = {}
    for text in concept.wording:
        words = re.findall(r"[a-z]+", text.lower())
        for word in words:
            for row in _ingredients().get(word, ()):
                if not any(part in text.lower() for part in row.items_of("unless")):
                    found[row["kind"], row["name"]] = Target(row["kind"], row["name"])
    if not found:
        return targets_of(concept, "Medication", reading.report)
    names = ", ".join(f"{kind} {name}" for kind, name in sorted(found))
    reading.report.note("text_matched", concept.path, concept.name, f"as {names}")
    return tuple(found.values())


@cache
def _ingredients() -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in load("fhir/medicines"):
        found[row["word"]] = (*found.get(row["word"], ()), row)
    return found
