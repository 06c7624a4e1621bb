"""What the arms of a study nobody has seen will report: the predictive distribution of their means.

Only the design of the arm, its size and what was measured at the start are read; a figure of a later time never is.
The intervals are for the mean that another study of that size would print: uncertainty about the mean, differences
between studies and arms, and chance in a group of that size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from spinecourse.expect.draws import Draws, shipped
from spinecourse.expect.evidence import Arm, Evidence, Score
from spinecourse.expect.group import Course, course_of
from spinecourse.expect.names import treatment_class
from spinecourse.expect.scales import Array, Scale
from spinecourse.expect.support import class_is_studied
from spinecourse.knowledge.tables import by_column, load


@dataclass(frozen=True, slots=True)
class ArmPrediction:
    """The mean one arm will report on one outcome at one time, in points of the scale the row uses.

    ``mean`` is the middle of what that mean may be. All figures are None where ``why`` refuses. ``months`` is as
    the row wrote it.
    """

    study_id: str
    arm_id: str
    outcome: str
    months: str
    mean: float | None
    lo50: float | None
    hi50: float | None
    lo90: float | None
    hi90: float | None
    why: str


def predict_arms(evidence: Evidence, draws: Draws | None = None) -> Iterator[ArmPrediction]:
    """A prediction for each arm, outcome and time after the start that the outcomes ask for, each once."""
    drawn = draws or shipped()
    starts = Starts(evidence, drawn)
    asked: set[tuple[str, str, str, str]] = set()
    for score in evidence.scores:
        key = (score.arm.study, score.arm.arm, score.outcome_text, score.months_text)
        if score.months == 0 or key in asked:
            continue
        asked.add(key)
        why = refusal(score)
        yield _refused(score, why) if why else _predicted(score, starts, drawn)


def refusal(score: Score) -> str:
    """Why nothing can be said about a row; empty where something can."""
    arm = score.arm
    if score.months is None:
        return "no single time is given, and the course differs from month to month"
    if score.scale is None:
        return f"the synthesis does not know the outcome {score.outcome_text!r}"
    if arm.treatment is None:
        return f"the synthesis does not know the treatment {arm.treatment_text!r}"
    if arm.condition is None:
        return f"the synthesis does not know the condition {arm.condition_text!r}"
    if not class_is_studied(treatment_class(arm.treatment)):
        return f"no study on record says how {arm.treatment} goes, nor any treatment of its kind"
    return ""


def _refused(score: Score, why: str) -> ArmPrediction:
    nothing = (None, None, None, None, None)
    return ArmPrediction(score.arm.study, score.arm.arm, score.outcome_text, score.months_text, *nothing, why)


def _predicted(score: Score, starts: Starts, draws: Draws) -> ArmPrediction:
    scale = score.scale
    assert scale is not None
    assert score.months is not None
    points = scale.points(new_mean(score, starts, draws))
    low90, low50, middle, high50, high90 = (float(q) for q in np.quantile(points, [0.05, 0.25, 0.5, 0.75, 0.95]))
    figures = (middle, low50, high50, low90, high90)
    return ArmPrediction(score.arm.study, score.arm.arm, score.outcome_text, score.months_text, *figures, "")


def new_mean(score: Score, starts: Starts, draws: Draws) -> Array:
    """Draws of the logit of the mean a row will report, chance of the group's size included."""
    course = arm_course(score.arm, str(score.outcome), [float(score.months or 0)], draws)
    start = starts.of(score, course)
    p, z = draws.parameters, draws.deviates
    study = p["sd_study"] * z["study"] + p["sd_arm"] * z["arm"] + p["sd_series"] * z["series"]
    logits = course.level[:, 0] + course.kept[:, 0] * start + study * course.rise[:, 0] + p["sd_row"] * z["row"]
    assert score.scale is not None
    share = score.scale.share(score.scale.points(logits))
    return logits + sampling_error(score, starts) / (share * (1 - share)) * z["sampling"]


def arm_course(arm: Arm, outcome: str, months: Sequence[float], draws: Draws) -> Course:
    """The course of an arm, with the biases of its design."""
    bias = by_column(load("synthesis/designs"), "analysis").get(arm.analysis)
    chosen = float(bias is not None and bias["bias"] == "chosen")
    return course_of(
        draws, str(arm.condition), str(arm.treatment), outcome, months, chosen=chosen, industry=float(arm.industry)
    )


def sampling_error(score: Score, starts: Starts) -> float:
    """The standard error, as a share of the scale, that a group of this size will have."""
    assert score.scale is not None
    row = starts.row(score)
    sd = row.sd / row.scale.width if row and row.sd and row.scale else score.scale.person_sd
    people = score.people or (row.people if row else None) or float(_parameter("people_where_not_printed"))
    return sd / float(np.sqrt(people))


def _parameter(name: str) -> str:
    return by_column(load("synthesis/parameters"), "name")[name]["value"]


class Starts:
    """Where arms begin: the printed baseline, else the usual start, moved by the other baselines."""

    def __init__(self, evidence: Evidence, draws: Draws) -> None:
        self.draws = draws
        self.rows: dict[tuple[str, str, str], Score] = {}
        self.of_study: dict[str, list[Score]] = {}
        for score in evidence.scores:
            if score.months == 0 and score.mean is not None and score.outcome and score.scale:
                self.rows.setdefault((score.arm.study, score.arm.arm, score.outcome), score)
                self.of_study.setdefault(score.arm.study, []).append(score)

    def row(self, score: Score) -> Score | None:
        """The baseline row of an arm and outcome; None where none was printed."""
        return self.rows.get((score.arm.study, score.arm.arm, str(score.outcome)))

    def of(self, score: Score, course: Course) -> Array:
        """Draws of the start logit."""
        row = self.row(score)
        if row is not None:
            return np.full(self.draws.count, _start_logit(row))
        shift, left = self._study_shift(score)
        p, z = self.draws.parameters, self.draws.deviates
        return course.usual_start + shift + left * z["start_study"] + p["sd_start_series"] * z["start_series"]

    def _study_shift(self, score: Score) -> tuple[Array, Array]:
        """Mean and standard deviation (draws) of how this study starts apart from others, given its other baselines."""
        p = self.draws.parameters
        others = [row for row in self.of_study.get(score.arm.study, ()) if row.arm.condition and row.arm.treatment]
        if not others:
            return np.zeros(self.draws.count), p["sd_start_study"]
        usual = [arm_course(row.arm, str(row.outcome), [1.0], self.draws).usual_start for row in others]
        apart = np.stack([_start_logit(row) - start for row, start in zip(others, usual, strict=True)])
        precision = len(others) / p["sd_start_series"] ** 2
        total = precision + 1 / p["sd_start_study"] ** 2
        return precision / total * apart.mean(axis=0), 1 / np.sqrt(total)


def _start_logit(row: Score) -> float:
    scale: Scale | None = row.scale
    assert scale is not None
    assert row.mean is not None
    return float(scale.logit(row.mean))
