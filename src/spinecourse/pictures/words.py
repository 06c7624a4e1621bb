"""Plain words for sites, findings and treatments, the same in every drawing and page."""

from __future__ import annotations

import re
from functools import cache

from spinecourse.knowledge.tables import Row, by_column, load


@cache
def _places() -> dict[str, Row]:
    return by_column(load("pictures/site_places"), "site")


@cache
def _spelling() -> tuple[re.Pattern[str], dict[str, str]]:
    written = {row["name"]: row["written"] for row in load("pictures/spelling")}
    longest_first = sorted(map(re.escape, written), key=len, reverse=True)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(longest_first)})(?![A-Za-z0-9])"), written


def plain(name: str) -> str:
    """A name of the vocabulary, or a text holding some, as one writes it: ``nsaid`` as NSAID, spaces between words."""
    pattern, written = _spelling()
    return pattern.sub(lambda found: written[found[0]], name).replace("_", " ")


def parts_of(site: str) -> tuple[str, ...]:
    """The single sites of a combination written ``root:L5+root:S1``."""
    return tuple(part.strip() for part in site.split("+"))


def place_of(part: str) -> str:
    """Where a single site is drawn: cord, conus, cauda_equina, root, unlevelled or outside.

    A site that the table does not know is listed outside the drawn spine, under its own name.
    """
    row = _places().get(part.partition(":")[0])
    return row["place"] if row else "outside"


def site_words(site: str) -> str:
    """A site as a clinician would say it: ``L5 root``, ``common fibular nerve``, ``L5 root + S1 root``."""
    return " + ".join(_part_words(part) for part in parts_of(site))


def _part_words(part: str) -> str:
    group, _, name = part.partition(":")
    row = _places().get(group)
    if row is None:
        return plain(part.replace(":", " "))
    if "nerve" in name and group == "nerve":
        return plain(name)
    return row["wording"].format(part=plain(name)).strip()


@cache
def _imaging_words() -> dict[str, str]:
    return {row["imaging"]: row["label"] for row in load("pictures/imaging_words")}


def imaging_words(name: str) -> str:
    """The short label of an imaging finding; its own name in plain words where the table has no shorter one."""
    return _imaging_words().get(name, plain(name))


@cache
def treatment_marks() -> dict[str, Row]:
    """The treatments that are marked on the spine, with the mark and the label."""
    return by_column(load("pictures/treatment_marks"), "treatment")


def probability(value: float | None) -> str:
    """A probability with two decimals; what is neither impossible nor certain never looks so."""
    if value is None:
        return "not known"
    if 0 < value < 0.005:
        return "<\u202f0.01"
    return ">\u202f0.99" if 0.995 <= value < 1 else f"{value:.2f}"
