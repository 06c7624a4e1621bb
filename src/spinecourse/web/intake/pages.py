"""The pages of the intake: starting a form, filling it in, refreshing its assessment, entering or discarding it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from spinecourse.errors import Conflict, UserError
from spinecourse.store import Draft
from spinecourse.web.clinic import Clinic
from spinecourse.web.intake import layout, progress
from spinecourse.web.intake.others import find, next_field, others
from spinecourse.web.intake.reading import Wrong
from spinecourse.web.intake.visit import Visit, enter, preview, start, visit_of
from spinecourse.web.posting import Fields, posted
from spinecourse.web.rendering import page
from spinecourse.web.worklist import meanings

_OF_THE_WINDOW: Final = ("revision", "window", "action", "add", "remove", "find")
"""Fields that say something about the form and not about the patient."""


class IntakePages:
    """One method a page; everything that changes something takes a form."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def routes(self) -> list[Route]:
        """The addresses of the intake."""
        return [
            Route("/intake", self.overview),
            Route("/intake/new", posted(self.begin), methods=["POST"]),
            Route("/patient/{id:path}/examine", posted(self.begin), methods=["POST"]),
            Route("/intake/{draft}/refresh", posted(self.refresh), methods=["POST"]),
            Route("/intake/{draft}/find", self.found),
            Route("/intake/{draft}/reopen", posted(self.reopen), methods=["POST"]),
            Route("/intake/{draft}", posted(self.act), methods=["POST"]),
            Route("/intake/{draft}", self.form),
        ]

    def overview(self, request: Request) -> Response:
        """The drafts that are open, and a way to begin another."""
        visits = [visit_of(self._clinic, draft) for draft in self._clinic.store.drafts()]
        return page("intake/overview.html", {"visits": visits})

    def begin(self, request: Request, fields: Fields) -> Response:
        """Starts a form for a new patient, or goes on with the one begun for a known patient."""
        return _go(f"/intake/{start(self._clinic, request.path_params.get('id'))}")

    def form(self, request: Request) -> Response:
        """The form of a draft; a closed one says what became of it."""
        draft = self._draft(request)
        if draft.closed_as is not None:
            return page("intake/closed.html", {"visit": visit_of(self._clinic, draft)})
        return self._form(visit_of(self._clinic, draft), words=request.query_params.get("find", ""))

    def refresh(self, request: Request, fields: Fields) -> Response:
        """Saves the form as it stands, and answers with the assessment of it."""
        draft, content = self._draft(request), _content(fields)
        try:
            revision = self._save(draft, fields, content)
        except Conflict as error:
            return page("intake/trouble.html", {"message": str(error), "draft": draft}, 409)
        values = self._beside(visit_of(self._clinic, draft, content))
        answer = page("intake/beside.html", values)
        answer.headers["x-revision"] = str(revision)
        return answer

    def found(self, request: Request) -> Response:
        """What a word finds in the vocabulary."""
        draft, words = self._draft(request), request.query_params.get("find", "")
        return page("intake/found.html", {"found": find(words), "words": words, "visit": visit_of(self._clinic, draft)})

    def act(self, request: Request, fields: Fields) -> Response:
        """Saves the form, and does what its button says."""
        draft, content = self._draft(request), _content(fields)
        place = _changed(fields, content)
        try:
            self._save(draft, fields, content)
        except Conflict as error:
            if draft.closed_as is not None:
                return _go(f"/intake/{draft.id}")
            wrong = [Wrong("", f"{error}. What you sent stands below and is not saved yet: save it to overwrite")]
            return self._form(visit_of(self._clinic, draft, content), wrong, 409)
        if fields.get("action") == "discard":
            self._clinic.store.discard_draft(draft.id)
            return _go(f"/intake/{draft.id}")
        if fields.get("action") == "enter":
            return self._enter(visit_of(self._clinic, draft, content))
        found = f"?{urlencode({'find': fields['find']})}" if fields.get("find") and place == "#other" else ""
        return _go(f"/intake/{draft.id}{found}{place}")

    def reopen(self, request: Request, fields: Fields) -> Response:
        """Opens a discarded draft again."""
        draft = self._draft(request)
        self._clinic.store.reopen_draft(draft.id)
        return _go(f"/intake/{draft.id}")

    def _enter(self, visit: Visit) -> Response:
        """Into the record, unless something in the form cannot be read: then nothing is entered, and it is said."""
        if visit.reading.wrong or not visit.reading.facts:
            nothing = [] if visit.reading.facts else [Wrong("", "There is nothing in the form to enter yet")]
            return self._form(visit, [*nothing, *visit.reading.wrong], 422)
        try:
            patient_id, signature = enter(self._clinic, visit)
        except UserError as error:
            return self._form(visit, [Wrong("patient.id", str(error))], 409)
        return _go(f"/patient/{quote(patient_id, safe='')}?entered={signature}")

    def _save(self, draft: Draft, fields: Fields, content: Fields) -> int:
        revision, window = fields.get("revision", ""), fields.get("window", "")[:40]
        known = int(revision) if revision.isdecimal() else -1
        return self._clinic.store.save_draft(draft.id, content, revision=known, window=window)

    def _form(self, visit: Visit, wrong: list[Wrong] | None = None, status: int = 200, words: str = "") -> Response:
        values = {
            **self._beside(visit),
            "blocks": layout.blocks(),
            "commands": layout.commands(),
            "others": others(visit.content),
            "refused": wrong or [],
            "window": secrets.token_urlsafe(9),
            "words": words,
            "found": find(words),
        }
        return page("intake/form.html", values, status)

    def _beside(self, visit: Visit) -> dict[str, Any]:
        """What stands beside the form."""
        answer = preview(self._clinic, visit)
        return {
            "visit": visit,
            "content": visit.content,
            "answer": answer,
            "meaning": meanings(),
            "counts": progress.counts(visit.content),
            "examine": progress.to_examine(answer) if answer else [],
            "ask": progress.to_ask(answer) if answer else [],
        }

    def _draft(self, request: Request) -> Draft:
        return self._clinic.store.draft(request.path_params["draft"])


def _content(fields: Mapping[str, str]) -> Fields:
    """The filled fields about the patient; an empty one is not examined, and kept nowhere."""
    return {field: value for field, value in fields.items() if value and field not in _OF_THE_WINDOW}


def _changed(fields: Fields, content: Fields) -> str:
    """Adds or removes a finding beside the rows, where a button said so; the place of the page to go on at."""
    if added := fields.get("add", ""):
        content[next_field(content)] = added
    removed = fields.get("remove", "")
    for field in [field for field in content if removed and (field == removed or field.startswith(f"{removed}."))]:
        del content[field]
    return "#other" if added or removed or fields.get("action") == "find" else ""


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303)
