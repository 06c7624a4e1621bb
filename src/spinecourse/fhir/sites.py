"""Body sites: region, side and level, by the table ``fhir/sites``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from spinecourse.course.model import Side
from spinecourse.fhir.codes import Coding, Concept, read_concept
from spinecourse.fhir.element import Element
from spinecourse.fhir.report import ReportBuilder
from spinecourse.fhir.texts import cast_side, level_in, normalise, without_side
from spinecourse.knowledge.tables import Row, load


@dataclass(frozen=True, slots=True)
class Site:
    """Where on the body; each part None where the source does not say. ``unknown`` names a site not understood."""

    region: str | None = None
    side: Side | None = None
    level: str | None = None
    unknown: tuple[str, str, str] | None = None


def read_sites(resource: Element, report: ReportBuilder) -> Site:
    """The body site of a resource, whether it has one or a list; sites named together are joined."""
    if isinstance(resource.value.get("bodySite"), list):
        concepts = [read_concept(item) for item in resource.each("bodySite")]
    else:
        concepts = [read_concept(resource.child("bodySite"))]
    site = Site()
    for concept in concepts:
        if concept is not None:
            site = _joined(site, _site_of(concept))
    if site.unknown:
        report.note("site_unknown", *site.unknown)
    return site


def _site_of(concept: Concept) -> Site:
    site, known = Site(), False
    for row in _rows(concept):
        known = True
        site = _joined(site, Site(row["region"] or None, cast_side(row["side"]), row["level"] or None))
    for text in concept.wording:
        level = level_in(text)
        phrase, side = without_side(normalise(text))
        named = _by_text().get(phrase)
        if level or named or (side and (known or not phrase)):
            known = True
            site = _joined(site, Site((named["region"] or None) if named else None, side, level))
    return site if known else replace(site, unknown=(concept.path, concept.name, concept.shown))


def _rows(concept: Concept) -> list[Row]:
    found = [_by_code().get((coding.system or "", coding.code or "")) for coding in concept.codings]
    return [row for row, coding in zip(found, concept.codings, strict=True) if row and _agrees(row, coding)]


def _agrees(row: Row, coding: Coding) -> bool:
    """A code recalled from memory counts only where the display does not name something else."""
    if row["checked"] != "recalled" or not coding.display:
        return True
    ours, theirs = normalise(row["text"]).split(), normalise(coding.display).split()
    return bool((set(ours) & set(theirs)) - {"structure", "of", "region"})


def _joined(one: Site, other: Site) -> Site:
    sides = {side for side in (one.side, other.side) if side}
    side: Side | None = "both" if sides == {"left", "right"} else next(iter(sorted(sides)), None)
    return Site(one.region or other.region, side, one.level or other.level, unknown=one.unknown or other.unknown)


@cache
def _by_code() -> dict[tuple[str, str], Row]:
    return {(row["system"], row["code"]): row for row in load("fhir/sites") if row["code"]}


@cache
def _by_text() -> dict[str, Row]:
    return {normalise(row["text"]): row for row in load("fhir/sites")}
