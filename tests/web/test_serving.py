"""Starting the clinic: where it listens, what it refuses, and what it says."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from spinecourse.errors import UserError
from spinecourse.store.demo import demo_people
from spinecourse.web import serve

NAME = next(iter(demo_people().values())).name


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.4", "example.org"])
def test_any_other_address_is_refused(host: str) -> None:
    with pytest.raises(UserError, match="no accounts yet"):
        serve(host=host, port=0)


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} is taken.*--port {port + 1}"):
            serve(port=port)


@pytest.mark.parametrize("port", [65536, -1])
def test_what_is_no_port_is_said(port: int) -> None:
    with pytest.raises(UserError, match="is not a port"):
        serve(port=port)


def started(database: Path | None) -> subprocess.Popen[str]:
    """The clinic in a process of its own."""
    code = f"from spinecourse.web import serve; serve(port=0, database={str(database) if database else None!r})"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    running = started(None)
    yield running
    if running.poll() is None:
        running.kill()
    running.communicate()


def test_prints_its_address_answers_and_stops_quietly(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    said = process.stdout.readline()
    address = said.split()[3]
    assert said == f"spinecourse demonstration clinic: {address} (Ctrl-C stops it)\n"
    assert NAME in httpx.get(address).text
    assert httpx.get(f"{address}/healthz").text == "ok\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=15)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_named_database_is_kept_and_read_again(tmp_path: Path) -> None:
    for _ in range(2):
        process = started(tmp_path / "clinic.db")
        assert process.stdout is not None
        address = process.stdout.readline().split()[3]
        assert httpx.get(address).text.count('class="c-who"') == len(demo_people())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=15)
    assert (tmp_path / "clinic.db").exists()
