"""From a CodeableConcept to names of the vocabulary, by the tables ``fhir/codes`` and ``fhir/texts``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, cast

from spinecourse.course.model import Side
from spinecourse.fhir.element import Element
from spinecourse.fhir.report import ReportBuilder
from spinecourse.fhir.texts import normalise, without_side, wordings
from spinecourse.knowledge.tables import Row, load

_DOTLESS: Final = frozenset({"ICD-10-CM", "ICD-10"})
_NO_FACT: Final = frozenset({"unused", "panel", "assertion"})
_SHOWN_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-+]{0,23}")
_TELLING_WORD: Final = 4


@dataclass(frozen=True, slots=True)
class Coding:
    """One coding: the code system by our short name (None where unknown), the code and its display."""

    system: str | None
    code: str | None
    display: str | None
    path: str

    @property
    def shown(self) -> str:
        """System and code for a report; anything that does not look like a code is left out."""
        code = self.code if self.code and _SHOWN_CODE.fullmatch(self.code) else "no readable code"
        return f"{self.system or 'unknown system'} {code}"


@dataclass(frozen=True, slots=True)
class Concept:
    """A CodeableConcept as it stands: its codings and its text."""

    codings: tuple[Coding, ...]
    text: str | None
    path: str
    name: str

    @property
    def shown(self) -> str:
        """All codes for a report, never the text."""
        return ", ".join(coding.shown for coding in self.codings) or "text only"

    @property
    def wording(self) -> tuple[str, ...]:
        """Text and displays, the text first."""
        found = [self.text, *(coding.display for coding in self.codings)]
        return tuple(part for part in found if part)


@dataclass(frozen=True, slots=True)
class Target:
    """What a concept means to a course: a kind and a name, or a kind alone (unused, panel, assertion).

    ``by_site`` gives the name by body region where the site decides; ``none`` is the region of no site.
    """

    kind: str
    name: str
    side: Side | None = None
    level: str | None = None
    by_site: tuple[tuple[str, str], ...] = ()

    @property
    def makes_fact(self) -> bool:
        """Whether a fact can be made of it."""
        return self.kind not in _NO_FACT


@cache
def systems() -> dict[str, str]:
    """Our short name of every code system address, urn:oid forms included."""
    return {row["uri"]: row["system"] for row in load("fhir/systems")}


def system_of(uri: str | None) -> str | None:
    """The short name of a code system; SNOMED editions count as SNOMED CT; None where unknown."""
    if uri is None:
        return None
    uri = uri.rstrip("/")
    return systems().get(uri) or ("SNOMED CT" if uri.startswith("http://snomed.info/sct/") else None)


def read_coding(coding: Element) -> Coding:
    """A Coding element as it stands."""
    system = system_of(coding.text("system"))
    return Coding(system, coding.text("code"), coding.text("display"), coding.path)


def read_concept(concept: Element | None) -> Concept | None:
    """A CodeableConcept element as it stands; None where there is none."""
    if concept is None:
        return None
    codings = tuple(read_coding(coding) for coding in concept.each("coding"))
    return Concept(codings, concept.text("text"), concept.path, concept.name)


@cache
def _exact() -> dict[tuple[str, str], tuple[Row, ...]]:
    return _grouped("exact")


@cache
def _prefixes() -> dict[tuple[str, str], tuple[Row, ...]]:
    return _grouped("prefix")


def _grouped(match: str) -> dict[tuple[str, str], tuple[Row, ...]]:
    found: dict[tuple[str, str], tuple[Row, ...]] = {}
    for row in load("fhir/codes"):
        if row["match"] == match:
            key = row["system"], _bare(row["system"], row["code"])
            found[key] = (*found.get(key, ()), row)
    return found


def _bare(system: str, code: str) -> str:
    return code.replace(".", "").upper() if system in _DOTLESS else code


def rows_of(system: str, code: str) -> tuple[Row, ...]:
    """The table rows of a code: those of the code itself, else those of its longest known beginning."""
    code = _bare(system, code)
    if (system, code) in _exact():
        return _exact()[system, code]
    lengths = range(len(code), 0, -1)
    return next((_prefixes()[system, code[:n]] for n in lengths if (system, code[:n]) in _prefixes()), ())


def _in_context(rows: Iterable[Row], context: str) -> list[Row]:
    rows = list(rows)
    own = [row for row in rows if row["context"] == context]
    return own or [row for row in rows if not row["context"]]


def _agrees(row: Row, display: str | None) -> bool:
    """Whether a code recalled from memory is backed by the display that came with it."""
    if row["checked"] != "recalled" or not display or row["match"] == "prefix":
        return True
    return bool(_telling(row["display"]) & _telling(display))


def _telling(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+", text.lower()) if len(word) >= _TELLING_WORD}


def _target(row: Row) -> Target:
    by_site = tuple(cast("tuple[str, str]", tuple(part.split(":"))) for part in row.items_of("by_site"))
    return Target(row["kind"], row["name"], cast("Side", row["side"]) or None, row["level"] or None, by_site)


def targets_of(concept: Concept, context: str, report: ReportBuilder) -> tuple[Target, ...]:
    """What a concept means in a context (Condition, Observation, ...); nothing where it is not understood.

    Every code is looked up; where none is known the wordings are tried. What was not understood, understood in
    part, or read from the wording alone is reported.
    """
    found: list[tuple[Target, ...]] = []
    for coding in concept.codings:
        found += _of_coding(coding, concept.name, context, report)
    if not found:
        return _of_wording(concept, context, report)
    if len({frozenset((target.kind, target.name) for target in group) for group in found}) > 1:
        report.note("codes_disagree", concept.path, concept.name, concept.shown)
    return _merged(target for group in found for target in group)


def _of_coding(coding: Coding, name: str, context: str, report: ReportBuilder) -> list[tuple[Target, ...]]:
    if coding.system is None or coding.code is None:
        return []
    rows = _in_context(rows_of(coding.system, coding.code), context)
    if any(not _agrees(row, coding.display) for row in rows):
        report.note("code_display_disagrees", coding.path, f"{name}.coding", coding.shown)
        return []
    for row in rows:
        if row["note"] and row["kind"] not in _NO_FACT:
            report.note("code_only_in_part", coding.path, f"{name}.coding", f"{coding.shown}: {row['note']}")
    return [tuple(_target(row) for row in rows)] if rows else []


def _of_wording(concept: Concept, context: str, report: ReportBuilder) -> tuple[Target, ...]:
    for text in concept.wording:
        phrase, side = without_side(normalise(text))
        match = wordings(context).get(phrase)
        if match:
            report.note("text_matched", concept.path, concept.name, f"as {match[0]} {match[1]}")
            return (Target(match[0], match[1], side or cast("Side | None", match[2])),)
    reason = "code_unknown" if concept.codings or concept.text else "code_missing"
    report.note(reason, concept.path, concept.name, concept.shown)
    return ()


def _merged(targets: Iterable[Target]) -> tuple[Target, ...]:
    """One target a name, the one with a side if any; a known finding outweighs a code that makes no fact."""
    found: dict[tuple[str, str, tuple[tuple[str, str], ...]], Target] = {}
    for target in targets:
        key = target.kind, target.name, target.by_site
        known = found.get(key)
        if known is None or (known.side is None and target.side is not None):
            found[key] = replace(target, level=target.level or (known.level if known else None))
    facts = [target for target in found.values() if target.makes_fact]
    return tuple(facts or list(found.values())[:1])
