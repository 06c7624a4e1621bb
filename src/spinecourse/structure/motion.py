"""Whether a segment moves too far between flexion and extension, by published limits (``structure/instability``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final, cast

from spinecourse.course.model import Fact
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import Row, load
from spinecourse.structure.answer import Motion, Stability

STABILITIES: Final[tuple[Stability, ...]] = ("unstable", "suspected", "within_limits")
"""From the worst to the best."""


@cache
def measures() -> frozenset[str]:
    """The measurements of motion that have limits."""
    return frozenset(row["measure"] for row in load("structure/instability"))


def judge(fact: Fact) -> Motion | None:
    """One measured motion against the limits of its level; None without a value, a level, or limits for the level."""
    limits = _limits(fact.name, fact.level or "")
    if fact.value is None or not limits:
        return None
    exceeded = [row for row in limits if fact.value > float(row["above"])]
    decisive = exceeded[-1] if exceeded else limits[0]
    entry = vocabulary.names()[fact.kind, fact.name]
    return Motion(
        measure=fact.name,
        value=fact.value,
        unit=entry.unit,
        limit=float(decisive["above"]),
        stability=cast(Stability, decisive["verdict"]) if exceeded else "within_limits",
        because=[fact.text],
        sources=[f"{decisive['source']} ({decisive['checked']}) {decisive['source_url']}"],
        checked=decisive["checked"],
    )


def worst(motions: Iterable[Motion]) -> Stability | None:
    """The worst of several judgements; None where there is none."""
    return min((motion.stability for motion in motions), key=STABILITIES.index, default=None)


@cache
def _limits(measure: str, level: str) -> tuple[Row, ...]:
    """The limits of one measurement at one level, the lowest first."""
    rows = [
        row for row in load("structure/instability") if row["measure"] == measure and level in row.items_of("levels")
    ]
    return tuple(sorted(rows, key=lambda row: float(row["above"])))
