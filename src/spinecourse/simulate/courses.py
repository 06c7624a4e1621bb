"""Simulated patients as courses, for tests that start from facts."""

from __future__ import annotations

from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from spinecourse.course import Course, Fact, Patient
from spinecourse.course.model import Side
from spinecourse.findings.catalogue import NORMAL, Column, columns
from spinecourse.knowledge.vocabulary import KINDS, WISHES
from spinecourse.simulate.clinic import simulate_batch
from spinecourse.simulate.conditions import strength_of

STATED: Final = tuple(kind for kind in KINDS if kind not in ("measure", *WISHES))
"""Kinds whose states are facts by themselves; drawn areas, imaged levels and conditions are not."""


def simulate_courses(patients: int, seed: int) -> list[Course]:
    """So many courses, each fact on the day of presentation.

    Ages, areas of pain, imaged levels and what no state can tell are left out: they stay unknown.
    """
    simulated = simulate_batch(patients, seed)
    batch = simulated.batch
    return [Course(Patient(name), facts_of(states)) for name, states in zip(batch.ids, batch.states, strict=True)]


def facts_of(states: NDArray[np.int8]) -> tuple[Fact, ...]:
    """The facts that fill one patient's columns with these states."""
    known = [columns()[number] for number in np.flatnonzero(states) if columns()[number].kind in STATED]
    return tuple(_fact(column, int(states[column.number])) for column in known)


def _fact(column: Column, state: int) -> Fact:
    side = cast(Side | None, column.side or None)
    if column.kind in ("sensation", "reflex"):
        return Fact(column.kind, column.name, 0, side=side, grade=column.states[state - 1])
    if column.kind == "power":
        grade = strength_of(state)
        if grade is None:
            return Fact("sign", f"weak_{column.name}", 0, side=side)
        return Fact("power", column.name, 0, side=side, mrc=grade)
    return Fact(column.kind, column.name, 0, side=side, present=state > NORMAL)
