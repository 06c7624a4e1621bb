"""The tables of the database: patients, who they are called, and their facts.

Facts are entered and never changed: the database itself refuses an update. Names stand apart from the facts, so that
the facts can be handed on without them.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    DDL,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
)

SCHEMA_VERSION: Final = 1
"""Written into the database; a file of another version is refused instead of being read wrongly."""

metadata: Final = MetaData()

patients: Final = Table(
    "patient",
    metadata,
    Column("id", String, primary_key=True),
    Column("age_years", Float),
    Column("sex", String),
    Column("presented_on", Date, comment="the calendar date of day 0; empty where it is not known"),
    Column("entered_at", DateTime, nullable=False, comment="UTC"),
)

people: Final = Table(
    "person",
    metadata,
    Column("patient_id", ForeignKey("patient.id"), primary_key=True),
    Column("name", String, nullable=False),
    Column("source_title", String, comment="what an invented patient was built on"),
    Column("source_url", String),
)

facts: Final = Table(
    "fact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False, comment="place in the course, from 0"),
    Column("entered_at", DateTime, nullable=False, comment="UTC"),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("day", Integer, comment="counted from presentation; empty where it is not known"),
    Column("present", Boolean, nullable=False),
    Column("side", String),
    Column("trend", String),
    Column("area", JSON, nullable=False),
    Column("nrs", Float),
    Column("mrc", Float),
    Column("grade", String),
    Column("modality", String),
    Column("degrees", Float),
    Column("level", String),
    Column("severity", String),
    Column("value", Float),
    Column("unit", String),
    Column("until_day", Integer),
    Column("sessions", Integer),
    Column("dose", String),
    Column("response", String),
    Column("complication", String),
    Column("relief_pct", Float, comment="per cent"),
    Column("stopped", String),
    Column("measure", String),
    Column("months", Float),
    Column("number", Integer, nullable=False, comment="counted from 1 in the file it came from; 0 where from none"),
    Column("line", Integer),
    Column("origin", String),
    UniqueConstraint("patient_id", "position"),
)

_REFUSE_CHANGES = DDL(  # type: ignore[no-untyped-call]
    "CREATE TRIGGER fact_is_never_changed BEFORE UPDATE ON fact "
    "BEGIN SELECT RAISE(ABORT, 'a fact is never changed; enter a new one'); END"
)
event.listen(facts, "after_create", _REFUSE_CHANGES.execute_if(dialect="sqlite"))
