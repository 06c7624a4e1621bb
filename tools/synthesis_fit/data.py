"""The evidence tables as the arrays the model is fitted to, one likelihood term each.

Everything is on shares of the scale (0 best, 1 worst); standard errors come from printed SDs where there are any,
else from the usual SD between people of the outcome and the size of the arm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from spinecourse.expect.evidence import Arm, Evidence, Score, package_evidence
from spinecourse.expect.names import conditions, treatment_class, treatments
from spinecourse.expect.scales import outcome_named, outcomes, scale_of
from spinecourse.knowledge.tables import Row, load

PEOPLE_WHERE_NOT_PRINTED = 60.0
PEOPLE_AT_MOST = 400.0
"""Beyond this the sampling error is nothing beside the differences between studies."""
STUDIES_AT_MOST = 10.0
"""Beyond this a pooled mean is no nearer to the mean of all places: reviews pool what is alike."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass
class Names:
    """Positions of names in the coefficient arrays; the draws are shipped with these lists."""

    conditions: list[str] = field(default_factory=lambda: list(conditions()))
    groups: list[str] = field(default_factory=lambda: sorted({row["group"] for row in conditions().values()}))
    treatments: list[str] = field(default_factory=lambda: list(treatments()))
    classes: list[str] = field(
        default_factory=lambda: list(dict.fromkeys(row["treatment_class"] for row in treatments().values()))
    )
    outcomes: list[str] = field(default_factory=lambda: list(outcomes()))
    families: list[str] = field(default_factory=lambda: list(dict.fromkeys(r["family"] for r in outcomes().values())))

    def of_treatment(self) -> Ints:
        """Class of each treatment."""
        return np.array([self.classes.index(treatment_class(name)) for name in self.treatments])

    def of_outcome(self) -> Ints:
        """Family of each outcome."""
        return np.array([self.families.index(outcomes()[name]["family"]) for name in self.outcomes])

    def of_condition(self) -> Ints:
        """Group of each condition."""
        return np.array([self.groups.index(conditions()[name]["group"]) for name in self.conditions])


@dataclass
class Data:
    """Series (an outcome in an arm), and what was printed about them."""

    names: Names
    families: list[str]
    series_family: Ints
    series_study: Ints
    series_arm: Ints
    series_condition: Ints
    series_treatment: Ints
    series_outcome: Ints
    series_chosen: Ints
    series_industry: Ints
    series_alone: Floats
    n_arms: int
    baseline: dict[str, NDArray[np.generic]]
    level: dict[str, NDArray[np.generic]]
    change: dict[str, NDArray[np.generic]]
    responder: dict[str, NDArray[np.generic]]
    contrast: dict[str, NDArray[np.generic]]


Key = tuple[str, str, str]


class _Series:
    """Collects series as rows name them."""

    def __init__(self, names: Names, evidence: Evidence) -> None:
        self.names = names
        self.arms = {(arm.study, arm.arm): arm for arm in evidence.arms}
        self.index: dict[Key, int] = {}

    def of(self, study: str, arm: str, outcome: str) -> int:
        return self.index.setdefault((study, arm, outcome), len(self.index))


def _people(score: float | None, arm: Arm) -> float:
    return min(score or arm.people or PEOPLE_WHERE_NOT_PRINTED, PEOPLE_AT_MOST)


def _se(score: Score, change: bool) -> float:
    assert score.scale is not None
    width = score.scale.width
    if score.se and (change == (score.mean is None)):
        return score.se / width
    sd = (score.change_sd if change else score.sd) or 0.0
    share = sd / width if sd else score.scale.person_sd
    return share / float(np.sqrt(_people(score.people, score.arm)))


def collect(evidence: Evidence | None = None) -> Data:
    """All usable rows of the package's evidence."""
    evidence = evidence or package_evidence()
    names = Names()
    series = _Series(names, evidence)
    scores = [s for s in evidence.scores if _usable(s)]
    baseline = _table([(_at(series, s), *_level(s)) for s in scores if s.months == 0 and s.mean is not None])
    level = [s for s in scores if s.months and s.mean is not None]
    with_level = {(s.arm.study, s.arm.arm, s.outcome, s.months) for s in level}
    with_base = {(s.arm.study, s.arm.arm, s.outcome) for s in scores if s.months == 0 and s.mean is not None}
    change = [s for s in scores if s.months and s.change is not None and not _told(s, with_level, with_base)]
    levels = _table([(_at(series, s), *_level(s), s.months) for s in level])
    changes = _table([(_at(series, s), _sign(s) * _points(s.change), _se(s, True), s.months) for s in change])
    told = {(s.arm.study, s.arm.arm, s.outcome) for s in scores if s.months}
    responders = _table(list(_responders(series, load("evidence/responders"), told)), 7)
    contrasts = _contrasts(series, load("evidence/contrasts"), told)
    return _assemble(names, series, baseline, levels, changes, responders, contrasts)


def _usable(score: Score) -> bool:
    arm = score.arm
    return bool(score.scale and arm.treatment and arm.condition and not score.left_out and score.months is not None)


def _told(score: Score, with_level: Set[object], with_base: Set[object]) -> bool:
    key = (score.arm.study, score.arm.arm, score.outcome)
    return (*key, score.months) in with_level and key in with_base


def _at(series: _Series, score: Score) -> int:
    assert score.outcome is not None
    return series.of(score.arm.study, score.arm.arm, score.outcome)


def _level(score: Score) -> tuple[float, float]:
    assert score.scale is not None
    assert score.mean is not None
    return float(score.scale.share(score.mean)), _se(score, False)


def _points(value: float | None) -> float:
    assert value is not None
    return value


def _sign(score: Score) -> float:
    assert score.scale is not None
    return 1 / (score.scale.worst - score.scale.best)


def _responders(
    series: _Series, rows: Iterable[Row], told: set[tuple[str, str, str | None]]
) -> Iterable[tuple[float, ...]]:
    kinds = {"improved_by": 0, "not_improved_by": 0, "improved_percent": 1, "at_most": 2}
    for row in rows:
        arm = series.arms[row["study_id"], row["arm_id"]]
        months, percent = row.number("months"), _percent(row)
        if (
            not row["outcome"]
            or row["left_out"]
            or not months
            or percent is None
            or (arm.study, arm.arm, row["outcome"]) in told
        ):
            continue
        scale = scale_of(row["outcome"])
        value = float(row["value"]) / (100 if row["rule"] == "improved_percent" else scale.width)
        share = 1 - percent / 100 if row["rule"] == "not_improved_by" else percent / 100
        share = min(max(share, 0.01), 0.99)
        people = _people(row.number("n"), arm)
        yield (
            series.of(arm.study, arm.arm, row["outcome"]), share, people, months, kinds[row["rule"]], value,
            scale.person_sd,
        )  # fmt: skip


def _percent(row: Row) -> float | None:
    percent, events, people = row.number("percent"), row.number("events"), row.number("n")
    return percent if percent is not None else (100 * events / people if events is not None and people else None)


def _contrasts(series: _Series, rows: Iterable[Row], told: set[tuple[str, str, str | None]]) -> NDArray[np.float64]:
    found = []
    for row in rows:
        outcome, months = outcome_named(row["outcome"]), row.number("months")
        pair = [_arm_of(series, row, side) for side in "ab"]
        if not outcome or not row["sign"] or row["left_out"] or not months or None in pair:
            continue
        if all((row["study_id"], arm, outcome) in told for arm in pair):
            continue
        scale = scale_of(outcome, row.number("scale_min"), row.number("scale_max"))
        unit = scale.person_sd if row["measure"] == "smd" else 1 / scale.width
        better = -1.0 if row["measure"] != "smd" and scale.worst < scale.best else 1.0
        low, high = row.number("ci_low"), row.number("ci_high")
        people = sum(1 / _people(None, series.arms[row["study_id"], str(arm)]) for arm in pair)
        se = scale.person_sd * float(np.sqrt(people)) if low is None or high is None else (high - low) / 3.92 * unit
        effect = float(row["effect"]) * float(row["sign"]) * unit * better
        at = [series.of(row["study_id"], str(arm), outcome) for arm in pair]
        found.append((float(at[0]), float(at[1]), effect, max(se, 0.01), months))
    return _table(found, 5)


def _arm_of(series: _Series, row: Row, side: str) -> str | None:
    """The arm of one side; a side named by its treatment alone becomes an arm of its own."""
    if row[f"arm_{side}"]:
        return row[f"arm_{side}"] if (row["study_id"], row[f"arm_{side}"]) in series.arms else None
    treatment = row[f"treatment_{side}"]
    if not treatment:
        return None
    for (study, name), arm in series.arms.items():
        if study == row["study_id"] and arm.treatment == treatment:
            return name
    return None


def _table(rows: Sequence[tuple[float | None, ...]], width: int = 4) -> NDArray[np.float64]:
    return np.array(rows, dtype=float) if rows else np.zeros((0, width))


def _assemble(
    names: Names, series: _Series, baseline: Floats, level: Floats, change: Floats, responder: Floats, contrast: Floats
) -> Data:
    keys = list(series.index)
    arms = [series.arms[study, arm] for study, arm, _ in keys]
    families = sorted({arm.family for arm in arms})
    studies = sorted({arm.study for arm in arms})
    arm_names = sorted({(arm.study, arm.arm) for arm in arms})
    bias = {row["analysis"]: row["bias"] for row in load("synthesis/designs")}
    return Data(
        names=names,
        families=families,
        series_family=np.array([families.index(arm.family) for arm in arms]),
        series_study=np.array([studies.index(arm.study) for arm in arms]),
        series_arm=np.array([arm_names.index((arm.study, arm.arm)) for arm in arms]),
        series_condition=np.array([names.conditions.index(str(arm.condition)) for arm in arms]),
        series_treatment=np.array([names.treatments.index(str(arm.treatment)) for arm in arms]),
        series_outcome=np.array([names.outcomes.index(outcome) for _, _, outcome in keys]),
        series_chosen=np.array([int(bias.get(arm.analysis, "chosen") == "chosen") for arm in arms]),
        series_industry=np.array([int(arm.industry) for arm in arms]),
        series_alone=np.array([1 / np.sqrt(min(arm.pooled, STUDIES_AT_MOST)) for arm in arms]),
        n_arms=len(arm_names),
        baseline={"series": baseline[:, 0].astype(int), "share": baseline[:, 1], "se": baseline[:, 2]},
        level={"series": level[:, 0].astype(int), "share": level[:, 1], "se": level[:, 2], "months": level[:, 3]},
        change={"series": change[:, 0].astype(int), "share": change[:, 1], "se": change[:, 2], "months": change[:, 3]},
        responder={
            "series": responder[:, 0].astype(int), "share": responder[:, 1], "people": responder[:, 2],
            "months": responder[:, 3], "kind": responder[:, 4].astype(int), "value": responder[:, 5],
            "person_sd": responder[:, 6],
        },
        contrast={
            "a": contrast[:, 0].astype(int), "b": contrast[:, 1].astype(int), "effect": contrast[:, 2],
            "se": contrast[:, 3], "months": contrast[:, 4],
        },
    )  # fmt: skip
