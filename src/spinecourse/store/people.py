"""Who a patient is: name, age and sex as entered first, and as corrected since."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import RowMapping

from spinecourse.course.model import Patient
from spinecourse.errors import NotFound
from spinecourse.store.model import Entry, Person
from spinecourse.store.tables import details, patients, people

NO_PATIENT = "there is no patient of this id in the store"


def patient(connection: Connection, patient_id: str) -> Patient:
    """Age and sex as they hold now; raises NotFound where there is no such patient."""
    row = first_entered(connection, patient_id)
    newest = _newest(connection, patient_id)
    held = row if newest is None else newest
    return Patient(row["id"], held["age_years"], held["sex"])


def entry(connection: Connection, patient_id: str) -> Entry:
    """What is known besides the facts; raises NotFound where there is no such patient."""
    joined = select(patients, people).outerjoin_from(patients, people).where(patients.c.id == patient_id)
    row = connection.execute(joined).mappings().one_or_none()
    if row is None:
        raise NotFound(NO_PATIENT)
    newest = _newest(connection, patient_id)
    name = row["name"] if newest is None else newest["name"]
    person = Person(name, row["source_title"], row["source_url"]) if name is not None else None
    return Entry(row["id"], person, row["presented_on"], row["entered_at"])


def correct(connection: Connection, patient_id: str, name: str | None, known: Patient, signature: int) -> None:
    """Name, age and sex that hold from now on; what they were before stays in the store."""
    row = {"patient_id": patient_id, "name": name, "age_years": known.age_years, "sex": known.sex}
    connection.execute(insert(details), {**row, "signature_id": signature})


def first_entered(connection: Connection, patient_id: str) -> RowMapping:
    """The row of a patient; raises NotFound where there is none."""
    row = connection.execute(select(patients).where(patients.c.id == patient_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(NO_PATIENT)
    return row


def _newest(connection: Connection, patient_id: str) -> RowMapping | None:
    chosen = select(details).where(details.c.patient_id == patient_id).order_by(details.c.id.desc()).limit(1)
    return connection.execute(chosen).mappings().one_or_none()
