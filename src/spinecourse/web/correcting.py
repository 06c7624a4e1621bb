"""Correcting the record: a fact withdrawn or replaced with a reason, and an entry undone. Nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from spinecourse.course import Fact, Patient, check_course
from spinecourse.course.values import described
from spinecourse.errors import NotFound, UserError
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.vocabulary import FactKey
from spinecourse.store import Recorded
from spinecourse.web.clinic import Clinic
from spinecourse.web.posting import Fields, posted
from spinecourse.web.rendering import page
from spinecourse.web.typed import number, typed
from spinecourse.web.worklist import name_of

_KEPT = {"on", "after"}
"""Keys of the course format that a correction does not offer."""


class CorrectingPages:
    """The page of one fact, and the undoing of an entry."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def routes(self) -> list[Route]:
        """The addresses, which have to stand before the patient's own."""
        return [
            Route("/patient/{id:path}/fact/{fact:int}", posted(self.correct), methods=["POST"]),
            Route("/patient/{id:path}/fact/{fact:int}", self.fact),
            Route("/patient/{id:path}/details", posted(self.correct_details), methods=["POST"]),
            Route("/patient/{id:path}/details", self.details),
            Route("/patient/{id:path}/undo/{signature:int}", posted(self.undo), methods=["POST"]),
        ]

    def fact(self, request: Request) -> Response:
        """One fact with its history, and the form that corrects it."""
        return self._page(request, {}, "")

    def correct(self, request: Request, fields: Fields) -> Response:
        """Withdraws the fact or puts another in its place; what cannot be read is said and nothing entered."""
        recorded = self._recorded(request)
        patient_id, by, why = request.path_params["id"], fields.get("by", ""), fields.get("why", "")
        try:
            new = None if fields.get("action") == "withdraw" else corrected(recorded.fact, fields)
            signature = self._clinic.store.correct(patient_id, recorded.id, new, by=by, why=why)
        except NotFound:
            raise
        except UserError as error:
            return self._page(request, fields, str(error), 422)
        return _to_patient(patient_id, signature)

    def details(self, request: Request) -> Response:
        """Name, age and sex, and the form that corrects them."""
        seen = self._clinic.patient(request.path_params["id"])
        patient, person = seen.course.patient, seen.entry.person
        age = "" if patient.age_years is None else described(patient.age_years)
        given = {"name": person.name if person else "", "age_years": age, "sex": patient.sex or ""}
        return self._details(request, given, "")

    def correct_details(self, request: Request, fields: Fields) -> Response:
        """Enters another name, age and sex; what cannot be read is said and nothing entered."""
        patient_id = request.path_params["id"]
        try:
            patient = patient_of(patient_id, fields)
            by, why = fields.get("by", ""), fields.get("why", "")
            name = fields.get("name", "").strip() or None
            signature = self._clinic.store.correct_details(patient_id, name, patient, by=by, why=why)
        except NotFound:
            raise
        except UserError as error:
            return self._details(request, fields, str(error), 422)
        return _to_patient(patient_id, signature)

    def _details(self, request: Request, given: Fields, refused: str, status: int = 200) -> Response:
        seen = self._clinic.patient(request.path_params["id"])
        by = given.get("by", "") or self._clinic.store.last_signed_by()
        values = {"seen": seen, "name": name_of(seen), "given": given, "by": by, "refused": refused}
        return page("details.html", values, status)

    def undo(self, request: Request, fields: Fields) -> Response:
        """Takes back an entry as a whole."""
        patient_id, signature = request.path_params["id"], request.path_params["signature"]
        by = fields.get("by", "") or self._clinic.store.last_signed_by()
        return _to_patient(patient_id, self._clinic.store.undo(patient_id, signature, by=by))

    def _recorded(self, request: Request) -> Recorded:
        number = request.path_params["fact"]
        for recorded in self._clinic.store.record(request.path_params["id"]):
            if recorded.id == number:
                return recorded
        raise NotFound("there is no such fact in this patient's record")

    def _page(self, request: Request, fields: Fields, refused: str, status: int = 200) -> Response:
        recorded, seen = self._recorded(request), self._clinic.patient(request.path_params["id"])
        values = {
            "seen": seen,
            "name": name_of(seen),
            "recorded": recorded,
            "keys": offered(recorded.fact),
            "given": fields or written(recorded.fact),
            "by": fields.get("by", "") or self._clinic.store.last_signed_by(),
            "refused": refused,
        }
        return page("correct.html", values, status)


def patient_of(patient_id: str, fields: Fields) -> Patient:
    """Age and sex of the form; an empty one is not known. Raises UserError where one cannot be read."""
    told = {"id": patient_id, "age_years": number(fields.get("age_years", "").strip()), "sex": fields.get("sex", "")}
    head = {key: value for key, value in told.items() if value != ""}
    reading = check_course({"course": 1, "patient": head, "facts": []}, file="form", today=date.today())
    if reading.course is None:
        raise UserError("; ".join(problem.message for problem in reading.problems))
    return reading.course.patient


def offered(fact: Fact) -> list[tuple[FactKey, tuple[str, ...]]]:
    """The keys a fact may be corrected in, each with its choices where they are few."""
    entry = vocabulary.find(fact.kind, fact.name)
    keys = [key for key in vocabulary.keys_of(fact.kind).values() if key.key not in _KEPT]
    fitting = [key for key in keys if key.key != "side" or entry is None or entry.side != "none"]
    return [(key, _choices(fact.kind, key)) for key in fitting]


def _choices(kind: str, key: FactKey) -> tuple[str, ...]:
    if key.type == "grade":
        return vocabulary.grades(kind)
    return ("true", "false") if key.type == "boolean" else key.choices


def written(fact: Fact) -> dict[str, str]:
    """The fact's own values as the form shows them; what is not known is left out."""
    found: dict[str, str] = {}
    for key, _ in offered(fact):
        value: Any = getattr(fact, key.key)
        if isinstance(value, tuple):
            value = ", ".join(value)
        if value is not None and value != "":
            found[key.key] = value if isinstance(value, str) else described(value)
    return found


def corrected(fact: Fact, fields: Fields) -> Fact:
    """The fact as the form has it; raises UserError where it cannot be read, or says what the old one said."""
    raw: dict[str, Any] = {fact.kind: fact.name}
    for key, _ in offered(fact):
        if value := fields.get(key.key, "").strip():
            raw[key.key] = typed(key.type, value)
    document = {"course": 1, "patient": {"id": "x"}, "facts": [raw | ({} if "day" in raw else {"day": 0})]}
    reading = check_course(document, file="form", today=date.today())
    if reading.course is None:
        raise UserError("; ".join(problem.message for problem in reading.problems))
    new = reading.course.facts[0]
    new = replace(new, day=new.day if "day" in raw else None, number=0, line=None)
    if replace(fact, number=0, line=None, origin=None) == new:
        raise UserError("this says the same as the fact that stands; change something, or withdraw it")
    return new


def _to_patient(patient_id: str, signature: int) -> RedirectResponse:
    return RedirectResponse(f"/patient/{quote(patient_id, safe='')}?entered={signature}#record", 303)
