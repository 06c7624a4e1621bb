"""Which facts of one patient make a condition hold, which deny it, and which parts nobody asked about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spinecourse.course.model import Fact
from spinecourse.findings.batch import Batch
from spinecourse.findings.catalogue import catalogue
from spinecourse.findings.evaluate import FALSE, TRUE, plain_atoms
from spinecourse.knowledge.conditions import Atom, Condition


def supporting_facts(condition: Condition, batch: Batch, row: int) -> list[Fact]:
    """The facts of one patient that make parts of the condition hold, each once, in the order of the condition."""
    return list(dict.fromkeys(_decided(condition, batch, row, TRUE)))


def denying_facts(condition: Condition, batch: Batch, row: int) -> list[Fact]:
    """The facts of one patient that deny parts of the condition."""
    return list(dict.fromkeys(_decided(condition, batch, row, FALSE)))


def unknown_atoms(condition: Condition, batch: Batch, row: int) -> list[Atom]:
    """The parts of the condition about which nothing is known for one patient."""
    states = batch.states[row]
    return [atom for atom, number in _columns(condition) if not states[number]]


def _decided(condition: Condition, batch: Batch, row: int, wanted: int) -> Iterator[Fact]:
    states, deciding = batch.states[row], batch.deciding[row]
    for _, number in _columns(condition):
        if states[number] == wanted:
            yield from deciding.get(number, ())


@cache
def _columns(condition: Condition) -> tuple[tuple[Atom, int], ...]:
    return tuple((atom, catalogue()["condition", str(atom), ""].number) for atom in plain_atoms(condition))
