"""What all figures over time share: a scale each way, axes, text that is mirrored where one reads from the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from spinecourse.errors import UserError
from spinecourse.pictures.geometry import Point
from spinecourse.pictures.svg import Style, element, number, pair, text

INK: Style = {"class_": "sc-ink", "fill": "#1d2326"}
SOFT: Style = {"class_": "sc-soft", "fill": "#596267"}
RULE: Style = {"class_": "sc-rule", "stroke": "#596267", "fill": "none"}


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle in which values are plotted against time.

    Time runs from ``start`` to ``end`` towards the right, or towards the left where ``turned``. Values run from
    ``lowest`` at the bottom to ``highest`` at the top.
    """

    left: float
    right: float
    top: float
    bottom: float
    start: float
    end: float
    lowest: float
    highest: float
    turned: bool = False

    def x(self, time: float) -> float:
        """Where a time stands; times outside the panel stand at its edge."""
        share = min(max((time - self.start) / ((self.end - self.start) or 1.0), 0.0), 1.0)
        along = (self.right - self.left) * share
        return self.right - along if self.turned else self.left + along

    def y(self, value: float) -> float:
        """Where a value stands; values outside the scale stand at its edge."""
        share = (value - self.lowest) / ((self.highest - self.lowest) or 1.0)
        return self.bottom - (self.bottom - self.top) * min(max(share, 0.0), 1.0)

    def point(self, time: float, value: float) -> Point:
        """The point of a value at a time."""
        return self.x(time), self.y(value)

    def band(self, times: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
        """Path data of the area between two lines."""
        upper = [self.point(time, value) for time, value in zip(times, high, strict=True)]
        lower = [self.point(time, value) for time, value in zip(times, low, strict=True)]
        return "M" + "L".join(pair(point) for point in [*upper, *reversed(lower)]) + "Z"

    def line(self, times: Sequence[float], values: Sequence[float]) -> str:
        """Path data of a line through values."""
        return "M" + "L".join(pair(self.point(*point)) for point in zip(times, values, strict=True))


def words(
    content: str, x: float, y: float, *, align: str = "start", size: float = 12.5, weight: int = 400,
    soft: bool = False, turned: bool = False,
) -> str:  # fmt: skip
    """A line of text; ``turned`` exchanges start and end for a mirrored picture."""
    if turned:
        align = {"start": "end", "end": "start"}.get(align, align)
    return element(
        "text",
        text(content),
        x=x,
        y=y,
        text_anchor=align,
        font_size=size,
        font_weight=weight,
        **(SOFT if soft else INK),
    )


def value_axis(panel: Panel, values: Iterable[float]) -> str:
    """Fine lines across the panel at round values, named at the side where time begins."""
    edge = panel.right + 5 if panel.turned else panel.left - 5
    return "".join(
        element("path", d=f"M{number(panel.left)} {number(panel.y(value))}H{number(panel.right)}", **RULE,
                stroke_width=0.5, opacity=0.55)
        + words(f"{value:g}", edge, panel.y(value) + 4, align="start" if panel.turned else "end", size=12, soft=True)
        for value in values
    )  # fmt: skip


def time_axis(panel: Panel, times: Iterable[tuple[float, str]]) -> str:
    """Short marks below the panel, each with its name."""
    return "".join(
        element("path", d=f"M{number(panel.x(time))} {number(panel.bottom)}v4", **RULE, stroke_width=0.8)
        + _time_name(panel, time, name)
        for time, name in times
    )


def _time_name(panel: Panel, time: float, name: str) -> str:
    """A time below its mark; a long one at the far edge ends there, so that it stays in the picture."""
    x, y, half = panel.x(time), panel.bottom + 17, 3.7 * len(name)
    if x + half > panel.right + 12:
        return words(name, panel.right + 12, y, align="end", size=12, soft=True)
    if x - half < panel.left - 12:
        return words(name, panel.left - 12, y, size=12, soft=True)
    return words(name, x, y, align="middle", size=12, soft=True)


def round_values(lowest: float, highest: float, count: int = 4) -> list[float]:
    """About ``count`` round values between two ends. Raises UserError where the ends are no range."""
    if not highest > lowest:
        raise UserError(f"a scale needs a highest value above its lowest, and has {lowest:g} to {highest:g}")
    raw = (highest - lowest) / count
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first = int(-(-lowest // step))
    return [round(index * step, 10) for index in range(first, int(highest // step) + 1)]


def round_months(longest: float) -> list[float]:
    """Months to name on an axis from 0: quarters, halves or whole years, five at the most."""
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if longest / step <= 5), 120)
    return [float(index * step) for index in range(int(longest // step) + 1)]
