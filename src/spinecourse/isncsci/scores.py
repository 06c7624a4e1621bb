"""One score of the examination: what was examined, and which scores it may stand for in the classification.

``NT`` was not testable. A star marks a condition other than the cord injury (a plexus injury, pain, an amputation):
``4*`` is considered not normal for the classification, ``4**`` is considered normal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from spinecourse.isncsci.standard import scores

Modality = Literal["motor", "sensation"]
NOT_TESTABLE: Final = "NT"
_SCORE: Final = re.compile(r"(NT|[0-9])(\*{0,2})")


@dataclass(frozen=True, slots=True)
class Score:
    """A score as written, its number (None where not testable), and how far above it the scale goes."""

    text: str
    number: int | None
    highest: int
    non_sci: bool
    considered_normal: bool

    def assumed(self) -> tuple[int, ...]:
        """The scores it may stand for, with the assumption its stars record."""
        if self.considered_normal:
            return (self.highest,)
        if self.non_sci:
            return tuple(range(self.number or 0, self.highest))
        return self.examined()

    def examined(self) -> tuple[int, ...]:
        """The scores it may stand for as examined, stars left out: any where it was not testable."""
        return tuple(range(self.highest + 1)) if self.number is None else (self.number,)


@cache
def score(modality: Modality, text: str) -> Score:
    """A score from its text.

    Raises ValueError, saying what is allowed, for anything that is no score of this modality. A normal score has no
    star: the standard tags impaired and untestable scores only.
    """
    found = _SCORE.fullmatch(text)
    highest = max(scores(modality))
    number = int(found[1]) if found and found[1] != NOT_TESTABLE else None
    if found is None or (number is not None and number > highest):
        raise ValueError(f"should be {allowed(modality)}")
    if found[2] and number == highest:
        raise ValueError(f"is normal, so it has no star: write {highest}")
    return Score(text, number, highest, bool(found[2]), found[2] == "**")


def allowed(modality: Modality) -> str:
    """The scores of a modality in words."""
    highest = max(scores(modality))
    return f"0 to {highest} or NT, with * (non-SCI, not normal) or ** (non-SCI, considered normal) if below {highest}"
