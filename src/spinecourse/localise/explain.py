"""Why a site is likely: the findings that speak for it and against it, compared with all other sites.

The weight of a finding for a site is the log of how much likelier it is there than over the other hypotheses as they
stand. Computed only for the rows asked for.
"""

from __future__ import annotations

from functools import cache
from typing import Final, Literal, cast

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.batch import Batch
from spinecourse.findings.catalogue import Column, columns
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.localise.answer import Localisation, Site
from spinecourse.localise.hypotheses import log_priors
from spinecourse.localise.information import examine_next
from spinecourse.localise.likelihood import likelihood, rates
from spinecourse.localise.ranking import RankedSite, rank_sites
from spinecourse.localise.second_lesion import second_lesion

Side = Literal["left", "right", "both"]


def explain(batch: Batch, posterior: NDArray[np.float32], row: int, *, examinations: bool = True) -> Localisation:
    """The localisation of one patient of the batch, with reasons; ``examinations`` false leaves out what to examine
    next, which takes the longest."""
    states, probabilities = batch.states[row], posterior[row]
    wanted = examine_next(states, probabilities) if examinations else []
    known = _used(states)
    if not known:
        return Localisation([], wanted, "nothing is known that speaks for any site")
    ranked = rank_sites(probabilities)[: int(parameter("localise_most_reported"))]
    weights = _weights(known, ranked, states, probabilities)
    sites = [_site(site, known, column, batch, row) for site, column in zip(ranked, weights.T, strict=True)]
    second = second_lesion(states, probabilities, ranked[0].members) if ranked else None
    return Localisation(sites, wanted, _why(sites, len(known)), second)


@cache
def _has_sides(site: str) -> bool:
    """Whether a side means anything for a site; a disc or the muscles have none."""
    row = by_column(load("model/site_classes"), "class").get(site)
    return row is None or row["sided"] == "yes"


def _used(states: NDArray[np.int8]) -> list[Column]:
    """The known columns that the model uses."""
    model = likelihood()
    return [columns()[number] for number in np.flatnonzero((states > 0) & (model.first >= 0))]


def _site(ranked: RankedSite, known: list[Column], weights: NDArray[np.float64], batch: Batch, row: int) -> Site:
    """One site with the findings that speak for and against it; ``weights`` are those of the known columns."""
    enough = parameter("localise_least_weight")
    ordered = np.argsort(-np.abs(weights), kind="stable")
    speaking = [known[number] for number in ordered if weights[number] >= enough]
    opposing = [known[number] for number in ordered if weights[number] <= -enough]
    return Site(
        site=ranked.site,
        side=cast(Side | None, ranked.side) if _has_sides(ranked.site) else None,
        probability=round(ranked.probability, 4),
        because=_facts(speaking, batch, row),
        against=_facts(opposing, batch, row),
        sources=_sources(ranked.site, speaking),
    )


def _weights(
    known: list[Column], ranked: list[RankedSite], states: NDArray[np.int8], probabilities: NDArray[np.float32]
) -> NDArray[np.float64]:
    """The log of how much likelier each known finding is at each site than elsewhere, shape (findings, sites).

    Hypotheses count as they stand; a little of the prior keeps a site without competitors comparable.
    """
    model = likelihood()
    chance = np.exp(model.log[[model.first[column.number] + states[column.number] - 1 for column in known]])
    standing = probabilities + np.exp(log_priors()) * parameter("localise_prior_in_reasons")
    here = np.zeros((len(standing), len(ranked)), dtype=np.float32)
    for number, site in enumerate(ranked):
        here[site.members, number] = standing[site.members]
    elsewhere = standing[:, None] * (here == 0)
    weights: NDArray[np.float64] = np.log(
        (chance @ here / here.sum(axis=0)) / (chance @ elsewhere / elsewhere.sum(axis=0))
    )
    return weights


def _facts(speaking: list[Column], batch: Batch, row: int) -> list[str]:
    texts = (fact.text for column in speaking for fact in batch.deciding[row].get(column.number, ()))
    return list(dict.fromkeys(texts))


def _sources(site: str, speaking: list[Column]) -> list[str]:
    """Whose tables stand behind the strongest findings: the anatomy, or a published rate."""
    found = [_source(site, column) for column in speaking[: int(parameter("localise_sources_shown"))]]
    return list(dict.fromkeys(found))


def _source(site: str, column: Column) -> str:
    rows = rates().get((column.kind, column.name))
    if rows:
        fitting = [row for row in rows if site in row["who"].split(";")] or rows[1:2] or rows
        return f"{column.kind} {column.name}: {fitting[-1]['source']} ({fitting[-1]['checked']})"
    table, key = _ANATOMY.get(column.kind, ("model/regional_findings", "name"))
    row = _first_rows(table, key).get(column.name)
    if row is None:
        return f"{column.kind} {column.name}: supply by anatomy/skin (textbook)"
    place = row.cells.get("source_url") or row.cells.get("source", "")
    return f"{column.kind} {column.name}: {table} ({row['checked']}) {place}"


_ANATOMY: Final = {
    "power": ("anatomy/movements", "movement"),
    "reflex": ("anatomy/reflexes", "reflex"),
    "sensation": ("anatomy/skin", "area"),
}


@cache
def _first_rows(table: str, key: str) -> dict[str, Row]:
    """The first row of a table for every value of a column; a movement has one row a muscle."""
    found: dict[str, Row] = {}
    for row in load(table):
        found.setdefault(row[key], row)
    return found


def _why(sites: list[Site], known: int) -> str:
    if not sites:
        return f"{known} findings are known and no site stands out"
    first = sites[0]
    side = f" {first.side}" if first.side else ""
    return f"{first.site}{side} is likeliest ({first.probability:.0%}) on {known} known findings"
