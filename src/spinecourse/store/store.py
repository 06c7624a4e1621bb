"""The store: courses in, the same courses out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import RowMapping, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import StaticPool

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.errors import NotFound, UserError
from spinecourse.store.tables import SCHEMA_VERSION, facts, metadata, patients, people

_FACT_COLUMNS: Final = tuple(field.name for field in fields(Fact) if field.name != "after")


@dataclass(frozen=True, slots=True)
class Person:
    """Who a patient is; for an invented one, what publication the facts were taken from."""

    name: str
    source_title: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the store knows about a course besides its facts.

    ``person`` is None where no name was given, ``presented_on`` (the date of day 0) where it is not known.
    """

    id: str
    person: Person | None
    presented_on: date | None
    entered_at: datetime


class Store:
    """Courses in a database. Every method is one transaction: all of it happens, or nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_course(self, course: Course, *, person: Person | None = None, presented_on: date | None = None) -> None:
        """Enters a new patient with the facts of the course; those marked ``after`` are left out.

        Raises UserError where a patient of this id is in the store already.
        """
        now = datetime.now(UTC).replace(tzinfo=None)
        try:
            with self._engine.begin() as connection:
                _add_patient(connection, course.patient, presented_on, now)
                if person is not None:
                    row = {"patient_id": course.id, **{key: getattr(person, key) for key in Person.__slots__}}
                    connection.execute(insert(people), row)
                _add_facts(connection, course, now)
        except IntegrityError:
            raise UserError("a patient of this id is in the store already; give the course another id") from None

    def course(self, course_id: str) -> Course:
        """The course of one patient; raises NotFound where there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(patients).where(patients.c.id == course_id)).mappings().one_or_none()
            if row is None:
                raise NotFound("there is no patient of this id in the store")
            chosen = select(facts).where(facts.c.patient_id == course_id).order_by(facts.c.position)
            return Course(_patient(row), tuple(_fact(found) for found in connection.execute(chosen).mappings()))

    def ids(self) -> list[str]:
        """The ids of all patients, in the order in which they were entered."""
        chosen = select(patients.c.id).order_by(patients.c.entered_at, patients.c.id)
        with self._engine.connect() as connection:
            return list(connection.execute(chosen).scalars())

    def courses(self) -> Iterator[Course]:
        """Every course, in the order in which they were entered."""
        for course_id in self.ids():
            yield self.course(course_id)

    def entry(self, course_id: str) -> Entry:
        """What is known besides the facts; raises NotFound where there is no such patient."""
        joined = select(patients, people).outerjoin_from(patients, people).where(patients.c.id == course_id)
        with self._engine.connect() as connection:
            row = connection.execute(joined).mappings().one_or_none()
        if row is None:
            raise NotFound("there is no patient of this id in the store")
        named = row["name"] is not None
        person = Person(row["name"], row["source_title"], row["source_url"]) if named else None
        return Entry(row["id"], person, row["presented_on"], row["entered_at"])

    def is_empty(self) -> bool:
        """Whether no patient has been entered yet."""
        with self._engine.connect() as connection:
            return connection.execute(select(patients.c.id).limit(1)).first() is None

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """The store at a database URL such as ``sqlite:///clinic.db``; ``sqlite://`` keeps it in memory.

    Tables are made where there are none. Raises UserError for a URL or file that is no database, or one of another
    version.
    """
    try:
        engine = _engine(url)
        with engine.begin() as connection:
            _prepare(connection)
    except (ArgumentError, DBAPIError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else "not a database URL"
        raise UserError(
            f"the database cannot be opened ({reason}); name a file that can be written, as sqlite:///clinic.db"
        ) from None
    return Store(engine)


def _engine(url: str) -> Engine:
    place = make_url(url)
    in_memory = place.get_backend_name() == "sqlite" and place.database in {None, "", ":memory:"}
    if in_memory:
        engine = create_engine(place, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(place)
    if place.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Foreign keys are checked, readers do not wait for a writer, and a lock is waited for."""
    for setting in ("foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {setting}")


def _prepare(connection: Connection) -> None:
    """Makes the tables in an empty database; a filled one must be of our version."""
    version = connection.execute(text("PRAGMA user_version")).scalar_one()
    if version == SCHEMA_VERSION:
        return
    if inspect(connection).get_table_names():
        raise UserError(
            f"the database is of version {version} and not {SCHEMA_VERSION}; name another file, or a new one"
        )
    metadata.create_all(connection)
    connection.execute(text(f"PRAGMA user_version = {SCHEMA_VERSION}"))


def _add_patient(connection: Connection, patient: Patient, presented_on: date | None, now: datetime) -> None:
    row = {"id": patient.id, "age_years": patient.age_years, "sex": patient.sex}
    connection.execute(insert(patients), {**row, "presented_on": presented_on, "entered_at": now})


def _add_facts(connection: Connection, course: Course, now: datetime) -> None:
    kept = [fact for fact in course.facts if not fact.after]
    rows = [
        {**_columns(fact), "patient_id": course.id, "position": position, "entered_at": now}
        for position, fact in enumerate(kept)
    ]
    if rows:
        connection.execute(insert(facts), rows)


def _columns(fact: Fact) -> dict[str, object]:
    return {name: getattr(fact, name) for name in _FACT_COLUMNS} | {"area": list(fact.area)}


def _patient(row: RowMapping) -> Patient:
    return Patient(row["id"], row["age_years"], row["sex"])


def _fact(row: RowMapping) -> Fact:
    return Fact(**{name: row[name] for name in _FACT_COLUMNS} | {"area": tuple(row["area"])})
