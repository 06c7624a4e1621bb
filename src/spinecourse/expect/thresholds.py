"""Published cut-offs of instruments: how large a change matters, which state people find acceptable."""

from __future__ import annotations

from functools import cache

from spinecourse.knowledge.tables import Row, load


@cache
def thresholds(instrument: str, kind: str | None = None) -> tuple[Row, ...]:
    """The cut-offs of an instrument, written as published, in the order of the table; of one kind if it is given.

    Empty where none is on record.
    """
    rows = (row for row in load("evidence/thresholds") if row["instrument"].startswith(instrument))
    return tuple(row for row in rows if kind is None or row["threshold_kind"] == kind)
