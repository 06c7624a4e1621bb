"""Letters about one patient from the browser: to the patient, to a colleague, and the summary for a payer."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import date
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Course
from spinecourse.errors import UserError
from spinecourse.letters import Letter, as_html, as_pdf, authorisation_letter, colleague_letter, patient_letter
from spinecourse.web.clinic import Clinic

_WRITERS: Final[dict[str, Callable[[Course, Assessment, date], Letter]]] = {
    "patient": patient_letter,
    "colleague": colleague_letter,
}

_STYLE_SHEET: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)


class LetterPages:
    """One address a letter; each is written anew from the record as it stands."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def routes(self) -> list[Route]:
        """The addresses, which have to stand before the patient's own."""
        return [
            Route("/patient/{id:path}/letter/payer/{procedure}.{format}", self.payer),
            Route("/patient/{id:path}/letter/{to}.{format}", self.letter),
        ]

    def letter(self, request: Request) -> Response:
        """The letter to the patient or to a colleague."""
        write = _WRITERS.get(request.path_params["to"])
        if write is None:
            raise HTTPException(404)
        return _printed(request, write(*self._assessed(request), date.today()))

    def payer(self, request: Request) -> Response:
        """The criteria for one procedure, met, unmet and unknown."""
        return _printed(
            request, authorisation_letter(*self._assessed(request), request.path_params["procedure"], date.today())
        )

    def _assessed(self, request: Request) -> tuple[Course, Assessment]:
        """Course and assessment; UserError where assessing failed, because no letter is written on nothing."""
        seen = self._clinic.patient(request.path_params["id"])
        if seen.assessment is None:
            raise UserError("the record could not be assessed, so no letter can be written about it")
        return seen.course, seen.assessment


def _printed(request: Request, letter: Letter) -> Response:
    if request.path_params["format"] == "pdf":
        return Response(as_pdf(letter), media_type="application/pdf")
    if request.path_params["format"] == "html":
        return _web_page(as_html(letter))
    raise HTTPException(404)


def _web_page(written: str) -> Response:
    """The letter as a page that stands on its own; its own style sheets are allowed by their hashes, and nothing else.

    A style sheet of somebody else's cannot be among them: everything from the record is escaped in a letter.
    """
    hashes = [hashlib.sha256(sheet.encode()).digest() for sheet in _STYLE_SHEET.findall(written)]
    allowed = " ".join(sorted({f"'sha256-{base64.b64encode(each).decode()}'" for each in hashes}))
    policy = f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return HTMLResponse(written, headers={"content-security-policy": policy})
