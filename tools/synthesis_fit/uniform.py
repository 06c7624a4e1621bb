"""Whether ranks of true values among posterior draws are uniform, judged for many quantities at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, chisquare

DRAWS = 99
"""Draws that a true value is ranked among; ranks go from 0 to this."""
BINS = 10
LEVEL = 0.025
"""Chance that a right sampler fails either of the two rules; both together fail it in at most twice as many."""
SMALL = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ranks of all quantities say together."""

    chances: dict[str, float]
    least: float
    """The smallest chance times the number of quantities (Bonferroni), at most 1."""
    small: int
    """Quantities whose chance is below 0.05."""
    small_at_most: int
    """As many of them may be small by chance."""

    @property
    def passes(self) -> bool:
        """Whether both rules hold: no single quantity is off, and not too many are a little off."""
        return self.least >= LEVEL and self.small <= self.small_at_most


def counts_of(ranks: Sequence[int]) -> NDArray[np.int64]:
    """How many ranks (0 to 99) fall into each of ten bins of ten."""
    return np.bincount(np.asarray(ranks) * BINS // (DRAWS + 1), minlength=BINS)


def judge(ranks: Mapping[str, Sequence[int]]) -> Verdict:
    """Chi-squared tests of uniform ranks, and the verdict over all of them."""
    chances = {name: float(chisquare(counts_of(values)).pvalue) for name, values in ranks.items()}
    least = min(1.0, min(chances.values()) * len(chances))
    small = sum(chance < SMALL for chance in chances.values())
    return Verdict(chances, least, small, int(binom.ppf(1 - LEVEL, len(chances), SMALL)))
