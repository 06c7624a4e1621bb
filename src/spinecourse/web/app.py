"""The pages, rendered on the server and readable without JavaScript."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any, Final

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from spinecourse.errors import NotFound
from spinecourse.pictures import describe_spine, draw_spine, plain, probability, site_words
from spinecourse.store import Store
from spinecourse.web import words, worklist
from spinecourse.web.clinic import Assess, Clinic, Seen
from spinecourse.web.guard import Guard
from spinecourse.web.record import days

_TITLE: Final = "Likely site of the lesion"


class Pages:
    """One method a page."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._templates = _templates()
        self._style = files("spinecourse.web").joinpath("static", "clinic.css").read_bytes()

    def _page(self, template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
        return HTMLResponse(self._templates.get_template(template).render(values), status)

    def worklist(self, request: Request) -> Response:
        """Everybody in order of urgency, or those of one urgency; one that does not exist is said, not guessed."""
        chosen = request.query_params.get("urgency")
        groups = worklist.groups(self._clinic.patients(), date.today())
        known = chosen is None or chosen in {group.urgency for group in groups}
        values = {
            "groups": groups,
            "shown": [group for group in groups if chosen is None or chosen == group.urgency or not known],
            "chosen": chosen if known else None,
            "mistaken": None if known else chosen,
            "total": sum(len(group.lines) for group in groups),
        }
        return self._page("worklist.html", values, 200 if known else 400)

    def patient(self, request: Request) -> Response:
        """One patient: assessment with its reasons, drawn spine, record."""
        seen = self._seen(request)
        values = {
            "seen": seen,
            "answer": seen.assessment,
            "course": seen.course,
            "name": worklist.name_of(seen),
            "meaning": worklist.meanings(),
            "days": days(seen.course.facts),
            "last": worklist.last_fact(seen, date.today()),
            "spine": draw_spine(*_drawn(seen), title=_TITLE),
            "spine_words": describe_spine(*_drawn(seen)),
        }
        return self._page("patient.html", values)

    def spine(self, request: Request) -> Response:
        """The drawing alone."""
        drawing = draw_spine(*_drawn(self._seen(request)), title=_TITLE)
        return Response(drawing, media_type="image/svg+xml")

    def assessment(self, request: Request) -> Response:
        """The assessment as JSON."""
        seen = self._seen(request)
        if seen.assessment is None:
            raise HTTPException(500)
        return Response(msgspec.json.encode(seen.assessment), media_type="application/json")

    def about(self, request: Request) -> Response:
        """What this is for, and why it answers on this machine alone."""
        return self._page("about.html", {})

    def style(self, request: Request) -> Response:
        """The one style sheet."""
        return Response(self._style, media_type="text/css", headers={"cache-control": "no-cache"})

    def health(self, request: Request) -> Response:
        """That the server is up."""
        return PlainTextResponse("ok\n")

    def problem(self, request: Request, error: Exception) -> Response:
        """Any refusal: plain words, nothing of a patient."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self._page("problem.html", {"status": status}, status)

    def _seen(self, request: Request) -> Seen:
        return self._clinic.patient(request.path_params["id"])


def _drawn(seen: Seen) -> tuple[list[tuple[str, str | None, float]], list[Any], list[Any]]:
    """What the drawing shows of a patient."""
    sites = seen.assessment.localisation.sites if seen.assessment else []
    facts = seen.course.facts
    return (
        [(site.site, site.side, site.probability) for site in sites],
        [fact for fact in facts if fact.kind == "imaging"],
        [fact for fact in facts if fact.kind == "treatment"],
    )


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("spinecourse.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        fact=words.fact_wording, sentence=words.sentence, question=words.question, site=site_words, plain=plain,
        probability=probability, who=words.who, pieces=words.pieces, counted=words.counted,
        is_web_address=words.is_web_address,
    )  # fmt: skip
    return environment


def build_app(store: Store, assess: Assess) -> Starlette:
    """The application over a store; every patient is assessed before the first request."""
    clinic = Clinic(store, assess)
    clinic.patients()
    pages = Pages(clinic)
    routes = [
        Route("/", pages.worklist, name="worklist"),
        Route("/about", pages.about),
        Route("/clinic.css", pages.style),
        Route("/healthz", pages.health),
        Route("/patient/{id:path}.json", pages.assessment),
        Route("/patient/{id:path}/spine.svg", pages.spine),
        Route("/patient/{id:path}", pages.patient, name="patient"),
    ]
    handlers: dict[Any, Any] = {HTTPException: pages.problem, NotFound: pages.problem}
    return Starlette(routes=routes, middleware=[Middleware(Guard)], exception_handlers=handlers)
