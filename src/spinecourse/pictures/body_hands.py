"""Both hands enlarged, palms and backs: the same areas as on the body map, where the fingers can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from spinecourse.pictures.body_geometry import VIEWS, Layer, View, areas, patches
from spinecourse.pictures.captions import Caption, captions
from spinecourse.pictures.svg import element, text

_BOX: Final = (79.0, 264.0, 43.0, 62.0)
"""The part of the half body that holds the hand: left, top, width, height."""
_SCALE: Final = 4.3
_CELL: Final = (200.0, 300.0)
_TOP: Final = 30.0
HEIGHT: Final = _TOP + 2 * _CELL[1]
"""Where the hands end and the legend begins."""
HAND: Final = ("palm", "thumb", "index_finger", "middle_finger", "ring_finger", "little_finger")
"""The strips of the body that make up a hand."""
_NAMES: Final[dict[View, str]] = {"front": "palm", "back": "back"}

Filling = Callable[[View, str], Iterable[str]]
"""What is drawn in the coordinates of the half body, for a view and a side of the patient."""


def hands(layer: Layer, filling: Filling, prefix: str) -> list[str]:
    """Four hands: palms above, backs below, each as it stands on the body map."""
    left, top, width, height = _BOX
    clip = element("rect", x=left, y=top, width=width, height=height)
    drawn = [element("defs", element("clipPath", clip, id=f"{prefix}-hand"))]
    for row, view in enumerate(VIEWS):
        for column, side in enumerate(("right", "left") if view == "front" else ("left", "right")):
            turn = -1 if column == 0 else 1
            middle = (_CELL[0] * (column + 0.5), _TOP + _CELL[1] * row + 26)
            move = f"translate({middle[0]:g} {middle[1]:g}) scale({turn * _SCALE:g} {_SCALE:g})"
            shift = f"translate({-(left + width / 2):g} {-top:g})"
            inner = element("g", *filling(view, side), transform=shift, clip_path=f"url(#{prefix}-hand)")
            drawn.append(element("g", inner, transform=move))
            if layer == "dermatome":
                drawn.append(_labels(view, turn, middle))
    return [*drawn, captions(_captions())]


def _captions() -> list[Caption]:
    entries: list[Caption] = []
    for row, view in enumerate(VIEWS):
        for column, side in enumerate(("right", "left") if view == "front" else ("left", "right")):
            x, y = _CELL[0] * (column + 0.5), _TOP + _CELL[1] * row + 10
            entries.append((x, y, 15, 700, "middle", f"{side} hand, {_NAMES[view]}"))
            edge, align = (8.0, "start") if column == 0 else (2 * _CELL[0] - 8, "end")
            entries.append((edge, y + 24, 22, 700, align, side[0].upper()))
    return entries


def _labels(view: View, turn: int, middle: tuple[float, float]) -> str:
    """The dermatome of every finger, and those of the palm."""
    left, top, width, _ = _BOX
    shown = []
    for area in areas("dermatome", view):
        if area.patch in HAND:
            corners = area.corners
            u, v = (sum(values) / len(corners) for values in zip(*corners, strict=True))
            x, y = patches(view)[area.patch].point(u, v)
            shown.append(element("text", text(area.name), x=middle[0] + turn * (x - left - width / 2) * _SCALE,
                                 y=middle[1] + (y - top) * _SCALE + 4, text_anchor="middle", font_size=12))  # fmt: skip
    return element("g", *shown, class_="sc-soft sc-halo", fill="#596267", stroke="#ffffff", stroke_width=2.4,
                   paint_order="stroke", stroke_linejoin="round", pointer_events="none")  # fmt: skip
