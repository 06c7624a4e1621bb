"""Why a condition holds, fails or is open for one patient: facts, and what other reasoners found, in words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from spinecourse.findings.catalogue import catalogue
from spinecourse.findings.evaluate import FALSE, TRUE
from spinecourse.knowledge.conditions import Atom, Combination, Condition
from spinecourse.knowledge.rules import derived_conditions, rules
from spinecourse.pathway.handed import ASSESSED
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.words import atom_words, condition_words

MOST_FACTS: Final = 4
"""Facts named behind a danger; triage names them all."""


def because(condition: Condition, asked: Asked, row: int) -> list[str]:
    """The facts of one patient that make parts of a condition hold, each once."""
    return list(dict.fromkeys(_told(condition, asked, row, True)))


def against(condition: Condition, asked: Asked, row: int) -> list[str]:
    """The facts of one patient that deny parts of a condition, each once."""
    return list(dict.fromkeys(_told(condition, asked, row, False)))


def _told(condition: Condition, asked: Asked, row: int, wanted: bool) -> Iterator[str]:
    for part, turned in signed_atoms(condition):
        # That another reasoner did not find something is no fact about the patient.
        if asked.state(part, row) is (wanted != turned) and not (turned and part.kind == ASSESSED):
            yield from _of_atom(part, asked, row)


def _of_atom(atom: Atom, asked: Asked, row: int) -> Iterator[str]:
    if atom.kind == ASSESSED:
        yield _handed_words(atom, asked, row)
        return
    number = _number(atom)
    known = asked.batch.states[row, number] in (TRUE, FALSE)
    for fact in asked.batch.deciding[row].get(number, ()) if known else ():
        yield fact.text


def _handed_words(atom: Atom, asked: Asked, row: int) -> str:
    """What another reasoner found: the likeliest site, or the facts that raised a danger."""
    if not asked.state(atom, row):
        return f"not so: {atom_words(atom)}"
    detail = asked.site_named(atom.name, row) or "; ".join(_raised_by(atom.name, asked, row))
    return f"{atom_words(atom)} ({detail})" if detail else atom_words(atom)


def _raised_by(name: str, asked: Asked, row: int) -> list[str]:
    """The facts that make rules of a danger hold, read from the same table as triage reads."""
    danger = name.partition("_")[2]
    met = [
        rule
        for rule in rules("clinical/red_flags", "finding")
        if rule.row["condition"] == danger and asked.state(rule.condition, row)
    ]
    return list(dict.fromkeys(text for rule in met for text in because(rule.condition, asked, row)))[:MOST_FACTS]


@cache
def _number(atom: Atom) -> int:
    return catalogue()["condition", str(atom), ""].number


@cache
def signed_atoms(condition: Condition) -> tuple[tuple[Atom, bool], ...]:
    """Every atom, derived conditions opened up, each once; true beside those that the condition wants not to hold."""
    if isinstance(condition, Atom):
        opened = derived_conditions().get(condition.name) if condition.kind == "derived" else None
        return ((condition, False),) if opened is None else signed_atoms(opened)
    turned = condition.combiner in ("at_most", "none", "not")
    found = ((atom, sign != turned) for part in condition.parts for atom, sign in signed_atoms(part))
    return tuple(dict.fromkeys(found))


@cache
def requirements(condition: Condition | None) -> tuple[Condition, ...]:
    """The parts of a condition that must each hold."""
    if condition is None:
        return ()
    if isinstance(condition, Combination) and condition.combiner == "all":
        return tuple(part for joined in condition.parts for part in requirements(joined))
    return (condition,)


def open_parts(condition: Condition | None, asked: Asked, row: int) -> list[str]:
    """What one patient would have to be asked before a condition is decided, in words; every open part is named."""
    parts = [part for part in requirements(condition) if asked.state(part, row) is None]
    return [_open_words(part, asked, row) for part in parts]


def _open_words(part: Condition, asked: Asked, row: int) -> str:
    """An open part; of a choice or a list only what is still open in it."""
    if isinstance(part, Atom) or part.combiner == "at_least":
        return condition_words(part)
    left = [condition_words(inner) for inner in part.parts if asked.state(inner, row) is None]
    if part.combiner in ("at_most", "none", "not"):
        return f"that there is none of ({'; '.join(left)})"
    return left[0] if len(left) == 1 else f"one of ({'; '.join(left)})"
