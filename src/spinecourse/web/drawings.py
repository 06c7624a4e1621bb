"""The drawings of one patient, each with its size, so that a page keeps their place while they load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.pictures import describe_body, describe_spine, draw_body, draw_spine
from spinecourse.web.clinic import Seen

_SPINE: Final = "Likely site of the lesion"
_SIDE: Final = "The spine from the side"
_BODY: Final = "Pain, numbness and weakness"
_KEPT: Final = 64
"""Drawings of this many patients are kept."""

_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')

Site = tuple[str, str | None, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG document, its text alternative, and its size in its own units."""

    svg: str
    words: tuple[str, ...]
    width: int
    height: int


def spine(seen: Seen) -> Drawing:
    """From the front: where the lesion may be, what was imaged and what was done."""
    return _spine(_sites(seen), *_levels(seen), side=False)


def side(seen: Seen) -> Drawing:
    """The same from the patient's left."""
    return _spine(_sites(seen), *_levels(seen), side=True)


def body(seen: Seen) -> Drawing:
    """Pain, numbness and weakness on the body, front and back."""
    return _body(seen.course)


def prepare() -> None:
    """Works out once what every drawing shares, so that the first page is no slower than the others."""
    _body(Course(Patient(""), ()))
    for side in (False, True):
        _spine((), (), (), side)


def _sites(seen: Seen) -> tuple[Site, ...]:
    sites = seen.assessment.localisation.sites if seen.assessment else []
    return tuple((site.site, site.side, site.probability) for site in sites)


def _levels(seen: Seen) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """What imaging showed, and what was done."""
    facts = seen.course.facts
    imaging = tuple(fact for fact in facts if fact.kind == "imaging")
    return imaging, tuple(fact for fact in facts if fact.kind == "treatment")


@lru_cache(maxsize=_KEPT)
def _spine(sites: tuple[Site, ...], imaging: tuple[Fact, ...], treatments: tuple[Fact, ...], side: bool) -> Drawing:
    words = describe_spine(sites, imaging, treatments)
    if side:
        return _drawing(draw_spine(sites, imaging, treatments, title=_SIDE, view="side"), words)
    return _drawing(draw_spine(sites, imaging, treatments, title=_SPINE), words)


@lru_cache(maxsize=_KEPT)
def _body(course: Course) -> Drawing:
    return _drawing(draw_body(course.facts, title=_BODY), describe_body(course.facts))


def _drawing(svg: str, words: list[str]) -> Drawing:
    size = _SIZE.search(svg)
    width, height = (round(float(number)) for number in size.groups()) if size else (0, 0)
    return Drawing(svg, tuple(words), width, height)
