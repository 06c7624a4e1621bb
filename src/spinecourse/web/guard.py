"""What stands before every page: the host check, the security headers, and no patient content in any error.

The server listens on 127.0.0.1 alone, but a web page elsewhere could point its own name at that address and read the
answers (DNS rebinding). Such a request names a foreign host, so any other host than our own is refused. A page
elsewhere could also send a form here without reading the answer; a browser says where a form comes from, so whatever
changes something is refused unless it comes from our own pages.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spinecourse.pictures import STYLE
from spinecourse.web.clinic import place_of

log = logging.getLogger(__name__)

_OWN_HOST = re.compile(rb"(?:127\.0\.0\.1|localhost)(?::\d{1,5})?", re.IGNORECASE)
_READING: Final = ("GET", "HEAD")
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'self' 'sha256-{_STYLE_HASH}'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
"""Sent with every answer. The drawing's own style sheet is allowed by its hash, and no other inline style."""


class Guard:
    """Refuses foreign hosts and forms, adds the headers, and turns a fault of ours into a plain page and a bare log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(message)
            await send(message)

        if not _is_own_host(scope):
            await _plain("Only 127.0.0.1 and localhost are answered.", 421)(scope, receive, send_guarded)
            return
        if not _may_change(scope):
            words = "Only our own pages may change anything. Nothing was changed."
            await _plain(words, 403)(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            log.error("a page failed: %s", place_of(error))
            if not started:
                await _plain("Something went wrong on our side. Nothing was changed.", 500)(
                    scope, receive, send_guarded
                )


def _plain(words: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(words + "\n", status)


def _is_own_host(scope: Scope) -> bool:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return len(hosts) == 1 and _OWN_HOST.fullmatch(hosts[0]) is not None


def _may_change(scope: Scope) -> bool:
    """Whether a request only reads, or comes from a page of ours, as the browser says."""
    if scope["method"] in _READING:
        return True
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    own = f"http://{headers.get('host', '')}"
    return headers.get("origin") == own and site in (None, "same-origin")


def _add_headers(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
