"""What every resource reader shares: the report, the other resources, statuses, times and sites."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import TypeVar

from spinecourse.course.model import Fact, Side
from spinecourse.fhir.codes import Concept, Target
from spinecourse.fhir.dates import Moment, at_age, parse
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.element import Element
from spinecourse.fhir.index import Index
from spinecourse.fhir.report import ReportBuilder
from spinecourse.fhir.sites import Site
from spinecourse.knowledge.tables import load
from spinecourse.knowledge.vocabulary import Name, find, keys_of

V = TypeVar("V")


@dataclass(slots=True)
class Reading:
    """The state of one import: the report being written, the index of the document, today, the patient at hand."""

    report: ReportBuilder
    index: Index
    today: date
    birth: Moment | None = None
    base: str | None = None
    contained_used: set[str] = field(default_factory=set)

    def note(self, code: str, element: Element, key: str | None = None, detail: str = "") -> None:
        """Report an element, or one part of it."""
        path, name = (element.path, element.name) if key is None else element.place(key)
        self.report.note(code, path, name, detail)


@cache
def _statuses() -> dict[tuple[str, str, str], tuple[str, str]]:
    rows = load("fhir/statuses")
    return {(row["resource"], row["element"], row["code"]): (row["handling"], row["why"]) for row in rows}


def forbidden(reading: Reading, resource: Element) -> bool:
    """Whether an order says that something must not be done; then all of it is taken, and the report says why."""
    if not resource.flag("doNotPerform"):
        return False
    reading.note("not_performed", resource, "doNotPerform")
    resource.take(*resource.value)
    return True


def handling_of(reading: Reading, resource: Element, key: str, code: str | None) -> str:
    """What a status means by the table: read, care, ended, denied; or none of it, with the report saying why.

    The answer ``no`` means that no fact may be made of the resource.
    """
    handling, why = _statuses().get((resource.name, key, code or ""), ("", ""))
    if not handling:
        reading.note("status_unknown", resource, key)
        return "no"
    if handling in {"left_out", "set_aside"}:
        reading.note("left_out" if handling == "left_out" else "status_set_aside", resource, key, f"{code}: {why}")
        return "no"
    if handling == "care":
        reading.note("status_care", resource, key, f"{code}: {why}")
    return handling


def moment(reading: Reading, resource: Element, key: str) -> Moment | None:
    """The date in one part of an element; None where there is none or it cannot be read, which is reported."""
    text = resource.text(key)
    if text is None:
        return None
    found = parse(text)
    if found is None:
        reading.note("date_invalid", resource, key)
    return found


def times(reading: Reading, resource: Element, stem: str) -> Times:
    """The times of a part that may be a dateTime, instant, period or age, such as ``onset`` or ``performed``."""
    start = moment(reading, resource, f"{stem}DateTime") or moment(reading, resource, f"{stem}Instant")
    period = resource.child(f"{stem}Period")
    end = None
    if period is not None:
        start, end = moment(reading, period, "start"), moment(reading, period, "end")
    age = resource.child(f"{stem}Age")
    if age is not None:
        start = _at_age(reading, age, resource, f"{stem}Age")
    for other in ("String", "Range", "Timing"):
        key = f"{stem}{other}"
        if resource.has(key):
            resource.take(key)
            reading.note("date_unread", resource, key)
    return Times(start, end)


def _at_age(reading: Reading, age: Element, resource: Element, key: str) -> Moment | None:
    value, unit = age.number("value"), age.text("code") or age.text("unit")
    age.take("system", "unit", "code")
    found = None
    if reading.birth is not None and value is not None and unit and not age.has("comparator"):
        found = at_age(reading.birth.first, value, unit)
    if found is None:
        age.take("comparator")
        reading.note("date_unread", resource, key)
    return found


def unread_notes(reading: Reading, resource: Element, *keys: str) -> None:
    """Report free text that stands beside the coded content."""
    for key in keys:
        if resource.has(key):
            resource.take(key)
            reading.note("unread_text", resource, key)


def named_by_site(reading: Reading, target: Target, concept: Concept, site: Site) -> str | None:
    """The vocabulary name of a target, where need be by the body site; None where the site does not tell."""
    if not target.by_site:
        return target.name
    region = "unknown" if site.unknown else (site.region or "none")
    name = dict(target.by_site).get(region)
    if name is None:
        reading.report.note("site_unknown_set_aside", concept.path, concept.name, concept.shown)
    return name


def side_of(reading: Reading, target: Target, concept: Concept, site: Site) -> tuple[bool, Side | None]:
    """Whether code and body site agree on the side, and the side."""
    if target.side and site.side and target.side != site.side:
        reading.report.note("sides_contradict", concept.path, concept.name)
        return False, None
    return True, target.side or site.side


def bare_fact(reading: Reading, target: Target, concept: Concept, site: Site) -> tuple[Fact, Name] | None:
    """A fact that says only what and where, and its vocabulary entry; None where that is not clear, with a report."""
    name_text = named_by_site(reading, target, concept, site)
    agreed, side = side_of(reading, target, concept, site)
    name = find(target.kind, name_text) if name_text else None
    if name is None or not agreed:
        return None
    side = kept(reading, concept, name, "side", side)
    level = kept(reading, concept, name, "level", target.level or site.level)
    return Fact(name.kind, name.name, None, side=side, level=level, origin=concept.path), name


def presence_draft(
    reading: Reading, target: Target, concept: Concept, site: Site, when: Times, *, present: bool = True,
    severity: str | None = None,
) -> Draft | None:  # fmt: skip
    """A finding that is there, or was looked for and is not; None where it could not be made, which is reported."""
    found = bare_fact(reading, target, concept, site)
    if found is None:
        return None
    fact, name = found
    if name.unit or "present" not in keys_of(name.kind):
        reading.report.note("value_missing", concept.path, concept.name, f"{name.kind} {name.name}")
        return None
    severity = kept(reading, concept, name, "severity", severity)
    return Draft(replace(fact, present=present, severity=severity), when, concept.name)


def kept(reading: Reading, concept: Concept, name: Name, key: str, value: V | None) -> V | None:
    """A value if a fact of this name may carry the key; else None, reported where something is lost by it."""
    asked = keys_of(name.kind).get(key)
    fits = asked is not None and (not asked.choices or value in asked.choices)
    if value is None or (fits and not (value == "midline" and name.side == "paired")):
        return value
    reading.report.note("part_not_kept", concept.path, concept.name, key)
    return None
