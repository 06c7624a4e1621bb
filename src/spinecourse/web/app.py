"""The pages, rendered on the server and readable without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from spinecourse.errors import NotFound, UserError
from spinecourse.store import Store
from spinecourse.web import drawings, worklist
from spinecourse.web.checkin import CheckinPages
from spinecourse.web.clinic import Assess, Clinic, Seen
from spinecourse.web.correcting import CorrectingPages
from spinecourse.web.drawings import Drawing
from spinecourse.web.drawn_pain import DrawingPages
from spinecourse.web.followed import followed, today_of
from spinecourse.web.following_pages import FollowingPages
from spinecourse.web.guard import Guard
from spinecourse.web.intake import progress
from spinecourse.web.intake.pages import IntakePages
from spinecourse.web.printing import LetterPages
from spinecourse.web.procedure import ProcedurePages
from spinecourse.web.record import changes, timeline
from spinecourse.web.rendering import page, static_file
from spinecourse.web.talk.pages import TalkPages, common

_DRAWINGS: Final[dict[str, Callable[[Seen], Drawing | None]]] = {
    "spine": drawings.spine, "side": drawings.side, "body": drawings.body, "chances": drawings.chances,
    "supply": drawings.supply, "segment": drawings.segment, "timeline": drawings.timeline,
}  # fmt: skip
"""Every drawing by the name of its address."""


class Pages:
    """One method a page."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def worklist(self, request: Request) -> Response:
        """Everybody in order of urgency, or those of a filter; a filter that does not exist is said, not guessed."""
        chosen = worklist.Filter.of(request.query_params)
        groups = worklist.groups(self._clinic.patients(), date.today())
        values = {
            "groups": groups,
            "shown": worklist.shown(groups, chosen),
            "chosen": chosen,
            "total": sum(len(group.lines) for group in groups),
            "drafts": self._clinic.store.drafts(),
        }
        return page("worklist.html", values, 400 if chosen.mistaken else 200)

    def patient(self, request: Request) -> Response:
        """One patient: assessment with its reasons, drawn spine, record."""
        seen = self._seen(request)
        recorded = self._clinic.store.record(seen.course.id)
        entered = request.query_params.get("entered", "")
        values = {
            "seen": seen,
            "answer": seen.assessment,
            "course": seen.course,
            "name": worklist.name_of(seen),
            "meaning": worklist.meanings(),
            "timeline": timeline(recorded),
            "changes": changes(recorded, self._clinic.store.signatures(seen.course.id)),
            "entered": int(entered) if entered.isdecimal() else None,
            "today": today_of(seen, date.today()),
            "follow": followed(seen, date.today()),
            "last": worklist.last_fact(seen, date.today()),
            "examine": progress.to_examine(seen.assessment) if seen.assessment else [],
            "draft": next((d for d in self._clinic.store.drafts() if d.patient_id == seen.course.id), None),
            "drawn": {name: draw(seen) for name, draw in _DRAWINGS.items()},
        }
        return page("patient.html", common(seen) | values)

    def drawing(self, request: Request) -> Response:
        """One drawing alone."""
        draw = _DRAWINGS.get(request.path_params["drawing"])
        drawn = draw(self._seen(request)) if draw is not None else None
        if drawn is None:
            raise HTTPException(404)
        return Response(drawn.svg, media_type="image/svg+xml")

    def assessment(self, request: Request) -> Response:
        """The assessment as JSON."""
        seen = self._seen(request)
        if seen.assessment is None:
            raise HTTPException(500)
        return Response(msgspec.json.encode(seen.assessment), media_type="application/json")

    def about(self, request: Request) -> Response:
        """What this is for, and why it answers on this machine alone."""
        return page("about.html", {})

    def health(self, request: Request) -> Response:
        """That the server is up."""
        return PlainTextResponse("ok\n")

    def problem(self, request: Request, error: Exception) -> Response:
        """Any refusal: plain words, nothing of a patient."""
        status = error.status_code if isinstance(error, HTTPException) else 404 if isinstance(error, NotFound) else 409
        message = str(error) if isinstance(error, UserError) and status == 409 else ""
        return page("problem.html", {"status": status, "message": message}, status)

    def _seen(self, request: Request) -> Seen:
        return self._clinic.patient(request.path_params["id"])


def build_app(store: Store, assess: Assess) -> Starlette:
    """The application over a store; every patient is assessed before the first request."""
    clinic = Clinic(store, assess)
    clinic.patients()
    pages = Pages(clinic)
    routes = [
        Route("/", pages.worklist, name="worklist"),
        Route("/about", pages.about),
        Route("/static/{name}", static_file),
        Route("/healthz", pages.health),
        *IntakePages(clinic).routes(),
        *CorrectingPages(clinic).routes(),
        *CheckinPages(clinic).routes(),
        *DrawingPages(clinic).routes(),
        *TalkPages(clinic).routes(),
        *ProcedurePages(clinic).routes(),
        *LetterPages(clinic).routes(),
        *FollowingPages(clinic).routes(),
        Route("/patient/{id:path}.json", pages.assessment),
        Route("/patient/{id:path}/{drawing}.svg", pages.drawing),
        Route("/patient/{id:path}", pages.patient, name="patient"),
    ]
    handlers: dict[Any, Any] = {HTTPException: pages.problem, UserError: pages.problem}
    return Starlette(routes=routes, middleware=[Middleware(Guard)], exception_handlers=handlers)
