"""A batch: a row a patient, a column a finding, and which fact decided each cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from spinecourse.course.model import Course, Fact
from spinecourse.findings.catalogue import catalogue
from spinecourse.findings.current import Current
from spinecourse.findings.evaluate import Evaluator
from spinecourse.findings.truth import CourseView, names_of
from spinecourse.knowledge.conditions import Atom
from spinecourse.knowledge.rules import derived_conditions, rule_atoms

Known = dict[int, tuple[int, tuple[Fact, ...]]]


@dataclass(frozen=True)
class Batch:
    """Findings of many patients.

    ``states`` is int8, shape (patients, columns of the catalogue): 0 unknown, 1 normal or absent, from 2 upwards
    the grades of the column. ``deciding`` has for each row the facts behind each known column, and ``notes`` what
    was said both ways and what no longer counts.
    """

    ids: tuple[str, ...]
    states: NDArray[np.int8]
    deciding: tuple[dict[int, tuple[Fact, ...]], ...]
    notes: tuple[tuple[str, ...], ...]

    @cached_property
    def conditions(self) -> Evaluator:
        """The conditions of all tables over this batch, evaluated once."""
        return Evaluator(self.states)


def build_batch(courses: Sequence[Course]) -> Batch:
    """Courses to a batch in one pass; facts known only ``after`` the first assessment are left out."""
    states = np.zeros((len(courses), len(catalogue())), dtype=np.int8)
    deciding: list[dict[int, tuple[Fact, ...]]] = []
    notes = []
    for row, course in enumerate(courses):
        view = CourseView(course)
        known = _known(view)
        for number, (state, _) in known.items():
            states[row, number] = state
        deciding.append({number: facts for number, (_, facts) in known.items()})
        notes.append((*sorted(view.current.contradictions), *view.current.outdated, *_long_since(course, view.current)))
    return Batch(tuple(course.id for course in courses), states, tuple(deciding), tuple(notes))


def _known(view: CourseView) -> Known:
    """Every known column of one course with its state and facts."""
    columns = catalogue()
    known: Known = {
        columns[key].number: (cell.state, (cell.fact,)) for key, cell in view.current.cells.items() if key in columns
    }
    touched = dict.fromkeys(entry for name in view.names() for entry in _atoms_by_name().get(name, ()))
    for atom, number in (*touched, *_general_atoms()):
        truth = view.truth(atom)
        if truth.value is not None:
            known[number] = (1 + truth.value, truth.facts)
    return known


@cache
def _numbered_atoms() -> tuple[tuple[Atom, int], ...]:
    """Every atom that a course can answer by itself, with its column."""
    plain = (atom for atom in rule_atoms() if atom.kind != "derived" or atom.name not in derived_conditions())
    return tuple((atom, catalogue()["condition", str(atom), ""].number) for atom in plain)


@cache
def _general_atoms() -> tuple[tuple[Atom, int], ...]:
    """The atoms about the patient and about several facts together, asked of every course."""
    return tuple(entry for entry in _numbered_atoms() if entry[0].kind in ("patient", "derived"))


@cache
def _atoms_by_name() -> dict[tuple[str, str], tuple[tuple[Atom, int], ...]]:
    """The other atoms by every finding that can decide them; the rest of them stay unknown unasked."""
    found: dict[tuple[str, str], list[tuple[Atom, int]]] = defaultdict(list)
    for entry in _numbered_atoms():
        for name in names_of(entry[0]):
            found[name].append(entry)
    return {name: tuple(entries) for name, entries in found.items()}


def _long_since(course: Course, current: Current) -> list[str]:
    """Deficits that nobody has looked at for long; none where no fact has a day."""
    days = [fact.day for fact in course.facts if fact.day is not None and not fact.after]
    return current.long_since_examined(max(days)) if days else []
