"""Writing SVG: elements as strings with every value escaped, and smooth curves through points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from spinecourse.pictures.geometry import MIDLINE, Point

Style = dict[str, str | float]
"""Attributes of an element by their names in Python."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _readable(text: str) -> str:
    """The text without the control characters that XML forbids; each shows as a replacement mark."""
    return _FORBIDDEN.sub("\ufffd", text)


def element(tag: str, *children: str, **attributes: str | float) -> str:
    """One element. ``class_`` becomes class, other underscores hyphens; numbers are cut to a tenth."""
    written = "".join(f" {_attribute(name)}={_value(value)}" for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(children)}</{tag}>" if children else f"<{tag}{written}/>"


def _attribute(name: str) -> str:
    return name if name in {"viewBox", "patternUnits", "patternTransform"} else name.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return f'"{number(value)}"' if isinstance(value, int | float) else quoteattr(_readable(value))


def text(content: str) -> str:
    """Text content, escaped."""
    return escape(_readable(content))


def number(value: float) -> str:
    """A coordinate with at most one decimal place."""
    return f"{round(value, 1) + 0.0:g}"


def at(half_width: float, height: float, side: int) -> Point:
    """A point of the drawing from its distance to the midline; ``side`` is -1 at the viewer's left, 1 at the right."""
    return MIDLINE + side * half_width, height


def pair(point: Point) -> str:
    """A point as path data writes it."""
    return f"{number(point[0])} {number(point[1])}"


def smooth(points: Sequence[Point], *, start: str = "M") -> str:
    """Path data of a smooth curve through all the points (a Catmull-Rom spline as cubic Béziers)."""
    pieces = [f"{start}{pair(points[0])}"]
    for index in range(len(points) - 1):
        before, here = points[max(index - 1, 0)], points[index]
        there, after = points[index + 1], points[min(index + 2, len(points) - 1)]
        first = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        second = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        pieces.append(f"C{pair(first)} {pair(second)} {pair(there)}")
    return "".join(pieces)


def outline(profile: Iterable[Point]) -> str:
    """Path data of the closed shape that a profile of half-widths encloses on both sides of the midline."""
    points = list(profile)
    left = [at(width, height, -1) for width, height in points]
    right = [at(width, height, 1) for width, height in reversed(points)]
    return smooth(left) + smooth(right, start="L") + "Z"
