"""Making the tables, and bringing a database of an older version up to date, in one transaction.

The version stands in SQLite's own header, elsewhere in a table. A newer database is refused instead of being read
wrongly; an older one is changed step by step, and nothing that was in it is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, inspect, text

from spinecourse.errors import UserError
from spinecourse.store.tables import UNCHANGEABLE, facts, metadata

SCHEMA_VERSION: Final = 3

_MESSAGE: Final = "the record is never changed; enter a correction"


def prepare(connection: Connection) -> None:
    """Makes the tables in an empty database, brings an older one up to date, and refuses any other."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        metadata.create_all(connection)
        _refuse_changes(connection)
        _set_version(connection, SCHEMA_VERSION)
        return
    version = _version(connection, tables)
    if version > SCHEMA_VERSION or version not in {*_STEPS, SCHEMA_VERSION}:
        raise UserError(
            f"the database is of version {version} and not {SCHEMA_VERSION}; name another file, or a new one"
        )
    for step in range(version, SCHEMA_VERSION):
        _STEPS[step](connection)
        _set_version(connection, step + 1)
    _add_columns(connection)


def _add_columns(connection: Connection) -> None:
    """What a fact may say grows with the course format: a column that is not there yet is added, empty."""
    there = {column["name"] for column in inspect(connection).get_columns(facts.name)}
    for column in facts.columns:
        if column.name not in there and column.nullable:
            kind = column.type.compile(connection.dialect)
            connection.execute(text(f"ALTER TABLE {facts.name} ADD COLUMN {column.name} {kind}"))


def _version(connection: Connection, tables: set[str]) -> int:
    if connection.dialect.name == "sqlite":
        return int(connection.execute(text("PRAGMA user_version")).scalar_one())
    if "schema_version" not in tables:
        return 0
    return int(connection.execute(text("SELECT version FROM schema_version")).scalar_one())


def _set_version(connection: Connection, version: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA user_version = {version}"))
        return
    connection.execute(text("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"))
    connection.execute(text("DELETE FROM schema_version"))
    connection.execute(text("INSERT INTO schema_version VALUES (:version)"), {"version": version})


def _from_1(connection: Connection) -> None:
    """Version 1 knew neither who entered a fact, nor corrections, nor drafts, and lived in SQLite alone."""
    connection.execute(text("DROP TRIGGER IF EXISTS fact_is_never_changed"))
    connection.execute(text("ALTER TABLE fact ADD COLUMN signature_id INTEGER REFERENCES signature (id)"))
    metadata.create_all(connection)
    _refuse_changes(connection)


def _from_2(connection: Connection) -> None:
    """Version 2 could not correct name, age and sex."""
    metadata.create_all(connection)
    _refuse_changes(connection)


_STEPS: Final[dict[int, Callable[[Connection], None]]] = {1: _from_1, 2: _from_2}
"""What leads from each version to the next."""


def _refuse_changes(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        )
    for table in UNCHANGEABLE:
        for change in ("UPDATE", "DELETE"):
            done = f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END" if sqlite else "EXECUTE FUNCTION refuse_change()"
            name = f"{table.name}_refuses_{change.lower()}"
            create = "CREATE TRIGGER IF NOT EXISTS" if sqlite else "CREATE OR REPLACE TRIGGER"
            connection.execute(text(f"{create} {name} BEFORE {change} ON {table.name} FOR EACH ROW {done}"))
