"""What the store hands out: who a patient is, who signed what, the record with its corrections, and drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from spinecourse.course.model import Fact


@dataclass(frozen=True, slots=True)
class Person:
    """Who a patient is; for an invented one, what publication the facts were taken from."""

    name: str
    source_title: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the store knows about a course besides its facts.

    ``person`` is None where no name was given, ``presented_on`` (the date of day 0) where it is not known.
    """

    id: str
    person: Person | None
    presented_on: date | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """Who changed the record, when (UTC) and why; ``by`` is empty where nobody gave a name."""

    id: int
    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """One fact of the record, whether or not it still counts.

    ``signature`` is None in facts from before anybody signed. ``ended`` is None while the fact counts; afterwards it
    says who ended it and why, and ``replaced_by`` names the fact in its place, None where it was withdrawn.
    """

    id: int
    fact: Fact
    signature: Signature | None
    ended: Signature | None = None
    replaced_by: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A form not yet entered: nobody's record, and read by no reasoner of the record.

    ``patient_id`` is None while the patient is new. ``closed_as`` is ``entered`` or ``discarded``, None while open;
    ``signature_id`` names what it was entered with.
    """

    id: str
    patient_id: str | None
    content: dict[str, str]
    revision: int
    started_at: datetime
    saved_at: datetime
    closed_as: str | None
    signature_id: int | None
