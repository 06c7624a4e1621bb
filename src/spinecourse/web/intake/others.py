"""Findings that have no row on the form: found in the vocabulary by a word, and filled in by their own keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.vocabulary import FactKey
from spinecourse.pictures import plain
from spinecourse.web.intake import layout

MOST_FOUND: Final = 12

_NUMBER = re.compile(r"other\.(\d{1,3})")
_LEFT_OUT: Final = {"day", "on", "after", "until_day"}
"""Keys that the form fills itself, or that have no place in it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding that a search offers; ``row`` is the id of its row where the form has one."""

    kind: str
    name: str
    words: str
    meaning: str
    row: str


@dataclass(frozen=True, slots=True)
class Other:
    """One finding added to the form, and the keys it may be filled in with."""

    number: int
    kind: str
    name: str
    keys: tuple[FactKey, ...]

    @property
    def field(self) -> str:
        """The field that names the finding; those of its keys begin with it."""
        return f"other.{self.number}"

    @property
    def words(self) -> str:
        """The finding in plain words."""
        return plain(self.name)

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The answers by key, for the keys that have few."""
        return {key.key: _choices(self.kind, key) for key in self.keys}

    @property
    def unit(self) -> str:
        """The unit its value is measured in; empty where it has none."""
        entry = vocabulary.find(self.kind, self.name)
        return entry.unit if entry else ""


def others(content: Mapping[str, str]) -> list[Other]:
    """The findings added, in the order in which they were."""
    numbers = sorted(int(found[1]) for field in content if (found := _NUMBER.fullmatch(field)))
    return [_other(number, content[f"other.{number}"]) for number in numbers]


def next_field(content: Mapping[str, str]) -> str:
    """The field for one more."""
    return f"other.{max((other.number for other in others(content)), default=0) + 1}"


def _other(number: int, text: str) -> Other:
    kind, _, name = text.partition(" ")
    return Other(number, kind, name, keys_for(kind, name))


@cache
def keys_for(kind: str, name: str) -> tuple[FactKey, ...]:
    """The keys a fact of this kind and name may carry on the form, its time apart."""
    entry = vocabulary.find(kind, name)
    if entry is None:
        return ()
    left_out = _LEFT_OUT | ({"side"} if entry.side == "none" else set())
    left_out |= {"value", "unit"} if kind in ("test", "imaging") and not entry.unit else {"unit"}
    if entry.unit and kind in ("test", "imaging"):
        left_out.add("present")
    return tuple(key for key in vocabulary.keys_of(kind).values() if key.key not in left_out)


def _choices(kind: str, key: FactKey) -> tuple[str, ...]:
    if key.type == "grade":
        return vocabulary.grades(kind)
    return ("true", "false") if key.type == "boolean" else key.choices


def find(words: str) -> list[Found]:
    """Findings whose name or meaning holds every word, those whose name begins with them first."""
    wanted = words.casefold().replace("_", " ").split()
    if not wanted:
        return []
    chosen = [entry for entry in _searched() if all(word in entry[0] for word in wanted)]
    chosen.sort(key=lambda entry: _rank(entry[1], " ".join(wanted)))
    return [*_level(words), *(found for _, found in chosen)][:MOST_FOUND]


def _rank(found: Found, wanted: str) -> tuple[int, int, str]:
    words = found.words.casefold()
    place = 0 if words == wanted else 1 if words.startswith(wanted) else 2 if wanted in words else 3
    return place, len(words), found.kind


def _level(words: str) -> list[Found]:
    """A sensory level such as ``below T4``, which no list holds."""
    name = "below " + words.strip().upper().removeprefix("BELOW").strip()
    entry = vocabulary.find("sensation", name)
    return [Found("sensation", name, name, entry.meaning, "")] if entry else []


@cache
def _searched() -> tuple[tuple[str, Found], ...]:
    """Every name of the vocabulary with the text it is searched in."""
    found = []
    for entry in vocabulary.names().values():
        if entry.kind != "expectation" and vocabulary.keys_of(entry.kind):
            row = layout.rows().get((entry.kind, entry.name))
            words = plain(entry.name)
            text = f"{entry.kind} {words} {entry.name.replace('_', ' ')} {entry.meaning}".casefold()
            found.append((text, Found(entry.kind, entry.name, words, entry.meaning, row.id if row else "")))
    return tuple(found)
