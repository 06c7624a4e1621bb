"""What a letter is before it is printed: headings, paragraphs, lists, a picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; ``rows`` are label and text, set side by side."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands under the heading."""
        return not (self.paragraphs or self.items or self.rows)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter; ``picture`` is SVG with ``picture_words`` for those who cannot see it, or both are empty.

    ``on`` is the day it was written. ``about`` says whose letter it is.
    """

    title: str
    about: str
    on: date
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: str
    signature: str
    picture: str = ""
    picture_words: str = ""
