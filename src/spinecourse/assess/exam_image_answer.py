"""What the comparison of examination and image answers: does what was seen explain the signs, and what else may?"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from spinecourse.structure import Prevalence

LevelWord = Literal[
    "explains",
    "may_explain",
    "other_side",
    "other_root",
    "incidental_likely",
    "needs_own_answer",
    "no_signs",
    "no_rule",
]
SiteWord = Literal["explained", "possibly_explained", "unexplained", "not_imaged", "none_expected"]


class LevelVerdict(Struct, frozen=True):
    """Whether one finding on imaging explains the signs.

    ``other_side`` is the right place on the wrong side; ``other_root`` is off by one root; ``incidental_likely``
    fits no likely site; ``needs_own_answer`` fits none but is dangerous in itself; ``no_signs`` where nothing but the
    image is known; ``no_rule`` where the tables do not say what such a finding presses on. ``site`` is the site that
    decided the verdict, with its probability from the signs alone. ``prevalence`` is how common the finding is in
    people without pain; None where no figure is on record.
    """

    level: str | None
    finding: str
    side: str | None
    severity: str | None
    verdict: LevelWord
    site: str | None
    site_side: str | None
    probability: float | None
    how: str
    prevalence: Prevalence | None
    because: list[str]
    sources: list[str]
    checked: str


class SiteVerdict(Struct, frozen=True):
    """Whether the image explains one site that is likely from the signs alone.

    ``not_imaged`` where no scan of that place is on record: silence of the record is not a clear scan.
    ``none_expected`` for pain that no scan shows. ``by`` names the findings that explain the site.
    """

    site: str
    side: str | None
    probability: float
    verdict: SiteWord
    by: list[str]


class Look(Struct, frozen=True):
    """Where to look instead: a place, how to look, and the site from the signs it belongs to."""

    site: str
    look: str
    how: str
    sources: list[str]
    checked: str


class Consider(Struct, frozen=True):
    """Something else that may keep pain going. ``lowest`` and ``highest`` are shares of published series, or None."""

    consider: str
    how: str
    lowest: float | None
    highest: float | None
    sources: list[str]
    checked: str


class StillPain(Struct, frozen=True):
    """The scan looks right and the pain is still there: what was done or seen, and what else to consider."""

    says: str
    because: list[str]
    consider: list[Consider]


class ExamImage(Struct, frozen=True):
    """Examination against image. ``still_pain`` is None where that question does not arise.

    Everything is compared with the sites that the signs alone make likely, imaging left out, because an image
    cannot confirm itself.
    """

    levels: list[LevelVerdict]
    sites: list[SiteVerdict]
    look_next: list[Look]
    still_pain: StillPain | None
    why: str
