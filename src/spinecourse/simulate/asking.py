"""How often every finding is asked or examined, and how often wrongly (``model/simulated_clinic``).

Findings on a row are asked together: a patient whose legs nobody tested has no leg power at all, rather than a
movement missing here and there. The first row that fits a column counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import Column, catalogue, columns
from spinecourse.knowledge.tables import Row, load
from spinecourse.localise.likelihood import likelihood

REPORTED_WHEN_PRESENT: Final = ("area", "imaged_level", "sensory_level")
"""Kinds of which only what is there is ever noted."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the clinic asks: one entry a column that is ever asked and that the model of localise can draw.

    ``columns`` are numbers of the catalogue, ``group`` the number of the row that asks it; ``within`` is the share
    known where the group is asked and ``wrong`` the share misjudged. ``groups`` is the share of patients for every row.
    """

    columns: NDArray[np.intp]
    group: NDArray[np.intp]
    within: NDArray[np.float32]
    wrong: NDArray[np.float32]
    groups: NDArray[np.float32]


@cache
def asking() -> Asking:
    """The askings of the whole catalogue, computed once."""
    rows = load("model/simulated_clinic")
    found = [(column.number, row) for column in columns() if _is_drawn(column) and (row := row_of(column)) is not None]
    asked = [(number, rows.index(row)) for number, row in found if _share(row, "share_within") > 0]
    return Asking(
        columns=np.array([number for number, _ in asked], dtype=np.intp),
        group=np.array([group for _, group in asked], dtype=np.intp),
        within=np.array([_share(rows[group], "share_within") for _, group in asked], dtype=np.float32),
        wrong=np.array([_share(rows[group], "wrong") for _, group in asked], dtype=np.float32),
        groups=np.array([_share(row, "share_of_patients") for row in rows], dtype=np.float32),
    )


def row_of(column: Column) -> Row | None:
    """The first row that fits a column; None where the clinic never asks."""
    return first_row(column.kind, column.name)


def first_row(kind: str, name: str) -> Row | None:
    """The first row for a kind one of whose names or patterns fits."""
    fitting = (row for row in load("model/simulated_clinic") if row["kind"] == kind)
    return next((row for row in fitting if any(fnmatchcase(name, each) for each in row.items_of("names"))), None)


def _is_drawn(column: Column) -> bool:
    """Whether the model can draw a column: conditions follow from others, and the clinic always names the side."""
    if column.kind == "condition" or likelihood().first[column.number] < 0:
        return False
    return bool(column.side) or (column.kind, column.name, "left") not in catalogue()


def _share(row: Row, cell: str) -> float:
    return row.number(cell) or 0.0
