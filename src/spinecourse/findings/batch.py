"""A batch: a row a patient, a column a finding, and which fact decided each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spinecourse.course.model import Course, Fact
from spinecourse.findings.catalogue import catalogue
from spinecourse.findings.truth import CourseView
from spinecourse.knowledge.rules import derived_conditions, rule_atoms


@dataclass(frozen=True, slots=True)
class Batch:
    """Findings of many patients.

    ``states`` is int8, shape (patients, columns of the catalogue): 0 unknown, 1 normal or absent, from 2 upwards
    the grades of the column. ``deciding`` has for each row the facts behind each known column, and
    ``contradictions`` what was said both ways.
    """

    ids: tuple[str, ...]
    states: NDArray[np.int8]
    deciding: tuple[dict[int, tuple[Fact, ...]], ...]
    contradictions: tuple[tuple[str, ...], ...]

    def row(self, number: int) -> Batch:
        """The batch of one patient."""
        one = slice(number, number + 1)
        return Batch(self.ids[one], self.states[one], self.deciding[one], self.contradictions[one])


def build_batch(courses: Sequence[Course]) -> Batch:
    """Courses to a batch in one pass; facts known only ``after`` the first assessment are left out."""
    columns = catalogue()
    states = np.zeros((len(courses), len(columns)), dtype=np.int8)
    deciding: list[dict[int, tuple[Fact, ...]]] = []
    contradictions = []
    for row, course in enumerate(courses):
        view = CourseView(course)
        known = _known(view)
        for number, (state, _) in known.items():
            states[row, number] = state
        deciding.append({number: facts for number, (_, facts) in known.items()})
        contradictions.append(tuple(sorted(view.current.contradictions)))
    return Batch(tuple(course.id for course in courses), states, tuple(deciding), tuple(contradictions))


def _known(view: CourseView) -> dict[int, tuple[int, tuple[Fact, ...]]]:
    """Every known column of one course with its state and facts."""
    columns = catalogue()
    known = {
        columns[key].number: (cell.state, (cell.fact,)) for key, cell in view.current.cells.items() if key in columns
    }
    for atom in rule_atoms():
        if atom.name not in derived_conditions():
            truth = view.truth(atom)
            if truth.value is not None:
                known[columns["condition", str(atom), ""].number] = (1 + truth.value, truth.facts)
    return known

