"""What imaging findings look like: how far a disc protrudes, a vertebra has slipped, a body has collapsed.

A picture of a finding is a sign and no measurement. Where the record gives a percentage or a named grade of a slip the
drawing keeps to it; otherwise ``pictures/finding_shapes`` says how large a mild, a severe, or an ungraded one is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.structure import Finding, read_structure


@dataclass(frozen=True, slots=True)
class Shape:
    """One finding to draw at a level.

    ``amount`` is a share between 0 and 1, what of is the table's matter. ``told`` says whether the record gave a
    measurement, a grade or a severity; False means that the drawing shows a usual size. ``side`` and ``zone`` are None
    where the record does not say.
    """

    finding: str
    kind: str
    level: str
    side: str | None
    zone: str | None
    amount: float
    told: bool
    severity: str | None = None


@cache
def _shapes() -> dict[str, Row]:
    return by_column(load("pictures/finding_shapes"), "imaging")


def shapes(imaging: Iterable[Fact]) -> list[Shape]:
    """The shapes of all findings that were seen at a level, in the order of levels; what was denied has none.

    A finding that the table does not know has no shape of its own and is only framed.
    """
    seen = read_structure(Course(Patient("picture"), tuple(imaging)))
    return [
        _shape(finding, level.level)
        for level in seen.levels
        if level.level is not None
        for finding in level.findings
        if finding.finding in _shapes() and finding.severity != "none"
    ]


def _shape(finding: Finding, level: str) -> Shape:
    row = _shapes()[finding.finding]
    measured = _slip(finding) if row["shape"] == "slip" else None
    amount = measured if measured is not None else row.number(finding.severity or "not_told")
    told = measured is not None or finding.severity is not None
    return Shape(
        finding.finding, row["shape"], level, finding.side, finding.zone, amount or 0.0, told, finding.severity
    )


def _slip(finding: Finding) -> float | None:
    """The slip as a share: the percentage measured, or the middle of the named grade; None where neither was told."""
    if finding.value is not None and finding.unit == "%":
        return finding.value / 100
    grading, _, grade = (finding.grade or "").partition(" ")
    row = _grades().get((grading, grade))
    if row is None or row["measure"] != "slip_percent":
        return None
    lower, upper = row.number("above"), row.number("up_to")
    return ((lower or 0.0) + (upper if upper is not None else (lower or 0.0))) / 200


@cache
def _grades() -> dict[tuple[str, str], Row]:
    return {(row["grading"], row["grade"]): row for row in load("structure/gradings")}


def slips(found: Iterable[Shape]) -> dict[str, float]:
    """The slip at each motion segment; the largest where one level has several."""
    return _largest(found, "slip")


def wedges(found: Iterable[Shape]) -> dict[str, float]:
    """The share of front height lost by each broken vertebra."""
    return _largest(found, "wedge")


def _largest(found: Iterable[Shape], kind: str) -> dict[str, float]:
    amounts: dict[str, float] = {}
    for shape in found:
        if shape.kind == kind:
            amounts[shape.level] = max(shape.amount, amounts.get(shape.level, 0.0))
    return amounts
