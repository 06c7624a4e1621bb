"""The course over time as one figure, from the facts alone: treatments, operations, events, and what was measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from spinecourse.course.model import Fact
from spinecourse.follow.answer import Tracked
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.pictures import Event, Series, Span, plain

Figure = tuple[tuple[Span, ...], tuple[Series, ...], tuple[Event, ...]]


def course_figure(facts: Iterable[Fact], tracked: Iterable[Tracked] = ()) -> Figure | None:
    """Treatments, measures and events with a day; None where there are too few to make a course.

    ``tracked`` are measures of the treatment that governs, whose expected bands are drawn in.

    A treatment whose end nobody wrote down has none. A measure is drawn on the whole of its scale; one without a
    scale is left out.
    """
    dated = [fact for fact in facts if fact.day is not None]
    bands = {plain(each.measure): tuple((at.day, at.lowest, at.highest) for at in each.expected) for each in tracked}
    series = tuple(replace(found, expected=bands.get(found.name, ())) for found in _series(dated))
    spans, events = tuple(_spans(dated)), tuple(_events(dated))
    return (spans, series, events) if len(spans) + len(events) > 1 or series else None


def _procedures() -> frozenset[str]:
    """Operations and needles, which happen on a day."""
    return frozenset(anatomy.groups("any")["treatment", "spinal_procedure"])


def _spans(facts: Iterable[Fact]) -> Iterator[Span]:
    for fact in facts:
        if fact.kind == "treatment" and fact.name not in _procedures() and fact.day is not None:
            yield Span(plain(fact.name), fact.day, fact.until_day)


def _events(facts: Iterable[Fact]) -> Iterator[Event]:
    for fact in facts:
        if fact.day is None:
            continue
        if fact.kind == "treatment" and fact.name in _procedures():
            yield Event(fact.day, " ".join(part for part in (plain(fact.name), fact.level) if part))
        elif fact.kind == "event" and fact.present:
            yield Event(fact.day, plain(fact.name))


def _series(facts: Iterable[Fact]) -> Iterator[Series]:
    """The measures told on more than one day, and pain from 0 to 10."""
    told: dict[tuple[str, float, float], list[tuple[float, float]]] = defaultdict(list)
    for fact in facts:
        scale = _scale(fact)
        if scale is not None and fact.day is not None:
            value = fact.value if fact.kind == "measure" else fact.nrs
            told[scale].append((fact.day, value or 0.0))
    for (name, lowest, highest), values in told.items():
        if len({day for day, _ in values}) > 1:
            yield Series(name, lowest, highest, tuple(sorted(values)))


def _scale(fact: Fact) -> tuple[str, float, float] | None:
    """What a fact measures, and from where to where its scale goes; None where it measures nothing."""
    if fact.kind == "symptom" and fact.present and fact.nrs is not None:
        return f"{plain(fact.name)}, 0 to 10", 0.0, 10.0
    entry = vocabulary.find("measure", fact.name) if fact.kind == "measure" and fact.value is not None else None
    if entry is None or entry.lowest is None or entry.highest is None:
        return None
    return plain(fact.name), entry.lowest, entry.highest
