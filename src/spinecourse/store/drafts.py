"""Drafts: forms on their way, saved on the server so that a closed lid or a restart loses nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.engine import RowMapping

from spinecourse.errors import Conflict, NotFound
from spinecourse.store.clock import now
from spinecourse.store.model import Draft
from spinecourse.store.tables import drafts

FORM: Final = "form"
"""The field that says which form a draft is of; an intake has none."""
CHECKIN: Final = "check-in"


def start(connection: Connection, patient_id: str | None, content: Mapping[str, str]) -> str:
    """A new draft's id, which cannot be guessed."""
    id, at = secrets.token_urlsafe(9), now()
    row = {"id": id, "patient_id": patient_id, "content": dict(content), "revision": 1, "saved_in": ""}
    connection.execute(insert(drafts), {**row, "started_at": at, "saved_at": at})
    return id


def find(connection: Connection, id: str) -> Draft:
    """The draft of this id, open or closed; raises NotFound where there is none."""
    return _draft(_row(connection, id))


def still_open(connection: Connection, form: str) -> list[Draft]:
    """The drafts of a form (empty: the intake) neither entered nor discarded, the one saved last first."""
    chosen = select(drafts).where(drafts.c.closed_as.is_(None)).order_by(drafts.c.saved_at.desc(), drafts.c.id)
    found = [_draft(row) for row in connection.execute(chosen).mappings()]
    return [draft for draft in found if draft.content.get(FORM, "") == form]


def save(connection: Connection, id: str, content: Mapping[str, str], revision: int, window: str) -> int:
    """Keeps the form's fields and returns the new revision.

    Raises Conflict for a draft that is closed, and where another window has saved since ``revision``. The same window
    may be behind: its last answer may have been lost on the way.
    """
    row = _row(connection, id)
    _refuse_closed(row)
    if row["revision"] != revision and row["saved_in"] != window:
        raise Conflict("this draft was changed in another window; load it again to see what is in it")
    values = {"content": dict(content), "revision": row["revision"] + 1, "saved_in": window, "saved_at": now()}
    connection.execute(update(drafts).where(drafts.c.id == id).values(**values))
    return int(values["revision"])


def close(
    connection: Connection, id: str, how: str, patient_id: str | None = None, signature: int | None = None
) -> None:
    """Closes an open draft; raises Conflict where it is closed, so that nothing is entered twice."""
    _refuse_closed(_row(connection, id))
    values = {"closed_as": how, "signature_id": signature} | ({"patient_id": patient_id} if patient_id else {})
    changed = connection.execute(update(drafts).where(drafts.c.id == id, drafts.c.closed_as.is_(None)).values(**values))
    if changed.rowcount != 1:
        raise Conflict("this draft was entered or discarded already")


def reopen(connection: Connection, id: str) -> None:
    """Opens a discarded draft again, its fields as they were; raises Conflict for one that was entered."""
    row = _row(connection, id)
    if row["closed_as"] == "entered":
        _refuse_closed(row)
    connection.execute(update(drafts).where(drafts.c.id == id).values(closed_as=None))


def reopen_entered(connection: Connection, signature: int) -> None:
    """Opens the draft that was entered with a signature again; does nothing where there is none."""
    chosen = update(drafts).where(drafts.c.signature_id == signature)
    connection.execute(chosen.values(closed_as=None, signature_id=None))


def _refuse_closed(row: RowMapping) -> None:
    if row["closed_as"] is not None:
        raise Conflict(f"this draft was {row['closed_as']} already")


def _row(connection: Connection, id: str) -> RowMapping:
    row = connection.execute(select(drafts).where(drafts.c.id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound("there is no draft of this id in the store")
    return row


def _draft(row: RowMapping) -> Draft:
    return Draft(**{name: row[name] for name in Draft.__slots__})
