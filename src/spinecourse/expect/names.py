"""Names in evidence tables reconciled: conditions, treatments and outcomes as the synthesis calls them.

A name is taken as it stands where the tables know it, else by the first row of words that all occur in it
(``synthesis/condition_words``, ``synthesis/treatment_words``). A name that fits nothing is *unknown* (None), never
guessed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from spinecourse.knowledge.tables import Row, by_column, load

_SEPARATORS: Final = re.compile(r"[\s_]+")


@cache
def conditions() -> dict[str, Row]:
    """The conditions the synthesis knows, by name."""
    return by_column(load("synthesis/conditions"), "condition")


@cache
def treatments() -> dict[str, Row]:
    """The treatments the synthesis knows, by name."""
    return by_column(load("synthesis/treatments"), "treatment")


def treatment_class(treatment: str) -> str:
    """The class of a treatment of :func:`treatments`."""
    return treatments()[treatment]["treatment_class"]


@cache
def condition_named(text: str) -> str | None:
    """The condition a text names; None where no word of it is known. Case and underscores do not matter."""
    plain = _plain(text)
    exact = "_".join(plain.split())
    if exact in conditions():
        return exact
    return _by_words("synthesis/condition_words", "condition", plain)


@cache
def treatment_named(text: str, detail: str = "") -> str | None:
    """The treatment a text names, else the one its detail names; None where neither is known."""
    for words in (text, detail):
        plain = _plain(words)
        exact = "_".join(plain.split())
        if exact in treatments():
            return exact
        row = by_column(load("synthesis/treatment_names"), "name").get(exact)
        found = row["treatment"] if row else _by_words("synthesis/treatment_words", "treatment", plain)
        if found is not None:
            return found
    return None


def _plain(text: str) -> str:
    return _SEPARATORS.sub(" ", text.strip().lower())


def _by_words(table: str, column: str, plain: str) -> str | None:
    for row in load(table):
        if all(_any_word(part, plain) for part in row.items_of("words")):
            return row[column]
    return None


def _any_word(alternatives: str, plain: str) -> bool:
    """Whether one of the alternatives stands at the beginning of a word of the text."""
    return any(re.search(rf"(?<![a-z]){re.escape(_plain(word))}", plain) for word in alternatives.split("|"))
