"""What localise answers: the sites in order of probability, and what to examine next."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Site(Struct, frozen=True):
    """One place the lesion may be.

    ``probability`` is the posterior of this site (or combination, written ``root:L5+root:S1``) on this side, between
    0 and 1. ``because`` and ``against`` name the facts that speak for and against it compared with the average of
    the other sites, strongest first. ``sources`` name the table rows behind the strongest of them.
    """

    site: str
    side: Literal["left", "right", "both"] | None
    probability: float
    because: list[str]
    against: list[str]
    sources: list[str]


class Examination(Struct, frozen=True):
    """A finding nobody has examined yet, and by how many bits it is expected to narrow the site."""

    finding: str
    gain_bits: float


class SecondLesion(Struct, frozen=True):
    """A site that would explain what the likeliest one leaves unexplained.

    ``probability`` is that of there being a second lesion at all, given that the likeliest site is right.
    """

    site: str
    side: str
    probability: float


class Localisation(Struct, frozen=True):
    """Where the lesion sits. With nothing to go by ``sites`` is empty and ``why`` says so.

    ``second`` is None where one lesion is the better answer.
    """

    sites: list[Site]
    examine_next: list[Examination]
    why: str
    second: SecondLesion | None = None
