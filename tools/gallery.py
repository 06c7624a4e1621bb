"""The pictures of the documentation, drawn anew from the example courses; courses of treatment are invented numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

from spinecourse import pictures
from spinecourse.assess import Assessment, assess_course
from spinecourse.course import Course, read_courses
from spinecourse.course.model import Fact
from spinecourse.pictures import Event, Forecast, Hope, Option, Outcome, Series, Span
from spinecourse.pictures.body import Shown
from spinecourse.pictures.body_geometry import Layer

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDER = DOCS / "images" / "pictures"
EXAMPLE = FOLDER / "example-course.yaml"


@cache
def example() -> tuple[Course, Assessment]:
    """The example course and what the system says of it."""
    course = next(iter(read_courses(EXAMPLE))).course
    assert course is not None
    return course, assess_course(course)


def sites() -> list[tuple[str, str | None, float]]:
    """The likely sites of the example."""
    return [(site.site, site.side, site.probability) for site in example()[1].localisation.sites]


def spine(view: Literal["front", "side"]) -> str:
    """The spine of the example from one side."""
    facts = example()[0].facts
    seen = [fact for fact in facts if fact.kind == "imaging"]
    done = [fact for fact in facts if fact.kind == "treatment"]
    return pictures.draw_spine(sites(), seen, done, title="Likely site, findings and operations", view=view)


def segment() -> str:
    """The segment with the new herniation."""
    seen = [fact for fact in example()[0].facts if fact.kind == "imaging"]
    return pictures.draw_segment(seen, "L4/5", title="The segment L4/5")


def body(view: Shown, layer: Layer = "dermatome") -> str:
    """The body map of the example, or an empty one over another layer."""
    facts = example()[0].facts if layer == "dermatome" else []
    return pictures.draw_body(facts, title="Where it hurts and what is lost", view=view, layer=layer)


def numb_finger() -> Fact:
    """Less feeling where the median nerve goes."""
    return Fact("sensation", "median", 0, side="right", grade="reduced")


def chances(style: Literal["dots", "bars"]) -> str:
    """Sites, dangers and what the next examination would change."""
    course, answer = example()
    dangers = [
        pictures.Chance(pictures.plain(concern.condition), concern.probability) for concern in answer.triage.concerns
    ]
    changes = pictures.what_if(course, answer.localisation.examine_next[:5])
    return pictures.draw_chances(sites(), dangers, changes, title="How likely, and what would change it", style=style)


def forecast(end: float, half: float, speed: float) -> tuple[Forecast, ...]:
    """An invented course from 7 towards ``end``, its bands widening with time."""
    found = []
    for months in (0, 1, 3, 6, 12, 24):
        median = round(7 - (7 - end) * (1 - 2 ** (-months / speed)), 2)
        wide = half * (0.4 + months / 24)
        bands = [(max(median - by, 0.0), min(median + by, 10.0)) for by in (wide, 2.3 * wide)]
        found.append(Forecast(months, median, bands[0], bands[1]))
    return tuple(found)


def expected() -> str:
    """Three invented options on one scale."""
    options = [
        Option("no treatment", forecast(3.2, 1.3, 6), "invented numbers"),
        Option("structured rehabilitation", forecast(2.7, 1.3, 4), "invented numbers"),
        Option("discectomy", forecast(2.2, 1.4, 1.5), "invented numbers"),
    ]
    return pictures.draw_expected(
        options, title="What to expect of each option", measure="Leg pain from 0 to 10, lower is better", lowest=0,
        highest=10, natural="no treatment", hopes=[Hope(12, 0, "discectomy")],
    )  # fmt: skip


def hundred() -> str:
    """A hundred invented people."""
    outcomes = [
        Outcome("worse than before", 0.07), Outcome("about the same", 0.15), Outcome("better", 0.57),
        Outcome("free of pain", 0.21),
    ]  # fmt: skip
    return pictures.draw_hundred(
        outcomes, title="Of a hundred people", heading="Twelve months later (invented numbers)"
    )


def timeline() -> str:
    """Three invented years."""
    treatments = [
        Span("physiotherapy", -200, -120), Span("ibuprofen", -240), Span("gabapentin", -30, ongoing=True),
        Span("epidural steroid", 30, 31), Span("discectomy", 90, 91), Span("rehabilitation", 100, 260),
    ]  # fmt: skip
    band = ((90.0, 2.0, 8.0), (200.0, 0.0, 6.0), (400.0, 0.0, 5.0), (900.0, 0.0, 5.0))
    pain = Series(
        "Leg pain (0–10)", 0, 10, ((-10, 8), (30, 7), (60, 7), (100, 3), (200, 2), (400, 4), (700, 7)), band, (365, 2)
    )
    disability = Series("Disability (0–100)", 0, 100, ((0, 52), (100, 40), (400, 22), (700, 44)))
    events = [Event(-250, "lifting a load"), Event(0, "first visit"), Event(690, "fall on the stairs")]
    return pictures.draw_timeline(treatments, [pain, disability], events, title="Three years of one course")


PICTURES: dict[str, Callable[[], str]] = {
    "spine-front.svg": lambda: spine("front"),
    "spine-side.svg": lambda: spine("side"),
    "segment.svg": segment,
    "body.svg": lambda: body("both"),
    "body-nerves.svg": lambda: body("front", "skin"),
    "hands.svg": lambda: pictures.draw_body([numb_finger()], title="Feeling in the hands", view="hands"),
    "supply.svg": lambda: pictures.draw_supply(
        example()[0].facts, sites(), title="From the roots to what was examined"
    ),
    "chances.svg": lambda: chances("dots"),
    "chances-bars.svg": lambda: chances("bars"),
    "expected.svg": expected,
    "hundred.svg": hundred,
    "timeline.svg": timeline,
}


def stale(*, write: bool) -> list[str]:
    """The names of pictures that are not as they would be drawn now; with ``write`` they are drawn anew."""
    found = []
    for name, draw in PICTURES.items():
        picture, text = FOLDER / name, draw() + "\n"
        if picture.exists() and picture.read_text(encoding="utf-8") == text:
            continue
        found.append(name)
        if write:
            FOLDER.mkdir(parents=True, exist_ok=True)
            picture.write_text(text, encoding="utf-8")
    return found
