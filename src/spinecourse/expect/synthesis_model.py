"""The form of the synthesis, shared by the fit and by prediction: which effects there are and how much each weighs.

The logit of a group mean, months after the start, is a sum of effects times these weights. Numbers are in the draws and
the tables, none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.knowledge.tables import load

BLOCKS: Final = (
    "start", "start_condition", "start_class",
    "natural_mean", "natural_group", "natural_condition",
    "effect_mean", "effect_class", "effect_treatment", "effect_condition", "effect_family",
    "fade_mean", "fade", "chosen", "industry", "outcome",
    "start_study", "start_series", "study", "arm", "series",
)  # fmt: skip
"""Groups of effects: where groups start, what comes anyway, what treatment adds and how it fades, biases of design, the
outcome's own course, and what is peculiar to a study, an arm, a series."""

SHIPPED: Final = 16
"""The first blocks are shipped as draws; the rest belong to the studies of the evidence."""

LATEST: Final = 60.0
"""Months after which the model assumes no further change."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each block begins in the vector of coefficients, and its length."""

    first: Mapping[str, int]
    length: Mapping[str, int]

    @classmethod
    def of(cls, sizes: Mapping[str, int]) -> Layout:
        """Blocks one after another."""
        starts = [0, *accumulate(sizes.values())]
        return cls(dict(zip(sizes, starts, strict=False)), dict(sizes))

    @property
    def size(self) -> int:
        """The number of coefficients."""
        return sum(self.length.values())

    def block_of(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of the block of each place."""
        return np.searchsorted(np.array(list(self.first.values())), places, side="right") - 1


def weights(
    p: Mapping[str, Any],
    *,
    xp: Any,
    months: Any,
    family: Any,
    active: Any,
    chosen: Any,
    industry: Any,
    alone: Any = 1.0,
) -> Any:
    """The weight of each block (points x blocks, in the order of ``BLOCKS``).

    ``p`` holds ``tau_natural`` and ``tau_effect`` in months, and by family of outcomes ``size`` (of effects) and
    ``pull`` (towards the usual start: how much of a bad start is chance). ``months`` is 0 at the start; ``active``
    is 0 for the natural course. ``alone`` is 1 for a study and less for the mean of several, whose peculiarities
    cancel in part. ``xp`` is the array module.
    """
    months, active = xp.asarray(months), xp.asarray(active)
    rise = 1 - xp.exp(-months / p["tau_natural"])
    here = (1 - xp.exp(-months / p["tau_effect"])) * active * p["size"][family]
    late = xp.log(xp.clip(months, 1.0, LATEST) / 12.0)
    kept, natural = 1 - p["pull"][family] * rise, -p["size"][family] * rise
    one = xp.ones_like(rise)
    columns = [
        one, kept, kept,
        natural, natural, natural,
        -here, -here, -here, -here, -here,
        -here * late, -here * late, -here * chosen, -here * industry, -rise,
        kept * alone, kept * alone, rise * alone, rise * alone, rise * alone,
    ]  # fmt: skip
    return xp.stack(columns, axis=-1)


def class_priors(names: Mapping[str, Any], layout: Layout) -> NDArray[np.float64]:
    """What is expected of each coefficient before the evidence, beyond the mean of its block (``class_priors``)."""
    found = np.zeros(layout.size)
    for row in load("synthesis/class_priors"):
        place = list(names["classes"]).index(row["treatment_class"])
        found[layout.first[row["block"]] + place] = float(row["place"])
    return found


def priors() -> dict[str, tuple[str, float, float, str]]:
    """Prior of each parameter: kind (``normal``, ``lognormal`` or ``fixed``), place, width, and ``family`` or nothing.

    A parameter marked ``family`` has a value for each family of outcomes.
    """
    return {
        row["name"]: (row["kind"], float(row["place"]), float(row["width"]), row["each"])
        for row in load("synthesis/priors")
    }
