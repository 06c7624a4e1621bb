"""Whether the conditions named meet the diagnoses of a case set, as far as the tables carry a diagnosis.

A diagnosis in words is read by ``pathway/diagnosis_words``; where no word fits, its lesion sites are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from spinecourse.knowledge.tables import load
from spinecourse.pathway import Pathway


class ConditionFigures(Struct, frozen=True):
    """How often a condition was right. ``carried`` counts the cases whose diagnosis the tables carry.

    ``named`` is the share in which an accepted condition is among those held, ``first`` the share in which it is the
    first of them; NaN becomes null where none is carried. ``misses`` holds line and texts of those not named.
    """

    carried: int
    named: float
    first: float
    misses: list[str]


def accepted_conditions(gold: Mapping[str, object]) -> frozenset[str]:
    """The conditions that meet a gold answer with ``diagnosis`` and ``sites``; empty where the tables carry none."""
    words = str(gold.get("diagnosis") or "").lower()
    found = [row for row in load("pathway/diagnosis_words") if row["kind"] == "word" and row["pattern"] in words]
    if not found:
        sites = gold.get("sites")
        named = [str(site) for site in sites] if isinstance(sites, list) else []
        found = [
            row
            for row in load("pathway/diagnosis_words")
            if row["kind"] == "site" and any(fnmatchcase(site, row["pattern"]) for site in named)
        ]
    return frozenset(name for row in found for name in row.items_of("conditions"))


def condition_figures(gold: Sequence[Mapping[str, object]], said: Sequence[Pathway]) -> ConditionFigures:
    """The figures over a case set, answers and pathways in the same order."""
    carried = [
        (line, accepted_conditions(answer), pathway)
        for line, (answer, pathway) in enumerate(zip(gold, said, strict=True), 1)
        if accepted_conditions(answer)
    ]
    named = [any(entry.condition in wanted for entry in pathway.conditions) for _, wanted, pathway in carried]
    first = [pathway.condition in wanted for _, wanted, pathway in carried]
    misses = [
        f"line {line}: {' or '.join(sorted(wanted))} was called {pathway.condition or 'nothing'}"
        for (line, wanted, pathway), hit in zip(carried, named, strict=True)
        if not hit
    ]
    return ConditionFigures(len(carried), _share(named), _share(first), misses)


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else float("nan")
