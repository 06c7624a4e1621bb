"""Reading what a form sends: fields by name, within a limit of size, without any further library."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

LARGEST: Final = 256 * 1024
"""Bytes of a form; a whole examination has about ten thousand."""
MOST_FIELDS: Final = 2000

Fields = dict[str, str]
Handler = Callable[[Request, Fields], Response]


def posted(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A page that takes a form: the fields are read first, then the handler runs beside the server's own thread."""

    async def handle(request: Request) -> Response:
        return await run_in_threadpool(handler, request, await _fields(request))

    return handle


async def _fields(request: Request) -> Fields:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(400) from None
    return dict(pairs)
