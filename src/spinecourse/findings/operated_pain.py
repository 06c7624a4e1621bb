"""Which facts speak of pain in the region that was operated on."""

from __future__ import annotations

from functools import cache

from spinecourse.course.model import Fact
from spinecourse.knowledge.tables import Row, load


def is_pain(fact: Fact, region: Row | None) -> bool:
    """Whether a fact speaks of pain in the region: a symptom, or a pain score."""
    name = pain_name(fact)
    if name is None:
        return False
    rows = [region] if region is not None else load("follow/operation_regions")
    return any(name in (*row.items_of("spine_pain"), *row.items_of("limb_pain")) for row in rows)


def pain_name(fact: Fact) -> str | None:
    """The symptom that a symptom or a pain score is about; None for any other fact."""
    if fact.kind == "symptom":
        return fact.name
    return pain_measures().get(fact.name) if fact.kind == "measure" else None


@cache
def pain_measures() -> dict[str, str]:
    """The symptom that each pain score is about (``follow/pain_scores``)."""
    return {row["measure"]: row["symptom"] for row in load("follow/pain_scores")}
