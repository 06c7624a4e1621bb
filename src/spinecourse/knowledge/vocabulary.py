"""The names a course may use: one name for one thing, with synonyms accepted on reading and mapped.

Tables: ``vocabulary/names`` (every name, its meaning, whether it has sides, its unit and range),
``vocabulary/synonyms``, ``vocabulary/fact_keys`` (what else a fact may say) and ``vocabulary/grades``.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from spinecourse.knowledge.tables import load

KINDS: Final = (
    "symptom", "power", "sensation", "reflex", "sign", "imaging", "test", "measure", "history", "diagnosis",
    "treatment", "event", "expectation",
)  # fmt: skip
"""The thirteen kinds of fact of the course format."""

SidePattern = Literal["paired", "single", "none"]

_BELOW = re.compile(r"below ([CTLS]\d{1,2})")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of the vocabulary.

    ``side`` is ``paired`` where left and right are told apart, ``single`` where the finding is one, ``none`` where
    a side has no meaning. ``lowest`` and ``highest`` bound the value in ``unit``; None where there is none.
    """

    kind: str
    name: str
    meaning: str
    side: SidePattern
    unit: str
    lowest: float | None
    highest: float | None


@dataclass(frozen=True, slots=True)
class Synonym:
    """What a synonym stands for: kind and name, and the grade it implies where it does."""

    kind: str
    name: str
    grade: str | None


@dataclass(frozen=True, slots=True)
class FactKey:
    """A further key of a fact: for which kinds, of which type, and within which bounds."""

    key: str
    kinds: tuple[str, ...]
    type: str
    choices: tuple[str, ...]
    lowest: float | None
    highest: float | None
    meaning: str

    def allows(self, kind: str) -> bool:
        """Whether a fact of this kind may carry the key."""
        return self.kinds == ("all",) or kind in self.kinds


@cache
def names() -> dict[tuple[str, str], Name]:
    """Every name by kind and name."""
    return {
        (row["kind"], row["name"]): Name(
            row["kind"], row["name"], row["meaning"], row["side"],  # type: ignore[arg-type]
            row["unit"], row.number("lowest"), row.number("highest"),
        )
        for row in load("vocabulary/names")
    }  # fmt: skip


@cache
def synonyms() -> dict[tuple[str, str], Synonym]:
    """Every synonym by kind and synonym; the target's kind is written in front where it differs."""
    found = {}
    for row in load("vocabulary/synonyms"):
        kind, _, name = row["name"].rpartition(":")
        found[row["kind"], row["synonym"]] = Synonym(kind or row["kind"], name, row["grade"] or None)
    return found


@cache
def fact_keys() -> dict[str, FactKey]:
    """Every further key of a fact, by its name."""
    return {
        row["key"]: FactKey(
            row["key"], row.items_of("kinds"), row["type"], row.items_of("choices"),
            row.number("lowest"), row.number("highest"), row["meaning"],
        )
        for row in load("vocabulary/fact_keys")
    }  # fmt: skip


def find(kind: str, name: str) -> Name | None:
    """The vocabulary's entry for a name, ``below T4`` for a sensory level included; None where unknown."""
    found = names().get((kind, name))
    if found is None and kind == "sensation" and _BELOW.fullmatch(name):
        return Name(kind, name, f"everything {name}", "single", "", None, None)
    return found


def nearest(kind: str, name: str) -> str | None:
    """The known name of this kind most like ``name``, to offer in an error; None where nothing is like it."""
    known = [known_name for known_kind, known_name in names() if known_kind == kind]
    known += [synonym for synonym_kind, synonym in synonyms() if synonym_kind == kind]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return close[0] if close else None


@cache
def grades(kind: str) -> tuple[str, ...]:
    """The grades a sensation or reflex may have."""
    return tuple(row["grade"] for row in load("vocabulary/grades") if row["kind"] == kind)
