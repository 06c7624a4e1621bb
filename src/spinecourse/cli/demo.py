"""``spinecourse demo``: a demonstration clinic in the browser."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter


def demo(*, port: Annotated[int, Parameter(help="Port on 127.0.0.1; 0 takes any free one.")] = 8000) -> None:
    """Serve a clinic of invented patients on 127.0.0.1, with an embedded database, until Ctrl-C.

    It listens on this machine alone because it has no accounts yet.
    """
    # The web server is imported only here, so that the other commands start without it.
    from spinecourse.web import serve

    serve(port=port)
