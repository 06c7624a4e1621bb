"""The tables of the database: patients, who they are called, their facts, who entered them and why, and drafts.

Facts are entered and never changed: the database itself refuses an update. A correction is a further row that ends an
old fact and names the one in its place, so what was once believed stays readable. Names stand apart from the facts, so
that the facts can be handed on without them. Drafts stand apart from both: they are nobody's record, and may change.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
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
)

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

signatures: Final = Table(
    "signature",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("signed_by", String, nullable=False, comment="as the person wrote it; empty where nobody did"),
    Column("signed_at", DateTime, nullable=False, comment="UTC"),
    Column("why", String, nullable=False),
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
    Column("choice", String),
    Column("number", Integer, nullable=False, comment="counted from 1 in the file it came from; 0 where from none"),
    Column("line", Integer),
    Column("origin", String),
    Column("signature_id", ForeignKey("signature.id"), comment="empty in facts entered before schema version 2"),
    UniqueConstraint("patient_id", "position"),
)

corrections: Final = Table(
    "correction",
    metadata,
    Column("fact_id", ForeignKey("fact.id"), primary_key=True, comment="the fact that no longer counts"),
    Column("replaced_by", ForeignKey("fact.id"), comment="empty where it was withdrawn without another in its place"),
    Column("signature_id", ForeignKey("signature.id"), nullable=False),
)

drafts: Final = Table(
    "draft",
    metadata,
    Column("id", String, primary_key=True),
    Column("patient_id", ForeignKey("patient.id"), comment="empty while the patient is new"),
    Column("content", JSON, nullable=False, comment="the fields of the form that were filled in"),
    Column("revision", Integer, nullable=False),
    Column("saved_in", String, nullable=False, comment="the browser window that saved last"),
    Column("started_at", DateTime, nullable=False, comment="UTC"),
    Column("saved_at", DateTime, nullable=False, comment="UTC"),
    Column("closed_as", String, comment="entered or discarded; empty while it is open"),
    Column("signature_id", ForeignKey("signature.id"), comment="what it was entered with"),
)

details: Final = Table(
    "details",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("patient_id", ForeignKey("patient.id"), nullable=False, index=True),
    Column("name", String, comment="empty where nobody gave one"),
    Column("age_years", Float),
    Column("sex", String),
    Column("signature_id", ForeignKey("signature.id"), nullable=False),
    comment="name, age and sex as corrected; the newest row holds, before any those of patient and person",
)

UNCHANGEABLE: Final = (facts, corrections, signatures, details)
"""Tables whose rows the database refuses to change or delete."""
