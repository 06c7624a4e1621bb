"""The latent scale: a bounded score as a power of its share of the range, with an unbounded normal behind it.

``latent = (distance from the best score / range) ** power``: 0 at the best score and 1 at the worst, whichever way the
score counts. A latent value beyond an end shows as that end, and one within half a step of it is reported as that end:
bounds hold, and the pile at *no pain* is a probability and not an accident of rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinecourse.errors import NotFound
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.knowledge.vocabulary import find

Array = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
_SHARES: Final[Array] = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, slots=True)
class Scale:
    """One measure: ``best`` and ``worst`` score, the ``step`` between scores as people give them, and the power.

    ``in_steps``: whether people answer on steps alone, as on a scale of whole numbers, and not anywhere on a line.
    ``family`` names what is measured (pain, disability, ...) and ``site`` where; ``process`` the row of
    ``trajectory/processes`` that says how such a score moves; ``widening`` multiplies every spread where that process
    was fitted on another measure.
    """

    measure: str
    family: str
    site: str
    process: str
    best: float
    worst: float
    step: float
    power: float
    widening: float
    in_steps: bool

    def like(self, other: Scale) -> bool:
        """Whether the other measure asks for the same thing in another way."""
        return self.family == other.family and (self.site == other.site or "any" in (self.site, other.site))

    def worse(self, first: float, second: float) -> float:
        """The worse of two scores."""
        return max(first, second) if self.worst > self.best else min(first, second)

    @property
    def range(self) -> float:
        """The distance between best and worst, without a sign."""
        return abs(self.worst - self.best)

    @property
    def floor(self) -> float:
        """The latent value below which people report the best score."""
        return float((self.step / 2 / self.range) ** self.power)

    @property
    def ceiling(self) -> float:
        """The latent value above which people report the worst score."""
        return float((1 - self.step / 2 / self.range) ** self.power)

    def latent(self, scores: ArrayLike) -> Array:
        """Scores of any shape on the latent scale; NaN stays NaN, and a score beyond an end counts as that end."""
        share = (np.asarray(scores, dtype=float) - self.best) / (self.worst - self.best)
        values: Array = np.clip(share, 0.0, 1.0) ** self.power
        return values

    def score(self, latent: ArrayLike) -> Array:
        """Latent values of any shape as scores, not rounded to steps; what lies beyond an end is that end."""
        share = np.clip(np.asarray(latent, dtype=float), 0.0, 1.0) ** (1 / self.power)
        scores: Array = self.best + (self.worst - self.best) * share
        return scores

    def near_steps(self, scores: ArrayLike, between: float) -> Array:
        """Scores of any shape drawn towards the steps that people answer in, keeping ``between`` of the way off them.

        As long as ``between`` is above 0 every score stays on its side of its step, so that an interval holds the same
        answers as before. Measures that are answered anywhere on a line keep their scores.
        """
        values = np.asarray(scores, dtype=float)
        if not self.in_steps:
            return values
        steps = self.best + np.round((values - self.best) / self.step) * self.step
        nearest = np.clip(steps, min(self.best, self.worst), max(self.best, self.worst))
        return np.asarray(nearest + between * (values - nearest))


@cache
def scales() -> dict[str, Scale]:
    """Every measure whose course can be told, by name."""
    return {row["measure"]: _scale(row) for row in by_column(load("trajectory/scales"), "measure").values()}


def scale(measure: str) -> Scale:
    """The scale of one measure of the vocabulary.

    Raises NotFound, naming the measures there are, for one whose course cannot be told.
    """
    found = scales().get(measure)
    if found is None:
        raise NotFound(f"no course is known for the measure {measure}; there is one for {', '.join(sorted(scales()))}")
    return found


def _scale(row: Row) -> Scale:
    name = find("measure", row["measure"])
    assert name is not None, row.problem("is no measure of the vocabulary")
    assert name.lowest is not None
    assert name.highest is not None
    lowest, highest = row.number("lowest"), row.number("highest")
    ends = (name.lowest if lowest is None else lowest, name.highest if highest is None else highest)
    best, worst = ends if row["better"] == "lower" else ends[::-1]
    numbers = {column: row.number(column) or 0.0 for column in ("step", "power", "widening")}
    in_steps = row["answered_in_steps"] == "yes"
    return Scale(row["measure"], row["family"], row["site"], row["process"], best, worst, **numbers, in_steps=in_steps)


def expected_score(measured: Scale, mean: ArrayLike, sd: ArrayLike) -> Array:
    """The mean score where the latent value is normal with this mean and standard deviation, by quadrature.

    ``mean`` and ``sd`` broadcast against each other; the result has their common shape.
    """
    middle, spread = np.broadcast_arrays(np.asarray(mean, dtype=float), np.asarray(sd, dtype=float))
    values = middle[..., None] + spread[..., None] * _NODES
    share = np.clip(values, 0.0, 1.0) ** (1 / measured.power)
    scores: Array = measured.best + (measured.worst - measured.best) * (share @ _SHARES)
    return scores
