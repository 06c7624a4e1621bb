"""The forecast of one course, as it is written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from spinecourse.expect.populations import Population

LEVELS: Final = tuple(round(0.05 * step, 2) for step in range(1, 20))
"""Levels of the quantiles that a forecast gives."""


class Forecast(Struct, frozen=True):
    """Predictive quantiles of one report of ``measure`` on ``day`` of the course.

    ``quantiles`` by level from 0.05 to 0.95, within the bounds of the measure and never falling. ``populations``: the
    weight of each population that the forecast leans on; ``why`` what it was told from; ``sources`` where the
    populations are read.
    """

    id: str
    quantiles: dict[str, float]
    measure: str
    day: float
    populations: dict[str, float]
    why: str
    sources: list[str]

    @classmethod
    def of(
        cls,
        identifier: str,
        measure: str,
        day: float,
        found: NDArray[np.float64],
        weights: Mapping[str, float],
        known: Sequence[Population],
        why: str,
    ) -> Forecast:
        """The forecast from an array of quantiles at ``LEVELS``; populations below a hundredth are not named."""
        named = {name: round(float(weight), 3) for name, weight in weights.items() if weight >= LEAST_WEIGHT}
        sources = list(dict.fromkeys(each.row["source"] for each in known if each.name in named))
        values = {f"{level:g}": round(float(value), 3) for level, value in zip(LEVELS, found.reshape(-1), strict=True)}
        return cls(identifier, values, measure, day, named, why, sources)


LEAST_WEIGHT: Final = 0.01
"""Populations with less weight are not named."""
