"""*Is this right for me?*: the questions that decide about one procedure, from the same rows as its standing.

Every question can be answered with yes or no by the patient or by somebody who is named. The answer that speaks for the
procedure stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal

from spinecourse.errors import NotFound
from spinecourse.knowledge.conditions import Atom, Combination, Condition
from spinecourse.knowledge.rules import derived_conditions
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.knowledge.vocabulary import most_like
from spinecourse.pathway.answer import Question
from spinecourse.pathway.conditions import condition_rules
from spinecourse.pathway.handed import ASSESSED
from spinecourse.pathway.model import PathwayBatch
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.reasons import against, because
from spinecourse.pathway.rows import cautions, rules_of, treatments
from spinecourse.pathway.words import atom_words, meaning, term_words

ANSWERS: dict[bool | None, Literal["yes", "no", "not known"]] = {True: "yes", False: "no", None: "not known"}


def procedure_named(name: str) -> Row:
    """The treatment of this name, hyphens and blanks aside.

    Raises NotFound, naming the nearest, for a name the tables do not have.
    """
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    if plain not in treatments():
        near = most_like(plain, frozenset(treatments()))
        hint = f"; did you mean {near}?" if near else f"; known are {', '.join(treatments())}"
        raise NotFound(f"{name!r} is no treatment of pathway/treatments{hint}")
    return treatments()[plain]


def questions(found: PathwayBatch, treatment: str, row: int) -> list[Question]:
    """The questions that decide about a treatment for one patient, each once, those without an answer first."""
    asked: dict[str, Question] = {}
    for entry in _all(found.asked, treatment, row):
        asked.setdefault(entry.question, entry)
    return sorted(asked.values(), key=lambda entry: entry.answer != "not known")


def _all(asked: Asked, treatment: str, row: int) -> Iterator[Question]:
    for rule in rules_of(treatment):
        if not rule.supports:
            continue
        for condition in (_way_to_know(rule.condition), rule.requires, rule.after):
            if condition is not None:
                yield from _questions(condition, rule.row["id"], "yes", asked, row)
    for caution in cautions().get(treatment, ()):
        yield from _questions(caution.condition, caution.row["id"], "no", asked, row)


@cache
def _way_to_know(name: str) -> Condition | None:
    """The least sure way to know a condition that a patient can be asked about: no finding of another reasoner."""
    told = [
        rule.when
        for rule in condition_rules().get(name, ())
        if all(atom.kind != ASSESSED for atom in question_atoms(rule.when))
    ]
    return told[-1] if told else None


@cache
def question_atoms(condition: Condition) -> tuple[Atom, ...]:
    """The findings a condition asks for, one question each; a derived condition that has a question stays whole."""
    return tuple(dict.fromkeys(atom for atom, _ in _signed(condition)))


def _signed(condition: Condition) -> Iterator[tuple[Atom, bool]]:
    """Every finding to ask about; true beside those that the condition wants not to be there."""
    if isinstance(condition, Combination):
        turned = condition.combiner in ("at_most", "none", "not")
        for part in condition.parts:
            yield from ((atom, sign != turned) for atom, sign in _signed(part))
    elif condition.name in derived_conditions() and (condition.kind, condition.name) not in _asks():
        yield from _signed(derived_conditions()[condition.name])
    else:
        yield condition, False


def _questions(
    condition: Condition, rule: str, wanted: Literal["yes", "no"], asked: Asked, row: int
) -> Iterator[Question]:
    for atom, turned in dict.fromkeys(_signed(condition)):
        if _is_no_question(atom):
            continue
        state = asked.state(atom, row)
        facts = because(atom, asked, row) if state else against(atom, asked, row)
        speaks_for: Literal["yes", "no"] = "yes" if (wanted == "yes") != turned else "no"
        yield Question(_text(atom), ANSWERS[state], speaks_for, _form(atom)["whom"], facts, rule)


@cache
def _is_no_question(atom: Atom) -> bool:
    """What only the program knows of itself: which danger it has called, and derived conditions made of such."""
    if atom.kind == ASSESSED:
        return atom.name.startswith("called_")
    opened = derived_conditions().get(atom.name) if atom.kind == "derived" else None
    return opened is not None and all(inner.kind == ASSESSED for inner in question_atoms(opened))


def _text(atom: Atom) -> str:
    """A question in words, such as *Do you have this: pain running into the leg?*"""
    terms = " or ".join(", ".join(term_words(term) for term in each) for each in atom.alternatives if each)
    computed = atom.kind in (ASSESSED, "derived", "patient")
    named = "" if computed else meaning("treatment" if atom.kind == "tried" else atom.kind, atom.name)
    shown = f" {terms}" if terms and computed else f" ({terms})" if terms else ""
    asks = _asks().get((atom.kind, atom.name), f"Is this in question: {atom_words(atom).removesuffix(' in question')}")
    return _form(atom)["question"].format(meaning=named, name=named, terms=shown, asks=asks)


@cache
def _asks() -> dict[tuple[str, str], str]:
    return {(row["kind"], row["name"]): row["asks"] for row in load("pathway/names_in_questions")}


def _form(atom: Atom) -> Row:
    return by_column(load("pathway/question_forms"), "kind")[atom.kind]
