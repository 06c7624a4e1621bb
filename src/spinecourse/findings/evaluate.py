"""Conditions of the tables over a whole batch at once: two bit planes, known true and known false.

What is in neither plane is unknown. ``not`` and ``none`` are met unless the thing is known to be there, so taking
away a denial never undoes a warning; ``at_most`` needs the others known to be absent, because it reassures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spinecourse.course.model import Fact
from spinecourse.findings.batch import Batch
from spinecourse.findings.catalogue import catalogue
from spinecourse.knowledge.conditions import Atom, Combination, Condition
from spinecourse.knowledge.rules import derived_conditions

FALSE, TRUE = 1, 2

Plane = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Planes:
    """For every patient of a batch, whether a condition is known to hold and whether it is known not to."""

    true: Plane
    false: Plane


class Evaluator:
    """Evaluates conditions over one batch; every atom and every derived condition only once."""

    def __init__(self, batch: Batch) -> None:
        self._states = batch.states
        self._known: dict[Condition, Planes] = {}

    def __call__(self, condition: Condition) -> Planes:
        """The planes of a condition, each of shape (patients,)."""
        if condition not in self._known:
            self._known[condition] = self._evaluate(condition)
        return self._known[condition]

    def _evaluate(self, condition: Condition) -> Planes:
        if isinstance(condition, Atom):
            derived = derived_conditions().get(condition.name) if condition.kind == "derived" else None
            return self(derived) if derived is not None else self._atom(condition)
        return _combine(condition, [self(part) for part in condition.parts])

    def _atom(self, atom: Atom) -> Planes:
        states = self._states[:, catalogue()["condition", str(atom), ""].number]
        return Planes(states == TRUE, states == FALSE)


def _combine(condition: Combination, parts: list[Planes]) -> Planes:
    true = np.sum([part.true for part in parts], axis=0)
    false = np.sum([part.false for part in parts], axis=0)
    many = len(parts)
    match condition.combiner:
        case "all":
            return Planes(true == many, false > 0)
        case "any":
            return Planes(true > 0, false == many)
        case "none" | "not":
            return Planes(true == 0, true > 0)
        case "at_least":
            return Planes(true >= condition.count, many - false < condition.count)
        case "at_most":
            return Planes(many - false <= condition.count, true > condition.count)


def supporting_facts(condition: Condition, batch: Batch, row: int) -> list[Fact]:
    """The facts of one patient that make the condition hold, each once, in the order of the condition."""
    return list(dict.fromkeys(_decided(condition, batch, row, TRUE)))


def denying_facts(condition: Condition, batch: Batch, row: int) -> list[Fact]:
    """The facts of one patient that deny parts of the condition."""
    return list(dict.fromkeys(_decided(condition, batch, row, FALSE)))


def unknown_atoms(condition: Condition, batch: Batch, row: int) -> list[Atom]:
    """The parts of the condition about which nothing is known for one patient."""
    states = batch.states[row]
    found = (atom for atom in _plain_atoms(condition) if not states[catalogue()["condition", str(atom), ""].number])
    return list(dict.fromkeys(found))


def _decided(condition: Condition, batch: Batch, row: int, wanted: int) -> Iterator[Fact]:
    for atom in _plain_atoms(condition):
        number = catalogue()["condition", str(atom), ""].number
        if batch.states[row, number] == wanted:
            yield from batch.deciding[row].get(number, ())


def _plain_atoms(condition: Condition) -> Iterator[Atom]:
    """The atoms of a condition with derived conditions opened up and negated parts left out."""
    if isinstance(condition, Combination):
        if condition.combiner not in ("not", "none"):
            for part in condition.parts:
                yield from _plain_atoms(part)
    elif condition.kind == "derived" and condition.name in derived_conditions():
        yield from _plain_atoms(derived_conditions()[condition.name])
    else:
        yield condition
