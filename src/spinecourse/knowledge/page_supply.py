"""What runs through a site: movements, muscles, skin and reflexes with the share of their supply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

from spinecourse.knowledge import anatomy
from spinecourse.knowledge.page_evidence import by_item
from spinecourse.knowledge.page_parts import Line, lines_of, percent, shares, words
from spinecourse.knowledge.tables import Row, by_column, load

LEAST_SHOWN: Final = 0.15
"""Smaller shares of supply are left out of a page: a lesion that takes them shows nothing."""

MOST_SHOWN: Final = 8
"""How many movements, muscles, areas or reflexes a page names."""

Lines = Iterator[Line]


def supply(site: str) -> Lines:
    """Movements, muscles, skin and reflexes with the share of their supply that runs through the site."""
    if site.startswith("cord:"):
        yield from _cord_supply(site)
        return
    yield Line(_told("movements", _leaf_shares(site, "power")), _movement_rows(site))
    yield from lines_of(_muscles(site), _skin(site), _reflexes(site), _reach(site))
    for row in by_item("model/nerve_variants", "site", site):
        spared = ", ".join(words(leaf.partition(":")[2]) for leaf in row.items_of("spared"))
        yield Line(f"a lesion at the {words(row['place'])} ({percent(float(row['share']))}) spares {spared}", (row,))


def _cord_supply(site: str) -> Lines:
    """At the level of a cord lesion its segment fails; below it the long tracts do."""
    segment = site.partition(":")[2]
    if segment not in anatomy.segments():
        return
    yield Line(f"at the level: what root:{segment} supplies is weak, numb and without reflex")
    yield Line("below the level: spastic weakness, brisk reflexes, extensor plantar, a sensory level, sphincters")
    yield from lines_of(*supply(f"root:{segment}"))


def _reach(site: str) -> Line | None:
    """The roots that a lesion of conus or cauda equina takes, by how far it reaches."""
    rows = tuple(row for row in load("model/sacral_reach") if row["site"] == site)
    reach: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        reach[row["variant"]].append(row["segment"])
    ends = {variant: sorted(found, key=anatomy.segments().index) for variant, found in reach.items()}
    told = "; ".join(f"{words(variant)} {found[0]} to {found[-1]}" for variant, found in ends.items())
    return Line(f"takes the roots, by how far it reaches: {told}", rows) if rows else None


def _leaf_shares(site: str, kind: str) -> list[tuple[str, float]]:
    grouped = anatomy.groups("mean")
    found = [(leaf, sum(leaf.shares.get(part, 0.0) for part in site.split("+"))) for leaf in anatomy.leaves().values()]
    return [
        (leaf.name, share) for leaf, share in found if leaf.kind == kind and share and (kind, leaf.name) not in grouped
    ]


def _told(what: str, parts: list[tuple[str, float]]) -> str:
    told = shares(parts, LEAST_SHOWN, MOST_SHOWN)
    more = sum(share >= LEAST_SHOWN for _, share in parts) - MOST_SHOWN
    return f"{what}: {told}" + (f", and {more} more" if more > 0 else "") if told else ""


def _movement_rows(site: str) -> tuple[Row, ...]:
    named = {name for name, share in _leaf_shares(site, "power") if share >= LEAST_SHOWN}
    return tuple(row for row in load("anatomy/movements") if row["movement"] in named)


def _muscles(site: str) -> Line | None:
    """Muscles by the share of their roots, or all of them where the site is the nerve or lies above it."""
    found = [(row, _muscle_share(row, site)) for row in load("anatomy/muscles")]
    rows = tuple(row for row, share in found if share >= LEAST_SHOWN)
    told = _told("muscles", [(row["muscle"], share) for row, share in found])
    return Line(told, rows) if told else None


def _muscle_share(row: Row, site: str) -> float:
    weights = row.weights("root_weights")
    return sum(
        weight * _strand(root, row["nerve"]).get(part, 0.0)
        for root, weight in weights.items()
        for part in site.split("+")
    )


@cache
def _strand(root: str, nerve: str) -> dict[str, float]:
    return anatomy.strand(root, nerve)


def _skin(site: str) -> Line | None:
    areas = {row["area"]: row for row in load("anatomy/skin") if row["isncsci_key_point"] != "yes"}
    parts = [(name, share) for name, share in _leaf_shares(site, "sensation") if name in areas]
    told = _told("skin", parts)
    return Line(told, tuple(areas[name] for name, share in parts if share >= LEAST_SHOWN)) if told else None


def _reflexes(site: str) -> Line | None:
    rows = by_column(load("anatomy/reflexes"), "reflex")
    parts = _leaf_shares(site, "reflex")
    told = _told("reflexes", parts)
    return Line(told, tuple(rows[name] for name, share in parts if share >= LEAST_SHOWN)) if told else None
