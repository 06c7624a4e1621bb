"""Evidence tables as typed rows: studies, their arms, and what was measured in each arm and when.

The package's own tables and a folder of such tables (``studies.csv``, ``arms.csv``, ``outcomes.csv``) are read
alike. Names are reconciled on the way; a name nobody knows stays *unknown* (None) and its figures are kept. An
empty cell is *not known* (None), never zero.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spinecourse.errors import NotFound, UserError
from spinecourse.expect.names import condition_named, treatment_named
from spinecourse.expect.scales import Scale, outcome_named, scale_of
from spinecourse.knowledge.tables import load

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arm:
    """One group of one study. ``people`` is its size, None where not printed; ``pooled`` how many studies it pools."""

    study: str
    arm: str
    family: str
    condition: str | None
    condition_text: str
    treatment: str | None
    treatment_text: str
    people: float | None
    analysis: str
    design: str
    industry: bool
    pooled: float = 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """One row of outcomes: level and change of one arm at one time, in points of ``scale``.

    ``scale`` is None for an outcome the synthesis does not know, ``months`` where no single time was printed.
    """

    arm: Arm
    outcome: str | None
    outcome_text: str
    scale: Scale | None
    months: float | None
    months_text: str
    people: float | None
    mean: float | None
    sd: float | None
    se: float | None
    change: float | None
    change_sd: float | None
    left_out: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Arms and scores of a set of tables, in their order."""

    arms: tuple[Arm, ...]
    scores: tuple[Score, ...]


@cache
def package_evidence() -> Evidence:
    """The evidence in the package."""
    return _evidence(load("evidence/studies"), load("evidence/arms"), load("evidence/outcomes"))


def read_evidence(folder: Path) -> Evidence:
    """The evidence in a folder of tables of this layout; columns it does not need may be missing.

    Raises NotFound where a table is not there, UserError where a column everybody needs is missing or a number is none.
    """
    return _evidence(*(_read(folder / f"{name}.csv", needed) for name, needed in _NEEDED.items()))


_NEEDED = {
    "studies": ("study_id",),
    "arms": ("study_id", "arm_id", "treatment"),
    "outcomes": ("study_id", "arm_id", "outcome", "months"),
}
"""The tables a folder must hold, and the columns each must have."""


def _read(path: Path, needed: Iterable[str]) -> list[Cells]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
            header = reader.fieldnames or ()
    except OSError as error:
        raise NotFound(f"{path}: cannot be read ({error.strerror}); a folder of evidence needs this table") from None
    missing = [column for column in needed if column not in header]
    if missing:
        raise UserError(f"{path}: has no column {missing[0]!r}; its header needs {', '.join(needed)}")
    return list(rows)


def _evidence(studies: Sequence[Cells], arms: Sequence[Cells], outcomes: Sequence[Cells]) -> Evidence:
    by_study = {row["study_id"]: row for row in studies}
    known = {(row["study_id"], row["arm_id"]): _arm(row, by_study.get(row["study_id"], {})) for row in arms}
    scores = []
    for number, row in enumerate(outcomes, start=2):
        key = (row["study_id"], row["arm_id"])
        if key not in known:
            known[key] = _arm({"study_id": key[0], "arm_id": key[1]}, by_study.get(key[0], {}))
        scores.append(_score(row, known[key], number))
    return Evidence(tuple(known.values()), tuple(scores))


def _arm(row: Cells, study: Cells) -> Arm:
    condition = row.get("condition") or study.get("condition") or ""
    treatment = row.get("treatment", "")
    detail = row.get("treatment_detail") or row.get("detail") or ""
    text = f"{study.get('design_published', '')} {study.get('design', '')} {study.get('notes', '')}".lower()
    return Arm(
        study=row["study_id"],
        arm=row["arm_id"],
        family=study.get("family") or row["study_id"],
        condition=condition_named(condition) or condition_named(study.get("title", "")),
        condition_text=condition,
        treatment=treatment_named(treatment, detail),
        treatment_text=treatment,
        people=number_in(row, "n", "arms", None),
        analysis=row.get("analysis", "") or ("itt" if "rct" in text or "trial" in text else "observational"),
        design=study.get("design", ""),
        industry=study.get("industry") == "yes" or "industry" in text or "sponsor" in text,
        pooled=number_in(study, "studies_pooled", "studies", None) or 1.0,
    )


def _score(row: Cells, arm: Arm, line: int) -> Score:
    outcome = outcome_named(row["outcome"])
    low, high = number_in(row, "scale_min", "outcomes", line), number_in(row, "scale_max", "outcomes", line)
    return Score(
        arm=arm,
        outcome=outcome,
        outcome_text=row["outcome"],
        scale=scale_of(outcome, low, high) if outcome else None,
        months=number_in(row, "months", "outcomes", line),
        months_text=row["months"],
        people=number_in(row, "n", "outcomes", line) or arm.people,
        mean=number_in(row, "mean", "outcomes", line),
        sd=number_in(row, "sd", "outcomes", line),
        se=number_in(row, "se", "outcomes", line),
        change=number_in(row, "change_mean", "outcomes", line),
        change_sd=number_in(row, "change_sd", "outcomes", line),
        left_out=row.get("left_out", ""),
    )


def number_in(row: Cells, column: str, table: str, line: int | None) -> float | None:
    """A cell as a number, None where it is empty or the column is missing.

    Raises UserError naming table, line and column where the cell holds something else.
    """
    text = row.get(column, "")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        place = f"{table}.csv" if line is None else f"{table}.csv:{line}"
        raise UserError(f"{place}: {column} should be a number or empty, is {text!r}") from None
