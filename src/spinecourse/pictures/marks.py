"""What of a patient is marked on the spine: likely sites, imaged, operated and injected levels.

Numbers are the probabilities that the lesion takes in a structure: a combination such as ``root:L5+root:S1``
counts towards each of its parts. What has no place on the spine is listed, never left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from spinecourse.course.model import Fact
from spinecourse.knowledge.tables import by_column, load
from spinecourse.pictures.geometry import cord_segments, level_height, roots
from spinecourse.pictures.words import (
    imaging_words,
    parts_of,
    place_of,
    plain,
    site_words,
    treatment_marks,
)

LikelySite = tuple[str, str | None, float]
"""A site as localise names it, its side, and its probability."""

MarkKind = Literal["imaging", "operation", "injection"]


@dataclass(frozen=True, slots=True)
class Lesion:
    """One structure that the lesion may take in; ``place`` is cord, conus, cauda_equina, root, unlevelled, outside."""

    part: str
    place: str
    side: str | None
    probability: float

    @property
    def words(self) -> str:
        """The structure in plain words."""
        return site_words(self.part)


@dataclass(frozen=True, slots=True)
class LevelMark:
    """Everything of one kind at one level and side: imaging findings, operations or injections."""

    kind: MarkKind
    level: str
    side: str | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks: those with a place on the spine, those without, findings looked for and absent, sites left out."""

    lesions: tuple[Lesion, ...]
    elsewhere: tuple[Lesion, ...]
    levels: tuple[LevelMark, ...]
    unlevelled: tuple[str, ...]
    not_found: tuple[str, ...]
    less_likely: int


@cache
def shading(name: str) -> float:
    """A number of the table ``pictures/shading``, such as the probability from which hatching is dense."""
    value = by_column(load("pictures/shading"), "name")[name].number("value")
    return 0.0 if value is None else value


def collect(sites: Iterable[LikelySite], imaging: Iterable[Fact], treatments: Iterable[Fact]) -> Marks:
    """All marks of one patient from the likely sites, the imaging facts and the treatments."""
    lesions = _lesions(sites)
    drawn = [lesion for lesion in lesions if lesion.probability >= shading("least_drawn")]
    drawn = drawn[: int(shading("most_drawn"))]
    seen = list(imaging)
    levels, unlevelled = _levels(seen, treatments)
    return Marks(
        tuple(lesion for lesion in drawn if lesion.place not in {"outside", "unlevelled"}),
        tuple(lesion for lesion in drawn if lesion.place in {"outside", "unlevelled"}),
        tuple(levels),
        tuple(unlevelled),
        tuple(_with_level(imaging_words(fact.name), fact) for fact in seen if not fact.present),
        len(lesions) - len(drawn),
    )


def _lesions(sites: Iterable[LikelySite]) -> list[Lesion]:
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


def _levels(imaging: Sequence[Fact], treatments: Iterable[Fact]) -> tuple[list[LevelMark], list[str]]:
    """Marks grouped by kind, level and side, and those whose level is not told or not drawn, in words."""
    grouped: dict[tuple[MarkKind, str, str | None], list[str]] = {}
    unlevelled = []
    for kind, words, fact in _marked(imaging, treatments):
        if fact.level is None or level_height(fact.level) is None:
            unlevelled.append(f"{_KIND_WORDS[kind]}: {_with_level(words, fact)}")
        else:
            place = grouped.setdefault((kind, fact.level, _real_side(fact)), [])
            if words not in place:
                place.append(words)
    found = [LevelMark(kind, level, side, tuple(words)) for (kind, level, side), words in grouped.items()]
    return sorted(found, key=lambda mark: level_height(mark.level) or 0.0), list(dict.fromkeys(unlevelled))


_KIND_WORDS = {"imaging": "imaging", "operation": "operated", "injection": "injected"}


def _marked(imaging: Sequence[Fact], treatments: Iterable[Fact]) -> Iterable[tuple[MarkKind, str, Fact]]:
    for fact in imaging:
        if fact.present:
            graded = f"{fact.severity} {imaging_words(fact.name)}" if fact.severity else imaging_words(fact.name)
            yield "imaging", graded, fact
    for fact in treatments:
        row = treatment_marks().get(fact.name)
        if row:
            yield ("operation" if row["mark"] == "operation" else "injection"), row["label"], fact
        elif fact.level:
            yield "injection" if "injection" in fact.name else "operation", plain(fact.name), fact


def _real_side(fact: Fact) -> str | None:
    return None if fact.side == "midline" else fact.side


def _with_level(words: str, fact: Fact) -> str:
    return " ".join(part for part in (words, fact.level or "(level not told)", fact.side) if part)
