"""The likely sites as structures to draw, with the probability that the lesion takes each of them in.

A combination such as ``root:L5+root:S1`` counts towards each of its parts. Neighbouring cord segments are drawn one
by one and named together: a cord lesion's exact segment is seldom known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from spinecourse.knowledge.tables import by_column, load
from spinecourse.pictures.geometry import cord_segments, roots
from spinecourse.pictures.words import parts_of, place_of, site_words

LikelySite = tuple[str, str | None, float]
"""A site as localise names it, its side, and its probability."""


@dataclass(frozen=True, slots=True)
class Lesion:
    """One structure that the lesion may take in; ``place`` is cord, conus, cauda_equina, root, unlevelled, outside."""

    part: str
    place: str
    side: str | None
    probability: float

    @property
    def name(self) -> str:
        """The structure without its group, such as ``L5``; empty where it has none."""
        return self.part.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Group:
    """What one callout names: one structure, or neighbouring cord segments from the upper to the lower.

    ``probability`` is that of a lesion taking in any of them.
    """

    lesions: tuple[Lesion, ...]
    probability: float

    @property
    def place(self) -> str:
        """The place that all have."""
        return self.lesions[0].place

    @property
    def side(self) -> str | None:
        """The side that all have."""
        return self.lesions[0].side

    @property
    def range(self) -> str:
        """The structure's own name, or the first and the last one's."""
        first, last = self.lesions[0].name, self.lesions[-1].name
        return first if first == last else f"{first}–{last}"

    @property
    def words(self) -> str:
        """In plain words, such as ``L5 root`` or ``T8–T10 cord segments``."""
        if len(self.lesions) == 1:
            return site_words(self.lesions[0].part)
        return f"{self.range} cord segments"


@cache
def shading(name: str) -> float:
    """A number of the table ``pictures/shading``, such as the probability from which hatching is dense."""
    value = by_column(load("pictures/shading"), "name")[name].number("value")
    return 0.0 if value is None else value


def likely_groups(sites: Iterable[LikelySite]) -> tuple[list[Group], int]:
    """What is to be drawn or listed, likeliest first, and how many less likely structures are not."""
    given = list(sites)
    lesions = _lesions(given)
    likely = [lesion for lesion in lesions if lesion.probability >= shading("least_drawn")]
    groups = [Group(members, _any_of(members, given)) for members in _neighbours(likely)]
    groups.sort(key=lambda group: -group.probability)
    drawn = groups[: int(shading("most_drawn"))]
    return drawn, len(lesions) - sum(len(group.lesions) for group in drawn)


def _lesions(sites: Sequence[LikelySite]) -> list[Lesion]:
    """One lesion a structure and side, likeliest first."""
    total: dict[tuple[str, str | None], float] = defaultdict(float)
    for site, side, probability in sites:
        for part in parts_of(site):
            total[part, side] += probability
    found = [Lesion(part, _drawable(part), side, min(probability, 1.0)) for (part, side), probability in total.items()]
    return sorted(found, key=lambda lesion: (-lesion.probability, lesion.part, lesion.side or ""))


def _drawable(part: str) -> str:
    """The place of a part; a cord segment or root that the drawing does not have is listed outside it."""
    place, name = place_of(part), part.partition(":")[2]
    known = {"cord": name in cord_segments(), "root": name in roots()}
    return place if known.get(place, True) else "outside"


def _neighbours(lesions: Sequence[Lesion]) -> list[tuple[Lesion, ...]]:
    """The lesions one by one, cord segments of one side that follow each other together."""
    order = list(cord_segments())
    cord = sorted(
        (lesion for lesion in lesions if lesion.place == "cord"),
        key=lambda lesion: (lesion.side or "", order.index(lesion.name)),
    )
    runs: list[list[Lesion]] = []
    for lesion in cord:
        last = runs[-1][-1] if runs else None
        if last and last.side == lesion.side and order.index(lesion.name) == order.index(last.name) + 1:
            runs[-1].append(lesion)
        else:
            runs.append([lesion])
    return [tuple(run) for run in runs] + [(lesion,) for lesion in lesions if lesion.place != "cord"]


def _any_of(members: Sequence[Lesion], sites: Sequence[LikelySite]) -> float:
    """The probability of the sites that take in any of these structures on their side."""
    names = {lesion.part for lesion in members}
    total = sum(
        probability
        for site, side, probability in sites
        if side == members[0].side and names.intersection(parts_of(site))
    )
    return min(total, 1.0)
