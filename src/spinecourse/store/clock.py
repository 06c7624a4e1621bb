"""The time that rows are stamped with."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The moment in UTC, without a zone, as every database keeps it alike."""
    return datetime.now(UTC).replace(tzinfo=None)
