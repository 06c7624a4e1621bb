"""The red-flag rules written out for other engines: the same conditions as Python, SQL, Polars and CQL (as ELM).

Conditions are three-valued. Each is written as two plain questions, *known to hold* and *known not to hold*, so that
every engine answers exactly what ``findings.evaluate`` answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from spinecourse.findings.catalogue import catalogue
from spinecourse.knowledge.conditions import Atom, Combination, Condition
from spinecourse.knowledge.rules import derived_conditions
from spinecourse.triage.rules import ROUTINE, red_flags

TRUE, FALSE = 2, 1


@dataclass(frozen=True, slots=True)
class Language:
    """How one engine says: a column has this state; all of; any of; not; at least so many of."""

    state: Callable[[int, int], Any]
    all_of: Callable[[Sequence[Any]], Any]
    any_of: Callable[[Sequence[Any]], Any]
    negated: Callable[[Any], Any]
    at_least: Callable[[int, Sequence[Any]], Any]


def holds(condition: Condition, say: Language) -> Any:
    """The condition is known to hold, in the words of a language."""
    opened = _opened(condition)
    if isinstance(opened, Atom):
        return say.state(_column(opened), TRUE)
    if opened.combiner == "at_most":
        denied = [fails(part, say) for part in opened.parts]
        return say.at_least(len(denied) - opened.count, denied)
    met = [holds(part, say) for part in opened.parts]
    if opened.combiner == "all":
        return say.all_of(met)
    if opened.combiner == "at_least":
        return say.at_least(opened.count, met)
    return say.any_of(met) if opened.combiner == "any" else say.negated(say.any_of(met))


def fails(condition: Condition, say: Language) -> Any:
    """The condition is known not to hold."""
    opened = _opened(condition)
    if isinstance(opened, Atom):
        return say.state(_column(opened), FALSE)
    if opened.combiner in ("not", "none"):
        return say.any_of([holds(part, say) for part in opened.parts])
    if opened.combiner == "at_most":
        return say.at_least(opened.count + 1, [holds(part, say) for part in opened.parts])
    denied = [fails(part, say) for part in opened.parts]
    if opened.combiner == "any":
        return say.all_of(denied)
    needed = 1 if opened.combiner == "all" else len(denied) - opened.count + 1
    return say.at_least(needed, denied) if needed > 1 else say.any_of(denied)


def levels(say: Language) -> list[tuple[int, Any]]:
    """For every urgency above routine, the most urgent first, that one of its rules holds."""
    return [
        (level, say.any_of([holds(flag.condition, say) for flag in red_flags() if flag.level == level]))
        for level in range(ROUTINE)
    ]


@cache
def columns_asked() -> tuple[int, ...]:
    """The columns of the catalogue that the rules read."""
    found: list[int] = []

    def state(column: int, _: int) -> int:
        found.append(column)
        return 0

    levels(Language(state, len, len, lambda part: 0, lambda count, parts: 0))
    return tuple(sorted(set(found)))


def _opened(condition: Condition) -> Atom | Combination:
    """A derived condition opened up, down to findings and combinations."""
    if isinstance(condition, Atom) and condition.kind == "derived" and condition.name in derived_conditions():
        return _opened(derived_conditions()[condition.name])
    return condition


def _column(atom: Atom) -> int:
    return catalogue()["condition", str(atom), ""].number


def _joined(word: str) -> Callable[[Sequence[str]], str]:
    return lambda parts: "(" + f" {word} ".join(parts) + ")"


PYTHON = Language(
    state=lambda column, state: f"s[{column}] == {state}",
    all_of=_joined("and"),
    any_of=_joined("or"),
    negated=lambda part: f"(not {part})",
    at_least=lambda count, parts: f"({' + '.join(f'({part})' for part in parts)} >= {count})",
)

SQL = Language(
    state=lambda column, state: f"c{column} = {state}",
    all_of=_joined("AND"),
    any_of=_joined("OR"),
    negated=lambda part: f"(NOT {part})",
    at_least=lambda count, parts: f"({' + '.join(f'CAST({part} AS INTEGER)' for part in parts)} >= {count})",
)


def _number(value: int) -> dict[str, Any]:
    return {"type": "Literal", "valueType": "{urn:hl7-org:elm-types:r1}Integer", "value": str(value)}


def _nested(kind: str) -> Callable[[Sequence[Any]], Any]:
    """ELM joins two at a time."""

    def joined(parts: Sequence[Any]) -> Any:
        first, *rest = parts
        return {"type": kind, "operand": [first, joined(rest)]} if rest else first

    return joined


def _counted(count: int, parts: Sequence[Any]) -> Any:
    ones = [{"type": "If", "condition": part, "then": _number(1), "else": {"type": "Null"}} for part in parts]
    counted = {"type": "Count", "source": {"type": "List", "element": ones}}
    return {"type": "GreaterOrEqual", "operand": [counted, _number(count)]}


ELM = Language(
    state=lambda column, state: {
        "type": "IsTrue" if state == TRUE else "IsFalse",
        "operand": {"type": "ParameterRef", "name": f"c{column}"},
    },
    all_of=_nested("And"),
    any_of=_nested("Or"),
    negated=lambda part: {"type": "Not", "operand": part},
    at_least=_counted,
)


def elm_library() -> dict[str, Any]:
    """A CQL library, translated: a parameter a column, and the urgency as its one definition."""
    boolean = "{urn:hl7-org:elm-types:r1}Boolean"
    parameters = [{"name": f"c{column}", "parameterTypeName": boolean} for column in columns_asked()]
    cases = [{"when": rule, "then": _number(level)} for level, rule in levels(ELM)]
    urgency = {"type": "Case", "caseItem": cases, "else": _number(ROUTINE)}
    return {
        "library": {
            "identifier": {"id": "RedFlags"},
            "schemaIdentifier": {"id": "urn:hl7-org:elm", "version": "r1"},
            "usings": {"def": [{"localIdentifier": "System", "uri": "urn:hl7-org:elm-types:r1"}]},
            "parameters": {"def": parameters},
            "statements": {"def": [{"name": "Urgency", "context": "Unfiltered", "expression": urgency}]},
        }
    }
