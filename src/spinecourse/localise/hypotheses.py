"""Every lesion the model considers: a site, a side, and a variant (how much of the supply is lost, and how).

Tables: ``model/site_classes`` (prior of a class), ``model/site_weights`` (sites within a class), ``model/variants``
and ``model/nerve_variants`` (usual places of compression, which spare the branches given off before).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.knowledge.tables import Row, by_column, load


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One lesion. ``site`` may join two neighbours with a plus; ``side`` is left, right or both.

    ``prior`` is its probability before anything is known; all priors sum to 1. ``spared`` lists the leaves (kind and
    name) that this place of the lesion leaves alone. ``variant`` is the row that says how much is lost.
    """

    site: str
    site_class: str
    side: str
    variant: Row
    prior: float
    spared: frozenset[tuple[str, str]]

    @property
    def parts(self) -> tuple[str, ...]:
        """The single sites of which it is made."""
        return tuple(self.site.split("+"))

    @property
    def key(self) -> tuple[str, str]:
        """Site and side, which is what an answer names."""
        return self.site, self.side


Place = tuple[float, frozenset[tuple[str, str]]]


@cache
def _places() -> dict[str, tuple[Place, ...]]:
    """For every site its usual places with their shares; the rest of the share spares nothing."""
    found: dict[str, list[Place]] = defaultdict(list)
    for row in load("model/nerve_variants"):
        spared = frozenset((kind, name) for kind, _, name in (leaf.partition(":") for leaf in row.items_of("spared")))
        found[row["site"]].append((float(row["share"]), spared))
    return {site: (*places, (1 - sum(share for share, _ in places), frozenset())) for site, places in found.items()}


def _unnormalised() -> Iterator[Hypothesis]:
    variants: dict[str, list[Row]] = defaultdict(list)
    for row in load("model/variants"):
        variants[row["class"]].append(row)
    classes = by_column(load("model/site_classes"), "class")
    for row in load("model/site_weights"):
        site_class = classes[row["class"]]
        sides = site_class.items_of("sides")
        for side in sides:
            prior = float(site_class["prior"]) * float(row["weight"]) * _share_of_side(side, site_class)
            for share, spared in _places().get(row["site"], ((1.0, frozenset()),)):
                for variant in variants[row["class"]]:
                    weight = prior * share * float(variant["share"])
                    yield Hypothesis(row["site"], row["class"], side, variant, weight, spared)


def _share_of_side(side: str, site_class: Row) -> float:
    """How the prior of a class divides over its sides; left and right share alike what ``both`` leaves."""
    both = float(site_class["both_share"])
    return both if side == "both" else (1 - both) / 2


@cache
def hypotheses() -> tuple[Hypothesis, ...]:
    """Every hypothesis, in the order of the tables, priors summing to 1."""
    found = list(_unnormalised())
    total = sum(hypothesis.prior for hypothesis in found)
    return tuple(Hypothesis(h.site, h.site_class, h.side, h.variant, h.prior / total, h.spared) for h in found)


@cache
def involving() -> dict[str, NDArray[np.intp]]:
    """For every single site the numbers of the hypotheses that involve it."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, hypothesis in enumerate(hypotheses()):
        for part in hypothesis.parts:
            found[part].append(number)
    return {site: np.array(numbers) for site, numbers in found.items()}


@cache
def log_priors() -> NDArray[np.float32]:
    """The natural logarithms of the priors, shape (hypotheses,)."""
    return np.log([hypothesis.prior for hypothesis in hypotheses()]).astype(np.float32)


@cache
def site_keys() -> tuple[tuple[str, str], ...]:
    """Every site with its side once, in the order of the hypotheses."""
    return tuple(dict.fromkeys(hypothesis.key for hypothesis in hypotheses()))


@cache
def site_of_hypothesis() -> NDArray[np.intp]:
    """For every hypothesis the number of its site in ``site_keys``."""
    numbers = {key: number for number, key in enumerate(site_keys())}
    return np.array([numbers[hypothesis.key] for hypothesis in hypotheses()])
