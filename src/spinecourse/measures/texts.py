"""The words of the check-in, in every language that has them.

Tables: ``measures/checkin_texts`` and ``measures/languages``. Our own words; no translation has been read by a
translator or by patients yet (``reviewed`` in ``measures/languages``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from spinecourse.errors import NotFound
from spinecourse.knowledge.tables import load
from spinecourse.measures.checkin import CheckinItem


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, its own name, ``rtl`` or ``ltr``, and whether somebody competent read the texts."""

    code: str
    name: str
    direction: str
    reviewed: bool


@cache
def languages() -> dict[str, Language]:
    """The languages of the check-in by code."""
    return {
        row["language"]: Language(row["language"], row["name"], row["direction"], row["reviewed"] == "yes")
        for row in load("measures/languages")
    }


@cache
def _texts() -> dict[tuple[str, str], str]:
    return {(row["key"], row["language"]): row["text"] for row in load("measures/checkin_texts")}


def text(key: str, language: str) -> str:
    """One text, such as ``item.sleep`` or ``answer.yes``.

    Raises NotFound for a language or key that is not there: a patient is never shown another language in silence.
    """
    if language not in languages():
        raise NotFound(f"the check-in has no language {language[:20]!r}; it has {', '.join(languages())}")
    if (key, language) not in _texts():
        raise NotFound(f"the check-in has no text {key[:60]!r}")
    return _texts()[key, language]


def keys_of(item: CheckinItem) -> list[str]:
    """The texts that a question needs: itself, its answers, and the ends of its scale."""
    answers = [f"answer.{answer}" for answer in item.answers]
    ends = [f"{end}.{item.name}" for end in ("low", "high")] if item.type == "scale" else []
    return [f"item.{item.name}", *answers, *ends]
