"""The drawings of one patient, each with its size, so that a page keeps their place while they load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.localise import Examination
from spinecourse.pictures import (
    Chance,
    Event,
    Series,
    Span,
    describe_body,
    describe_chances,
    describe_segment,
    describe_spine,
    describe_supply,
    describe_timeline,
    draw_body,
    draw_chances,
    draw_segment,
    draw_spine,
    draw_supply,
    draw_timeline,
    plain,
    what_if,
    worst_level,
)
from spinecourse.web.clinic import Seen
from spinecourse.web.course_figure import course_figure

_SPINE: Final = "Likely site of the lesion"
_SIDE: Final = "The spine from the side"
_BODY: Final = "Pain, numbness and weakness"
_CHANCES: Final = "Probabilities, and what the next findings would change"
_SUPPLY: Final = "From the cord to the muscles examined"
_TIMELINE: Final = "The course over time"
_ASKED: Final = 4
"""Unexamined findings of which the change is shown."""
_KEPT: Final = 128
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


def chances(seen: Seen) -> Drawing | None:
    """Sites and dangers as dots among a hundred, and what each unexamined finding would change."""
    answer = seen.assessment
    if answer is None or not answer.localisation.sites:
        return None
    dangers = tuple(Chance(plain(concern.condition), concern.probability) for concern in answer.triage.concerns)
    return _chances(seen.course, _sites(seen), dangers, tuple(answer.localisation.examine_next[:_ASKED]))


def supply(seen: Seen) -> Drawing | None:
    """From the cord to the muscles of the weakest limb; None where no power and no reflex was examined."""
    facts = seen.course.facts
    examined = any(fact.kind in ("power", "reflex") or fact.name.startswith("weak_") for fact in facts)
    return _supply(seen.course, _sites(seen)) if examined else None


def segment(seen: Seen) -> Drawing | None:
    """The motion segment with the largest finding close up; None where imaging showed none."""
    imaging, _ = _levels(seen)
    return _segment(imaging)


def timeline(seen: Seen) -> Drawing | None:
    """Treatments, events and measures over time; None where there are too few."""
    episodes = seen.assessment.follow.episodes if seen.assessment else []
    figure = course_figure(seen.course.facts, episodes[0].measures if episodes else ())
    return _timeline(*figure) if figure else None


def prepare() -> None:
    """Works out once what every drawing shares, so that the first page is no slower than the others."""
    nobody = Course(Patient(""), ())
    _body(nobody)
    _supply(nobody, ())
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


@lru_cache(maxsize=_KEPT)
def _chances(
    course: Course, sites: tuple[Site, ...], dangers: tuple[Chance, ...], asked: tuple[Examination, ...]
) -> Drawing:
    changes = what_if(course, asked)
    svg = draw_chances(sites, dangers, changes, title=_CHANCES)
    return _drawing(svg, describe_chances(sites, dangers, changes))


@lru_cache(maxsize=_KEPT)
def _supply(course: Course, sites: tuple[Site, ...]) -> Drawing:
    return _drawing(draw_supply(course.facts, sites, title=_SUPPLY), describe_supply(course.facts, sites))


@lru_cache(maxsize=_KEPT)
def _segment(imaging: tuple[Fact, ...]) -> Drawing | None:
    level = worst_level(imaging)
    if level is None:
        return None
    return _drawing(draw_segment(imaging, level, title=f"{level} close up"), describe_segment(imaging, level))


@lru_cache(maxsize=_KEPT)
def _timeline(spans: tuple[Span, ...], series: tuple[Series, ...], events: tuple[Event, ...]) -> Drawing:
    return _drawing(draw_timeline(spans, series, events, title=_TIMELINE), describe_timeline(spans, series, events))


def _drawing(svg: str, words: list[str]) -> Drawing:
    return Drawing(svg, tuple(words), *size_of(svg))


def size_of(svg: str) -> tuple[int, int]:
    """Width and height of a drawing in its own units; nought where it does not say."""
    size = _SIZE.search(svg)
    return (round(float(size[1])), round(float(size[2]))) if size else (0, 0)
