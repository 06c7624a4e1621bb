"""Conditions in words: what is asked for, such as *non-invasive care for 6 weeks or more*."""

from __future__ import annotations

from functools import cache
from typing import Final

from spinecourse.findings.trials import TRIED
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.conditions import Atom, Combination, Condition, Term
from spinecourse.knowledge.rules import derived_conditions
from spinecourse.knowledge.tables import by_column, load
from spinecourse.pathway.handed import ASSESSED

COMPARED: Final = {">=": "or more", "<=": "or less", ">": "more than", "<": "less than"}
UNITS: Final = {"weeks": "weeks", "sessions": "sessions", "count": "times", "relief_pct": "per cent relief"}


def condition_words(condition: Condition) -> str:
    """A condition as a clinician would write it."""
    return _words(condition)


@cache
def _words(condition: Condition) -> str:
    if isinstance(condition, Atom):
        return atom_words(condition)
    parts = [_words(part) for part in condition.parts]
    if condition.combiner == "all":
        return " and ".join(parts)
    if condition.combiner == "any":
        return parts[0] if len(parts) == 1 else f"one of ({'; '.join(parts)})"
    return f"{_counted(condition)} ({'; '.join(parts)})"


def _counted(condition: Combination) -> str:
    if condition.combiner == "at_least":
        return f"at least {condition.count} of"
    return "none of" if condition.count == 0 else f"at most {condition.count} of"


@cache
def atom_words(atom: Atom) -> str:
    """One finding as a clinician would write it."""
    named = _spoken().get((atom.kind, atom.name))
    opened = derived_conditions().get(atom.name) if atom.kind == "derived" else None
    if atom.kind == ASSESSED:
        return named or _assessed(atom.name)
    if opened is not None:
        return by_column(load("model/derived_conditions"), "name")[atom.name]["meaning"]
    plain = (named or atom.name.replace("_", " ")).lower() if named else atom.name.replace("_", " ")
    shown = (
        plain if atom.kind in ("symptom", "history", "sign", TRIED, "derived", "patient") else f"{atom.kind} {plain}"
    )
    terms = " or ".join(", ".join(term_words(term) for term in alternative) for alternative in atom.alternatives)
    return f"{shown}{f' ({terms})' if terms else ''}"


def term_words(term: Term) -> str:
    """One property in words, such as *6 weeks or more*."""
    unit = UNITS.get(term.key, "" if term.key == "value" else term.key)
    if term.operator == "=":
        return f"{term.key} {term.value}" if term.key in ("adequate", "response") else term.value
    number = f"{term.value} {unit}".strip()
    if term.operator in (">=", "<="):
        return f"{number} {COMPARED[term.operator]}"
    return f"{COMPARED[term.operator]} {number}"


@cache
def _spoken() -> dict[tuple[str, str], str]:
    return {(row["kind"], row["name"]): row["says"] for row in load("pathway/names_in_questions")}


def _assessed(name: str) -> str:
    sites = {row["name"]: row["says"] for row in load("pathway/site_groups")}
    if name in sites:
        return sites[name]
    word, _, danger = name.partition("_")
    return f"{danger.replace('_', ' ')} in question{' as an emergency' if word == 'emergency' else ''}"


@cache
def meaning(kind: str, name: str) -> str:
    """What a name of the vocabulary or of a group means, for a question to a patient."""
    entry = vocabulary.find(kind, name)
    if entry is not None:
        return entry.meaning
    grouped = {(row["kind"], row["group"]): row["meaning"] for row in load("vocabulary/groups")}
    return grouped.get((kind, name), name.replace("_", " "))
