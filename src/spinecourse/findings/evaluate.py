"""Conditions of the tables over a whole batch at once: two bit planes, known true and known false.

What is in neither plane is unknown. ``not`` and ``none`` are met unless the thing is known to be there, so taking
away a denial never undoes a warning; ``at_most`` needs the others known to be absent, because it reassures.

A plane is one whole number with a bit a patient: joining two planes is one operation whether the batch holds one
patient or a million. All conditions of all tables form one network, compiled once, in which every part that occurs
twice is one node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from operator import and_, or_
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import catalogue
from spinecourse.knowledge.conditions import Atom, Combination, Condition
from spinecourse.knowledge.rules import all_conditions, derived_conditions

FALSE: Final = 1
TRUE: Final = 2

MANY: Final = 512
"""Patients from which on a condition asked for alone is evaluated alone, and not with all others."""

TURNED: Final = 512
"""Patients whose columns are made rows at once, so that it happens in the cache; a multiple of the bits in a byte."""

Plane = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Node:
    """One part of the network: a column of the catalogue, or a combination of earlier nodes."""

    combiner: str
    parts: tuple[int, ...]
    count: int = 0


@dataclass(slots=True)
class Network:
    """Every condition as nodes, each after the nodes it is made of."""

    nodes: list[Node] = field(default_factory=list)
    numbers: dict[Condition, int] = field(default_factory=dict)

    def add(self, condition: Condition) -> int:
        """The number of the node of a condition, added with its parts where it is new."""
        if condition not in self.numbers:
            node = self._node(condition)
            if isinstance(node, Node):
                self.nodes.append(node)
                node = len(self.nodes) - 1
            self.numbers[condition] = node
        return self.numbers[condition]

    def _node(self, condition: Condition) -> Node | int:
        if isinstance(condition, Combination):
            parts = tuple(self.add(part) for part in condition.parts)
            return Node(condition.combiner, parts, condition.count)
        derived = derived_conditions().get(condition.name) if condition.kind == "derived" else None
        if derived is not None:
            return self.add(derived)
        return Node("atom", (catalogue()["condition", str(condition), ""].number,))


@cache
def network() -> Network:
    """The network of every condition in the tables."""
    found = Network()
    for condition in all_conditions():
        found.add(condition)
    return found


class Evaluator:
    """The planes of every condition over the states of one batch, shape (patients, columns).

    Only what is asked for is evaluated, with the parts it needs: triage of a registry reads none of the columns that
    only the pathway reads. Who asks for one condition of a few patients will ask for others, one by one, so all are
    evaluated then.
    """

    def __init__(self, states: NDArray[np.int8]) -> None:
        self.patients = len(states)
        self._states = states
        self._everyone = (1 << self.patients) - 1
        self._planes: dict[int, tuple[int, int]] = {}

    def true(self, condition: Condition) -> int:
        """The plane of the patients for whom the condition is known to hold."""
        return self._planes_of([condition])[0][0]

    def false(self, condition: Condition) -> int:
        """The plane of the patients for whom the condition is known not to hold."""
        return self._planes_of([condition])[0][1]

    def holds(self, conditions: Sequence[Condition]) -> Plane:
        """For every condition and patient whether it is known to hold, shape (conditions, patients)."""
        return self._unpacked([true for true, _ in self._planes_of(conditions)])

    def fails(self, conditions: Sequence[Condition]) -> Plane:
        """For every condition and patient whether it is known not to hold, shape (conditions, patients)."""
        return self._unpacked([false for _, false in self._planes_of(conditions)])

    def _planes_of(self, conditions: Sequence[Condition]) -> list[tuple[int, int]]:
        numbers = tuple(network().add(condition) for condition in conditions)
        if not all(number in self._planes for number in numbers):
            alone = len(numbers) == 1 and self.patients < MANY
            self._evaluate(tuple(range(len(network().nodes))) if alone else needed(numbers))
        return [self._planes[number] for number in numbers]

    def _evaluate(self, numbers: Sequence[int]) -> None:
        """Evaluate nodes, each after the nodes it is made of; those known already are passed over."""
        missing = [number for number in numbers if number not in self._planes]
        nodes = network().nodes
        atoms = [number for number in missing if nodes[number].combiner == "atom"]
        columns = np.array([nodes[number].parts[0] for number in atoms], dtype=np.intp)
        self._planes.update(zip(atoms, planes_of(self._states, columns), strict=True))
        for number in missing:
            node = nodes[number]
            if node.combiner != "atom":
                parts = [self._planes[part] for part in node.parts]
                self._planes[number] = combined(node.combiner, node.count, parts, self._everyone)

    def _unpacked(self, planes: list[int]) -> Plane:
        width = (self.patients + 7) // 8
        data = np.frombuffer(b"".join(plane.to_bytes(width, "little") for plane in planes), dtype=np.uint8)
        bits = np.unpackbits(data.reshape(len(planes), width), axis=1, count=self.patients, bitorder="little")
        return bits.view(np.bool_)


def combined(combiner: str, count: int, parts: Sequence[tuple[int, int]], everyone: int) -> tuple[int, int]:
    """The planes of a combination from those of its parts; ``everyone`` has the bit of every patient."""
    if combiner in ("at_least", "at_most"):
        return _counted(combiner, count, parts, everyone)
    some, every, denied_some, denied_every = 0, everyone, 0, everyone
    for true, false in parts:
        some, every, denied_some, denied_every = (
            some | true,
            every & true,
            denied_some | false,
            denied_every & false,
        )
    if combiner == "all":
        return every, denied_some
    return (some, denied_every) if combiner == "any" else (everyone & ~some, some)


def _counted(combiner: str, count: int, parts: Sequence[tuple[int, int]], everyone: int) -> tuple[int, int]:
    wanted = count if combiner == "at_least" else count + 1
    enough = _at_least(wanted, [true for true, _ in parts], everyone)
    never = _at_least(len(parts) - wanted + 1, [false for _, false in parts], everyone)
    return (never, enough) if combiner == "at_most" else (enough, never)


@cache
def needed(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """The numbers of these nodes and of everything they are made of, each after its parts."""
    found: set[int] = set()
    waiting = list(numbers)
    while waiting:
        number = waiting.pop()
        node = network().nodes[number]
        if number not in found and node.combiner != "atom":
            waiting += node.parts
        found.add(number)
    return tuple(sorted(found))


def planes_of(states: NDArray[np.int8], atoms: NDArray[np.intp]) -> list[tuple[int, int]]:
    """For every named column the plane of the patients for whom it is true, and of those for whom it is false."""
    true, false = [], []
    for start in range(0, max(len(states), 1), TURNED):
        turned = np.ascontiguousarray(states[start : start + TURNED].take(atoms, axis=1).T)
        true.append(np.packbits(turned == TRUE, axis=1, bitorder="little"))
        false.append(np.packbits(turned == FALSE, axis=1, bitorder="little"))
    return list(zip(_numbers(true), _numbers(false), strict=True))


def _numbers(packed: list[NDArray[np.uint8]]) -> list[int]:
    """Rows of packed bits, continued from array to array, to whole numbers."""
    joined = np.concatenate(packed, axis=1)
    if joined.shape[1] == 1:
        return cast(list[int], joined[:, 0].tolist())
    return [int.from_bytes(row.tobytes(), "little") for row in joined]


def _at_least(count: int, planes: list[int], everyone: int) -> int:
    """The patients in at least ``count`` of the planes: reached[k] holds those in at least k of those seen."""
    if count <= 0:
        return everyone
    if count == 1:
        return reduce(or_, planes, 0)
    if count == len(planes):
        return reduce(and_, planes, everyone)
    reached = [everyone] + [0] * count
    for plane in planes:
        for k in range(count, 0, -1):
            reached[k] |= reached[k - 1] & plane
    return reached[count]


def plain_atoms(condition: Condition) -> tuple[Atom, ...]:
    """The atoms of a condition, derived conditions opened up and negated parts left out, each once."""
    return _plain_atoms(condition)


@cache
def _plain_atoms(condition: Condition) -> tuple[Atom, ...]:
    if isinstance(condition, Combination):
        if condition.combiner in ("not", "none"):
            return ()
        return tuple(dict.fromkeys(atom for part in condition.parts for atom in _plain_atoms(part)))
    if condition.kind == "derived" and condition.name in derived_conditions():
        return _plain_atoms(derived_conditions()[condition.name])
    return (condition,)
