"""The language in which the tables write conditions on a course, read into a tree.

``kind:name`` asks for a finding, ``kind:name[key=value, key<value]`` for one with further properties,
``kind:name>200`` compares a value. ``all(...)``, ``any(...)``, ``at_least(n; ...)``, ``at_most(n; ...)``, ``not(...)``
and ``none(...)`` combine; their arguments are separated by semicolons. Inside brackets a comma joins what must hold
together and ``or`` separates alternatives. Evaluation is three-valued and lives in the room ``findings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, cast

Operator = Literal["=", "<", "<=", ">", ">="]
Combiner = Literal["all", "any", "none", "not", "at_least", "at_most"]

COMBINERS: Final = ("all", "any", "none", "not", "at_least", "at_most")
_TERM = re.compile(r"\s*([a-z_]+)\s*(<=|>=|=|<|>)\s*([\w./+-]+)\s*")
_ATOM = re.compile(r"([a-z_]+):([A-Za-z0-9_/]+)(?:\[(.*)\])?(?:(<=|>=|=|<|>)(.+))?")


class ConditionError(ValueError):
    """A condition that cannot be read; the message says which part."""


@dataclass(frozen=True, slots=True)
class Term:
    """One property asked of a finding, such as ``mrc<=3``."""

    key: str
    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Atom:
    """A finding with its properties: any of the ``alternatives`` must hold, each with all its terms."""

    kind: str
    name: str
    alternatives: tuple[tuple[Term, ...], ...] = ((),)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.kind, self.name, self.alternatives)))

    def __hash__(self) -> int:
        """Worked out once: rules look their atoms up thousands of times a patient."""
        return self._hash

    def __str__(self) -> str:
        texts = [", ".join(f"{term.key}{term.operator}{term.value}" for term in terms) for terms in self.alternatives]
        joined = " or ".join(texts)
        return f"{self.kind}:{self.name}" + (f"[{joined}]" if joined else "")


@dataclass(frozen=True, slots=True, eq=False)
class Combination:
    """Several conditions joined; ``count`` belongs to ``at_least`` and ``at_most`` and is 0 elsewhere.

    Equal texts are parsed to one and the same object, so combinations are compared by identity.
    """

    combiner: Combiner
    parts: tuple[Condition, ...]
    count: int = 0


Condition = Atom | Combination


def parse(text: str) -> Condition:
    """Read one condition.

    Raises ConditionError saying which part is wrong.
    """
    return _parse(text.strip())


@cache
def _parse(text: str) -> Condition:
    combiner, bracket, inside = text.partition("(")
    if bracket and combiner in COMBINERS:
        if not inside.endswith(")"):
            raise ConditionError(f"{text!r} has no closing bracket")
        return _combination(cast(Combiner, combiner), _split(inside[:-1], ";"))
    return _atom(text)


def atoms(condition: Condition) -> Iterator[Atom]:
    """Every finding a condition asks for, in the order written."""
    if isinstance(condition, Atom):
        yield condition
    else:
        for part in condition.parts:
            yield from atoms(part)


def _combination(combiner: Combiner, arguments: list[str]) -> Combination:
    if combiner in ("at_least", "at_most"):
        if not arguments[0].isdigit():
            raise ConditionError(f"{combiner} wants a number first, has {arguments[0]!r}")
        return Combination(combiner, tuple(parse(part) for part in arguments[1:]), int(arguments[0]))
    return Combination(combiner, tuple(parse(part) for part in arguments))


def _split(text: str, separator: str) -> list[str]:
    """Split at separators that stand outside every bracket."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character == separator and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    return [*parts, text[start:].strip()]


def _atom(text: str) -> Atom:
    match = _ATOM.fullmatch(text)
    if not match:
        raise ConditionError(f"{text!r} is not kind:name, kind:name[key=value] or kind:name>number")
    kind, name, inside, operator, value = match.groups()
    if operator:
        return Atom(kind, name, ((Term("value", cast(Operator, operator), value),),))
    if inside:
        return Atom(kind, name, tuple(_terms(alternative) for alternative in re.split(r"\bor\b", inside)))
    return Atom(kind, name)


def _terms(text: str) -> tuple[Term, ...]:
    terms = []
    for part in text.split(","):
        match = _TERM.fullmatch(part)
        if not match:
            raise ConditionError(f"{part.strip()!r} is not key=value or key<number")
        key, operator, value = match.groups()
        terms.append(Term(key, cast(Operator, operator), value))
    return tuple(terms)
