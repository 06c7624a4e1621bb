"""How early following sees that a treatment fails, beside simpler ways with the same false alarms.

Each rival's limit and first day are set on one half of the patients and tried on the other, both ways round; the
boundaries of following stand in its tables and are not fitted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.stats import rankdata

from spinecourse.assess.follow_rivals import change_points, rivals
from spinecourse.assess.follow_truth import Judged, judged
from spinecourse.course import Course
from spinecourse.findings.derived import DAYS_PER_YEAR
from spinecourse.findings.operations import follow_parameter
from spinecourse.knowledge.tables import load

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Method(Struct, frozen=True):
    """One way of raising the alarm.

    ``false_alarms_per_year`` among patients who end improved, until their first alarm; ``sensitivity`` and
    ``precision`` of ever raising it; lead times in days before the end is seen, 0 where no alarm was raised, over those
    who failed.
    """

    name: str
    false_alarms_per_year: float
    sensitivity: float
    precision: float
    median_lead_days: float
    mean_lead_days: float


class Forecast(Struct, frozen=True):
    """Who ends without an important improvement, as known on ``day``: following beside logistic regression.

    ``auc``, ``brier`` and ``log_loss`` of both, logistic regression cross-validated. ``calibration``: for fifths of the
    chance its mean, the share that failed, and the number of patients.
    """

    day: int
    patients: int
    failed: float
    auc: float
    brier: float
    log_loss: float
    logistic_auc: float
    logistic_brier: float
    logistic_log_loss: float
    calibration: list[tuple[float, float, int]]


class FollowEvaluation(Struct, frozen=True):
    """The whole: how many courses there were and could be judged, the promise, following, its rivals, the forecast.

    ``longer_lead`` is by what share the median lead of following exceeds that of the best rival whose false alarms kept
    the promise; None where that has none.
    """

    courses: int
    judged: int
    failed: float
    promised_per_year: float
    methods: list[Method]
    skipped: list[str]
    longer_lead: float | None
    forecast: Forecast | None


def evaluate_follow(courses: Iterable[Course], known_until_day: int) -> FollowEvaluation:
    """Follow each course as if its end were not known yet, and compare with the end."""
    known, count = judged(courses)
    promised = float(load("follow/boundaries")[0]["promised_per_year"])
    if known is None:
        return FollowEvaluation(count, 0, float("nan"), promised, [], [], None, None)
    ours = measured(known, "following", known.alarm)
    named = list(rivals(known))
    points = change_points(known)
    skipped = ["change points: the package ruptures is not installed (extra bench)"] if points is None else []
    named += [] if points is None else [("change points (PELT)", points)]
    others = [tried(known, name, statistic, promised) for name, statistic in named]
    kept = [other for other in others if other.false_alarms_per_year <= max(promised, ours.false_alarms_per_year)]
    best = max((other.median_lead_days for other in kept), default=0.0)
    longer = round(ours.median_lead_days / best - 1, 3) if best > 0 else None
    failed = float(known.failed.mean())
    return FollowEvaluation(
        count, len(known.failed), failed, promised, [ours, *others], skipped, longer, forecast(known, known_until_day)
    )


def measured(known: Judged, name: str, alarm: Flags) -> Method:
    """The figures of one pattern of alarms, shape (patients, visits)."""
    raised, first = _first(known, alarm)
    improved, failed = ~known.failed, known.failed
    years = first[improved].sum() / DAYS_PER_YEAR
    lead = np.where(raised, known.review - first, 0.0)[failed]
    alarms = raised.sum()
    return Method(
        name,
        _rounded(raised[improved].sum() / years if years else float("nan")),
        _rounded(raised[failed].mean() if failed.any() else float("nan")),
        _rounded(raised[failed].sum() / alarms if alarms else float("nan")),
        _rounded(np.median(lead) if len(lead) else float("nan")),
        _rounded(lead.mean() if len(lead) else float("nan")),
    )


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _first(known: Judged, alarm: Flags) -> tuple[Flags, Array]:
    """Whether an alarm was raised, and on which day; the day of the end where none was."""
    raised: Flags = np.asarray(alarm.any(axis=1))
    day = np.nan_to_num(known.days[np.arange(len(alarm)), alarm.argmax(axis=1)])
    return raised, np.asarray(np.where(raised, day, known.review))


def tried(known: Judged, name: str, statistic: Array, promised: float) -> Method:
    """A rival at its best: limit and first day set on one half of the patients and used on the other."""
    half = np.random.default_rng(0).permutation(len(known.failed)) % 2 == 0
    alarm = np.zeros(statistic.shape, dtype=bool)
    for learn in (half, ~half):
        limit, first_day = best_limit(_part(known, learn), statistic[learn], promised)
        with np.errstate(invalid="ignore"):
            alarm[~learn] = (statistic[~learn] >= limit) & (known.days[~learn] >= first_day)
    return measured(known, name, alarm)


def best_limit(known: Judged, statistic: Array, promised: float) -> tuple[float, float]:
    """The limit and first day with the longest median, then mean lead whose false alarms keep the promise."""
    best = (-1.0, -1.0, float("inf"), 0.0)
    told = statistic[~np.isnan(statistic)]
    limits: Array = np.unique(np.quantile(told, np.linspace(0.3, 0.999, 60))) if len(told) else told
    for first_day in _first_days(known):
        for limit in limits:
            with np.errstate(invalid="ignore"):
                found = measured(known, "", (statistic >= limit) & (known.days >= first_day))
            if found.false_alarms_per_year <= promised:
                best = max(best, (found.median_lead_days, found.mean_lead_days, limit, first_day))
    return best[2], best[3]


def _first_days(known: Judged) -> Sequence[float]:
    last = float(known.review.max())
    return [float(day) for day in np.linspace(follow_parameter("least_days"), last * 0.6, 10)]


def _part(known: Judged, chosen: Flags) -> Judged:
    arrays = {
        name: getattr(known, name)[chosen]
        for name in ("days", "change", "chance", "alarm", "review", "failed", "start_share")
    }
    return Judged(**arrays, group=tuple(np.array(known.group)[chosen]))


def forecast(known: Judged, day: int) -> Forecast | None:
    """The chance as known on a day since the start, against the end; None where too few had reported by then."""
    early = known.days <= day
    has = early.any(axis=1) & (known.review > day)
    if has.sum() < 4 * FOLDS or len(set(known.failed[has])) < 2:
        return None
    part = _part(known, has)
    last = _last(part.days <= day)
    rows = np.arange(len(last))
    chance, failed = part.chance[rows, last], part.failed
    logistic = cross_validated(_features(part, part.days <= day, last), failed)
    return Forecast(
        day,
        len(failed),
        _rounded(failed.mean()),
        *_scores(chance, failed),
        *_scores(logistic, failed),
        _fifths(chance, failed),
    )


FOLDS = 10
REPEATS = 20


def _last(early: Flags) -> NDArray[np.intp]:
    """The place of the last report of each row so far."""
    return np.asarray(early.shape[1] - 1 - early[:, ::-1].argmax(axis=1))


def _features(known: Judged, early: Flags, last: NDArray[np.intp]) -> Array:
    """Score before, last and mean change so far, and a column for each treatment with its measure but the first."""
    rows = np.arange(len(last))
    change = np.where(early, known.change, np.nan)
    groups = sorted(set(known.group))[1:]
    dummies = [np.array([group == name for group in known.group], dtype=float) for name in groups]
    return np.column_stack([known.start_share, known.change[rows, last], np.nanmean(change, axis=1), *dummies])


def cross_validated(features: Array, failed: Flags) -> Array:
    """Chances by ridge logistic regression, each patient's from the others; means over repeated ten-fold splits."""
    generator, found = np.random.default_rng(0), np.zeros(len(failed))
    for _ in range(REPEATS):
        fold = generator.permutation(len(failed)) % FOLDS
        for number in range(FOLDS):
            learn = fold != number
            found[~learn] += _logistic(features[learn], failed[learn], features[~learn]) / REPEATS
    return found


def _logistic(features: Array, failed: Flags, wanted: Array, ridge: float = 0.1) -> Array:
    middle, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    given, asked = (np.column_stack([np.ones(len(each)), (each - middle) / spread]) for each in (features, wanted))
    weights = np.zeros(given.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-given @ weights))
        curvature = given.T @ (given * (chance * (1 - chance))[:, None]) + ridge * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, given.T @ (chance - failed) + ridge * weights)
    return np.asarray(1 / (1 + np.exp(-asked @ weights)))


def _scores(chance: Array, failed: Flags) -> tuple[float, float, float]:
    """Area under the curve, Brier score and log loss."""
    ranks, cases = rankdata(chance), int(failed.sum())
    auc = (ranks[failed].sum() - cases * (cases + 1) / 2) / (cases * (len(failed) - cases))
    inside = np.clip(chance, 1e-6, 1 - 1e-6)
    loss = -np.where(failed, np.log(inside), np.log(1 - inside)).mean()
    return _rounded(auc), _rounded(((chance - failed) ** 2).mean()), _rounded(loss)


def _fifths(chance: Array, failed: Flags) -> list[tuple[float, float, int]]:
    found = []
    for lowest in (0.0, 0.2, 0.4, 0.6, 0.8):
        members = (chance >= lowest) & (chance < lowest + 0.2 + 1e-9 * (lowest == 0.8))
        if members.any():
            found.append((_rounded(chance[members].mean()), _rounded(failed[members].mean()), int(members.sum())))
    return found
