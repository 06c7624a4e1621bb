"""What a page is made of: headings, lines, and under each line the rows of the tables it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from spinecourse.knowledge.tables import SURENESS, Row

OPEN_CLAIMS: Final = ("recalled", "judgement")
"""Sureness on which nobody should rely without checking; a line that rests on nothing better says so."""


EVERY: Final = 10_000
"""Every line of a section is shown."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row comes from: a name a person would cite, how sure the row is, and an address or nothing."""

    label: str
    checked: str
    address: str

    @property
    def host(self) -> str:
        """The site on which the source stands: ``docslib.org``; empty where no address is known."""
        return urlsplit(self.address).netloc.removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a page and the rows behind it."""

    text: str
    rows: tuple[Row, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The different sources of the rows, in their order."""
        return tuple(dict.fromkeys(source_of(row) for row in self.rows if row.cells.get("checked")))

    @property
    def source(self) -> str:
        """The names of the sources, joined by semicolons."""
        return "; ".join(source.label for source in self.sources)

    @property
    def checked(self) -> str:
        """How sure the least sure row is; empty where no row says."""
        return max((source.checked for source in self.sources), key=SURENESS.index, default="")

    @property
    def open(self) -> bool:
        """Whether every row behind the line still waits to be verified."""
        return bool(self.sources) and all(source.checked in OPEN_CLAIMS for source in self.sources)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines, the most important first; a short page shows the first ``shown`` of them."""

    heading: str
    lines: tuple[Line, ...]
    shown: int = EVERY

    @property
    def brief(self) -> Section:
        """The section cut to what a short page shows."""
        return Section(self.heading, self.lines[: self.shown])


@dataclass(frozen=True, slots=True)
class Page:
    """What the tables say of one thing, the most important first; ``whole`` unless lines were left out for brevity."""

    key: str
    title: str
    sections: tuple[Section, ...]
    whole: bool = True

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row the page rests on, once."""
        return tuple(dict.fromkeys(row for section in self.sections for line in section.lines for row in line.rows))

    @property
    def left_out(self) -> int:
        """How many lines a short form of the page leaves out."""
        return sum(max(len(section.lines) - section.shown, 0) for section in self.sections)

    @property
    def brief(self) -> Page:
        """The page cut to about a screen, its last line telling how to see the rest."""
        if not self.left_out:
            return replace(self, whole=False)
        lines = "1 more line" if self.left_out == 1 else f"{self.left_out} more lines"
        more = Line(f"{lines}: spinecourse knowledge show all:{self.key}")
        kept = [section.brief for section in self.sections if section.shown]
        return Page(self.key, self.title, (*kept, Section("More", (more,))), whole=False)


def build(key: str, title: str, sections: Iterable[tuple[str, Iterable[Line], int]]) -> Page:
    """A page of the sections that have any lines; each with how many of them a short page shows."""
    built = [Section(heading, tuple(lines_of(*lines)), shown) for heading, lines, shown in sections]
    return Page(key, title, tuple(section for section in built if section.lines))


def source_of(row: Row) -> Source:
    """The source of a row; where a chart names no study, the site it stands on is named instead of an address."""
    cells = row.cells
    label = cells.get("study") or cells.get("source") or ""
    address = cells.get("source_url") or ""
    if label.startswith("http"):
        label, address = "", label
    source = Source(label, cells["checked"], address)
    return source if label else Source(source.host or "the table itself", source.checked, "")


def words(name: str) -> str:
    """A name of the tables with blanks between its words."""
    return name.replace("_", " ")


_WORDING: Final = {"root": "{} root", "nerve": "{} nerve", "plexus": "{} plexus", "cord": "{} cord"}
_SEGMENT: Final = re.compile(r"([CTLS]\d+|Co)")


def site_words(site: str) -> str:
    """A site as one would say it: ``L5 root``, ``common fibular nerve``, ``C5 segment of the cord``."""
    if "+" in site:
        return " and ".join(site_words(part) for part in site.split("+"))
    kind, _, name = site.partition(":")
    if not name or kind not in _WORDING:
        return words(site.replace(":", " "))
    if kind == "cord" and _SEGMENT.fullmatch(name):
        return f"{name} segment of the cord"
    if kind == "plexus" and name.endswith(("trunk", "cord", "division")):
        return f"{words(name)} (plexus)"
    plain = words(name)
    return plain if kind in plain else _WORDING[kind].format(plain)


def percent(share: float) -> str:
    """A share from 0 to 1 in per cent; what is below ten with a decimal, what is below one with two figures."""
    value = 100 * share
    if value and value < 0.95:
        return f"{float(f'{value:.2g}'):g} %"
    return f"{value:.1f} %".replace(".0 %", " %") if value < 9.95 else f"{value:.0f} %"


def shares(parts: Sequence[tuple[str, float]], least: float, most: int = EVERY) -> str:
    """Names with their shares, the largest first: those below ``least`` left out, and all beyond the ``most``."""
    ordered = sorted((part for part in parts if part[1] >= least), key=lambda part: (-part[1], part[0]))
    return ", ".join(f"{words(name)} {percent(share)}" for name, share in ordered[:most])


def sentences(*parts: str) -> str:
    """Non-empty parts joined by semicolons."""
    return "; ".join(part for part in parts if part)


def lines_of(*candidates: Line | None) -> Iterator[Line]:
    """The lines that have a text."""
    return (line for line in candidates if line is not None and line.text)
