"""The words below the body map: what each pattern means and what was recorded, each with its side."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from spinecourse.pictures.body_geometry import View
from spinecourse.pictures.body_marks import WORDS, BodyMark, MarkKind
from spinecourse.pictures.svg import element, pair, text

FILLED: Final[tuple[MarkKind, ...]] = ("pain", "numb", "tingle", "more")
"""The marks that fill an area."""


def sentences(marks: Sequence[BodyMark], views: Sequence[View]) -> list[str]:
    """One sentence for each mark, and one for an empty map."""
    lines = [
        "The body from the front: the patient’s right is on the viewer’s left."
        if view == "front"
        else "The body from behind: the patient’s right is on the viewer’s right."
        for view in views
    ]
    for kind, rows in _rows(marks):
        lines += [f"{WORDS[kind].capitalize()}: {row}." for row in rows]
    if not marks:
        lines.append("Nothing is recorded that could be drawn; that nothing was asked is not the same as no complaint.")
    return lines


def _rows(marks: Sequence[BodyMark]) -> list[tuple[MarkKind, list[str]]]:
    """The marks in words by kind, kinds without marks left out."""
    found = [(kind, [_words(mark) for mark in marks if mark.kind == kind]) for kind in WORDS]
    return [(kind, rows) for kind, rows in found if rows]


def _words(mark: BodyMark) -> str:
    side = {"both": ", both sides", "left": ", left", "right": ", right"}.get(mark.side or "", "")
    if mark.side is None:
        side = ", side not told"
    vague = ", place in the limb not told" if mark.vague and mark.side in {"left", "right", "both"} else ""
    drawn = "" if mark.places else " (not drawn)"
    return f"{mark.words}{side}{vague}{drawn}"


def legend(marks: Sequence[BodyMark], y: float, width: float, wide: int) -> tuple[str, float]:
    """The legend and the height it ends at; sizes grow with the width so that it can be read on a telephone."""
    size = 13.5 if wide == 1 else 24.0
    line, swatch = size * 1.4, size * 1.5
    shown: list[str] = []
    y += line
    for kind, rows in _rows(marks):
        shown.append(_sign(kind, 8, y - size * 0.95, swatch, size))
        words = f"{WORDS[kind]}: " + "; ".join(rows)
        for row in textwrap.wrap(words, int((width - 24 - swatch) / (size * 0.55))):
            shown.append(
                element("text", text(row), x=16 + swatch, y=y, font_size=size, class_="sc-ink", fill="#1d2326")
            )
            y += line
        y += line * 0.25
    if not marks:
        words = "Nothing recorded to draw: not the same as no complaint."
        shown.append(element("text", text(words), x=8, y=y, font_size=size, class_="sc-ink", fill="#1d2326"))
        y += line
    return "".join(shown), y


def _sign(kind: MarkKind, x: float, y: float, width: float, height: float) -> str:
    """A swatch of the pattern, or the badge of an examination."""
    if kind in FILLED:
        return element("rect", x=x, y=y, width=width, height=height, fill=f"url(#sc-body-{kind})",
                       class_=f"sc-body-{kind}", stroke_width=1)  # fmt: skip
    if kind == "weak":
        return element(
            "rect", x=x + width / 4, y=y, width=height, height=height, rx=3, class_="sc-mend", fill="#3d4a52"
        )
    middle, radius = (x + width / 2, y + height / 2), height * 0.42
    return tick(middle[0], middle[1], radius)


def tick(x: float, y: float, radius: float) -> str:
    """An open circle with a tick: examined and found normal."""
    turns = ((x - radius * 0.5, y), (x - radius * 0.13, y + radius * 0.42), (x + radius * 0.5, y - radius * 0.44))
    path = "M" + "L".join(pair(turn) for turn in turns)
    circle = element("circle", cx=x, cy=y, r=radius, class_="sc-paper sc-mend-line", fill="#ffffff", stroke="#3d4a52",
                     stroke_width=radius * 0.12)  # fmt: skip
    return circle + element("path", d=path, fill="none", class_="sc-mend-line", stroke="#3d4a52",
                            stroke_width=radius * 0.22)  # fmt: skip
