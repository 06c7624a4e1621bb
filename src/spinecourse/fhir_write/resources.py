"""What every resource we write has in common: its address, its subject, its words, its codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Final
from uuid import UUID, uuid5

from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.pictures import plain

Resource = dict[str, Any]
"""A FHIR resource or element as JSON has it."""

NAMES: Final = UUID("0c5f6d9e-6f0d-5b1a-9c1e-5d3b5a1f7e21")
"""The namespace of our addresses: the same assessment always gets the same ones."""

ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
XHTML: Final = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose resources these are, and when they were made (``recorded``, an instant with its offset)."""

    id: str
    recorded: str

    def address(self, *parts: object) -> str:
        """The ``urn:uuid`` of a resource of this patient, the same for the same parts and moment."""
        return f"urn:uuid:{uuid5(NAMES, '|'.join(map(str, (self.id, self.recorded, *parts))))}"

    @property
    def reference(self) -> Resource:
        """A reference to the patient."""
        return {"reference": self.address("Patient")}


def concept(name: str, words: str | None = None) -> Resource:
    """A condition as a CodeableConcept: our words always, an ICD-10-CM code where the table has one."""
    written = _coded().get(name)
    coding = [{"system": ICD_10_CM, "code": written["code"], "display": written["display"]}] if written else []
    return with_values({"coding": coding, "text": words or plain(name)})


@cache
def urgencies() -> dict[str, Row]:
    """How each class of urgency is written: severity of an issue, priority of a request."""
    return by_column(load("fhir/written_urgencies"), "urgency")


@cache
def _coded() -> dict[str, Row]:
    codes: dict[str, Row] = {}
    for row in load("clinical/billing_free_codes"):
        if row["system"] == "ICD-10-CM":
            codes.setdefault(row["term"], row)
    return {name: codes[row["term"]] for name, row in by_column(load("fhir/written_conditions"), "condition").items()}


def notes_of(texts: Iterable[str]) -> list[Resource]:
    """Texts as notes, the empty ones left out."""
    return [{"text": text} for text in texts if text]


def facts_as_basis(facts: Iterable[str]) -> list[Resource]:
    """Facts of the record as references by name: the record they stand in is not ours to address."""
    return [{"display": fact} for fact in facts]


def with_values(resource: Mapping[str, Any]) -> Resource:
    """The resource without empty elements, which FHIR forbids; ``False`` and 0 are values and stay."""
    return {name: value for name, value in resource.items() if value is not None and value not in ("", [], {})}


def narrative(sentences: Iterable[str]) -> Resource:
    """The same in words, for a reader whose system shows no more than text."""
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence)
    return {"status": "generated", "div": f'<div xmlns="{XHTML}">{paragraphs or "<p>Nothing to say.</p>"}</div>'}
