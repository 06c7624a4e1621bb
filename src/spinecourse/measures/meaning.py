"""What one score means by itself: its band in words, whether it is acceptable, and answers that need somebody today.

Tables: ``measures/bands``, ``measures/combined_bands`` (two scores of one form taken together) and
``measures/item_alerts``.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from spinecourse.knowledge.tables import Row, load
from spinecourse.measures.instruments import instrument
from spinecourse.measures.scoring import as_grid


class Band(msgspec.Struct, frozen=True):
    """A range of scores in words; ``official`` is false where no owner of the instrument published it."""

    band: str
    official: bool
    source: str
    checked: str


class Alert(msgspec.Struct, frozen=True):
    """A question whose answer needs somebody whatever the total; ``asked`` is false where it was left unanswered."""

    item: int
    asked: bool
    alert: str
    source: str


def source_of(row: Row) -> str:
    """Publication and address of a row."""
    return f"{row['source']} {row['source_url']}".strip()


def band(name: str, value: float) -> Band | None:
    """The band a score lies in; None for an unknown score (NaN) and where no bands are published.

    A band begins at its first score and holds until the next begins, so that no prorated score falls between two.
    """
    rows = [row for row in load("measures/bands") if row["instrument"] == name]
    below = [row for row in rows if (row.number("from_score") or 0.0) <= value]
    return _band(below[-1]) if below else None


def _band(row: Row) -> Band:
    return Band(row["band"], row["official"] == "yes", source_of(row), row["checked"])


def combined_band(form: str, values: Mapping[str, float]) -> Band | None:
    """The band that two scores of one form give together, such as the risk groups of STarT Back; None if either is
    unknown."""
    for row in load("measures/combined_bands"):
        if (
            row["form"] == form
            and _within(row, "first", values)
            and (not row["second"] or _within(row, "second", values))
        ):
            return Band(row["band"], True, source_of(row), row["checked"])
    return None


def _within(row: Row, which: str, values: Mapping[str, float]) -> bool:
    value = values.get(row[which], np.nan)
    return bool((row.number(f"{which}_from") or 0.0) <= value <= (row.number(f"{which}_to") or 0.0))


def alerts(name: str, answers: ArrayLike) -> list[Alert]:
    """The questions of one filled-in form whose answer needs somebody, and those of them that nobody answered.

    ``answers`` has the shape ``(questions,)`` with NaN for *not answered*.
    """
    grid = as_grid(instrument(name), answers)[0]
    found = []
    for row in load("measures/item_alerts"):
        if row["instrument"] == name:
            item = int(row["item"])
            answer = float(grid[item - 1])
            if np.isnan(answer) or answer > (row.number("above") or 0.0):
                found.append(Alert(item, not np.isnan(answer), row["alert"], source_of(row)))
    return found
