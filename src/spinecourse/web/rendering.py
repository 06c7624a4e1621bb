"""Templates and small files: what every page is made with."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from spinecourse.pictures import plain, probability, site_words
from spinecourse.web import words

_MEDIA: Final = {"css": "text/css", "js": "text/javascript"}


@cache
def templates() -> Environment:
    """The templates, with everything escaped and nothing undefined passed over."""
    environment = Environment(
        loader=PackageLoader("spinecourse.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        fact=words.fact_wording, sentence=words.sentence, question=words.question, site=site_words, plain=plain,
        probability=probability, who=words.who, pieces=words.pieces, counted=words.counted,
        is_web_address=words.is_web_address, moment=words.moment, date_words=words.date_words, sites=words.named_sites,
    )  # fmt: skip
    environment.globals.update(static=static_address)
    return environment


def page(template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    """A template filled in."""
    return HTMLResponse(templates().get_template(template).render(values), status)


@cache
def _static() -> dict[str, tuple[bytes, str]]:
    """The style sheets and scripts by name, each with a mark that changes when it does."""
    folder = files("spinecourse.web").joinpath("static")
    found = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}
    return {name: (content, hashlib.sha256(content).hexdigest()[:12]) for name, content in found.items()}


def static_address(name: str) -> str:
    """The address of a style sheet or script, which is another one whenever its content is."""
    return f"/static/{name}?{_static()[name][1]}"


def static_file(request: Request) -> Response:
    """A style sheet or script; the browser may keep it, because its address names its content."""
    name = request.path_params["name"]
    if name not in _static():
        raise HTTPException(404)
    media = _MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(_static()[name][0], media_type=media, headers={"cache-control": "max-age=31536000, immutable"})
