"""Keeping courses: patients and facts as rows that are never changed, in an embedded SQLite unless another database
is named; and the forms that are not entered yet."""

from spinecourse.store.drafts import CHECKIN, FORM
from spinecourse.store.model import Draft, Entry, Person, Recorded, Signature
from spinecourse.store.store import PATIENT, Store, open_store

__all__ = [
    "CHECKIN",
    "FORM",
    "PATIENT",
    "Draft",
    "Entry",
    "Person",
    "Recorded",
    "Signature",
    "Store",
    "open_store",
]
