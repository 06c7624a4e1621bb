"""How well predicted means of arms agree with reported ones, beside two predictions that anybody could make.

Scores are on shares of the scale (0 to 1), so that a point of Oswestry and a point of a pain scale weigh alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

import numpy as np
from msgspec import Struct

from spinecourse.expect.evidence import Evidence, Score, package_evidence
from spinecourse.expect.names import treatment_class
from spinecourse.expect.new_study import ArmPrediction, predict_arms

COVERS = {"50": ("lo50", "hi50", 0.5), "90": ("lo90", "hi90", 0.1)}
"""The intervals: their ends, and the share of means that should lie outside."""


class EvidenceScore(Struct, frozen=True):
    """How predictions fared. Errors are shares of the scale; None where nothing could be scored.

    ``rows`` predictions had a reported mean; ``refused`` had none of ours, ``unreported`` no mean to compare with.
    ``seen`` rows are of studies that the shipped synthesis was fitted to: they say little about new studies.
    ``*_beside_carried`` is our error on the rows that have a baseline to carry forward.
    """

    rows: int
    studies: int
    refused: int
    unreported: int
    seen: int
    coverage50: float | None
    coverage90: float | None
    mean_absolute_error: float | None
    interval_score90: float | None
    pooled_mean_absolute_error: float | None
    pooled_interval_score90: float | None
    carried_rows: int
    carried_absolute_error: float | None
    absolute_error_beside_carried: float | None


class Scored(Struct, frozen=True):
    """One prediction beside what was reported, all as shares of the scale (0 best, 1 worst)."""

    score: Score
    reported: float
    mean: float
    ends: dict[str, tuple[float, float]]
    baseline: float | None


def evaluate_evidence(evidence: Evidence) -> EvidenceScore:
    """Predict every arm of a set of tables without its later figures, then compare with them."""
    predictions = {(p.study_id, p.arm_id, p.outcome, p.months): p for p in predict_arms(evidence)}
    refused = sum(bool(prediction.why) for prediction in predictions.values())
    scored = list(scored_rows(evidence, predictions))
    unreported = len(predictions) - refused - len(scored)
    return score_of(scored, refused, unreported)


def scored_rows(evidence: Evidence, predictions: dict[tuple[str, str, str, str], ArmPrediction]) -> Iterable[Scored]:
    """The rows that have both a prediction and a reported mean (or a change from a reported baseline), each once."""
    starts = {_series(s): s for s in reversed(evidence.scores) if s.months == 0 and s.mean is not None}
    done = set()
    for score in evidence.scores:
        key = (score.arm.study, score.arm.arm, score.outcome_text, score.months_text)
        prediction = predictions.get(key)
        reported = reported_share(score, starts.get(_series(score)))
        if prediction is None or prediction.mean is None or reported is None or key in done or not score.scale:
            continue
        done.add(key)
        ends = {name: _ends(score, prediction, *COVERS[name][:2]) for name in COVERS}
        start = starts.get(_series(score))
        baseline = float(start.scale.share(start.mean)) if start and start.scale and start.mean is not None else None
        yield Scored(score, reported, float(score.scale.share(prediction.mean)), ends, baseline)


def _series(score: Score) -> tuple[str, str, str | None]:
    return score.arm.study, score.arm.arm, score.outcome


def reported_share(score: Score, start: Score | None) -> float | None:
    """The mean a row reports, else its baseline and change together; None where neither is there."""
    if score.scale is None or score.months == 0:
        return None
    if score.mean is not None:
        return float(score.scale.share(score.mean))
    if score.change is None or start is None or start.mean is None or start.scale is None:
        return None
    moved = score.change / (score.scale.worst - score.scale.best)
    return float(np.clip(float(start.scale.share(start.mean)) + moved, 0, 1))


def _ends(score: Score, prediction: ArmPrediction, low: str, high: str) -> tuple[float, float]:
    assert score.scale is not None
    ends = sorted(float(score.scale.share(getattr(prediction, name))) for name in (low, high))
    return ends[0], ends[1]


def score_of(scored: list[Scored], refused: int, unreported: int) -> EvidenceScore:
    """The figures over a list of rows."""
    reported = np.array([row.reported for row in scored])
    mean = np.array([row.mean for row in scored])
    pooled = [pooled_share(row.score) for row in scored]
    carried = np.array([row.baseline is not None for row in scored], dtype=bool)
    starts = np.array([row.baseline if row.baseline is not None else np.nan for row in scored])
    seen = {arm.study for arm in package_evidence().arms}
    return EvidenceScore(
        rows=len(scored),
        studies=len({row.score.arm.study for row in scored}),
        refused=refused,
        unreported=unreported,
        seen=sum(row.score.arm.study in seen for row in scored),
        coverage50=_average([_inside(row, "50") for row in scored]),
        coverage90=_average([_inside(row, "90") for row in scored]),
        mean_absolute_error=_average(np.abs(reported - mean)),
        interval_score90=_average([_interval(row.reported, *row.ends["90"]) for row in scored]),
        pooled_mean_absolute_error=_average([abs(row.reported - p[0]) for row, p in zip(scored, pooled, strict=True)]),
        pooled_interval_score90=_average(
            [_interval(row.reported, *p[1]) for row, p in zip(scored, pooled, strict=True)]
        ),
        carried_rows=int(carried.sum()),
        carried_absolute_error=_average(np.abs(reported - starts)[carried]),
        absolute_error_beside_carried=_average(np.abs(reported - mean)[carried]),
    )


def _average(values: Iterable[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    found = np.asarray(list(values), dtype=float)
    return round(float(found.mean()), 4) if len(found) else None


def _inside(row: Scored, name: str) -> bool:
    low, high = row.ends[name]
    return low <= row.reported <= high


def _interval(reported: float, low: float, high: float) -> float:
    """The interval score (Gneiting 2007) of a 90 % interval: its width, and a fine for what it misses."""
    outside = COVERS["90"][2]
    return high - low + 2 / outside * (max(low - reported, 0) + max(reported - high, 0))


@cache
def _later_shares() -> dict[str, list[tuple[str, float]]]:
    """Family and reported share of every later mean of the package, by treatment class."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    evidence = package_evidence()
    starts = {_series(s): s for s in evidence.scores if s.months == 0 and s.mean is not None}
    for score in evidence.scores:
        reported = reported_share(score, starts.get(_series(score)))
        if reported is not None and score.arm.treatment and not score.left_out:
            found[treatment_class(score.arm.treatment)].append((score.arm.family, reported))
    return found


def pooled_share(score: Score) -> tuple[float, tuple[float, float]]:
    """The pooled mean of a row's treatment class in the package's other studies, with their central 90 %.

    A class without other studies takes the pooled mean of all.
    """
    shares = _later_shares()
    here = shares.get(treatment_class(str(score.arm.treatment)), [])
    others = [value for family, value in here if family != score.arm.family]
    others = others or [v for rows in shares.values() for family, v in rows if family != score.arm.family]
    low, high = np.quantile(others, [0.05, 0.95])
    return float(np.mean(others)), (float(low), float(high))
