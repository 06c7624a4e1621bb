"""What a group of such patients can expect under a treatment: the synthesis of the evidence, question by question.

Draws are of the *mean of a group in another place like those studied*: they carry what is not known about the mean
and how studies differ, not how people differ around it. Higher or lower is better as the outcome has it; points are
those of the outcome's usual scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from spinecourse.expect.certainty import Certainty, certainty_of
from spinecourse.expect.draws import Draws, shipped
from spinecourse.expect.group import course_of
from spinecourse.expect.names import conditions, treatments
from spinecourse.expect.scales import Array, Scale, outcomes, scale_of
from spinecourse.expect.support import Support, support_for

NATURAL_HISTORY = "natural_history"


@dataclass(frozen=True)
class GroupPrediction:
    """Draws of a group's mean, with what they rest on.

    ``mean`` and ``natural`` are draws x months in points of ``scale``: under the treatment, and had the group gone
    on without it (the same draws, so that their difference is the treatment's part). Both are empty where ``why``
    refuses. ``start`` (draws) is the baseline they begin at: the one given, else what such groups usually start
    with. ``warnings`` say where the answer reaches beyond what was studied. ``kept`` and ``level`` (draws x months)
    give the logit of the mean as ``level + kept * logit(start)``, for whole cohorts at once.
    """

    condition: str
    treatment: str
    outcome: str
    months: tuple[float, ...]
    scale: Scale
    mean: Array
    natural: Array
    start: Array
    level: Array
    kept: Array
    support: Support
    certainty: Certainty
    warnings: tuple[str, ...] = ()
    why: str = ""
    draws: Draws | None = field(default=None, repr=False)


def options(condition: str) -> tuple[str, ...]:
    """The treatments the synthesis can speak of in a condition, natural course first.

    Raises KeyError for a condition it does not know.
    """
    if condition not in conditions():
        raise KeyError(condition)
    return tuple(name for name in treatments() if not support_for(condition, name).refusal)


def predict_mean(
    condition: str,
    treatment: str,
    outcome: str,
    months: Sequence[float],
    *,
    baseline: float | None = None,
    n_draws: int | None = None,
    draws: Draws | None = None,
) -> GroupPrediction:
    """Draws of the mean of a group with this condition after this treatment, and without it.

    ``months`` count from the start of treatment. ``baseline`` is the group's mean score before, in points of the
    usual scale; None (nobody measured it) widens the answer by what such groups start with. ``n_draws`` takes the
    first so many draws. Where there is no evidence the arrays are empty and ``why`` says so.

    Raises KeyError for a condition, treatment or outcome that ``options`` and the outcome table do not name.
    """
    drawn = draws or shipped()
    drawn = drawn.first(n_draws) if n_draws else drawn
    scale, support = scale_of(outcome), support_for(condition, treatment, outcome)
    if support.refusal:
        empty = np.empty((0, len(months)))
        certainty = certainty_of(support)
        return GroupPrediction(
            condition, treatment, outcome, tuple(months), scale, empty, empty, empty[:, 0], empty, empty, support,
            certainty, why=support.refusal,
        )  # fmt: skip
    treated = course_of(drawn, condition, treatment, outcome, months)
    untreated = course_of(drawn, condition, NATURAL_HISTORY, outcome, months)
    start = _start(drawn, treated.usual_start, scale, baseline)
    other = _other_place(drawn)[:, None] * treated.rise
    level = treated.level + other
    mean = scale.points(level + treated.kept * start[:, None])
    natural = scale.points(untreated.level + other + untreated.kept * start[:, None])
    return GroupPrediction(
        condition, treatment, outcome, tuple(months), scale, mean, natural, scale.points(start), level, treated.kept,
        support, certainty_of(support), warnings=_warnings(support, scale, baseline, months), draws=drawn,
    )  # fmt: skip


def _start(draws: Draws, usual: Array, scale: Scale, baseline: float | None) -> Array:
    if baseline is not None:
        return np.full(draws.count, float(scale.logit(baseline)))
    p, z = draws.parameters, draws.deviates
    return usual + p["sd_start_study"] * z["start_study"] + p["sd_start_series"] * z["start_series"]


def _other_place(draws: Draws) -> Array:
    """How the course in another place differs, on the logit (draws)."""
    p, z = draws.parameters, draws.deviates
    return p["sd_study"] * z["study"] + p["sd_arm"] * z["arm"] + p["sd_series"] * z["series"]


def _warnings(support: Support, scale: Scale, baseline: float | None, months: Sequence[float]) -> tuple[str, ...]:
    found = []
    low, high = support.baselines or (0.0, 0.0)
    reach = scale.person_sd * scale.width
    if support.baselines and baseline is not None and not low - reach <= baseline <= high + reach:
        found.append(f"studies began between {low:.0f} and {high:.0f} on average, this baseline is {baseline:g}")
    if support.months and max(months) > support.months[1]:
        found.append(f"nobody was followed beyond {support.months[1]:g} months in these studies")
    if support.directness != "direct":
        found.append(support.directness_text)
    return tuple(found)


@cache
def known_outcomes() -> tuple[str, ...]:
    """The outcomes the synthesis can predict."""
    return tuple(outcomes())
