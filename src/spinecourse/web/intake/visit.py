"""One draft as the pages need it: what is in it, what it says, and what the record would say with it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from spinecourse.assess.answer import Assessment
from spinecourse.course import Course
from spinecourse.course.model import Fact
from spinecourse.store import Draft, Person
from spinecourse.web.clinic import Clinic, Seen
from spinecourse.web.intake.reading import HEAD, Reading, read_form

_NEW: str = "intake of a new patient"
_AGAIN: str = "examined again"


@dataclass(frozen=True, slots=True)
class Visit:
    """A draft with its reading; ``known`` is None while the patient is new."""

    draft: Draft
    content: dict[str, str]
    known: Seen | None
    reading: Reading

    @property
    def course(self) -> Course:
        """The record with what the form adds."""
        before: tuple[Fact, ...] = self.known.course.facts if self.known else ()
        return Course(self.reading.patient, (*before, *self.reading.facts))

    @property
    def name(self) -> str:
        """The patient's name as far as it is known."""
        if self.known is None:
            return self.content.get("person.name", "").strip() or "New patient"
        person = self.known.entry.person
        return person.name if person else self.known.course.id

    @property
    def has_answers(self) -> bool:
        """Whether anything is in it besides the patient and the day."""
        return any(field not in HEAD for field in self.content)


def visit_of(clinic: Clinic, draft: Draft, content: dict[str, str] | None = None) -> Visit:
    """A draft read, or other content in its place, such as what was just sent."""
    filled = draft.content if content is None else content
    known = clinic.patient(draft.patient_id) if draft.patient_id else None
    began = known.entry.presented_on if known else None
    reading = read_form(filled, known.course if known else None, began, date.today())
    return Visit(draft, dict(filled), known, reading)


def preview(clinic: Clinic, visit: Visit) -> Assessment | None:
    """What the record would be answered with; None where assessing failed."""
    return clinic.preview(visit.course)


def start(clinic: Clinic, patient_id: str | None) -> str:
    """The id of an open draft for a patient, the one already begun where there is one; a new one for a new patient."""
    if patient_id is not None:
        clinic.patient(patient_id)
        begun = [draft for draft in clinic.store.drafts() if draft.patient_id == patient_id]
        if begun:
            return begun[0].id
    content = {"examined_on": date.today().isoformat(), "by": clinic.store.last_signed_by()}
    if patient_id is None:
        content["patient.id"] = f"p-{secrets.token_hex(3)}"
    return clinic.store.start_draft(patient_id, {field: value for field, value in content.items() if value})


def enter(clinic: Clinic, visit: Visit) -> tuple[str, int]:
    """Enters what the form says into the record, and returns the patient's id and the number of the signature.

    Raises UserError where the id is taken or the draft is closed.
    """
    reading, by = visit.reading, visit.content.get("by", "")
    if visit.known is not None:
        patient_id = visit.known.course.id
        return patient_id, clinic.store.append(patient_id, reading.facts, by=by, why=_AGAIN, draft=visit.draft.id)
    person = Person(visit.content["person.name"].strip())
    course = Course(reading.patient, reading.facts)
    return course.id, clinic.store.add_course(
        course, person=person, presented_on=reading.presented_on, by=by, why=_NEW, draft=visit.draft.id
    )
