"""From what a patient drew on the body to facts of a course, and from another program's body map to our areas."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

from spinecourse.course.model import Fact
from spinecourse.errors import UserError
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import Row, by_column, load

Drawn = tuple[str, str, str]
"""View, region and side of the patient, such as ``("back", "thigh", "left")``."""


@cache
def _regions() -> dict[tuple[str, str], Row]:
    return {(row["view"], row["region"]): row for row in load("pictures/body_regions")}


@cache
def _codes() -> dict[str, Row]:
    return by_column(load("pictures/body_codes"), "code")


def drawn_facts(drawn: Iterable[Drawn], day: int) -> list[Fact]:
    """The facts that a drawing of pain on the regions makes, one for each symptom and side, in a fixed order.

    Regions that nobody touched make no fact: a patient who did not draw there has not denied pain there. A region that
    the vocabulary has no symptom for makes none either. Raises UserError for a region or side that does not exist.
    """
    found: dict[tuple[str, Literal["left", "right"] | None], list[str]] = {}
    for view, region, side in sorted(set(drawn)):
        row = _regions().get((view, region))
        if row is None or side not in {"left", "right"}:
            raise UserError(f"the body map has no region {view} {region} {side}; see the table pictures/body_regions")
        if row["symptom"]:
            found.setdefault((row["symptom"], _side(row["symptom"], side)), []).extend(row.items_of("areas"))
    return [
        Fact("symptom", symptom, day, side=side, area=tuple(dict.fromkeys(areas)))
        for (symptom, side), areas in found.items()
    ]


def _side(symptom: str, side: str) -> Literal["left", "right"] | None:
    """The side that a fact may carry: none for a symptom of the midline, such as pain in the back."""
    entry = vocabulary.find("symptom", symptom)
    if entry is None or entry.side != "paired":
        return None
    return "left" if side == "left" else "right"


def regions_of_codes(codes: Iterable[str]) -> list[Drawn]:
    """The regions behind the codes 101 to 238 of the body map with 74 areas (Alter et al. 2021, PLoS One 16:e0254862).

    Raises UserError for a code that the map does not have.
    """
    given = list(codes)
    unknown = [code for code in given if code not in _codes()]
    if unknown:
        raise UserError(f"{len(unknown)} codes are not of the body map with 74 areas, which go from 101 to 238")
    return [(row["view"], row["region"], row["side"]) for row in (_codes()[code] for code in given)]
