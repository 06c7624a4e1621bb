"""The course of the usual patient under one option: the synthesis at the usual start, as mean and spread on the logit.

Every option of a condition starts from the same place, what such patients usually report before treatment, so that the
difference between two options is the treatments' and not that of the people studied. How one person differs from the
usual one is told by :mod:`spinecourse.expect.person`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from spinecourse.expect.draws import shipped
from spinecourse.expect.group import course_of
from spinecourse.expect.scales import Array, scale_of
from spinecourse.expect.support import support_for
from spinecourse.expect.synthesis import NATURAL_HISTORY, GroupPrediction, predict_mean

USUAL_CARE = "usual_care"


@dataclass(frozen=True)
class OptionCourse:
    """Means of a group starting at ``start`` (points), by month.

    ``logit`` and ``logit_sd`` (months): mean and uncertainty of the group's mean on the logit, places differing
    included. ``natural_share`` (3, months): the share of the improvement that would have come anyway, its middle and
    the ends of its 80 % interval; NaN where the group does not improve, or where nobody studied how such patients go
    on without the treatment. ``told`` is the prediction it comes from; where
    that refuses the arrays are empty.
    """

    told: GroupPrediction
    start: float
    logit: Array
    logit_sd: Array
    natural_share: Array

    @property
    def refused(self) -> str:
        """Why there is no answer; empty where there is one."""
        return self.told.why


@cache
def option_course(condition: str, treatment: str, outcome: str, months: tuple[float, ...]) -> OptionCourse:
    """The course under a treatment of the synthesis, refused where it refuses.

    Raises KeyError for a name the synthesis does not know.
    """
    told = predict_mean(condition, treatment, outcome, months)
    start = usual_start(condition, outcome)
    if told.why:
        empty = np.empty(0)
        return OptionCourse(told, start, empty, empty, empty)
    drawn, at = shipped(), float(scale_of(outcome).logit(start))
    treated = course_of(drawn, condition, treatment, outcome, months)
    logits, now = told.level + told.kept * at, going_on(condition)
    share = np.full((3, len(months)), np.nan)
    if now is not None:
        natural = course_of(drawn, condition, now, outcome, months)
        share = _share(told, at, logits, natural.level + told.level - treated.level + natural.kept * at)
    return OptionCourse(told, start, logits.mean(axis=0), logits.std(axis=0), share)


def going_on(condition: str) -> str | None:
    """What going on as now is called in the evidence: usual care where it was studied; None where nothing was.

    People in clinics are cared for; those of natural course studies are mostly seen at the onset and recover more.
    """
    support = {name: support_for(condition, name) for name in (USUAL_CARE, NATURAL_HISTORY)}
    told = [name for name in support if not support[name].refusal]
    return next((name for name in told if support[name].directness == "direct"), told[0] if told else None)


@cache
def usual_start(condition: str, outcome: str) -> float:
    """What such patients usually report before treatment, in points."""
    drawn = shipped()
    course = course_of(drawn, condition, USUAL_CARE, outcome, (0.0,))
    return float(scale_of(outcome).points(course.usual_start.mean()))


def _share(told: GroupPrediction, start: float, treated: Array, natural: Array) -> Array:
    points = told.scale.points
    gain, anyway = points(start) - points(treated), points(start) - points(natural)
    worse = float(np.sign(told.scale.worst - told.scale.best))
    better = gain * worse > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(better, np.clip(anyway / gain, 0.0, 1.0), np.nan)
    return np.array([_quantile(shares, level) for level in (0.5, 0.1, 0.9)])


def _quantile(shares: Array, level: float) -> Array:
    """Over draws, NaN in a month in which the group improves in fewer than half of them."""
    enough = (~np.isnan(shares)).mean(axis=0) >= 0.5
    found = [np.nanquantile(column, level) if there else np.nan for column, there in zip(shares.T, enough, strict=True)]
    return np.array(found)
