"""The expected course after every option in one figure, and what happens to a hundred people."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from spinecourse.errors import UserError
from spinecourse.pictures.hundred import HUNDRED, counts
from spinecourse.pictures.page import document
from spinecourse.pictures.plot import Panel, round_months, round_values, time_axis, value_axis, words
from spinecourse.pictures.style import hatchings
from spinecourse.pictures.svg import Style, element, number, pair

WIDTH: Final = 400.0
_PANEL: Final = 118.0
_GAP: Final = 62.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected at one time: the median and the bands in which half and nine tenths of such patients lie."""

    months: float
    median: float
    half: tuple[float, float]
    most: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Option:
    """One option with its expected course, in order of time. ``note`` says how sure it is, empty where nothing does."""

    name: str
    course: tuple[Forecast, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hope:
    """What the patient hopes for, of which option; ``option`` None where the hope is for any."""

    months: float
    value: float
    option: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of several outcomes that exclude each other, and its share of all people, 0 to 1."""

    name: str
    share: float


def draw_expected(
    options: Sequence[Option], *, title: str, measure: str, lowest: float, highest: float, natural: str | None = None,
    hopes: Sequence[Hope] = (), right_to_left: bool = False, name: str = "expected",
) -> str:  # fmt: skip
    """One panel for each option on one scale: the median as a line, the dark band for half, the pale one for nine of
    ten; the course of ``natural`` (an option's name) as a dashed line in every panel; hopes as diamonds.

    ``measure`` says what is plotted and which way is better; ``lowest`` and ``highest`` are the ends of its scale.
    ``name`` tells this figure from others on the same page.
    Raises UserError where there is no option, a course is empty, or a band does not hold its median.
    """
    _check(options, natural)
    longest = max(forecast.months for option in options for forecast in option.course)
    left = next((option for option in options if option.name == natural), None)
    y, body = 26.0, [words(measure, WIDTH - 8 if right_to_left else 8, 20, size=13.5, weight=650, turned=right_to_left)]
    for option in options:
        panel = _panel(y + 26, longest, lowest, highest, right_to_left)
        body += _option(option, panel, left if left is not option else None, _hopes(hopes, option))
        y += _PANEL + _GAP
    legend, height = _legend(y + 22, left is not None, bool(hopes), right_to_left)
    lines = describe_expected(options, measure=measure, hopes=hopes)
    return document(name, title, lines, [*body, *legend], WIDTH, height)


def describe_expected(options: Sequence[Option], *, measure: str, hopes: Sequence[Hope] = ()) -> list[str]:
    """Everything the figure shows, as sentences: for each option the last time told, and the hopes."""
    lines = [f"{measure}."]
    for option in options:
        last = option.course[-1]
        note = f" {option.note}." if option.note else ""
        lines.append(
            f"{option.name}: at {last.months:g} months median {last.median:.1f}, half between {last.half[0]:.1f} and "
            f"{last.half[1]:.1f}, nine of ten between {last.most[0]:.1f} and {last.most[1]:.1f}.{note}"
        )
    return lines + [f"Hoped for: {hope.value:g} at {hope.months:g} months{_hope_of(hope)}." for hope in hopes]


def _hope_of(hope: Hope) -> str:
    return f" after {hope.option}" if hope.option else ""


def _hopes(hopes: Sequence[Hope], option: Option) -> list[Hope]:
    return [hope for hope in hopes if hope.option in {None, option.name}]


def _check(options: Sequence[Option], natural: str | None) -> None:
    if not options:
        raise UserError("there is no option to draw")
    if natural is not None and natural not in {option.name for option in options}:
        raise UserError(f"the natural course {natural!r} is not among the options")
    for option in options:
        if not option.course:
            raise UserError(f"the option {option.name!r} has no expected course")
        for at in option.course:
            if not at.most[0] <= at.half[0] <= at.median <= at.half[1] <= at.most[1]:
                raise UserError(f"the bands of {option.name!r} at {at.months:g} months do not hold its median in order")


def _panel(top: float, longest: float, lowest: float, highest: float, turned: bool) -> Panel:
    left, right = (16.0, WIDTH - 40.0) if turned else (40.0, WIDTH - 16.0)
    return Panel(left, right, top, top + _PANEL, 0.0, longest, lowest, highest, turned)


def _option(option: Option, panel: Panel, natural: Option | None, hopes: Sequence[Hope]) -> list[str]:
    times, at = [forecast.months for forecast in option.course], option.course
    edge = panel.right if panel.turned else panel.left
    far = panel.left if panel.turned else panel.right
    blue: Style = {"class_": "sc-image", "fill": "#1c5a94"}
    drawn = [
        words(option.name, edge, panel.top - 9, size=13.5, weight=650, turned=panel.turned),
        words(option.note, far, panel.top - 9, size=12, soft=True, align="end", turned=panel.turned),
        value_axis(panel, round_values(panel.lowest, panel.highest)),
        element(
            "path", d=panel.band(times, [f.most[0] for f in at], [f.most[1] for f in at]), **blue, fill_opacity=0.16
        ),
        element(
            "path", d=panel.band(times, [f.half[0] for f in at], [f.half[1] for f in at]), **blue, fill_opacity=0.34
        ),
    ]
    if natural is not None:
        line = panel.line([f.months for f in natural.course], [f.median for f in natural.course])
        drawn.append(element("path", d=line, **_NATURAL))
    drawn.append(element("path", d=panel.line(times, [f.median for f in at]), **_MEDIAN))
    drawn += [_diamond(panel.point(hope.months, hope.value)) for hope in hopes]
    months = round_months(panel.end)
    drawn.append(time_axis(panel, [(time, f"{time:g}" + (" months" if time == months[-1] else "")) for time in months]))
    return [part for part in drawn if part]


_NATURAL: Final[Style] = {"class_": "sc-ink-line", "stroke": "#1d2326", "fill": "none", "stroke_width": 1.6,
                   "stroke_dasharray": "5 4"}  # fmt: skip
_MEDIAN: Final[Style] = {"class_": "sc-image-line", "stroke": "#1c5a94", "fill": "none", "stroke_width": 2.4,
                  "stroke_linejoin": "round"}  # fmt: skip


def _diamond(centre: tuple[float, float]) -> str:
    x, y = centre
    corners = ((x, y - 7.5), (x + 6.5, y), (x, y + 7.5), (x - 6.5, y))
    return element("path", d="M" + "L".join(pair(corner) for corner in corners) + "Z", class_="sc-lesion sc-halo",
                   fill="#a8201a", stroke="#ffffff", stroke_width=1.4)  # fmt: skip


def _legend(y: float, natural: bool, hoped: bool, turned: bool) -> tuple[list[str], float]:
    """The meaning of line, bands, dashes and diamond."""

    def at(x: float) -> float:
        return WIDTH - x if turned else x

    blue: Style = {"class_": "sc-image", "fill": "#1c5a94"}
    rows: list[tuple[str, str]] = []
    for opacity, label in ((0.45, "half of such patients lie in here"), (0.16, "nine of ten lie in here")):
        box = element("rect", x=min(at(8), at(32)), y=y - 11, width=24, height=13, **blue, fill_opacity=opacity)
        rows.append((box, label))
        y += 21
    y -= 42
    shown = []
    for box, label in rows:
        shown += [box, words(label, at(42), y, size=13.5, turned=turned)]
        y += 21
    samples = [(_MEDIAN, "the median", True), (_NATURAL, "without treatment", natural)]
    for style, label, used in samples:
        if used:
            line = element("path", d=f"M{number(at(8))} {number(y - 4.5)}L{number(at(32))} {number(y - 4.5)}", **style)
            shown += [line, words(label, at(42), y, size=13.5, turned=turned)]
            y += 21
    if hoped:
        shown += [_diamond((at(20), y - 4.5)), words("what the patient hopes for", at(42), y, size=13.5, turned=turned)]
        y += 21
    return shown, y


_FIGURES: Final = ("sc-mend", "sc-dense", "sc-light", "")
"""How the figures of the first, second, third and fourth outcome are filled: full, crossed, striped, empty."""


def draw_hundred(
    outcomes: Sequence[Outcome], *, title: str, heading: str, right_to_left: bool = False, name: str = "hundred"
) -> str:
    """A hundred people as figures, each in one of up to four outcomes that exclude each other and sum to 1.

    The order given is kept, the first filled darkest; ``name`` tells this figure from others on the same page. Raises
    UserError for more than four, or shares that do not sum to 1.
    """
    if not 1 <= len(outcomes) <= len(_FIGURES):
        raise UserError(f"a hundred people can be shown in one to four outcomes, not {len(outcomes)}")
    numbers = counts([outcome.share for outcome in outcomes])
    kinds = [kind for kind, count in enumerate(numbers) for _ in range(count)]
    turned = right_to_left
    rows = textwrap.wrap(heading, 40)
    body = [hatchings()]
    body += [words(row, WIDTH - 8 if turned else 8, 22 + 19 * number, size=15, weight=700, turned=turned)
             for number, row in enumerate(rows)]  # fmt: skip
    top = 22 + 19 * len(rows)
    for index, kind in enumerate(kinds):
        column, row = index % 10, index // 10
        x = 40 + column * 35.5
        body.append(_person(WIDTH - x if turned else x, top + row * 34, kind))
    y = top + 10 * 34 + 16
    for kind, (outcome, count) in enumerate(zip(outcomes, numbers, strict=True)):
        x = WIDTH - 20 if turned else 20
        body += [_person(x, y - 15, kind), words(f"{count} of 100: {outcome.name}", WIDTH - 40 if turned else 40, y + 4,
                                                 size=13.5, turned=turned)]  # fmt: skip
        y += 34
    lines = describe_hundred(outcomes, heading=heading)
    return document(name, title, lines, body, WIDTH, y)


def describe_hundred(outcomes: Sequence[Outcome], *, heading: str) -> list[str]:
    """The counts as sentences; they sum to 100."""
    numbers = counts([outcome.share for outcome in outcomes])
    return [f"{heading}: of {HUNDRED} people"] + [
        f"{count} {outcome.name}." for outcome, count in zip(outcomes, numbers, strict=True)
    ]


def _person(x: float, y: float, kind: int) -> str:
    """A figure of head and shoulders, filled by its outcome."""
    fill = _FIGURES[kind]
    style: Style = {
        "class_": "sc-mend sc-mend-line" if fill == "sc-mend" else "sc-mend-line", "stroke": "#3d4a52",
        "fill": "#3d4a52" if fill == "sc-mend" else f"url(#{fill}-dark)" if fill else "none", "stroke_width": 1.2,
    }  # fmt: skip
    head = element("circle", cx=x, cy=y + 4, r=5, **style)
    path = f"M{number(x - 10)} {number(y + 26)}v-6a8 8 0 0 1 8 -8h4a8 8 0 0 1 8 8v6Z"
    return head + element("path", d=path, **style)
