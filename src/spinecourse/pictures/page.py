"""The frame of every picture: one SVG document with title, description, style sheet and its own names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from spinecourse.pictures.style import STYLE
from spinecourse.pictures.svg import element, text

FONT: Final = "system-ui, 'Segoe UI', Roboto, sans-serif"
_NAMES: Final = re.compile(r"""(?<=[ "])((?:id|href)="\#?|(?:fill|stroke|clip-path)="url\(\#)sc-""")
"""Where markup names one of its own parts, or refers to one; text holds no quotation mark before such a word."""


def document(
    picture: str, title: str, description: Iterable[str], body: Iterable[str], width: float, height: float
) -> str:
    """A whole SVG document. ``picture`` names it: every id within it begins with ``sc-`` and that word, so that several
    pictures may stand on one page."""
    name = f"sc-{picture}"
    content = _NAMES.sub(rf"\g<1>{name}-", "".join(body))
    return element(
        "svg",
        element("title", text(title), id=f"{name}-title"),
        element("desc", text(" ".join(description)), id=f"{name}-desc"),
        element("style", STYLE),
        content,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}", class_=f"sc-picture {name}",
        role="img", aria_labelledby=f"{name}-title {name}-desc", font_family=FONT, font_size=12,
    )  # fmt: skip
