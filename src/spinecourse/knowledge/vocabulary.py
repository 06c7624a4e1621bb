"""The names a course may use: one name for one thing, with synonyms accepted on reading and mapped.

Tables: ``vocabulary/names`` (every name, its meaning, whether it has sides, its unit and range),
``vocabulary/synonyms``, ``vocabulary/fact_keys`` (what else a fact may say), ``vocabulary/head_keys`` (what a course
and its patient may say), ``vocabulary/grades``, ``vocabulary/areas`` (body areas beside those of sensation) and
``vocabulary/units`` (other spellings of units).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final, Literal

from spinecourse.knowledge.tables import load

KINDS: Final = (
    "symptom", "power", "sensation", "reflex", "sign", "imaging", "test", "measure", "history", "diagnosis",
    "treatment", "event", "expectation", "goal", "decision",
)  # fmt: skip
"""The fifteen kinds of fact of the course format."""

WISHES: Final = ("expectation", "goal", "decision")
"""Kinds that say what the patient wants and what was decided; they are no findings."""

_OF_TREATMENTS: Final = ("expectation", "decision")
"""Kinds that are about a treatment and have its names."""

SidePattern = Literal["paired", "single", "none"]

_BELOW = re.compile(r"below ([CTLS]\d{1,2})")
_LONGEST_COMPARED = 80


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
    """A further key of a fact: for which kinds, which of them cannot do without it, its type, and its bounds."""

    key: str
    kinds: tuple[str, ...]
    needed_by: tuple[str, ...]
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


def _keys(table: str) -> tuple[FactKey, ...]:
    return tuple(
        FactKey(
            row["key"], row.items_of("kinds"), row.items_of("needed_by"), row["type"], row.items_of("choices"),
            row.number("lowest"), row.number("highest"), row["meaning"],
        )
        for row in load(table)
    )  # fmt: skip


@cache
def fact_keys() -> dict[tuple[str, tuple[str, ...]], FactKey]:
    """Every further key of a fact, by its name and the kinds it is for: one key may differ between kinds."""
    return {(key.key, key.kinds): key for key in _keys("vocabulary/fact_keys")}


@cache
def keys_of(kind: str) -> dict[str, FactKey]:
    """The further keys a fact of this kind may carry, by name."""
    return {key.key: key for key in fact_keys().values() if key.allows(kind)}


@cache
def needed_keys(kind: str) -> tuple[FactKey, ...]:
    """The further keys a fact of this kind cannot do without."""
    return tuple(key for key in keys_of(kind).values() if kind in key.needed_by)


@cache
def head_keys(part: str) -> dict[str, FactKey]:
    """The keys of a ``course``, of its ``patient``, or of a ``case`` of a case set, by name."""
    return {key.key: key for key in _keys("vocabulary/head_keys") if part in key.kinds}


def find(kind: str, name: str) -> Name | None:
    """The vocabulary's entry for a name, ``below T4`` for a sensory level included; None where unknown.

    What a patient expects is expected of a treatment, and what is decided is one, so ``expectation`` and ``decision``
    have the names of the treatments besides their own.
    """
    found = names().get((kind, name))
    if found is None and kind in _OF_TREATMENTS:
        found = names().get(("treatment", name))
        return found and replace(found, kind=kind)
    if found is None and kind == "sensation":
        below = _BELOW.fullmatch(name)
        if below and (kind, below[1]) in names():
            return Name(kind, name, f"everything {name}", "single", "", None, None)
    return found


@cache
def known(kind: str) -> frozenset[str]:
    """Every name and synonym that a fact of this kind may have, sensory levels apart."""
    listed = {kind, "treatment"} if kind in _OF_TREATMENTS else {kind}
    both = [*names(), *synonyms()]
    return frozenset(name for known_kind, name in both if known_kind in listed)


def named_as(kind: str) -> str:
    """The kind whose synonyms a kind shares: a treatment's for what is about treatments."""
    return "treatment" if kind in _OF_TREATMENTS else kind


def nearest(kind: str, name: str) -> str | None:
    """The known name of this kind most like ``name``, to offer in an error; None where nothing is like it."""
    return most_like(name, known(kind))


@lru_cache(maxsize=4096)
def most_like(word: str, choices: frozenset[str]) -> str | None:
    """The choice most like a word, capitals, spaces and hyphens aside; None where nothing is like it.

    A choice that alone begins with the word is most like it: ``f`` is like ``female``.
    """
    plain = {_plain(choice): choice for choice in sorted(choices)}
    meant = _plain(word[:_LONGEST_COMPARED])
    begun = [choice for choice in plain if choice.startswith(meant)] if meant else []
    close = begun if len(begun) == 1 else difflib.get_close_matches(meant, plain, n=1, cutoff=0.6)
    return plain[close[0]] if close else None


def _plain(word: str) -> str:
    return re.sub(r"[\s-]+", "_", word.strip().casefold())


@cache
def areas() -> dict[str, str]:
    """Every body area a symptom may be felt in, with the name it is kept under."""
    found = {name: name for kind, name in names() if kind == "sensation"}
    found |= {synonym: target.name for (kind, synonym), target in synonyms().items() if kind == "sensation"}
    return found | {row["area"]: row["area"] for row in load("vocabulary/areas")}


@cache
def levels() -> dict[str, str]:
    """Every accepted spelling of a vertebra or motion segment (``L5-S1``, ``L4-L5``), with the one it is kept under."""
    found: dict[str, str] = {}
    for row in load("anatomy/levels"):
        if row["kind"] == "vertebra":
            found[row["name"]] = row["name"]
        elif row["kind"] == "motion_segment":
            found |= dict.fromkeys(_spellings(row["name"]), row["name"])
    return found


def _spellings(segment: str) -> Iterator[str]:
    upper, lower = segment.split("/")
    for joint in "/-":
        yield f"{upper}{joint}{lower}"
        yield f"{upper}{joint}{upper[0]}{lower}" if lower.isdigit() else f"{upper}{joint}{lower}"


@cache
def unit_spellings() -> frozenset[tuple[str, str]]:
    """Units of the vocabulary, each with another spelling of it, such as ``mL`` with ``ml``."""
    return frozenset((row["unit"], row["spelling"]) for row in load("vocabulary/units"))


@cache
def grades(kind: str) -> tuple[str, ...]:
    """The grades a sensation or reflex may have."""
    return tuple(row["grade"] for row in load("vocabulary/grades") if row["kind"] == kind)
