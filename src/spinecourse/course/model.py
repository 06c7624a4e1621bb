"""The course: what is known of one patient's spine, in the order it became known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Side = Literal["left", "right", "both", "midline"]
Trend = Literal["improving", "stable", "worsening"]


_DENIED: Final = {"symptom": "denied", "history": "denied", "event": "denied", "treatment": "not had"}
"""How a fact that is not there is said, by its kind."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that became known on one day.

    ``day`` counts from presentation (0); None where the source gave no date, meaning *when is unknown*.
    ``present`` false means that somebody asked or looked and it was not there. Every other attribute is None where
    the source did not say. ``line`` and ``number`` tell where the fact stood in its file, counted from 1.
    ``origin`` names the element of a foreign document (a FHIR path) that the fact was made from.
    """

    kind: str
    name: str
    day: int | None
    present: bool = True
    side: Side | None = None
    trend: Trend | None = None
    area: tuple[str, ...] = ()
    nrs: float | None = None
    mrc: float | None = None
    grade: str | None = None
    modality: str | None = None
    degrees: float | None = None
    level: str | None = None
    severity: str | None = None
    value: float | None = None
    unit: str | None = None
    until_day: int | None = None
    sessions: int | None = None
    dose: str | None = None
    response: str | None = None
    complication: str | None = None
    relief_pct: float | None = None
    stopped: str | None = None
    measure: str | None = None
    months: float | None = None
    choice: str | None = None
    after: bool = False
    number: int = 0
    line: int | None = None
    origin: str | None = None

    @property
    def text(self) -> str:
        """The fact in one line as the course format would say it, such as ``day -2 symptom urinary_retention``."""
        when = "day unknown" if self.day is None else f"day {self.day}"
        return " ".join([when, self.kind, self.name, *self._details()])

    @property
    def order(self) -> tuple[int, str]:
        """A key that sorts facts by day and then by text, those of unknown day first; it makes answers independent of
        the order of a file."""
        return (-(10**9) if self.day is None else self.day, self.text)

    def _details(self) -> Iterator[str]:
        if not self.present:
            yield _DENIED.get(self.kind, "not found")
        for value in (
            self.side,
            self.grade,
            self.level,
            self.modality,
            self.severity,
            self.trend,
            self.response,
            self.choice,
        ):
            if value is not None:
                yield str(value)
        yield from self._numbers()

    def _numbers(self) -> Iterator[str]:
        if self.mrc is not None:
            yield f"MRC {self.mrc:g}"
        if self.nrs is not None:
            yield f"NRS {self.nrs:g}"
        if self.degrees is not None:
            yield f"{self.degrees:g} degrees"
        if self.value is not None:
            yield f"{self.value:g}" + (f" {self.unit}" if self.unit else "")
        if self.area:
            yield "in " + ", ".join(self.area)


@dataclass(frozen=True, slots=True)
class Patient:
    """Who the course is about; None wherever the source did not say."""

    id: str
    age_years: float | None = None
    sex: Literal["female", "male", "other"] | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A patient and the facts, in the order of the file."""

    patient: Patient
    facts: tuple[Fact, ...]

    @property
    def id(self) -> str:
        """The patient's identifier, which is also the course's."""
        return self.patient.id

    def until(self, day: float) -> Course:
        """The course as it was known at the end of a day; facts of unknown day stay."""
        return Course(self.patient, tuple(fact for fact in self.facts if fact.day is None or fact.day <= day))
