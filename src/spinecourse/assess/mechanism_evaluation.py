"""How well the mechanism meets clinicians' verdicts: a file of criteria, each patient made into a course and assessed.

The criteria of the file become facts by the column ``stated_by`` of ``clinical/mechanism_evidence``, so what is
evaluated is what a course of those facts would be answered.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct

from spinecourse.course import Course, Fact, Patient
from spinecourse.errors import CourseError, NotFound, Problem
from spinecourse.findings import build_batch
from spinecourse.knowledge.tables import load
from spinecourse.mechanism.model import MECHANISMS, mechanism_batch

VERDICTS: Final = {
    "nociceptive": "nociceptive",
    "peripheral_neuropathic": "neuropathic",
    "central_sensitisation": "nociplastic",
}
PRESENCE: Final = {"1": True, "0": False}
LEAST: Final = 1e-15


class MechanismEvaluation(Struct, frozen=True):
    """Accuracy (share whose likeliest mechanism is the verdict) and log loss (natural, mean) over the patients."""

    patients: int
    accuracy: float
    log_loss: float
    confusion: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class _Row:
    course: Course
    verdict: str


def evaluate_mechanism(path: Path) -> MechanismEvaluation:
    """Assess every patient of a file with a column a criterion (1, 0 or empty) and a column ``mechanism``.

    Raises NotFound for a missing file and CourseError naming every cell that is not 1, 0 or empty and every verdict
    that is none of the three.
    """
    rows = _read(path)
    found = mechanism_batch(build_batch([row.course for row in rows])).probability
    wanted = np.array([MECHANISMS.index(row.verdict) for row in rows])
    said = found.argmax(axis=1)
    confusion = {
        name: {other: int(((wanted == i) & (said == j)).sum()) for j, other in enumerate(MECHANISMS)}
        for i, name in enumerate(MECHANISMS)
    }
    chances = np.maximum(found[np.arange(len(rows)), wanted], LEAST)
    return MechanismEvaluation(len(rows), float((said == wanted).mean()), float(-np.log(chances).mean()), confusion)


def _read(path: Path) -> list[_Row]:
    if not path.is_file():
        raise NotFound(f"{path}: no such file; give the data file of the criteria, a CSV with a column mechanism")
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        lines = list(reader)
        columns = set(reader.fieldnames or ())
    stated = {row["criterion"]: row["stated_by"] for row in load("clinical/mechanism_evidence") if row["criterion"]}
    if "mechanism" not in columns or not columns & set(stated):
        message = "needs a column mechanism and columns named like the criteria c01, c02, ..."
        raise CourseError([Problem(str(path), 1, None, message)])
    problems = [problem for line, cells in enumerate(lines, 2) for problem in _problems(path, line, cells, stated)]
    if problems or not lines:
        raise CourseError(problems or [Problem(str(path), None, None, "holds no patients")])
    return [_row(line, cells, stated) for line, cells in enumerate(lines, 2)]


def _problems(path: Path, line: int, cells: Mapping[str, str], stated: Mapping[str, str]) -> list[Problem]:
    found = [
        Problem(str(path), line, None, f"{name} is {cells[name]!r}: write 1, 0, or nothing where it is unknown")
        for name in stated
        if cells.get(name) not in (None, "", *PRESENCE)
    ]
    if cells["mechanism"] not in VERDICTS:
        found.append(Problem(str(path), line, None, f"mechanism is none of {', '.join(dict.fromkeys(VERDICTS))}"))
    return found


def _row(line: int, cells: Mapping[str, str], stated: Mapping[str, str]) -> _Row:
    facts = []
    for criterion, name in stated.items():
        if cells.get(criterion):
            kind, _, finding = name.partition(":")
            facts.append(Fact(kind, finding, 0, present=PRESENCE[cells[criterion]]))
    return _Row(Course(Patient(str(line)), tuple(facts)), VERDICTS[cells["mechanism"]])
