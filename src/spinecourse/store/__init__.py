"""Keeping courses: patients and facts as immutable rows, in an embedded SQLite unless another database is named."""

from spinecourse.store.store import Entry, Person, Store, open_store

__all__ = ["Entry", "Person", "Store", "open_store"]
