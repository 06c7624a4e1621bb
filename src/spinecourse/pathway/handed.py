"""What other reasoners found, as conditions can ask for it: ``assessed:name``, true, false or unknown.

The room ``assess`` hands the findings in as arrays over the batch; this room knows none of the reasoners.

- ``emergency_X``, ``danger_X``, ``raised_X``: triage raised the danger X as an emergency; as an emergency or urgent; at
  all. Known false only where every rule of the danger is known not to hold.
- ``called_X``: true where triage raised the danger as an emergency or urgent, false where it did not, even where not
  everything was asked: for rules that a called danger waives, never for one that needs its absence.
- ``site_...``: the groups of sites of ``pathway/site_groups`` have at least their share of the posterior. Unknown for
  somebody of whom nothing is known that speaks for a site.
- ``image_explains_signs``: what a scan shows explains what the examination found. Unknown without a scan.
- ``neuropathic_pain``, ``nociplastic_pain``: the likeliest kind of pain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.knowledge.conditions import Atom, Condition
from spinecourse.knowledge.tables import URGENCIES, load

ASSESSED: Final = "assessed"
KINDS_OF_PAIN: Final = ("nociceptive", "neuropathic", "nociplastic")
REACHES: Final = {"emergency": 0, "danger": 1, "raised": 2}
"""The least urgent class, counted from 0, at which a danger counts under each word."""

Planes = tuple[int, int]
"""Two whole numbers with a bit a patient: known true, and known false."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What the other reasoners found for a batch of patients. Whatever is left out stays unknown.

    ``danger_level`` by danger has shape (patients,): 0 emergency to 3 not raised. ``danger_cleared`` by danger has
    shape (patients,): every rule of the danger is known not to hold. ``site_shares`` has shape (patients, sites) and
    rows that sum to 1, or to NaN where nothing speaks for any site; ``site_names`` names its columns.
    ``image_explains`` has shape (patients,): 0 unknown, 1 no, 2 yes. ``pain_shares`` has shape (patients, 3) in the
    order of ``KINDS_OF_PAIN``, NaN where nothing is known.
    """

    danger_level: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    danger_cleared: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    site_names: Sequence[str] = ()
    site_shares: NDArray[np.floating] | None = None
    image_explains: NDArray[np.int8] | None = None
    pain_shares: NDArray[np.floating] | None = None


@cache
def assessed_names() -> tuple[str, ...]:
    """Every name that may stand after ``assessed:``."""
    dangers = dict.fromkeys(row["condition"] for row in load("clinical/red_flags"))
    raised = [f"{word}_{danger}" for danger in dangers for word in (*REACHES, "called")]
    sites = [row["name"] for row in load("pathway/site_groups")]
    return (*raised, *sites, "image_explains_signs", *(f"{kind}_pain" for kind in KINDS_OF_PAIN))


def assessed_planes(handed: Handed) -> dict[Condition, Planes]:
    """The planes of every ``assessed:`` atom that something was handed in for; the others stay unknown."""
    found = [*_dangers(handed), *_sites(handed), *_kinds(handed)]
    if handed.image_explains is not None:
        found.append(("image_explains_signs", handed.image_explains == 2, handed.image_explains == 1))
    return {Atom(ASSESSED, name): (plane(true), plane(false)) for name, true, false in found}


Found = tuple[str, NDArray[np.bool_], NDArray[np.bool_]]


def _dangers(handed: Handed) -> Iterator[Found]:
    for danger, level in handed.danger_level.items():
        cleared = handed.danger_cleared.get(danger, np.zeros(len(level), dtype=bool))
        for word, reach in REACHES.items():
            raised = level <= reach
            yield f"{word}_{danger}", raised, cleared & ~raised
        called = level <= REACHES["danger"]
        yield f"called_{danger}", called, ~called


def _sites(handed: Handed) -> Iterator[Found]:
    if handed.site_shares is None:
        return
    known = ~np.isnan(handed.site_shares).any(axis=1)
    grouping = _grouping(tuple(handed.site_names))
    shares = handed.site_shares @ grouping
    for number, row in enumerate(load("pathway/site_groups")):
        enough = shares[:, number] >= float(row["least_share"])
        yield row["name"], enough & known, ~enough & known


@cache
def _grouping(names: tuple[str, ...]) -> NDArray[np.float32]:
    """Which site belongs to which group, shape (sites, groups); a pair of sites belongs where both do."""
    groups = [row.items_of("sites") for row in load("pathway/site_groups")]
    found = np.zeros((len(names), len(groups)), dtype=np.float32)
    for place, name in enumerate(names):
        for number, patterns in enumerate(groups):
            found[place, number] = all(_matches(part, patterns) for part in name.split("+"))
    return found


@cache
def _groups() -> dict[str, int]:
    """The groups of sites with their places in the table."""
    return {row["name"]: number for number, row in enumerate(load("pathway/site_groups"))}


def likeliest_site(handed: Handed, group: str, row: int) -> str:
    """The likeliest site of a group of ``pathway/site_groups`` for one patient, such as ``nerve:common_fibular``."""
    shares = _shares_within(handed, group, row)
    return "" if shares is None else handed.site_names[int(shares.argmax())]


def group_share(handed: Handed, group: str, row: int) -> float:
    """The share of a group of sites for one patient; 0 for a name that is no group, or where nothing is known."""
    shares = _shares_within(handed, group, row)
    return 0.0 if shares is None else float(shares.sum())


def _shares_within(handed: Handed, group: str, row: int) -> NDArray[np.floating] | None:
    if handed.site_shares is None or group not in _groups():
        return None
    shares: NDArray[np.floating] = handed.site_shares[row] * _grouping(tuple(handed.site_names))[:, _groups()[group]]
    return None if np.isnan(shares).any() else shares


def _matches(site: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(site, pattern) for pattern in patterns)


def _kinds(handed: Handed) -> Iterator[Found]:
    if handed.pain_shares is None:
        return
    known = ~np.isnan(handed.pain_shares).any(axis=1)
    likeliest = np.where(known, np.nan_to_num(handed.pain_shares).argmax(axis=1), -1)
    for number, kind in enumerate(KINDS_OF_PAIN):
        yield f"{kind}_pain", likeliest == number, known & (likeliest != number)


def plane(values: NDArray[np.bool_]) -> int:
    """Truth values of many patients as one whole number, the first patient in the lowest bit."""
    return int.from_bytes(np.packbits(values, bitorder="little").tobytes(), "little")


def urgency_name(level: int) -> str:
    """The class of urgency that a level stands for."""
    return URGENCIES[level]
