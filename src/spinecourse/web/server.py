"""Serving the clinic on this machine, and on this machine alone."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import uvicorn

from spinecourse.assess import assess_course
from spinecourse.errors import UserError
from spinecourse.store import open_store
from spinecourse.store.demo import load_demo_clinic
from spinecourse.web import drawings
from spinecourse.web.app import build_app

OWN_HOST: Final = "127.0.0.1"


def serve(host: str = OWN_HOST, port: int = 8000, database: Path | str | None = None) -> None:
    """Serves the demonstration clinic until it is interrupted, and prints its address once it answers.

    ``database`` is a file to keep the patients in, or a database URL; None keeps them only while the server runs. An
    empty database is filled with the invented patients. ``port`` 0 takes any free port. Raises UserError for any
    host but 127.0.0.1, for a port that is taken or cannot be used, and for a database that cannot be opened.
    """
    with _bound(host, port) as listening, _database_url(database) as url, contextlib.closing(open_store(url)) as store:
        load_demo_clinic(store, presented_on=date.today())
        app = build_app(store, assess_course)
        config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, lifespan="off")
        listening.listen(128)
        threading.Thread(target=drawings.prepare, daemon=True).start()
        address = f"http://{OWN_HOST}:{listening.getsockname()[1]}"
        print(f"spinecourse demonstration clinic: {address} (Ctrl-C stops it)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


@contextlib.contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on our own address, bound before anything else is done, so that a taken port is said at once."""
    if host not in {OWN_HOST, "localhost"}:
        raise UserError(
            f"the clinic listens on {OWN_HOST} alone, not on {host}: it has no accounts yet, so anybody who reached "
            "it could read every record. Leave the host out; from another machine use a tunnel such as ssh -L"
        )
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((OWN_HOST, port))
        except OverflowError:
            raise UserError(f"{port} is not a port; choose one from 1024 to 65535 with --port") from None
        except OSError as error:
            raise UserError(_port_words(port, error)) from None
        yield listening


def _port_words(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program; choose another one, such as --port {port + 1}"
    return f"port {port} cannot be used ({error.strerror}); choose one from 1024 to 65535 with --port"


@contextlib.contextmanager
def _database_url(database: Path | str | None) -> Iterator[str]:
    """The database's URL; without a name, a file that goes when the server does."""
    if database is None:
        with TemporaryDirectory(prefix="spinecourse-") as folder:
            yield f"sqlite:///{folder}/clinic.db"
    elif isinstance(database, str) and "://" in database:
        yield database
    else:
        yield f"sqlite:///{database}"
