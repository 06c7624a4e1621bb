"""The pages of the check-in: sending the link, the questions, saving, and the answer at the end."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from spinecourse.course.model import Course
from spinecourse.errors import Conflict
from spinecourse.measures.checkin import contradictions
from spinecourse.measures.texts import languages, text
from spinecourse.store import PATIENT
from spinecourse.web.checkin import answers as given
from spinecourse.web.checkin import steps
from spinecourse.web.checkin.answers import LANGUAGE, Checkin
from spinecourse.web.checkin.reply import dangers_told, is_emergency, reply
from spinecourse.web.clinic import Clinic
from spinecourse.web.posting import Fields, posted
from spinecourse.web.rendering import page
from spinecourse.web.worklist import name_of

WHY: Final = "check-in: the patient's own report"


class CheckinPages:
    """One method a page; whatever changes something takes a form."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def routes(self) -> list[Route]:
        """The addresses of the check-in."""
        return [
            Route("/patient/{id:path}/checkin", posted(self.begin), methods=["POST"]),
            Route("/patient/{id:path}/checkin/{checkin}", self.link),
            Route("/checkin/{checkin}/save", posted(self.save), methods=["POST"]),
            Route("/checkin/{checkin}", posted(self.act), methods=["POST"]),
            Route("/checkin/{checkin}", self.form),
        ]

    def begin(self, request: Request, fields: Fields) -> Response:
        """Makes a check-in for a patient, or finds the one still open, and shows its link."""
        patient_id = request.path_params["id"]
        id = given.start(self._clinic.store, patient_id)
        return RedirectResponse(f"/patient/{quote(patient_id, safe='')}/checkin/{id}", 303)

    def link(self, request: Request) -> Response:
        """The link to hand to the patient."""
        checkin = self._found(request)
        seen = self._clinic.patient(checkin.patient_id)
        address = f"{request.url.scheme}://{request.url.netloc}/checkin/{checkin.draft.id}"
        return page("checkin/link.html", {"seen": seen, "name": name_of(seen), "address": address, "checkin": checkin})

    def form(self, request: Request) -> Response:
        """The questions; or, once it was sent, what was answered to it."""
        checkin = self._found(request)
        language = _language(request.query_params.get(LANGUAGE, ""), checkin)
        if checkin.draft.closed_as is not None:
            return self._reply(checkin, language)
        return self._form(checkin, language, _step(request.query_params.get("step", "")))

    def save(self, request: Request, fields: Fields) -> Response:
        """Keeps answers as they are given, and says whether one of them cannot wait."""
        try:
            checkin = given.save(self._clinic.store, self._found(request), fields)
        except Conflict:
            return JSONResponse({"saved": False}, 409)
        return JSONResponse({"saved": True, "emergency": self._cannot_wait(checkin)})

    def act(self, request: Request, fields: Fields) -> Response:
        """Keeps what was sent, and goes where the button says; a page that opened a new question is shown again."""
        checkin, step, action = self._found(request), _step(fields.get("step", "")), fields.get("action", "next")
        if checkin.draft.closed_as is not None:
            return _go(checkin, 1)
        checkin = given.save(self._clinic.store, checkin, fields)
        if action == "none":
            given.save(self._clinic.store, checkin, _as_fields(steps.none_of_the_others(step, checkin.answers)))
            return _go(checkin, step)
        if action == "back":
            return _go(checkin, max(1, step - 1))
        if set(steps.shown_now(step, checkin.answers)) - set(fields.get("shown", "").split()):
            return _go(checkin, step)
        if action != "send":
            return _go(checkin, min(steps.LAST, step + 1))
        return self._send(checkin, "confirmed" in fields)

    def _send(self, checkin: Checkin, confirmed: bool) -> Response:
        """Enters the answers as the patient's own report, once; what does not fit together is asked again first."""
        store, entry = self._clinic.store, self._clinic.store.entry(checkin.patient_id)
        facts = given.facts_of(checkin.answers, given.day_of(entry, date.today()))
        if not facts:
            return self._form(checkin, checkin.language, 1, "nothing", 422)
        if contradictions(checkin.answers) and not confirmed:
            return self._form(checkin, checkin.language, 1, "check_again", 422)
        store.append(checkin.patient_id, facts, by=PATIENT, why=WHY, draft=checkin.draft.id)
        return _go(checkin, 1)

    def _reply(self, checkin: Checkin, language: str) -> Response:
        seen = self._clinic.patient(checkin.patient_id)
        day = given.day_of(seen.entry, checkin.draft.saved_at.date())
        said = reply(checkin.answers, day, seen.assessment)
        return page("checkin/reply.html", {**_words(checkin, language), "said": said})

    def _form(self, checkin: Checkin, language: str, step: int, trouble: str = "", status: int = 200) -> Response:
        values = {
            **_words(checkin, language),
            "step": step,
            "steps": steps.steps(checkin.answers, language),
            "trouble": trouble,
            "again": contradictions(checkin.answers) if trouble == "check_again" else [],
            "shown": " ".join(steps.shown_now(step, checkin.answers)),
            "cannot_wait": self._cannot_wait(checkin),
        }
        return page("checkin/form.html", values, status)

    def _cannot_wait(self, checkin: Checkin) -> bool:
        """Whether an answer given so far is an emergency, seen in the record with all of them."""
        seen = self._clinic.patient(checkin.patient_id)
        day = given.day_of(seen.entry, date.today())
        facts = given.facts_of(checkin.answers, day)
        if not dangers_told(checkin.answers):
            return False
        course = Course(seen.course.patient, (*seen.course.facts, *facts))
        return is_emergency(checkin.answers, day, self._clinic.preview(course))

    def _found(self, request: Request) -> Checkin:
        return given.find(self._clinic.store, request.path_params["checkin"])


def _words(checkin: Checkin, language: str) -> dict[str, Any]:
    return {
        "checkin": checkin,
        "language": languages()[language],
        "languages": languages().values(),
        "say": lambda key: text(key, language),
    }


def _language(asked: str, checkin: Checkin) -> str:
    return asked if asked in languages() else checkin.language


def _step(written: str) -> int:
    return int(written) if written.isdecimal() and 1 <= int(written) <= steps.LAST else 1


def _as_fields(answers: dict[str, Any]) -> Fields:
    return {name: str(answer) for name, answer in answers.items()}


def _go(checkin: Checkin, step: int) -> RedirectResponse:
    where = f"?step={step}" if step > 1 else ""
    return RedirectResponse(f"/checkin/{checkin.draft.id}{where}", 303)
