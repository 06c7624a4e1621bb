"""The record: facts appended and signed, corrections that keep what they correct, and the undoing of either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.engine import RowMapping

from spinecourse.course.model import Fact
from spinecourse.errors import NotFound, UserError
from spinecourse.store.clock import now
from spinecourse.store.model import Recorded, Signature
from spinecourse.store.tables import corrections, facts, patients, signatures

_FACT_COLUMNS: Final = tuple(field.name for field in fields(Fact) if field.name != "after")


def current(connection: Connection, patient_id: str) -> tuple[Fact, ...]:
    """The facts that count, in the order of the record."""
    joined = facts.outerjoin(corrections, corrections.c.fact_id == facts.c.id)
    chosen = select(facts).select_from(joined).where(facts.c.patient_id == patient_id, corrections.c.fact_id.is_(None))
    return tuple(_fact(row) for row in connection.execute(chosen.order_by(facts.c.position)).mappings())


def whole(connection: Connection, patient_id: str) -> tuple[Recorded, ...]:
    """Every fact ever entered, those that no longer count included, in the order of the record."""
    by_number = signed(connection, patient_id)
    ended = {row["fact_id"]: row for row in connection.execute(_ended(patient_id)).mappings()}
    chosen = select(facts).where(facts.c.patient_id == patient_id).order_by(facts.c.position)
    return tuple(_recorded(row, by_number, ended.get(row["id"])) for row in connection.execute(chosen).mappings())


def _ended(patient_id: str) -> Any:
    return select(corrections).join(facts, corrections.c.fact_id == facts.c.id).where(facts.c.patient_id == patient_id)


def _recorded(row: RowMapping, by_number: dict[int, Signature], end: RowMapping | None) -> Recorded:
    by = by_number.get(row["signature_id"])
    if end is None:
        return Recorded(row["id"], _fact(row), by)
    return Recorded(row["id"], _fact(row), by, by_number[end["signature_id"]], end["replaced_by"])


def signed(connection: Connection, patient_id: str) -> dict[int, Signature]:
    """Every signature of a patient's record by its number, in order."""
    chosen = select(signatures).where(signatures.c.patient_id == patient_id).order_by(signatures.c.id)
    rows = connection.execute(chosen).mappings()
    return {row["id"]: Signature(row["id"], row["signed_by"], row["signed_at"], row["why"]) for row in rows}


def sign(connection: Connection, patient_id: str, by: str, why: str, at: datetime | None = None) -> int:
    """A new signature, under which facts and corrections are entered."""
    row = {"patient_id": patient_id, "signed_by": by.strip(), "why": why.strip(), "signed_at": at or now()}
    made = connection.execute(insert(signatures).values(**row).returning(signatures.c.id))
    return int(made.scalar_one())


def append(connection: Connection, patient_id: str, new: Iterable[Fact], signature: int) -> list[int]:
    """Enters facts after those that are there, and returns their ids; those marked ``after`` are left out."""
    last = connection.execute(select(func.max(facts.c.position)).where(facts.c.patient_id == patient_id)).scalar_one()
    start, at = -1 if last is None else last, now()
    rows = [
        {**_columns(fact), "patient_id": patient_id, "position": position, "entered_at": at, "signature_id": signature}
        for position, fact in enumerate((fact for fact in new if not fact.after), start + 1)
    ]
    if not rows:
        return []
    made = connection.execute(insert(facts).returning(facts.c.id, facts.c.position), rows)
    return [id for id, _ in sorted(made, key=lambda row: row[1])]


def correct(connection: Connection, patient_id: str, fact_id: int, new: Fact | None, signature: int) -> int | None:
    """Ends a fact, and enters the one in its place where there is one; returns the id of that.

    Raises NotFound where the patient has no such fact, UserError where it no longer counts.
    """
    found = {entry.id: entry for entry in whole(connection, patient_id)}.get(fact_id)
    if found is None:
        raise NotFound("there is no such fact in this patient's record")
    if found.ended is not None:
        raise UserError("this fact was corrected already; correct the one in its place")
    replaced_by = append(connection, patient_id, [new], signature)[0] if new is not None else None
    row = {"fact_id": fact_id, "replaced_by": replaced_by, "signature_id": signature}
    connection.execute(insert(corrections), row)
    return replaced_by


def undo(connection: Connection, patient_id: str, signature: int, by: str, why: str) -> int:
    """Takes back everything entered under a signature: its facts are withdrawn, what it had ended is entered again.

    Raises NotFound where the patient has no such signature, UserError where part of it was corrected since.
    """
    if signature not in signed(connection, patient_id):
        raise NotFound("there is no such entry in this patient's record")
    entries = whole(connection, patient_id)
    entered = [entry for entry in entries if entry.signature is not None and entry.signature.id == signature]
    ended = [entry for entry in entries if entry.ended is not None and entry.ended.id == signature]
    if any(entry.ended is not None for entry in entered):
        raise UserError("part of this entry was corrected since; correct what is wrong fact by fact")
    if not entered and not ended:
        raise UserError("there is nothing in this entry that could be undone")
    return _reverse(connection, patient_id, entered, ended, sign(connection, patient_id, by, why))


def _reverse(
    connection: Connection, patient_id: str, entered: Sequence[Recorded], ended: Sequence[Recorded], signature: int
) -> int:
    again = append(connection, patient_id, [entry.fact for entry in ended], signature)
    place = {entry.replaced_by: id for entry, id in zip(ended, again, strict=True)}
    for entry in entered:
        row = {"fact_id": entry.id, "replaced_by": place.get(entry.id), "signature_id": signature}
        connection.execute(insert(corrections), row)
    return signature


def lock_patient(connection: Connection, patient_id: str) -> None:
    """Keeps others from writing to this patient's record; raises NotFound where there is no such patient."""
    chosen = select(patients.c.id).where(patients.c.id == patient_id).with_for_update()
    if connection.execute(chosen).first() is None:
        raise NotFound("there is no patient of this id in the store")


def _columns(fact: Fact) -> dict[str, object]:
    return {name: getattr(fact, name) for name in _FACT_COLUMNS} | {"area": list(fact.area)}


def _fact(row: RowMapping) -> Fact:
    return Fact(**{name: row[name] for name in _FACT_COLUMNS} | {"area": tuple(row["area"])})
