"""The frame of every picture: one SVG document with title, description, style sheet and its own names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from spinecourse.pictures.style import STYLE
from spinecourse.pictures.svg import element, text

FONT: Final = "system-ui, 'Segoe UI', Roboto, sans-serif"


def document(
    picture: str, title: str, description: Iterable[str], body: Iterable[str], width: float, height: float
) -> str:
    """A whole SVG document. ``picture`` names it, so that several may stand on one page; every name within it begins
    with ``sc-`` and that word."""
    name = f"sc-{picture}"
    return element(
        "svg",
        element("title", text(title), id=f"{name}-title"),
        element("desc", text(" ".join(description)), id=f"{name}-desc"),
        element("style", STYLE),
        *body,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}", class_=f"sc-picture {name}",
        role="img", aria_labelledby=f"{name}-title {name}-desc", font_family=FONT, font_size=12,
    )  # fmt: skip
