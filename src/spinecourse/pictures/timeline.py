"""A course over years: treatments as bars, measures as lines in their expected bands, events and goals."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from spinecourse.errors import UserError
from spinecourse.pictures.page import document
from spinecourse.pictures.plot import RULE, Panel, round_values, time_axis, value_axis, words
from spinecourse.pictures.svg import element, number

WIDTH: Final = 400.0
_DAYS_A_YEAR: Final = 365.25
_DAYS_A_MONTH: Final = 30.44
_ROW: Final = 23.0
_SIZE: Final = 13.0
_LANES: Final = 14
_LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class Span:
    """A treatment from day to day; ``end`` None where it goes on or nobody wrote its end (``ongoing`` tells which)."""

    name: str
    start: float
    end: float | None = None
    ongoing: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A measure: its scale, what was reported on which day, and the band expected of this patient, where there is one.

    ``expected`` holds day, lower and upper end. ``goal`` is a value to reach, with the day by which, or None.
    """

    name: str
    lowest: float
    highest: float
    reported: tuple[tuple[float, float], ...]
    expected: tuple[tuple[float, float, float], ...] = ()
    goal: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day."""

    day: float
    name: str


def draw_timeline(
    treatments: Sequence[Span] = (), measures: Sequence[Series] = (), events: Sequence[Event] = (), *, title: str,
    right_to_left: bool = False, name: str = "timeline", from_day: float | None = None,
) -> str:  # fmt: skip
    """The course as one figure on one scale of days from presentation (0): events, treatments, then each measure.

    ``from_day`` is where the scale begins; None where it begins with the first of all that is drawn.
    A bar without an end that nobody wrote down fades into dots. Values outside the expected band are filled squares,
    those inside are open circles. ``name`` tells this figure from others on the same page. ``from_day`` is where the
    scale begins; None where it begins with the first of all that is drawn. Raises UserError where there is nothing to
    draw.
    """
    start, end = _range(treatments, measures, events)
    if from_day is not None:
        start, end = from_day, max(end, from_day + 1.0)
    lanes = _lanes(treatments)
    body: list[str] = []
    y = 34.0
    marks, y = _events(events, _panel(start, end, y, y, right_to_left), y)
    bars, y = _bars(lanes, start, end, y, right_to_left)
    body += [*marks, *bars]
    for series in measures:
        body += _series(series, _panel(start, end, y + 34, y + 150, right_to_left, series))
        y += 186
    axis = _panel(start, end, 30, y, right_to_left)
    body += [_presentation(axis)] * (start <= 0.0)
    body.append(time_axis(axis, _times(start, end)))
    listed, y = _listed(events, y + 50, right_to_left)
    signs, y = _signs(measures, y, right_to_left)
    return document(name, title, describe_timeline(treatments, measures, events), [*body, *listed, *signs], WIDTH, y)


def describe_timeline(
    treatments: Sequence[Span] = (), measures: Sequence[Series] = (), events: Sequence[Event] = ()
) -> list[str]:
    """Everything the figure shows, as sentences."""
    lines = [f"Day {event.day:g}: {event.name}." for event in sorted(events, key=lambda event: event.day)]
    for span in sorted(treatments, key=lambda span: span.start):
        until = "goes on" if span.ongoing else "end not told" if span.end is None else f"to day {span.end:g}"
        lines.append(f"{span.name} from day {span.start:g}, {until}.")
    for series in measures:
        outside = sum(_outside(series, day, value) for day, value in series.reported)
        lines.append(f"{series.name}: {len(series.reported)} values, {outside} outside the expected band.")
        if series.goal:
            lines.append(f"Goal for {series.name}: {series.goal[1]:g} by day {series.goal[0]:g}.")
    return lines


def _range(treatments: Sequence[Span], measures: Sequence[Series], events: Sequence[Event]) -> tuple[float, float]:
    days = [day for span in treatments for day in (span.start, span.end) if day is not None]
    days += [event.day for event in events]
    days += [day for series in measures for day, _ in series.reported]
    days += [day for series in measures for day, _, _ in series.expected]
    days += [series.goal[0] for series in measures if series.goal]
    if not days:
        raise UserError("there is nothing to draw on a line of time: no treatment, no measure, no event with a day")
    return min(*days, 0.0), max(*days, 0.0) + 1.0


def _panel(start: float, end: float, top: float, bottom: float, turned: bool, series: Series | None = None) -> Panel:
    left, right = (14.0, WIDTH - 38.0) if turned else (38.0, WIDTH - 14.0)
    lowest, highest = (series.lowest, series.highest) if series else (0.0, 1.0)
    return Panel(left, right, top, bottom, start, end, lowest, highest, turned)


def _times(start: float, end: float) -> list[tuple[float, str]]:
    """Round times: years where the course is long, months or days where it is short."""
    if end - start > 3 * _DAYS_A_YEAR:
        unit, name = _DAYS_A_YEAR, "years"
    elif end - start > 4 * _DAYS_A_MONTH:
        unit, name = _DAYS_A_MONTH, "months"
    else:
        unit, name = 1.0, "days"
    found = round_values(start / unit, end / unit, 5)
    return [(value * unit, f"{value:g}" + (f" {name}" if value == found[-1] else "")) for value in found]


def _presentation(panel: Panel) -> str:
    """A fine line through the whole figure at the day of presentation."""
    line = f"M{number(panel.x(0))} {number(panel.top)}V{number(panel.bottom)}"
    return element("path", d=line, **RULE, stroke_width=0.9, stroke_dasharray="2 3") + words(
        "presentation", _inside(panel.x(0)), 20, align="middle", size=12, soft=True
    )


def _inside(x: float) -> float:
    """A place for the middle of a word that keeps it within the picture."""
    return min(max(x, 42.0), WIDTH - 42.0)


def _events(events: Sequence[Event], panel: Panel, y: float) -> tuple[list[str], float]:
    """Numbered flags; those too near each other share one flag that counts them."""
    if not events:
        return [], y
    ordered = sorted(events, key=lambda event: event.day)
    groups: list[list[int]] = []
    for index, event in enumerate(ordered):
        if groups and abs(panel.x(event.day) - panel.x(ordered[groups[-1][0]].day)) < 46:
            groups[-1].append(index)
        else:
            groups.append([index])
    drawn = []
    for group in groups:
        x, name = (
            panel.x(ordered[group[0]].day),
            f"{group[0] + 1}" if len(group) == 1 else f"{group[0] + 1}–{group[-1] + 1}",
        )
        wide = 8 + 3.9 * len(name)
        drawn.append(element("rect", x=x - wide, y=y - 1, width=2 * wide, height=20, rx=10, fill="#ffffff",
                             class_="sc-paper sc-ink-line", stroke="#1d2326", stroke_width=1.2))  # fmt: skip
        drawn.append(words(name, x, y + 13.5, align="middle", size=12, weight=650))
    return drawn, y + 34


def _lanes(treatments: Sequence[Span]) -> dict[str, list[Span]]:
    """One lane for each treatment, those begun first at the top."""
    lanes: dict[str, list[Span]] = {}
    for span in sorted(treatments, key=lambda span: span.start):
        lanes.setdefault(span.name, []).append(span)
    return lanes


def _bars(lanes: dict[str, list[Span]], start: float, end: float, y: float, turned: bool) -> tuple[list[str], float]:
    drawn = []
    for name, spans in list(lanes.items())[:_LANES]:
        panel = _panel(start, end, y, y + _ROW, turned)
        first = panel.x(spans[0].start)
        near = (panel.right - first if not turned else first - panel.left) > 7.6 * len(name)
        drawn += [_bar(span, panel, y) for span in spans]
        align = ("start" if near else "end") if not turned else ("end" if near else "start")
        drawn.append(words(name, first, y + 12, align=align, size=_SIZE))
        y += _ROW + 7
    if len(lanes) > _LANES:
        x = WIDTH - 38 if turned else 38
        drawn.append(words(f"{len(lanes) - _LANES} more treatments are not drawn", x, y + 14, soft=True, turned=turned))
        y += _ROW
    return drawn, y + 6


def _bar(span: Span, panel: Panel, y: float) -> str:
    last = span.end if span.end is not None else (panel.end if span.ongoing else span.start)
    ends = sorted((panel.x(span.start), panel.x(last)))
    bar = element("rect", x=ends[0], y=y + 17, width=max(ends[1] - ends[0], 4), height=9, rx=2, class_="sc-mend",
                  fill="#3d4a52")  # fmt: skip
    if span.end is None and not span.ongoing:
        there = -1 if panel.turned else 1
        dots = "".join(element("circle", cx=panel.x(span.start) + there * (11 + 7 * index), cy=y + 21.5, r=1.8,
                               class_="sc-mend", fill="#3d4a52") for index in range(3))  # fmt: skip
        return bar + dots
    return bar


def _outside(series: Series, day: float, value: float) -> bool:
    """Whether a value lies outside the band expected on its day; where none is expected, nothing is outside."""
    for (day0, low0, high0), (day1, low1, high1) in zip(series.expected, series.expected[1:], strict=False):
        if day0 <= day <= day1:
            share = (day - day0) / ((day1 - day0) or 1.0)
            return not low0 + (low1 - low0) * share <= value <= high0 + (high1 - high0) * share
    return False


def _series(series: Series, panel: Panel) -> list[str]:
    edge = panel.right if panel.turned else panel.left
    drawn = [words(series.name, edge, panel.top - 9, size=_SIZE, weight=650, turned=panel.turned),
             value_axis(panel, round_values(series.lowest, series.highest, 3))]  # fmt: skip
    if series.expected:
        days, low, high = zip(*series.expected, strict=True)
        drawn.append(
            element("path", d=panel.band(days, low, high), class_="sc-image", fill="#1c5a94", fill_opacity=0.2)
        )
    known = sorted(series.reported)
    if known:
        line = panel.line([day for day, _ in known], [value for _, value in known])
        drawn.append(element("path", d=line, class_="sc-image-line", stroke="#1c5a94", fill="none", stroke_width=1.8))
        drawn += [_value(panel.point(day, value), _outside(series, day, value)) for day, value in known]
    if series.goal:
        drawn.append(_goal(panel, *series.goal))
    return drawn


def _value(point: tuple[float, float], outside: bool) -> str:
    x, y = point
    if outside:
        return element("rect", x=x - 4.5, y=y - 4.5, width=9, height=9, class_="sc-lesion", fill="#a8201a")
    return element("circle", cx=x, cy=y, r=3.4, class_="sc-paper sc-image-line", fill="#ffffff", stroke="#1c5a94",
                   stroke_width=1.6)  # fmt: skip


def _goal(panel: Panel, day: float, value: float) -> str:
    """A flag where the goal stands, on a short line of its value."""
    x, y = panel.point(day, value)
    there = 1 if panel.turned else -1
    flag = f"M{number(x)} {number(y + 8)}V{number(y - 14)}l{number(there * 13)} 5L{number(x)} {number(y - 4)}Z"
    return element("path", d=flag, class_="sc-ink sc-ink-line", fill="#1d2326", stroke="#1d2326", stroke_width=1.2)


def _listed(events: Sequence[Event], y: float, turned: bool) -> tuple[list[str], float]:
    """The events by number, then the meaning of the signs."""
    edge, drawn = (WIDTH - 8.0 if turned else 8.0), []
    ordered = sorted(events, key=lambda event: event.day)
    for index, event in enumerate(ordered[:_LISTED], 1):
        for row in textwrap.wrap(f"{index}  day {event.day:g}: {event.name}", 50):
            drawn.append(words(row, edge, y, size=_SIZE, turned=turned))
            y += 19
    if len(ordered) > _LISTED:
        drawn.append(words(f"{len(ordered) - _LISTED} more events", edge, y, size=_SIZE, soft=True, turned=turned))
        y += 19
    return drawn, y


def _signs(measures: Sequence[Series], y: float, turned: bool) -> tuple[list[str], float]:
    """The meaning of the signs in use."""
    used: list[tuple[str, str]] = []
    at = WIDTH - 18.0 if turned else 18.0
    drawn: list[str] = []
    values = [_outside(series, day, value) for series in measures for day, value in series.reported]
    if any(series.expected for series in measures):
        used.append(("band", "where eight of ten such patients are expected"))
    used += [("inside", "reported")] * (False in values) + [("outside", "reported, outside what is expected")] * (
        True in values
    )
    used += [("goal", "goal")] * any(series.goal for series in measures)
    for kind, meaning in used:
        if kind == "band":
            drawn.append(element("rect", x=at - 10, y=y - 11, width=20, height=13, class_="sc-image", fill="#1c5a94",
                                 fill_opacity=0.2))  # fmt: skip
        elif kind == "goal":
            there = at + (-6 if turned else 6)
            drawn.append(_goal(Panel(there, there, y - 4, y - 4, 0, 1, 0, 1, turned), 0, 0))
        else:
            drawn.append(_value((at, y - 4.5), kind == "outside"))
        drawn.append(words(meaning, WIDTH - 36 if turned else 36, y, size=_SIZE, turned=turned))
        y += 21
    return drawn, y
