"""Probabilities that nobody misreads: how many of a hundred such patients, and what an examination would change."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from spinecourse.pictures.hundred import dots, of_hundred
from spinecourse.pictures.lesions import LikelySite
from spinecourse.pictures.lesions import shading as limit
from spinecourse.pictures.page import document
from spinecourse.pictures.svg import element, number, text
from spinecourse.pictures.what_if import Change
from spinecourse.pictures.words import site_words

WIDTH: Final = 400.0
_EDGE: Final = 10.0
_COLUMNS: Final = 50
_STEP: Final = 7.6
_LINE: Final = 17.0


@dataclass(frozen=True, slots=True)
class Chance:
    """One thing that may be so; ``probability`` None means that nobody knows it. ``note`` stands below it."""

    words: str
    probability: float | None
    note: str = ""


class _Sheet:
    """Text and shapes from the top down, mirrored where the page is read from right to left."""

    def __init__(self, right_to_left: bool) -> None:
        self.parts: list[str] = []
        self.y = 8.0
        self.turned = right_to_left

    def x(self, x: float) -> float:
        return WIDTH - x if self.turned else x

    def line(
        self, words: str, *, x: float = _EDGE, size: float = 13.5, weight: int = 400, end: bool = False,
        soft: bool = False,
    ) -> None:  # fmt: skip
        align = "end" if end != self.turned else "start"
        self.parts.append(element(
            "text", text(words), x=self.x(x), y=self.y, font_size=size, font_weight=weight, text_anchor=align,
            class_="sc-soft" if soft else "sc-ink", fill="#596267" if soft else "#1d2326",
        ))  # fmt: skip

    def block(self, words: str, width: int, *, size: float = 13.5, weight: int = 400, soft: bool = False) -> None:
        for row in textwrap.wrap(words, width):
            self.y += _LINE
            self.line(row, size=size, weight=weight, soft=soft)


def draw_chances(
    sites: Sequence[LikelySite], dangers: Sequence[Chance] = (), changes: Sequence[Change] = (), *, title: str,
    style: Literal["dots", "bars"] = "dots", right_to_left: bool = False,
) -> str:  # fmt: skip
    """Sites and dangers as dots among a hundred, then what each unexamined finding would change, as an SVG document.

    Dots are the usual style; bars are kept for comparison. What nobody knows has dashes in place of dots and says so.
    """
    sheet = _Sheet(right_to_left)
    chances = _likely(sites)
    if chances:
        sheet.block("Of 100 patients with these findings, the lesion takes in:", 40, size=15, weight=700)
        for chance in chances:
            _row(sheet, chance, style)
        sheet.block("It can take in more than one, so the numbers need not add up to 100.", 48, soft=True)
    if dangers:
        sheet.y += 16
        sheet.block("Dangers: of 100 patients with these findings", 40, size=15, weight=700)
        for chance in dangers:
            _row(sheet, chance, style)
    if changes:
        sheet.y += 16
        _changes(sheet, changes)
    if not sheet.parts:
        sheet.block(_NOTHING, 50)
    lines = describe_chances(sites, dangers, changes)
    return document("chances", title, lines, sheet.parts, WIDTH, sheet.y + 14)


_NOTHING: Final = "Nothing to show: no site and no danger can be told from what is known."


def describe_chances(
    sites: Sequence[LikelySite], dangers: Sequence[Chance] = (), changes: Sequence[Change] = ()
) -> list[str]:
    """Everything the picture shows, as sentences."""
    lines = [f"{chance.words}: {of_hundred(chance.probability)[1]}." for chance in _likely(sites)]
    lines += [
        f"Danger {chance.words}: {of_hundred(chance.probability)[1]}. {chance.note}".strip() for chance in dangers
    ]
    lines += [
        f"{change.site} is {_of(change.now)} now; {_of(change.abnormal)} if {change.finding} is abnormal, "
        f"{_of(change.normal)} if normal."
        for change in changes
    ]
    return lines or [_NOTHING]


def _of(probability: float) -> str:
    return of_hundred(probability)[1]


def _likely(sites: Sequence[LikelySite]) -> list[Chance]:
    """The sites worth drawing, likeliest first."""
    shown = sorted((site for site in sites if site[2] >= limit("least_drawn")), key=lambda site: -site[2])
    return [
        Chance(
            site_words(site) + (f", {side}" if side in {"left", "right"} else ", both sides" if side == "both" else ""),
            p,
        )
        for site, side, p in shown[: int(limit("most_drawn"))]
    ]


def _row(sheet: _Sheet, chance: Chance, style: str) -> None:
    """Words and number over a hundred dots, or over a bar on a line as long as certainty."""
    filled, words = of_hundred(chance.probability)
    sheet.y += _LINE + 7
    name = textwrap.wrap(chance.words, 34)
    for row in name[:-1]:
        sheet.line(row, weight=600)
        sheet.y += _LINE
    sheet.line(name[-1], weight=600)
    sheet.line(words, x=WIDTH - _EDGE, end=True, weight=600)
    if style == "bars":
        sheet.parts.append(_bar(sheet, chance.probability))
        sheet.y += 14
    else:
        start = sheet.x(_EDGE + _STEP / 2)
        known = chance.probability is not None
        sheet.parts.append(dots(filled, start, sheet.y + 11, _STEP, columns=_COLUMNS, known=known, turned=sheet.turned))
        sheet.y += 11 + _STEP
    if chance.note:
        sheet.block(chance.note, 48, soft=True)


def _bar(sheet: _Sheet, probability: float | None) -> str:
    whole = WIDTH - 2 * _EDGE
    long = whole * (probability or 0.0)
    x = WIDTH - _EDGE - long if sheet.turned else _EDGE
    frame = element("rect", x=_EDGE, y=sheet.y + 6, width=whole, height=9, fill="none", class_="sc-rule",
                    stroke="#596267", stroke_width=0.7)  # fmt: skip
    return frame + element("rect", x=x, y=sheet.y + 6, width=long, height=9, class_="sc-mend", fill="#3d4a52")


def _changes(sheet: _Sheet, changes: Sequence[Change]) -> None:
    """One line a finding: where the leading site stands now, and where each answer would move it."""
    sheet.block("What the next examination would change", 40, size=15, weight=700)
    sheet.block("Each line shows the site that the answer moves most, among 100 such patients.", 48, soft=True)
    sheet.y += 24
    for x, sign, words in (
        (_EDGE + 7, "now", "now"),
        (90.0, "abnormal", "if abnormal"),
        (210.0, "normal", "if normal"),
    ):
        sheet.parts.append(_sign(sign, sheet.x(x), sheet.y - 4.5))
        sheet.line(words, x=x + 12)
    for change in changes:
        sheet.y += _LINE + 12
        sheet.line(change.finding, weight=600)
        if len(change.finding) + len(change.site) > 44:
            sheet.y += _LINE
        sheet.line(change.site, x=WIDTH - _EDGE, end=True)
        sheet.y += 14
        sheet.parts.append(_scale(sheet, change))
    sheet.y += 20
    for share, words, end in ((0.0, "0", False), (1.0, "100 of 100", True)):
        sheet.line(words, x=_EDGE + share * (WIDTH - 2 * _EDGE), end=end, soft=True, size=12)


def _scale(sheet: _Sheet, change: Change) -> str:
    def at(probability: float) -> float:
        return sheet.x(_EDGE + 8 + probability * (WIDTH - 2 * _EDGE - 16))

    ends = sorted((at(change.abnormal), at(change.normal)))
    axis = f"M{number(_EDGE)} {number(sheet.y)}H{number(WIDTH - _EDGE)}"
    span = f"M{number(ends[0])} {number(sheet.y)}H{number(ends[1])}"
    return (
        element("path", d=axis, class_="sc-rule", stroke="#596267", stroke_width=0.7, opacity=0.7)
        + element("path", d=span, class_="sc-mend-line", stroke="#3d4a52", stroke_width=3)
        + _sign("now", at(change.now), sheet.y)
        + _sign("normal", at(change.normal), sheet.y)
        + _sign("abnormal", at(change.abnormal), sheet.y)
    )


def _sign(kind: str, x: float, y: float) -> str:
    """A tall bar for now, a full square for abnormal, an open circle for normal."""
    if kind == "now":
        return element("rect", x=x - 1.5, y=y - 10, width=3, height=20, class_="sc-lesion", fill="#a8201a")
    if kind == "abnormal":
        return element("rect", x=x - 5.5, y=y - 5.5, width=11, height=11, class_="sc-mend sc-halo", fill="#3d4a52",
                       stroke="#ffffff", stroke_width=1)  # fmt: skip
    return element("circle", cx=x, cy=y, r=5.6, class_="sc-paper sc-mend-line", fill="#ffffff", stroke="#3d4a52",
                   stroke_width=2)  # fmt: skip
