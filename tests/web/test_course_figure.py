"""What the figure of the course shows of the facts, and what it leaves out."""

from __future__ import annotations

from spinecourse.course.model import Fact
from spinecourse.pictures import Event, Series, Span
from spinecourse.web.course_figure import course_figure

COURSE = [
    Fact("treatment", "physiotherapy", -40, until_day=10, sessions=8),
    Fact("treatment", "nsaid", -30),
    Fact("treatment", "microdiscectomy", 35, level="L4/5"),
    Fact("event", "fall", 90),
    Fact("event", "lifting", 91, present=False),
    Fact("measure", "odi", 0, value=58.0),
    Fact("measure", "odi", 80, value=18.0),
    Fact("symptom", "leg_pain", -5, nrs=8.0),
    Fact("symptom", "leg_pain", 40, nrs=1.0),
    Fact("symptom", "back_pain", 0, nrs=3.0),
    Fact("symptom", "back_pain", None, nrs=5.0),
]


def test_treatments_operations_events_and_measures_have_their_places() -> None:
    figure = course_figure(COURSE)
    assert figure is not None
    spans, series, events = figure
    assert spans == (Span("physiotherapy", -40, 10), Span("NSAID", -30, None))
    assert events == (Event(35, "microdiscectomy L4/5"), Event(90, "fall"))
    assert series == (
        Series("ODI", 0.0, 100.0, ((0, 58.0), (80, 18.0))),
        Series("leg pain, 0 to 10", 0.0, 10.0, ((-5, 8.0), (40, 1.0))),
    )


def test_what_was_told_once_or_has_no_day_is_no_course() -> None:
    assert course_figure([]) is None
    assert course_figure([Fact("measure", "odi", 0, value=58.0), Fact("symptom", "leg_pain", None, nrs=8.0)]) is None
    assert course_figure([Fact("treatment", "fusion", None, level="L4/5")]) is None


def test_the_order_of_facts_moves_no_point() -> None:
    figure, turned = course_figure(COURSE), course_figure(COURSE[::-1])
    assert figure is not None
    assert turned is not None
    assert [set(part) for part in figure] == [set(part) for part in turned]
