"""The application served for real in a thread, on a free port of this machine."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn

from spinecourse.store import Store
from spinecourse.web import drawings
from spinecourse.web.app import build_app
from spinecourse.web.clinic import Assess


@contextlib.contextmanager
def serving(store: Store, assess: Assess) -> Iterator[str]:
    """The application over a store, served for real; gives its address."""
    drawings.prepare()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        config = uvicorn.Config(build_app(store, assess), log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
