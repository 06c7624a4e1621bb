"""From hypotheses to the sites a clinician reads: single sites in order of probability.

A combination counts for each of its members, so probabilities may sum to more than 1: each is the chance that this
site is involved. Neighbouring cord segments are read together, because an examination seldom tells them apart: the
best segment is named and its probability is that of the segments within ``localise_cord_window`` of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.knowledge import anatomy
from spinecourse.knowledge.parameters import parameter
from spinecourse.localise.hypotheses import hypotheses, involving

TIE: Final = 1e-6
"""Weight of a cord segment's own mass against that of its surroundings."""

SIDES: Final = ("both", "left", "right")


@dataclass(frozen=True, slots=True)
class RankedSite:
    """A site with its likeliest side (None where that is not known), its probability and its hypotheses."""

    site: str
    side: str | None
    probability: float
    members: NDArray[np.intp]


def rank_sites(probabilities: NDArray[np.float32]) -> list[RankedSite]:
    """The sites in order of probability, from one patient's posterior over hypotheses, shape (hypotheses,)."""
    least = parameter("localise_least_reported")
    found = [*_single_sites(probabilities), *_cord_windows(probabilities)]
    return sorted((site for site in found if site.probability >= least), key=lambda site: -site.probability)


@dataclass(frozen=True, slots=True)
class _Singles:
    """The sites outside the cord with their hypotheses, laid end to end for one sum over all."""

    sites: tuple[str, ...]
    members: NDArray[np.intp]
    places: NDArray[np.intp]


@cache
def _singles() -> _Singles:
    sites = tuple(site for site in involving() if not _is_cord(site))
    members = np.concatenate([involving()[site] for site in sites])
    numbers = np.repeat(np.arange(len(sites)), [len(involving()[site]) for site in sites])
    return _Singles(sites, members, numbers * len(SIDES) + _side_numbers()[members])


def _single_sites(probabilities: NDArray[np.float32]) -> list[RankedSite]:
    singles = _singles()
    sums = np.bincount(
        singles.places, weights=probabilities[singles.members], minlength=len(singles.sites) * len(SIDES)
    )
    by_side = sums.reshape(len(singles.sites), len(SIDES))
    likely = np.flatnonzero(by_side.sum(axis=1) >= parameter("localise_least_reported"))
    return [
        RankedSite(
            singles.sites[number],
            _side(by_side[number]),
            min(float(by_side[number].sum()), 1.0),
            involving()[singles.sites[number]],
        )
        for number in likely
    ]


@cache
def _side_numbers() -> NDArray[np.intp]:
    """For every hypothesis the number of its side in ``SIDES``."""
    return np.array([SIDES.index(hypothesis.side) for hypothesis in hypotheses()])


@cache
def _cord_members() -> dict[int, NDArray[np.intp]]:
    """The hypotheses of every cord segment by its place from the head downwards."""
    segments = anatomy.segments()
    cord = {segments.index(site.partition(":")[2]): members for site, members in involving().items() if _is_cord(site)}
    return dict(sorted(cord.items()))


def _cord_windows(probabilities: NDArray[np.float32]) -> list[RankedSite]:
    """The best cord segment with its neighbours, then the best of those that are left, and so on."""
    members = _cord_members()
    width, least = int(parameter("localise_cord_window")), parameter("localise_least_reported")
    mass = np.zeros(len(anatomy.segments()))
    for at, numbers in members.items():
        mass[at] = probabilities[numbers].sum()
    found: list[RankedSite] = []
    while True:
        within = np.convolve(mass, np.ones(2 * width + 1), mode="same")
        # Of segments whose surroundings weigh alike, the heavier one itself is named.
        best = int((within + TIE * mass).argmax())
        if within[best] < least:
            return found
        window = slice(max(best - width, 0), best + width + 1)
        reached = [members[at] for at in range(window.start, window.stop) if mass[at : at + 1].any()]
        found.append(_ranked(f"cord:{anatomy.segments()[best]}", np.concatenate(reached), probabilities))
        mass[window] = 0.0


def _ranked(site: str, members: NDArray[np.intp], probabilities: NDArray[np.float32]) -> RankedSite:
    by_side = np.bincount(_side_numbers()[members], weights=probabilities[members], minlength=len(SIDES)).astype(
        np.float64
    )
    return RankedSite(site, _side(by_side), min(float(by_side.sum()), 1.0), members)


def _side(by_side: NDArray[np.float64]) -> str | None:
    """The side of a site from the probabilities of both, left and right.

    Where left and right are nearly as likely as each other the answer is both if that is likely too, else None: the
    side is not known.
    """
    both, left, right = (float(value) for value in by_side)
    if both >= max(left, right):
        return "both"
    margin = parameter("localise_side_margin") * (left + right)
    if abs(left - right) <= margin:
        return "both" if both > margin else None
    return "left" if left > right else "right"


def _is_cord(site: str) -> bool:
    return site.startswith("cord:")
