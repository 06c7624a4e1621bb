"""What a finding at a level can press on: the root that leaves, the root that crosses, what runs in the canal there.

Tables: ``structure/compression`` (which of these a finding reaches, by the zone in which it lies),
``anatomy/levels`` (which they are at each level), ``structure/where_to_look`` (which scan shows a site).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from spinecourse.knowledge import anatomy
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.structure.answer import Clear

Strength = Literal["likely", "possible"]

_ROOT = re.compile(r"\b(?:C[1-8]|T1?\d|L[1-5]|S[1-5])\b")
_FIRST_OF_CONUS = "S3"
_CAUDA = "cauda_equina"


@dataclass(frozen=True, slots=True)
class Reached:
    """A lesion site that a finding can reach.

    ``site`` is a site of the course format, or a kind of site ending in a colon. ``sides`` says on which side the
    signs would be: the finding's own, the other (brain), or any (in the canal, where sides tell little).
    """

    site: str
    strength: Strength
    how: str
    sides: Literal["same", "opposite", "any"]

    def meets(self, site: str) -> bool:
        """Whether this is the site, or one of the parts of a combination."""
        parts = site.split("+")
        return any(part.startswith(self.site) if self.site.endswith(":") else part == self.site for part in parts)


@cache
def reached(finding: str, zone: str | None, level: str | None, severe: bool = False) -> tuple[Reached, ...]:
    """Every site that a finding can reach at a level, the likely ones first; empty for a finding without a rule.

    A severe finding that may narrow the canal is taken to do so.
    """
    row = _rule(finding, zone)
    if row is None:
        return ()
    found = [*_others(row)]
    if level is not None:
        found += [*_roots(row, level), *_canal(row, level, severe)]
    strongest: dict[str, Reached] = {}
    for entry in sorted(found, key=lambda entry: entry.strength != "likely"):
        strongest.setdefault(entry.site, entry)
    return tuple(strongest.values())


def is_serious(finding: str) -> bool:
    """Whether a finding needs an answer of its own even where it explains no sign."""
    row = _rule(finding, None)
    return row is not None and row["serious"] == "yes"


def rule_source(finding: str, zone: str | None) -> tuple[str, str]:
    """Source of the rule about a finding, and how far it was checked; empty where there is no rule."""
    row = _rule(finding, zone)
    if row is None:
        return "", ""
    return f"{row['meaning']}: {row['source']} ({row['checked']}) {row['source_url']}".strip(), row["checked"]


@cache
def _rules() -> dict[tuple[str, str], Row]:
    return {(row["finding"], row["zone"]): row for row in load("structure/compression")}


def _rule(finding: str, zone: str | None) -> Row | None:
    return _rules().get((finding, zone or "")) or _rules().get((finding, ""))


def _others(row: Row) -> Iterator[Reached]:
    for site in row.items_of("other"):
        yield Reached(
            site,
            _strength(row["other_strength"]),
            row["meaning"],
            "opposite" if row["other_side"] == "opposite" else "same",
        )


def _roots(row: Row, level: str) -> Iterator[Reached]:
    for relation, verb in (("exiting", "leaves"), ("crossing", "crosses")):
        for root in _roots_at(level, relation) if row[relation] != "no" else ():
            yield Reached(
                f"root:{root}", _strength(row[relation]), f"{root} is the root that {verb} at {level}", "same"
            )


@cache
def _roots_at(level: str, relation: str) -> tuple[str, ...]:
    """The roots that leave or cross at a motion segment; beside a vertebra no difference is made."""
    if level in anatomy.motion_segments():
        segment = anatomy.motion_segments()[level]
        return (segment["root_exiting" if relation == "exiting" else "root_paracentral"],)
    vertebra = anatomy.vertebrae().get(level)
    return tuple(_ROOT.findall(vertebra["root_exiting"])) if vertebra else ()


def _strength(word: str) -> Strength:
    return "likely" if word == "likely" else "possible"


def _canal(row: Row, level: str, severe: bool) -> Iterator[Reached]:
    """What runs in the canal: cord and conus as far as the level is uncertain, the cord below, the cauda equina."""
    if row["canal"] == "no":
        return
    strength: Strength = "likely" if severe else _strength(row["canal"])
    opposite = _segments_opposite(level)
    if opposite:
        yield from _cord(strength, opposite, level)
    if runs_cauda(level):
        yield Reached(_CAUDA, strength, f"the cauda equina runs at {level}", "any")
        for root in _roots_below(level) if strength == "likely" else ():
            yield Reached(f"root:{root}", "possible", f"{root} runs on in the sac at {level}", "any")
    elif anatomy.segments()[-1] in opposite:
        yield Reached(_CAUDA, "possible", f"the cauda equina begins at {level}", "any")


def _cord(strength: Strength, opposite: Sequence[str], level: str) -> Iterator[Reached]:
    segments = anatomy.segments()
    apart, own = int(threshold("cord_segments_apart")), _own_segment(level)
    first, last = segments.index(opposite[0]), segments.index(opposite[-1])
    names = opposite[0] if first == last else f"{opposite[0]} to {opposite[-1]}"
    for number, segment in enumerate(segments):
        if first - apart <= number <= last + apart:
            yield Reached(_site_of(segment), strength, f"segment {names} of the cord lies at {level}", "any")
        elif own <= number < first:
            how = f"sources differ on how far above its vertebra segment {segment} lies"
            yield Reached(_site_of(segment), "possible", how, "any")
        elif number > last and _site_of(segment) != "conus":
            how = f"the cord is reached at {level}, and its signs can begin lower"
            yield Reached(_site_of(segment), "possible", how, "any")


def _own_segment(level: str) -> int:
    """The place of the segment that has the number of the (upper) vertebra; it lies there at the lowest."""
    upper, segments = level.split("/")[0], anatomy.segments()
    return segments.index(upper) if upper in segments else len(segments)


def _site_of(segment: str) -> str:
    segments = anatomy.segments()
    return "conus" if segments.index(segment) >= segments.index(_FIRST_OF_CONUS) else f"cord:{segment}"


@cache
def _vertebrae_of(level: str) -> tuple[Row, ...]:
    """The vertebra, or the two of a motion segment."""
    if level not in anatomy.motion_segments():
        return tuple(row for name, row in anatomy.vertebrae().items() if name == level)
    upper, lower = level.split("/")
    lower = f"{upper[0]}{lower}" if lower.isdigit() else lower
    return anatomy.vertebrae()[upper], anatomy.vertebrae()[lower]


@cache
def _segments_opposite(level: str) -> tuple[str, ...]:
    """The segments of the cord that lie at a level, from the head downwards; empty below the cord."""
    segments = anatomy.segments()
    ends = [end for row in _vertebrae_of(level) for end in row["cord_segment_opposite"].split("-") if end in segments]
    if not ends:
        return ()
    numbers = [segments.index(end) for end in ends]
    return segments[min(numbers) : max(numbers) + 1]


@cache
def runs_cauda(level: str) -> bool:
    """Whether the cauda equina runs at a level."""
    return any(row["cord_segment_opposite"] == _CAUDA for row in _vertebrae_of(level))


def _roots_below(level: str) -> Iterator[str]:
    """The roots that pass a lumbar level inside the sac, below the one that crosses there."""
    segments = anatomy.segments()
    crossing = max(segments.index(root) for root in _roots_at(level, "crossing"))
    return (segment for segment in segments[crossing + 1 :] if segment != segments[-1])


@cache
def threshold(name: str) -> float:
    """The value of one row of ``structure/thresholds``."""
    return float(by_column(load("structure/thresholds"), "name")[name]["value"])


@cache
def region_of_level(level: str | None) -> str | None:
    """The region of the spine a level lies in; None without a level."""
    row = {**anatomy.vertebrae(), **anatomy.motion_segments()}.get(level or "")
    return row["region"] if row else None


@cache
def site_row(site: str) -> Row | None:
    """The row of ``structure/where_to_look`` for a site, by the longest beginning; None for sites without a place."""
    rows = [row for row in load("structure/where_to_look") if site.split("+")[0].startswith(row["site"])]
    return max(rows, key=lambda row: len(row["site"]), default=None)


def regions_of_site(site: str) -> tuple[str, ...]:
    """The regions whose scan would show a lesion of this site; empty for places outside spine and head."""
    row = site_row(site)
    return row.items_of("regions") if row else ()


def clear_regions(clear: Sequence[Clear]) -> frozenset[str]:
    """The regions of which a whole scan showed nothing."""
    return frozenset(region for entry in clear if entry.extent == "whole" for region in entry.regions)
