"""Expected courses, a hundred people and the line of time: scales, bands and counts are what was given."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from spinecourse.errors import UserError
from spinecourse.pictures import (
    Event,
    Forecast,
    Hope,
    Option,
    Outcome,
    Series,
    Span,
    describe_hundred,
    describe_timeline,
    draw_expected,
    draw_hundred,
    draw_timeline,
)
from spinecourse.pictures.plot import Panel, round_months, round_values

SVG = "{http://www.w3.org/2000/svg}"
COURSE = tuple(
    Forecast(months, 6 - months / 6, (5 - months / 6, 7 - months / 6), (3 - months / 12, 9 - months / 12))
    for months in (0, 6, 12)
)
OPTIONS = [Option("no treatment", COURSE), Option("discectomy", COURSE, "high certainty")]
SCALE = {"title": "x", "measure": "Leg pain", "lowest": 0.0, "highest": 10.0}


def seen(svg: str) -> str:
    return " ".join(text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def test_every_option_has_its_panel_on_one_scale() -> None:
    svg = draw_expected(OPTIONS, natural="no treatment", hopes=[Hope(12, 0, "discectomy")], **SCALE)
    words = seen(svg)
    assert "no treatment" in words
    assert "discectomy" in words
    assert words.count("12 months") == 2
    assert svg.count('class="sc-lesion sc-halo"') == 2, "the hope in one panel and in the legend"


def test_the_natural_course_stands_in_every_other_panel() -> None:
    assert draw_expected(OPTIONS, natural="no treatment", **SCALE).count('stroke-dasharray="5 4"') == 2


def test_bands_hold_the_median_where_it_belongs() -> None:
    panel = Panel(0, 100, 0, 100, 0, 12, 0, 10)
    assert panel.point(6, 5) == (50, 50)
    assert panel.point(6, 99) == (50, 0), "a value outside the scale stands at its edge"
    turned = Panel(0, 100, 0, 100, 0, 12, 0, 10, turned=True)
    assert turned.point(3, 5) == (75, 50)


@pytest.mark.parametrize(
    "options",
    [[], [Option("x", ())], [Option("x", (Forecast(0, 5, (6, 7), (1, 9)),))]],
    ids=["no option", "no course", "median outside its band"],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(options: list[Option]) -> None:
    with pytest.raises(UserError):
        draw_expected(options, **SCALE)


def test_an_unknown_natural_course_is_refused() -> None:
    with pytest.raises(UserError, match="natural"):
        draw_expected(OPTIONS, natural="prayer", **SCALE)


def test_a_hundred_people_are_a_hundred_figures() -> None:
    outcomes = [
        Outcome("worse", 0.071),
        Outcome("same", 0.148),
        Outcome("better", 0.571),
        Outcome("free of pain", 0.21),
    ]
    svg = ElementTree.fromstring(draw_hundred(outcomes, title="x", heading="Twelve months later"))
    heads = [circle for circle in svg.iter(f"{SVG}circle") if circle.get("r") == "5"]
    assert len(heads) == 100 + len(outcomes)
    numbers = [int(line.split()[0]) for line in describe_hundred(outcomes, heading="x")[1:]]
    assert sum(numbers) == 100
    assert numbers == [7, 15, 57, 21]
    with pytest.raises(UserError, match="one to four"):
        draw_hundred([Outcome(str(number), 0.2) for number in range(5)], title="x", heading="x")


def test_a_value_outside_its_band_is_marked_and_one_without_a_band_is_not() -> None:
    band = ((0.0, 2.0, 4.0), (100.0, 2.0, 4.0))
    series = Series("pain", 0, 10, ((10, 3), (20, 3), (50, 9), (200, 9)), band, (90, 1))
    lines = describe_timeline([], [series], [])
    assert "pain: 4 values, 1 outside the expected band." in lines
    assert "Goal for pain: 1 by day 90." in lines
    svg = draw_timeline([], [series], [], title="x")
    assert len(re.findall(r'<rect [^>]*width="9" height="9"[^>]*class="sc-lesion"', svg)) == 2, "one value, one legend"


def test_an_end_that_nobody_wrote_is_not_an_end() -> None:
    lines = describe_timeline([Span("gabapentin", 0), Span("rest", 0, ongoing=True), Span("exercise", 0, 5)])
    assert "gabapentin from day 0, end not told." in lines
    assert "rest from day 0, goes on." in lines
    assert "exercise from day 0, to day 5." in lines


def test_nothing_with_a_day_is_refused() -> None:
    with pytest.raises(UserError, match="nothing to draw"):
        draw_timeline([], [], [], title="x")


def test_a_thousand_facts_are_all_said() -> None:
    series = Series("pain", 0, 10, tuple((day * 4.0, day % 11) for day in range(800)))
    events = [Event(index * 30, f"event {index}") for index in range(100)]
    spans = [Span(f"treatment {index % 20}", index * 30, index * 30 + 20) for index in range(100)]
    svg = draw_timeline(spans, [series], events, title="x")
    assert "88 more events" in seen(svg)
    assert "6 more treatments are not drawn" in seen(svg)
    assert len(describe_timeline(spans, [series], events)) == 201


@pytest.mark.parametrize(("longest", "expected"), [(24, [0, 6, 12, 18, 24]), (12, [0, 3, 6, 9, 12]), (3, [0, 1, 2, 3])])
def test_months_are_named_in_quarters_and_halves(longest: float, expected: list[float]) -> None:
    assert round_months(longest) == expected


def test_a_scale_without_a_range_is_refused() -> None:
    assert round_values(0, 10) == [0, 2.5, 5, 7.5, 10]
    with pytest.raises(UserError, match="scale"):
        round_values(5, 5)


BOTH_WAYS = {
    "expected": lambda turned: draw_expected(OPTIONS, natural="no treatment", hopes=[Hope(12, 0)],
                                             right_to_left=turned, **SCALE),
    "hundred": lambda turned: draw_hundred([Outcome("worse", 0.3), Outcome("better", 0.7)], title="x", heading="Later",
                                           right_to_left=turned),
    "timeline": lambda turned: draw_timeline([Span("exercise", 10, 60)], [Series("pain", 0, 10, ((5, 3), (70, 8)))],
                                             [Event(30, "fall")], title="x", right_to_left=turned),
}  # fmt: skip


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_mirrored_for_reading_from_the_right(name: str) -> None:
    """Every word stands at the mirrored place, aligned the other way, and none is written backwards."""
    other = {"start": "end", "end": "start", "middle": "middle"}

    def places(turned: bool) -> list[tuple[str, str, float]]:
        texts = ElementTree.fromstring(BOTH_WAYS[name](turned)).iter(f"{SVG}text")
        return sorted((text.text or "", text.get("text-anchor"), float(text.get("x"))) for text in texts)

    mirrored = sorted((words, other[anchor], round(400 - x, 1)) for words, anchor, x in places(False))
    assert mirrored == [(words, anchor, pytest.approx(x, abs=0.11)) for words, anchor, x in places(True)]
