"""The columns of kind ``condition`` of a simulated batch.

Where a condition asks for findings alone, for their grade or for their side, its truth is read from the states, as
``findings.truth`` reads it from facts. Age and sex are drawn. What a state cannot tell (trends, durations, values,
responses) is drawn at random with the small shares of ``model/simulated_clinic``: those columns have the right cost
and the right patchiness, and no meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import FULL_STRENGTH, PRESENT, catalogue, columns, states_of
from spinecourse.findings.evaluate import FALSE, TRUE
from spinecourse.findings.truth import COMPARE
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.conditions import Atom, Term
from spinecourse.knowledge.rules import derived_conditions, rule_atoms
from spinecourse.knowledge.tables import by_column, load
from spinecourse.simulate.asking import first_row

States = NDArray[np.int8]

READABLE: Final = ("mrc", "grade", "side")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one alternative of a condition is read: columns of shape (findings, sides), and the truth of every state.

    ``every_side`` asks for all sides together; ``complete`` says that denying all the columns denies the condition.
    """

    columns: NDArray[np.intp]
    truth: NDArray[np.int8]
    every_side: bool
    complete: bool


def fill_conditions(states: States, generator: np.random.Generator) -> None:
    """Fill the columns of kind ``condition`` of ``states``, shape (patients, columns of the catalogue)."""
    ages, women = _ages(len(states), generator), _women(len(states), generator)
    for atom in _plain_atoms():
        number = catalogue()["condition", str(atom), ""].number
        readings = readings_of(atom)
        if readings:
            states[:, number] = _any([read(states, reading) for reading in readings])
        elif (atom.kind, atom.name) == ("patient", "age_years"):
            states[:, number] = _compared(ages, atom.alternatives[0])
        elif (atom.kind, atom.name) == ("patient", "sex"):
            states[:, number] = _same_sex(women, atom)
        else:
            states[:, number] = _drawn(atom, len(states), generator)


@cache
def _plain_atoms() -> tuple[Atom, ...]:
    return tuple(atom for atom in rule_atoms() if atom.kind != "derived" or atom.name not in derived_conditions())


@cache
def readings_of(atom: Atom) -> tuple[Reading, ...]:
    """How a condition is read from states, one reading an alternative; empty where states cannot tell."""
    terms = [term for alternative in atom.alternatives for term in alternative]
    keys = {term.key for term in terms}
    graded = atom.kind in ("sensation", "reflex") or "grade" not in keys
    if atom.kind in ("patient", "derived", "measure") or not keys <= set(READABLE) or not graded:
        return ()
    if "mrc" in keys and atom.kind != "power":
        return ()
    return tuple(_reading(atom, alternative) for alternative in atom.alternatives)


def _reading(atom: Atom, terms: tuple[Term, ...]) -> Reading:
    side = next((term.value for term in terms if term.key == "side"), None)
    members = anatomy.groups("any").get((atom.kind, atom.name), (atom.name,))
    known = [found for name in members if (found := _slots(atom.kind, name, side))]
    width = max((len(found) for found in known), default=1)
    numbers = np.array([found + found[:1] * (width - len(found)) for found in known], dtype=np.intp)
    rest = tuple(term for term in terms if term.key != "side")
    complete = len(known) == len(members) and not (side == "both" and len(members) > 1)
    return Reading(numbers.reshape(len(known), width), _truth(atom.kind, rest, numbers), side == "both", complete)


def _slots(kind: str, name: str, side: str | None) -> list[int]:
    """The numbers of the columns of a finding on the sides asked for."""
    sides = (side,) if side in ("left", "right") else ("left", "right")
    paired = [catalogue()[kind, name, each].number for each in sides if (kind, name, each) in catalogue()]
    single = catalogue().get((kind, name, ""))
    return paired or ([single.number] if single is not None and side is None else [])


def _truth(kind: str, terms: tuple[Term, ...], numbers: NDArray[np.intp]) -> NDArray[np.int8]:
    """Whether a finding in each state meets the terms: 0 unknown, else as in columns of conditions."""
    states = max((len(columns()[number].states) for number in numbers.flat), default=0)
    found = [0, *(_state_truth(kind, state, terms) for state in range(1, 1 + states))]
    return np.array(found, dtype=np.int8)


def _state_truth(kind: str, state: int, terms: tuple[Term, ...]) -> int:
    if not terms:
        return TRUE if state >= PRESENT else FALSE
    judged = [_term(kind, state, term) for term in terms]
    return FALSE if FALSE in judged else min(judged)


def _term(kind: str, state: int, term: Term) -> int:
    if term.key == "grade":
        return TRUE if states_of(kind)[state - 1] == term.value else FALSE
    grade = strength_of(state)
    if grade is None:
        return TRUE if (term.operator, float(term.value)) == ("<", FULL_STRENGTH) else 0
    return TRUE if COMPARE[term.operator](grade, float(term.value)) else FALSE


@cache
def strength_of(state: int) -> float | None:
    """The Medical Research Council grade that stands for a state of power; None for weakness without a grade."""
    rows = {row["state"]: row for row in load("vocabulary/grades") if row["kind"] == "power"}
    row = rows[states_of("power")[state - 1]]
    lowest, highest = row.number("lowest"), row.number("highest")
    if lowest is None or highest is None:
        return None
    return highest if highest.is_integer() else round((lowest + highest) / 2, 1)


def read(states: States, reading: Reading) -> States:
    """The truth of one alternative for every patient: 0 unknown, 1 false, 2 true."""
    if not reading.columns.size:
        return np.zeros(len(states), dtype=np.int8)
    found = reading.truth[states[:, reading.columns]]
    met, denied = found == TRUE, found == FALSE
    if reading.every_side:
        true, false = met.any(axis=1).all(axis=1), denied.any(axis=2).all(axis=1)
    else:
        true, false = met.any(axis=(1, 2)), denied.all(axis=(1, 2))
    return np.where(true, TRUE, np.where(false & reading.complete, FALSE, 0)).astype(np.int8)


def _any(truths: list[States]) -> States:
    """True where one alternative is, false where all are denied, else unknown."""
    together = np.array(truths)
    found = np.where((together == TRUE).any(axis=0), TRUE, np.where((together == FALSE).all(axis=0), FALSE, 0))
    return found.astype(np.int8)


def _ages(patients: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Ages in years; NaN where nobody noted one."""
    row = by_column([row for row in load("model/simulated_clinic") if row["kind"] == "patient"], "names")["age_years"]
    ages = generator.uniform(float(row["lowest"]), float(row["highest"]), patients).round()
    ages[generator.random(patients) >= float(row["share_of_patients"])] = np.nan
    return ages


def _women(patients: int, generator: np.random.Generator) -> States:
    """0 unknown, 1 a man, 2 a woman."""
    row = by_column([row for row in load("model/simulated_clinic") if row["kind"] == "patient"], "names")["sex"]
    women = np.where(generator.random(patients) < float(row["present"]), TRUE, FALSE)
    women[generator.random(patients) >= float(row["share_of_patients"])] = 0
    return women.astype(np.int8)


def _same_sex(women: States, atom: Atom) -> States:
    wanted = atom.alternatives[0][0].value
    if wanted == "female":
        return women
    if wanted == "male":
        return np.where(women == 0, 0, TRUE + FALSE - women).astype(np.int8)
    return np.where(women == 0, 0, FALSE).astype(np.int8)


def _compared(numbers: NDArray[np.float64], terms: tuple[Term, ...]) -> States:
    met = np.all([COMPARE[term.operator](numbers, float(term.value)) for term in terms], axis=0)  # type: ignore[arg-type]
    return np.where(np.isnan(numbers), 0, np.where(met, TRUE, FALSE)).astype(np.int8)


def _drawn(atom: Atom, patients: int, generator: np.random.Generator) -> States:
    row = first_row("condition", str(atom))
    if row is None:
        return np.zeros(patients, dtype=np.int8)
    truth = np.where(generator.random(patients) < float(row["present"]), TRUE, FALSE)
    known = generator.random(patients) < float(row["share_of_patients"])
    return np.where(known, truth, 0).astype(np.int8)
