"""Checks of conditions: everything a rule asks for must exist, or the rule can never fire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from spinecourse.errors import Problem
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.conditions import Atom, Combination, Condition, ConditionError, Term, atoms, parse
from spinecourse.knowledge.rules import derived_conditions
from spinecourse.knowledge.tables import Row
from spinecourse.knowledge.vocabulary import FactKey

PATIENT: Final = ("age_years", "sex")
"""What a condition may ask of the patient apart from the derived numbers."""

TRIED_NUMBERS: Final = ("weeks", "sessions", "count", "relief_pct")
TRIED_WORDS: Final = {"adequate": ("yes", "no"), "response": ("none", "partial", "good")}
"""What a condition may ask of a treatment that was tried."""

NUMBERS: Final = ("number", "integer", "value")
"""Types of key that are compared by size."""


def check_conditions(
    rows: Sequence[Row], column: str, numbers: frozenset[str], known: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Conditions that cannot be read, and atoms that ask for what no course can say.

    ``numbers`` are the names that may stand after ``derived:`` or ``patient:`` because the program computes them,
    ``known`` other findings, as ``kind:name``, that it works out.
    """
    for row in rows:
        if not row[column]:
            continue
        try:
            condition = parse(row[column])
        except ConditionError as error:
            yield row.problem(f"{column}: {error}")
            continue
        for message in dict.fromkeys([*_counts(condition), *_atoms(condition, numbers, known)]):
            yield row.problem(f"{column}: {message}")


def _counts(condition: Condition) -> Iterator[str]:
    """A combination that asks for more parts than it has."""
    if isinstance(condition, Combination):
        if condition.count > len(condition.parts):
            yield f"{condition.combiner} wants {condition.count} of {len(condition.parts)}"
        for part in condition.parts:
            yield from _counts(part)


def _atoms(condition: Condition, numbers: frozenset[str], known: frozenset[str]) -> Iterator[str]:
    for atom in atoms(condition):
        if atom.kind in ("patient", "derived"):
            yield from _computed(atom, numbers)
        elif f"{atom.kind}:{atom.name}" in known:
            continue
        elif atom.kind == "tried":
            yield from _tried(atom)
        elif not _known(atom):
            near = vocabulary.nearest(atom.kind, atom.name) if atom.kind in vocabulary.KINDS else None
            yield f"{atom.kind}:{atom.name} is unknown" + (f"; did you mean {near}?" if near else "")
        else:
            yield from (message for terms in atom.alternatives for term in terms for message in _term(atom, term))


def _computed(atom: Atom, numbers: frozenset[str]) -> Iterator[str]:
    known = numbers | set(PATIENT if atom.kind == "patient" else derived_conditions())
    if atom.name not in known:
        yield f"{atom.kind}:{atom.name} is not defined"
    elif atom.name in numbers or atom.name == "age_years":
        terms = [term for alternative in atom.alternatives for term in alternative]
        if not terms or not all(_is_number(term.value) for term in terms):
            yield f"{atom.kind}:{atom.name} must be compared with a number"


def _tried(atom: Atom) -> Iterator[str]:
    """A trial of a treatment that no course can name, or a property that no trial has."""
    if vocabulary.find("treatment", atom.name) is None and ("treatment", atom.name) not in _groups():
        yield f"tried:{atom.name} is no treatment"
    for term in (term for terms in atom.alternatives for term in terms):
        if term.key in TRIED_NUMBERS:
            if not _is_number(term.value):
                yield f"{term.key} must be compared with a number, not {term.value!r}"
        elif term.value not in TRIED_WORDS.get(term.key, ()):
            yield f"tried has no {term.key}={term.value}"


def _known(atom: Atom) -> bool:
    """Whether the vocabulary has the name, or a group of findings does."""
    return vocabulary.find(atom.kind, atom.name) is not None or (atom.kind, atom.name) in _groups()


@cache
def _groups() -> frozenset[tuple[str, str]]:
    return frozenset(key for reading in ("any", "each", "mean") for key in anatomy.groups(reading))


def _term(atom: Atom, term: Term) -> Iterator[str]:
    """A property that this kind of finding does not have, or a value that the property cannot take."""
    key = vocabulary.keys_of(atom.kind).get(term.key)
    if key is None:
        yield f"{atom.kind} has no {term.key!r}"
    elif key.type in NUMBERS:
        if not _is_number(term.value):
            yield f"{term.key} must be compared with a number, not {term.value!r}"
    elif term.operator != "=":
        yield f"{term.key} cannot be compared by size"
    elif (choices := _choices(atom.kind, key)) and term.value not in choices:
        yield f"{term.key} is one of {', '.join(choices)}, not {term.value!r}"


def _choices(kind: str, key: FactKey) -> tuple[str, ...]:
    return vocabulary.grades(kind) if key.type == "grade" else key.choices


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
