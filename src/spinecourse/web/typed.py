"""Text of a form as the type that a key of the course format wants."""

from __future__ import annotations

import re
from typing import Any, Final

from spinecourse.knowledge import vocabulary

_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_NUMBERS: Final = {"number", "integer", "value"}


def typed(type: str, text: str) -> Any:
    """The value; what does not fit stays text, and the strict reader says what is wrong with it."""
    if type in _NUMBERS:
        return number(text)
    if type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return [_area(part.strip()) for part in text.split(",") if part.strip()] if type == "areas" else text


def _area(text: str) -> str:
    """A dermatome or area as the vocabulary spells it, however it was typed: ``l5``, ``Lateral foot``."""
    known = vocabulary.areas()
    spelt = (text, text.upper(), text.lower().replace(" ", "_"))
    return next((name for name in spelt if name in known), text)


def number(text: str) -> Any:
    """A number, with a point or a comma; any other text as it is."""
    if not _NUMBER.fullmatch(text):
        return text
    found = float(text.replace(",", "."))
    return int(found) if found.is_integer() else found
