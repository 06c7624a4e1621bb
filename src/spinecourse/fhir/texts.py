"""Wordings without a code: whole phrases that name one thing of the vocabulary, and nothing less than whole."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, cast

from spinecourse.course.model import Side
from spinecourse.knowledge.tables import Row, load
from spinecourse.knowledge.vocabulary import levels, names, synonyms

_SIDES: Final[dict[str, Side]] = {"left": "left", "right": "right", "bilateral": "both", "both": "both"}
_TAGS: Final = re.compile(r"\((finding|disorder|procedure|situation|observable entity|qualifier value|event)\)\s*$")
_LEVEL: Final = re.compile(r"\b([CTLS])(\d{1,2})(?:\s*[/-]\s*([CTLS])?(\d{1,2}))?\b", re.IGNORECASE)

Match = tuple[str, str, str | None]
"""Kind, name and side of what a phrase says."""


def normalise(text: str) -> str:
    """A wording in lower case, without SNOMED's tag in brackets and without punctuation."""
    text = _TAGS.sub("", text.strip().lower())
    return " ".join(re.sub(r"[^a-z0-9+/\- ]", " ", text).replace("-", " ").replace("/", " ").split())


def without_side(phrase: str) -> tuple[str, Side | None]:
    """A phrase without its words for the side, and the side; a phrase that names two sides keeps both words."""
    words = phrase.split()
    sides = {_SIDES[word] for word in words if word in _SIDES}
    if len(sides) != 1:
        return phrase, None
    rest = [word for word in words if word not in _SIDES and word not in {"side", "sided"}]
    return " ".join(rest), sides.pop()


@cache
def wordings(context: str) -> dict[str, Match]:
    """Every phrase that is understood in a context: table rows first, then names and synonyms by kind."""
    kinds = kinds_of(context)
    found: dict[str, Match] = {}
    for row in load("fhir/texts"):
        if row["kind"] in kinds and row["context"] == context:
            found.setdefault(row["text"], (row["kind"], row["name"], row["side"] or None))
    rows = [row for row in load("fhir/texts") if row["kind"] in kinds and not row["context"]]
    for row in sorted(rows, key=lambda row: kinds.index(row["kind"])):
        _add_row(found, row)
    for kind in kinds:
        _add_names(found, kind)
    return found


def _add_row(found: dict[str, Match], row: Row) -> None:
    if "{name}" not in row["text"]:
        found.setdefault(row["text"], (row["kind"], row["name"], row["side"] or None))
        return
    for kind, name in names():
        if kind == row["kind"]:
            phrase = normalise(row["text"].replace("{name}", name.replace("_", " ")))
            found.setdefault(phrase, (kind, name, None))


def _add_names(found: dict[str, Match], kind: str) -> None:
    """Names, synonyms and meanings of a kind whose names stand for themselves (not reflexes and the like)."""
    if kind in {"power", "reflex", "sensation"}:
        return
    for known, entry in names().items():
        if known[0] == kind:
            for text in (entry.name.replace("_", " "), entry.meaning):
                found.setdefault(normalise(text), (kind, entry.name, None))
    for (of_kind, text), synonym in synonyms().items():
        if of_kind == kind and synonym.kind == kind and synonym.grade is None:
            found.setdefault(normalise(text.replace("_", " ")), (kind, synonym.name, None))


@cache
def kinds_of(context: str) -> tuple[str, ...]:
    """The kinds of fact a context may speak of, the likeliest first."""
    return next(row.items_of("kinds") for row in load("fhir/contexts") if row["context"] == context)


def level_in(text: str, *, segment_only: bool = False) -> str | None:
    """The one vertebra (L4) or motion segment (L4/5, L5/S1) a wording names; None for none or several.

    With ``segment_only`` a vertebra alone does not count, for T2 in a report may be a kind of picture.
    """
    matches = [match for match in _LEVEL.finditer(text) if match[4] or not segment_only]
    found = {levels().get(_level(match)) for match in matches}
    return found.pop() if len(found) == 1 else None


def _level(match: re.Match[str]) -> str:
    upper, number, lower, below = match.groups()
    upper = upper.upper()
    if below is None:
        return f"{upper}{number}"
    lower = (lower or upper).upper()
    return f"{upper}{number}/{below}" if lower == upper else f"{upper}{number}/{lower}{below}"


def cast_side(side: str) -> Side | None:
    """A table's cell as a side; an empty cell is none."""
    return cast("Side", side) or None
