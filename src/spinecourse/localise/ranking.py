"""From hypotheses to the sites a clinician reads: single sites in order of probability.

A combination counts for each of its members, so probabilities may sum to more than 1: each is the chance that this
site is involved. Neighbouring cord segments are read together, because an examination seldom tells them apart: the
best segment is named and its probability is that of the segments within ``localise_cord_window`` of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.knowledge import anatomy
from spinecourse.knowledge.parameters import parameter
from spinecourse.localise.hypotheses import hypotheses

SIDES: Final = ("both", "left", "right")


@dataclass(frozen=True, slots=True)
class RankedSite:
    """A site with its likeliest side, its probability, and the hypotheses that stand behind it."""

    site: str
    side: str
    probability: float
    members: NDArray[np.intp]


def rank_sites(probabilities: NDArray[np.float32]) -> list[RankedSite]:
    """The sites in order of probability, from one patient's posterior over hypotheses, shape (hypotheses,)."""
    least = parameter("localise_least_reported")
    found = [*_single_sites(probabilities), *_cord_windows(probabilities)]
    return sorted((site for site in found if site.probability >= least), key=lambda site: -site.probability)


@cache
def _members() -> dict[str, NDArray[np.intp]]:
    """For every single site the hypotheses that involve it."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, hypothesis in enumerate(hypotheses()):
        for part in hypothesis.parts:
            found[part].append(number)
    return {site: np.array(numbers) for site, numbers in found.items()}


def _single_sites(probabilities: NDArray[np.float32]) -> list[RankedSite]:
    return [_ranked(site, members, probabilities) for site, members in _members().items() if not _is_cord(site)]


@cache
def _side_numbers() -> NDArray[np.intp]:
    """For every hypothesis the number of its side in ``SIDES``."""
    return np.array([SIDES.index(hypothesis.side) for hypothesis in hypotheses()])


def _cord_windows(probabilities: NDArray[np.float32]) -> list[RankedSite]:
    """The best cord segment with its neighbours, then the best of those that are left, and so on."""
    segments = anatomy.segments()
    left = {segments.index(site.partition(":")[2]): members for site, members in _members().items() if _is_cord(site)}
    width, least = int(parameter("localise_cord_window")), parameter("localise_least_reported")
    found: list[RankedSite] = []
    while left:
        mass = {at: float(probabilities[members].sum()) for at, members in left.items()}
        best = max(mass, key=lambda at: _window_mass(mass, at, width))
        window = np.concatenate([left.pop(at) for at in sorted(left) if abs(at - best) <= width])
        site = _ranked(f"cord:{segments[best]}", window, probabilities)
        if site.probability < least:
            break
        found.append(site)
    return found


def _window_mass(mass: dict[int, float], at: int, width: int) -> tuple[float, float]:
    """The mass within reach of a segment, and its own to settle ties."""
    return sum(value for other, value in mass.items() if abs(other - at) <= width), mass[at]


def _ranked(site: str, members: NDArray[np.intp], probabilities: NDArray[np.float32]) -> RankedSite:
    by_side = np.bincount(_side_numbers()[members], weights=probabilities[members], minlength=len(SIDES))
    return RankedSite(site, SIDES[int(by_side.argmax())], min(float(by_side.sum()), 1.0), members)


def _is_cord(site: str) -> bool:
    return site.startswith("cord:")
