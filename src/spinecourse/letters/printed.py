"""Letters on paper and screen: HTML that prints well, PDF by typst, and plain text to read aloud."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from importlib.resources import files
from typing import Any, Final, cast

from jinja2 import Environment, PackageLoader, StrictUndefined

from spinecourse.errors import UserError
from spinecourse.letters.letter import Letter, Section

_STYLE_SHEET: Final = re.compile(r"<style>.*?</style>", re.DOTALL)
"""Of a drawing; typst does not know its variables, and without it the drawing shows its light colours."""


def as_html(letter: Letter) -> str:
    """A page that stands on its own, for the screen and an A4 printer."""
    environment = Environment(
        loader=PackageLoader("spinecourse.letters"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("letter.html").render(letter=letter)


def as_pdf(letter: Letter) -> bytes:
    """An A4 PDF with tags for screen readers.

    Raises UserError where the extra ``pdf`` is not installed.
    """
    try:
        import typst
    except ImportError:
        raise UserError("PDF needs the extra 'pdf': pip install 'spinecourse[pdf]'; or ask for html") from None
    template = files("spinecourse.letters").joinpath("templates", "letter.typ").read_bytes()
    content = asdict(letter) | {"on": f"{letter.on:%-d %B %Y}", "picture": bool(letter.picture)}
    picture = _STYLE_SHEET.sub("", letter.picture)
    parts = {"main": template, "letter.json": json.dumps(content).encode(), "picture.svg": picture.encode()}
    # The stubs of typst know a path or bytes as its input; the library takes several files by name as well.
    return typst.compile(cast(Any, parts), format="pdf")


def as_text(letter: Letter) -> str:
    """The words alone, as one would read them aloud; the picture in words."""
    parts = [letter.title, f"{letter.about}, {letter.on.isoformat()}", *letter.opening]
    parts += [_section(section) for section in letter.sections]
    parts += [letter.picture_words, letter.closing, letter.signature]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section) -> str:
    lines = [section.heading, *section.paragraphs, *(f"- {item}" for item in section.items)]
    lines += [f"{label}: {text}" for label, text in section.rows]
    return "\n".join(line for line in lines if line)
