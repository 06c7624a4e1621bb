"""Stores to try: in SQLite, and in a real PostgreSQL where this machine has one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from postgres_server import postgres
from sqlalchemy import text

from spinecourse.store import Store, open_store
from spinecourse.store.engine import make_engine


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of its own; its folder is none of pytest's, which only their owner may enter."""
    with TemporaryDirectory(prefix="spinecourse-") as folder, postgres(Path(folder)) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/clinic.db"
    found: str = request.getfixturevalue("postgres_url")
    engine = make_engine(found)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return found


@pytest.fixture
def kept(url: str) -> Iterator[Store]:
    """A store that outlives the process."""
    opened = open_store(url)
    yield opened
    opened.close()
