"""A real PostgreSQL of this machine, in a folder of its own, for as long as the tests run; Debian's is found."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join([*map(str, FOLDERS), os.environ.get("PATH", "")]))
    if found is None:
        pytest.skip(f"no PostgreSQL on this machine ({name} not found): apt-get install postgresql")
    return found


def _owner() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    if "postgres" not in names:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    return "postgres"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a new, empty database."""
    owner, data, port = _owner(), folder / "data", _free_port()
    initdb, server = _program("initdb"), _program("pg_ctl")
    if owner is not None:
        shutil.chown(folder, owner)
    quiet = {"check": True, "capture_output": True, "cwd": folder, "user": owner}
    subprocess.run([initdb, "-D", data, "-U", "clinic", "-A", "trust", "--no-sync", "-E", "UTF8"], **quiet)  # type: ignore[call-overload]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    started = [server, "-D", data, "-l", folder / "log", "-o", options, "-w", "start"]
    subprocess.run(started, **{**quiet, "capture_output": False, "stdout": subprocess.DEVNULL})  # type: ignore[call-overload]
    try:
        yield f"postgresql://clinic@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([server, "-D", data, "-m", "immediate", "-w", "stop"], **quiet)  # type: ignore[call-overload]
