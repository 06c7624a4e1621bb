"""Outcome scales: from points to the logit on which groups are modelled, and back without leaving the scale.

A score becomes the share of the way from the best (0) to the worst (1) end of its scale, and that share its logit, so
that no prediction can fall below 0 or above the top. Points are always those of the scale they are given on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.knowledge.tables import Row, by_column, load

Array = NDArray[np.float64]

EDGE: Final = 0.005
"""Shares closer to an end than this count as this far from it: a logit needs a finite place for a printed 0."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale as printed, and how it sits on the range the outcome is modelled on.

    ``best`` and ``worst`` are the ends in points of this scale (``worst`` may be the lower number).
    """

    outcome: str
    family: str
    best: float
    worst: float
    person_sd: float
    """Usual standard deviation between people, as a share of the scale."""

    def share(self, points: Array | float) -> Array:
        """Points as shares of the way from best to worst, kept off the ends."""
        shares = (np.asarray(points, dtype=float) - self.best) / (self.worst - self.best)
        return np.clip(shares, EDGE, 1 - EDGE)

    def logit(self, points: Array | float) -> Array:
        """Points on the modelled axis; higher is worse."""
        return logit(self.share(points))

    def points(self, logits: Array | float) -> Array:
        """Back from the modelled axis to points."""
        return self.best + (self.worst - self.best) * expit(logits)

    @property
    def width(self) -> float:
        """Points from end to end."""
        return abs(self.worst - self.best)


def logit(share: Array | float) -> Array:
    """Log odds."""
    shares = np.asarray(share, dtype=float)
    return np.asarray(np.log(shares) - np.log1p(-shares))


def expit(value: Array | float) -> Array:
    """The share whose log odds these are."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(value, dtype=float))))


@cache
def outcomes() -> dict[str, Row]:
    """The outcomes the synthesis knows, by name."""
    return by_column(load("synthesis/outcomes"), "outcome")


@cache
def outcome_named(text: str) -> str | None:
    """The outcome a column of an evidence table names; None where the synthesis does not know it."""
    name = "_".join(text.strip().lower().replace("-", "_").split())
    if name in outcomes():
        return name
    row = by_column(load("synthesis/outcome_names"), "name").get(name)
    return row["outcome"] if row else None


@cache
def scale_of(outcome: str, low: float | None = None, high: float | None = None) -> Scale:
    """The scale of an outcome; ``low`` and ``high`` are its printed ends, the usual ones where not known.

    Some scores (SF-36 components, EQ-5D) fill only part of their printed range: they keep the range of the table.

    Raises KeyError for an outcome the synthesis does not know.
    """
    row = outcomes()[outcome]
    usual_low, usual_high = _number(row, "scale_min"), _number(row, "scale_max")
    low, high = usual_low if low is None else low, usual_high if high is None else high
    model_low, model_high = _number(row, "model_low"), _number(row, "model_high")
    if (model_low, model_high) != (usual_low, usual_high) or row["family"] == "quality_of_life":
        low, high = (model_low, model_high) if high <= usual_high else (low, high)
    best, worst = (low, high) if row["higher_is"] == "worse" else (high, low)
    person_sd = _number(row, "person_sd") / (usual_high - usual_low)
    return Scale(outcome, row["family"], best, worst, person_sd)


def _number(row: Row, column: str) -> float:
    value = row.number(column)
    assert value is not None, f"{row.table} line {row.line}: {column} is empty"
    return value
