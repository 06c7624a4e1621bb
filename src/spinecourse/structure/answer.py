"""What structure answers: the findings on imaging by level, graded, with what moves too far and what was clear."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Severity = Literal["none", "mild", "moderate", "severe"]
Stability = Literal["unstable", "suspected", "within_limits"]


class Finding(Struct, frozen=True):
    """One finding at one level and side.

    ``severity`` is None where the source gave neither a word nor a grade; ``none`` where the grade given is a normal
    one. ``grade`` is a named grading such as ``schizas C``; ``zone`` says where a disc or cyst lies. ``value`` with
    ``unit`` is the measurement behind the grade; None where nothing was measured. ``checked`` is how far the source
    of the grading was checked; empty without a grade.
    """

    finding: str
    side: str | None
    severity: Severity | None
    grade: str | None
    zone: str | None
    value: float | None
    unit: str | None
    meaning: str
    because: list[str]
    sources: list[str]
    checked: str


class Motion(Struct, frozen=True):
    """One measurement between flexion and extension against the published limits.

    ``stability`` is ``unstable`` above the stricter published limit, ``suspected`` above a looser one,
    ``within_limits`` otherwise. ``limit`` is the limit that decided. No limit has been validated against symptoms.
    """

    measure: str
    value: float
    unit: str
    limit: float
    stability: Stability
    because: list[str]
    sources: list[str]
    checked: str


class Level(Struct, frozen=True):
    """Everything seen at one motion segment or vertebra; ``level`` is None for findings without a level.

    ``stability`` is the worst of ``motion``; None where nobody measured motion, which is not the same as stable.
    """

    level: str | None
    region: str | None
    findings: list[Finding]
    motion: list[Motion]
    stability: Stability | None


class Clear(Struct, frozen=True):
    """Something that was looked for on imaging and not there.

    ``extent`` is ``whole`` where the scan of ``regions`` showed nothing at all, ``compression`` where no root was
    squeezed, ``finding`` where only this one finding was denied.
    """

    finding: str
    level: str | None
    regions: list[str]
    extent: Literal["whole", "compression", "finding"]
    meaning: str
    because: list[str]


class Structure(Struct, frozen=True):
    """What imaging showed. Without imaging ``levels`` and ``clear`` are empty and ``why`` says so.

    ``notes`` names grades and numbers that do not belong to their finding, so that none is lost in silence.
    """

    levels: list[Level]
    clear: list[Clear]
    notes: list[str]
    why: str
