"""The store: courses in, the same courses out, and forms on their way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.errors import UserError
from spinecourse.store import drafts, record
from spinecourse.store import people as who
from spinecourse.store.clock import now
from spinecourse.store.engine import WRITING, make_engine
from spinecourse.store.model import Draft, Entry, Person, Recorded, Signature
from spinecourse.store.schema import prepare
from spinecourse.store.tables import patients, people, signatures

PATIENT = "the patient"
"""Who signs what a patient reported."""

_UNDONE = "undone"


class Store:
    """Courses in a database. Every method is one transaction: all of it happens, or nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITING: True})

    def add_course(
        self,
        course: Course,
        *,
        person: Person | None = None,
        presented_on: date | None = None,
        by: str = "",
        why: str = "entered from a course file",
        draft: str | None = None,
    ) -> int:
        """Enters a new patient with the facts of the course, and returns the number of the signature.

        Facts marked ``after`` are left out. The draft it came from, where there is one, is closed with it. Raises
        UserError where a patient of this id is in the store already.
        """
        try:
            with self._writer.begin() as connection:
                _add_patient(connection, course.patient, person, presented_on)
                signature = record.sign(connection, course.id, by, why)
                record.append(connection, course.id, course.facts, signature)
                _close_entered(connection, draft, course.id, signature)
        except IntegrityError:
            raise UserError("a patient of this id is in the store already; give the course another id") from None
        return signature

    def append(self, course_id: str, facts: Iterable[Fact], *, by: str, why: str, draft: str | None = None) -> int:
        """Enters further facts, and returns the number of the signature; the draft they came from is closed.

        Raises NotFound where there is no such patient.
        """
        with self._writer.begin() as connection:
            record.lock_patient(connection, course_id)
            signature = record.sign(connection, course_id, by, why)
            record.append(connection, course_id, facts, signature)
            _close_entered(connection, draft, course_id, signature)
        return signature

    def correct(self, course_id: str, fact_id: int, new: Fact | None, *, by: str, why: str) -> int:
        """Ends a fact, with another in its place or None, and returns the number of the signature.

        The old fact stays in the record. Raises NotFound where there is no such fact, UserError where it no longer
        counts or no reason is given.
        """
        if not why.strip():
            raise UserError("a correction needs a reason; write why the old entry was wrong")
        with self._writer.begin() as connection:
            record.lock_patient(connection, course_id)
            signature = record.sign(connection, course_id, by, why)
            record.correct(connection, course_id, fact_id, new, signature)
        return signature

    def correct_details(self, course_id: str, name: str | None, patient: Patient, *, by: str, why: str) -> int:
        """Enters another name, age and sex, and returns the number of the signature; the old ones are kept.

        Raises NotFound where there is no such patient, UserError where no reason is given.
        """
        if not why.strip():
            raise UserError("a correction needs a reason; write why the old entry was wrong")
        with self._writer.begin() as connection:
            record.lock_patient(connection, course_id)
            signature = record.sign(connection, course_id, by, why)
            who.correct(connection, course_id, name, patient, signature)
        return signature

    def signatures(self, course_id: str) -> tuple[Signature, ...]:
        """Everybody who changed the record, in order; raises NotFound where there is no such patient."""
        with self._engine.connect() as connection:
            who.first_entered(connection, course_id)
            return tuple(record.signed(connection, course_id).values())

    def undo(self, course_id: str, signature: int, *, by: str, why: str = _UNDONE) -> int:
        """Takes back all that was entered under a signature, and returns the number of the new one.

        Its facts are withdrawn, what it had ended is entered again, and the draft it came from is opened again.
        Raises NotFound where there is no such signature, UserError where part of it was corrected since.
        """
        with self._writer.begin() as connection:
            record.lock_patient(connection, course_id)
            new = record.undo(connection, course_id, signature, by, why)
            drafts.reopen_entered(connection, signature)
        return new

    def record(self, course_id: str) -> tuple[Recorded, ...]:
        """Every fact ever entered, with who, when and why; raises NotFound where there is no such patient."""
        with self._engine.connect() as connection:
            who.first_entered(connection, course_id)
            return record.whole(connection, course_id)

    def course(self, course_id: str) -> Course:
        """The course of one patient, of the facts that count; raises NotFound where there is none."""
        with self._engine.connect() as connection:
            return Course(who.patient(connection, course_id), record.current(connection, course_id))

    def ids(self) -> list[str]:
        """The ids of all patients, in the order in which they were entered."""
        return list(self.revisions())

    def revisions(self) -> dict[str, int]:
        """By patient, in the order of entry, a number that grows with every change of the record; 0 before any."""
        newest = func.coalesce(func.max(signatures.c.id), 0)
        joined = patients.outerjoin(signatures, signatures.c.patient_id == patients.c.id)
        chosen = select(patients.c.id, newest).select_from(joined).group_by(patients.c.id, patients.c.entered_at)
        with self._engine.connect() as connection:
            rows = connection.execute(chosen.order_by(patients.c.entered_at, patients.c.id))
            return {course_id: int(revision) for course_id, revision in rows}

    def revision(self, course_id: str) -> int:
        """The number of one patient among :meth:`revisions`; raises NotFound where there is no such patient."""
        newest = func.coalesce(func.max(signatures.c.id), 0)
        with self._engine.connect() as connection:
            who.first_entered(connection, course_id)
            return int(connection.execute(select(newest).where(signatures.c.patient_id == course_id)).scalar_one())

    def courses(self) -> Iterator[Course]:
        """Every course, in the order in which they were entered."""
        for course_id in self.ids():
            yield self.course(course_id)

    def entry(self, course_id: str) -> Entry:
        """What is known besides the facts; raises NotFound where there is no such patient."""
        with self._engine.connect() as connection:
            return who.entry(connection, course_id)

    def last_signed_by(self) -> str:
        """Who of the clinic signed last, to offer as who signs next; empty where nobody gave a name."""
        named = signatures.c.signed_by.not_in(("", PATIENT))
        chosen = select(signatures.c.signed_by).where(named).order_by(signatures.c.id.desc())
        with self._engine.connect() as connection:
            return connection.execute(chosen.limit(1)).scalar_one_or_none() or ""

    def start_draft(self, patient_id: str | None = None, content: Mapping[str, str] | None = None) -> str:
        """Starts a form, for a new patient where None, and returns its id."""
        with self._writer.begin() as connection:
            return drafts.start(connection, patient_id, content or {})

    def draft(self, draft_id: str) -> Draft:
        """A draft, open or closed; raises NotFound where there is none."""
        with self._engine.connect() as connection:
            return drafts.find(connection, draft_id)

    def drafts(self, form: str = "") -> list[Draft]:
        """The open drafts of the intake, or of another ``form``, the one saved last first."""
        with self._engine.connect() as connection:
            return drafts.still_open(connection, form)

    def save_draft(self, draft_id: str, content: Mapping[str, str], *, revision: int, window: str) -> int:
        """Keeps what the form holds, and returns the new revision.

        Raises Conflict where another window has saved since ``revision``, or where it is closed.
        """
        with self._writer.begin() as connection:
            return drafts.save(connection, draft_id, content, revision, window)

    def discard_draft(self, draft_id: str) -> None:
        """Closes a draft without entering it; it can be opened again."""
        with self._writer.begin() as connection:
            drafts.close(connection, draft_id, "discarded")

    def reopen_draft(self, draft_id: str) -> None:
        """Opens a discarded draft again; raises Conflict for one that was entered, which has to be undone."""
        with self._writer.begin() as connection:
            drafts.reopen(connection, draft_id)

    def is_empty(self) -> bool:
        """Whether no patient has been entered yet."""
        with self._engine.connect() as connection:
            return connection.execute(select(patients.c.id).limit(1)).first() is None

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """The store at a database URL such as ``sqlite:///clinic.db`` or ``postgresql://user@host/clinic``.

    ``sqlite://`` keeps it in memory. Tables are made where there are none, and those of an older version are brought
    up to date. Raises UserError for a URL or file that is no database, or one of a version that is not known.
    """
    try:
        engine = make_engine(url)
        _prepared(engine)
    except (ArgumentError, NoSuchModuleError):
        raise UserError(_cannot("not a database URL")) from None
    except ImportError:
        raise UserError(_cannot("its driver is missing: pip install 'spinecourse[postgres]'")) from None
    except DBAPIError as error:
        raise UserError(_cannot(str(error.orig))) from None
    return Store(engine)


def _prepared(engine: Engine) -> None:
    try:
        with engine.execution_options(**{WRITING: True}).begin() as connection:
            prepare(connection)
    except BaseException:
        engine.dispose()
        raise


def _cannot(reason: str) -> str:
    return f"the database cannot be opened ({reason}); name a file that can be written, as sqlite:///clinic.db"


def _add_patient(connection: Connection, patient: Patient, person: Person | None, presented_on: date | None) -> None:
    row = {"id": patient.id, "age_years": patient.age_years, "sex": patient.sex}
    connection.execute(insert(patients), {**row, "presented_on": presented_on, "entered_at": now()})
    if person is not None:
        named = {"patient_id": patient.id, **{key: getattr(person, key) for key in Person.__slots__}}
        connection.execute(insert(people), named)


def _close_entered(connection: Connection, draft: str | None, patient_id: str, signature: int) -> None:
    if draft is not None:
        drafts.close(connection, draft, "entered", patient_id, signature)
