"""Reaching the database: SQLite in a file or in memory, or PostgreSQL."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool

WRITING: Final = "writing"
"""Execution option of a connection that is going to write."""

_DRIVER: Final = "postgresql+pg8000"


_IN_MEMORY: Final = {
    "poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "connect_args": {"check_same_thread": False},
}  # fmt: skip
"""A database in memory lives in its one connection, which threads take in turn."""


def make_engine(url: str) -> Engine:
    """An engine for a database URL; ``postgresql://`` without a driver takes the one this package names.

    Raises ImportError where PostgreSQL's driver is not installed.
    """
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        return _sqlite(place)
    return create_engine(place.set(drivername=_DRIVER) if place.drivername == "postgresql" else place)


def _sqlite(place: URL) -> Engine:
    in_memory = place.database in {None, "", ":memory:"}
    options: dict[str, Any] = _IN_MEMORY if in_memory else {}
    engine = create_engine(place, **options)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    """Foreign keys are checked, readers do not wait for a writer, and a lock is waited for.

    Python's own handling of transactions is switched off: it would leave changes of the schema outside of them.
    """
    connection.isolation_level = None
    for setting in ("foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once, so that it waits for another one instead of failing half way."""
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
