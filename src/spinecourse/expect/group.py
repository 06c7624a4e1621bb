"""The mean of a group as the draws have it: coefficients of one condition, treatment and outcome over time.

With the start known, the follow-up logit is linear in it: ``level + kept * start``. So a cohort needs the
coefficients once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from spinecourse.expect.draws import Draws
from spinecourse.expect.names import conditions, treatment_class
from spinecourse.expect.scales import Array, outcomes
from spinecourse.expect.synthesis_model import BLOCKS, SHIPPED, weights

NATURAL_CLASS = "natural_course"
START_BLOCKS = 3
"""The first blocks are about the start; the rest change with time."""


@dataclass(frozen=True, slots=True)
class Course:
    """Coefficients of a follow-up (draws x months): logit = level + kept * start logit, before study differences.

    ``rise`` is how far the differences between studies have opened by then; ``usual_start`` (draws) the start logit
    of such a group where nobody measured it, with ``natural`` and ``treatment`` (draws x months) the two parts of
    the gain.
    """

    level: Array
    kept: Array
    rise: Array
    usual_start: Array
    natural: Array
    treatment: Array


@cache
def places(
    names: tuple[tuple[str, tuple[str, ...]], ...], condition: str, treatment: str, outcome: str
) -> tuple[int, ...]:
    """The place of each shipped block's effect within its block."""
    n = {key: {name: at for at, name in enumerate(values)} for key, values in names}
    family = outcomes()[outcome]["family"]
    group, cls = conditions()[condition]["group"], treatment_class(treatment)
    c, k, f, o = n["conditions"][condition], n["classes"][cls], n["families"][family], n["outcomes"][outcome]
    return (
        o, c * len(n["families"]) + f, k, 0, n["groups"][group], c, 0, k, n["treatments"][treatment],
        k * len(n["conditions"]) + c, k * len(n["families"]) + f, 0, k, 0, 0, o,
    )  # fmt: skip


def course_of(
    draws: Draws, condition: str, treatment: str, outcome: str, months: Sequence[float] | Array,
    *, chosen: float = 0.0, industry: float = 0.0,
) -> Course:  # fmt: skip
    """The course of a group under a treatment.

    ``chosen`` is 1 for a group whose treatment was chosen rather than allotted, ``industry`` 1 where the maker paid; 0
    leaves those biases out. Raises KeyError for names the draws do not know.
    """
    key = tuple((name, tuple(values)) for name, values in draws.names.items())
    within = places(key, condition, treatment, outcome)
    at = [draws.layout.first[block] + place for block, place in zip(BLOCKS[:SHIPPED], within, strict=True)]
    effects = draws.effects[:, at][:, None, :]
    family = list(draws.names["families"]).index(outcomes()[outcome]["family"])
    when = np.asarray(months, dtype=float)[None, :]
    p = {name: draws.parameters[name][:, None] for name in ("tau_natural", "tau_effect")}
    p |= {name: draws.parameters[name].T[:, :, None] for name in ("size", "pull")}
    active = float(treatment_class(treatment) != NATURAL_CLASS)
    w = weights(p, xp=np, months=when, family=family, active=active, chosen=chosen, industry=industry)
    parts = effects * w[..., :SHIPPED]
    start = effects[..., 0]
    kept = w[..., 1]
    natural, treatment_part = parts[..., 3:6].sum(axis=-1) + parts[..., 15], parts[..., 6:15].sum(axis=-1)
    usual_start = effects[:, 0, :START_BLOCKS].sum(axis=-1)
    level = start * (1 - kept) + natural + treatment_part
    return Course(level, kept, 1 - np.exp(-when / p["tau_natural"]), usual_start, natural, treatment_part)
