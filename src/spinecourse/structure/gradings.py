"""Named gradings (Meyerding, Schizas, Lee, Pfirrmann, Modic, zones) and the grades that measurements give.

Tables: ``structure/gradings``, in which a row is a grade, the findings it grades and, where it is measured, the
bounds of the measurement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

from spinecourse.knowledge.tables import Row, load
from spinecourse.structure.answer import Severity


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of one grading.

    ``severity`` is None where the grade ranks nothing, as a Modic type or a zone. Measurements lie above ``above``
    and up to and including ``up_to`` in the unit of ``measure``; None where unbounded or not measured.
    """

    grading: str
    grade: str
    findings: tuple[str, ...]
    severity: Severity | None
    measure: str
    regions: tuple[str, ...]
    above: float | None
    up_to: float | None
    meaning: str
    source: str
    checked: str

    @property
    def name(self) -> str:
        """The grade as the course format writes it, such as ``meyerding 2``."""
        return f"{self.grading} {self.grade}"

    def holds(self, value: float) -> bool:
        """Whether a measurement lies in this grade."""
        return (self.above is None or value > self.above) and (self.up_to is None or value <= self.up_to)


def _grade(row: Row) -> Grade:
    return Grade(
        row["grading"], row["grade"], row.items_of("findings"), cast(Severity | None, row["severity"] or None),
        row["measure"], row.items_of("regions"), row.number("above"), row.number("up_to"), row["meaning"],
        f"{row['source']} {row['source_url']}".strip(), row["checked"],
    )  # fmt: skip


@cache
def grades() -> tuple[Grade, ...]:
    """Every grade in the order of the table."""
    return tuple(_grade(row) for row in load("structure/gradings"))


@cache
def _by_name() -> dict[str, Grade]:
    return {grade.name: grade for grade in reversed(grades())}


def grade_named(name: str) -> Grade | None:
    """The grade of this name, such as ``schizas C``; None where no grading has it."""
    return _by_name().get(name)


def grade_of_measure(measure: str, value: float, region: str) -> Grade | None:
    """The grade that a measurement gives in a region of the spine.

    None where the measurement is not graded there, or shows nothing, as a slip of 0 per cent does.
    """
    fitting = (grade for grade in grades() if grade.measure == measure and region in grade.regions)
    return next((grade for grade in fitting if grade.holds(value)), None)


@cache
def measures() -> frozenset[str]:
    """The measurements that give a grade."""
    return frozenset(grade.measure for grade in grades() if grade.measure)
