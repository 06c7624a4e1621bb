"""*Is this right for me?* in the browser: the questions that decide about one procedure, for a patient to answer.

What somebody answers here is read, told back and forgotten: it is entered in no record and written to no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spinecourse.assess.procedure import Procedure, ask_procedure
from spinecourse.course import Course, Patient
from spinecourse.expect.plain import outcome_words
from spinecourse.pathway import Question
from spinecourse.pictures import plain
from spinecourse.web import realistic
from spinecourse.web.clinic import Clinic, Seen
from spinecourse.web.posting import Fields, posted
from spinecourse.web.rendering import page
from spinecourse.web.worklist import name_of

NOBODY: Final = Course(Patient("nobody"), ())
"""A course without a fact: everything is unknown, and nothing is reassured."""

_YOU: Final = re.compile(r"you\b(?!r)")
"""How whom to ask begins where the patient can answer: *you*, and not *your clinician*."""

Meaning = Literal["for", "against", "open"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with the answer given here, or on record; ``means`` is what it says about the procedure."""

    number: int
    question: Question
    answer: str
    means: Meaning

    @property
    def by_patient(self) -> bool:
        """Whether the patient can answer it alone."""
        return _YOU.match(self.question.whom) is not None


class ProcedurePages:
    """One page a procedure, with a patient's record or without."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def routes(self) -> list[Route]:
        """The addresses, which have to stand before the patient's own."""
        return [
            Route("/patient/{id:path}/right-for-me/{procedure}", posted(self.answer_known), methods=["POST"]),
            Route("/patient/{id:path}/right-for-me/{procedure}", self.ask_known),
            Route("/right-for-me/{procedure}", posted(self.answer), methods=["POST"]),
            Route("/right-for-me/{procedure}", self.ask),
        ]

    def ask(self, request: Request) -> Response:
        """The questions for anybody."""
        return _page(request, None, {}, told=False)

    def answer(self, request: Request, fields: Fields) -> Response:
        """What the answers mean; they are kept nowhere."""
        return _page(request, None, fields, told=True)

    def ask_known(self, request: Request) -> Response:
        """The questions for a patient, with what the record says already."""
        return _page(request, self._clinic.patient(request.path_params["id"]), {}, told=False)

    def answer_known(self, request: Request, fields: Fields) -> Response:
        """What record and answers mean together; the answers are kept nowhere."""
        return _page(request, self._clinic.patient(request.path_params["id"]), fields, told=True)


def _page(request: Request, seen: Seen | None, fields: Fields, *, told: bool) -> Response:
    found = ask_procedure(seen.course if seen else NOBODY, request.path_params["procedure"])
    asked = answered(found, fields)
    values = {
        "procedure": found,
        "title": plain(found.treatment),
        "asked": asked,
        "told": told,
        "counts": {means: sum(entry.means == means for entry in asked) for means in ("for", "against", "open")},
        "seen": seen,
        "name": name_of(seen) if seen else "",
        "shown": _realistic(seen, found) if seen else None,
        "outcome_words": outcome_words,
        "address": request.url.path,
    }
    return page("talk/right.html", values)


def answered(found: Procedure, fields: Mapping[str, str]) -> list[Asked]:
    """Every question with its answer; what the record says stands, and an answer given here fills what it does not.

    *Do not know* and no answer mean the same: open.
    """
    return [_asked(number, entry, fields.get(f"q{number}", "")) for number, entry in enumerate(found.questions)]


def _asked(number: int, question: Question, given: str) -> Asked:
    answer = question.answer if question.answer != "not known" else given if given in ("yes", "no") else "not known"
    if answer == "not known":
        return Asked(number, question, answer, "open")
    return Asked(number, question, answer, "for" if answer == question.wanted else "against")


def _realistic(seen: Seen, found: Procedure) -> realistic.Shown | None:
    """What the procedure can realistically do for this patient; None where it is not among the open options."""
    options = realistic.options(seen.course, seen.assessment) if seen.assessment else []
    return next((option for option in options if option.key == found.treatment), None)
