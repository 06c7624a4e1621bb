"""Learning from a clinic's own outcomes: the shipped draws weighed by how well each foretold them.

The clinic's tables have the layout of the evidence. Every draw carries how *its* other place differs from the
studies, so that weighing draws learns about the treatments and about this place together. Where the weights have
too heavy a tail the draws cannot be stretched so far, and a refit is asked for instead of a wrong answer. Every
version is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from spinecourse.errors import NotFound, UserError
from spinecourse.expect.draws import Draws, shipped
from spinecourse.expect.evaluation import Scored, reported_share, scored_rows
from spinecourse.expect.evidence import Evidence, Score, read_evidence
from spinecourse.expect.new_study import Starts, arm_course, predict_arms, refusal, sampling_error
from spinecourse.expect.pareto import TRUSTED, effective_count, smoothed
from spinecourse.expect.scales import Array, logit

LEAST_DRAWS: Final = 100
"""Equal draws that the weights must be worth."""


@dataclass(frozen=True, slots=True)
class Version:
    """One update: when, from which tables, how far the draws were stretched, and what it changed.

    ``coverage90_before`` is of the draws it started from, ``coverage90_after`` of the weighted ones, each arm
    predicted from the other arms. ``drift`` is how far the reported means lie from what was foretold, on average,
    in standard deviations of the prediction (positive is worse than foretold). ``largest_move`` is the largest
    change of a predicted mean, as a share of its scale.
    """

    number: int
    date: str
    tables_sha256: str
    from_version: int
    arms: int
    figures: int
    pareto_shape: float
    effective_draws: float
    coverage90_before: float
    coverage90_after: float
    drift: float
    largest_move: float
    accepted: bool
    why: str


def update(folder: Path, store: Path, *, on: date) -> Version:
    """Weigh the draws by a clinic's tables and keep the version under ``store``; a refused one is kept and not used.

    Raises UserError where the tables hold no later mean that can be compared.
    """
    evidence, draws = read_evidence(folder), shipped()
    rows = _comparable(evidence)
    if not rows:
        raise UserError(f"{folder}: no row has a later mean of a known treatment, condition and outcome to learn from")
    log_likelihood = {key: _log_likelihood(scores, Starts(evidence, draws), draws) for key, scores in rows.items()}
    weights, shape = smoothed(np.sum(list(log_likelihood.values()), axis=0))
    version = _version(evidence, draws, log_likelihood, weights, shape, store, folder, on)
    _keep(version, weights, store)
    return version


def local_draws(store: Path) -> Draws:
    """The draws as the newest accepted version of a store weighs them; as shipped where none was accepted.

    Raises NotFound where there is no store.
    """
    accepted = [version for version in versions(store) if version.accepted]
    if not accepted:
        return shipped()
    with np.load(_folder(store, accepted[-1].number) / "weights.npz") as kept:
        return weighed(shipped(), kept["weights"])


def versions(store: Path) -> list[Version]:
    """Every version of a store, oldest first. Raises NotFound where there is no store."""
    if not store.is_dir():
        raise NotFound(f"{store}: no local versions; `spinecourse expect update` makes the first")
    found = sorted(store.glob("*/version.json"))
    return [Version(**json.loads(path.read_text(encoding="utf-8"))) for path in found]


def weighed(draws: Draws, weights: Array) -> Draws:
    """As many draws again, each as often as its weight says (systematic resampling: no chance is added)."""
    places = (np.arange(draws.count) + 0.5) / draws.count
    return draws.chosen(np.minimum(np.searchsorted(np.cumsum(weights), places), draws.count - 1))


def _comparable(evidence: Evidence) -> dict[tuple[str, str], list[Score]]:
    """The rows by arm whose later mean is known and can be foretold."""
    found: dict[tuple[str, str], list[Score]] = defaultdict(list)
    starts = {(s.arm.study, s.arm.arm, s.outcome): s for s in evidence.scores if s.months == 0 and s.mean is not None}
    for score in evidence.scores:
        start = starts.get((score.arm.study, score.arm.arm, score.outcome))
        if score.months and not refusal(score) and reported_share(score, start) is not None:
            found[score.arm.study, score.arm.arm].append(score)
    return found


def _log_likelihood(scores: Sequence[Score], starts: Starts, draws: Draws) -> Array:
    """How well each draw foretells the later means of one arm; what is peculiar to arm and row is integrated out."""
    p = draws.parameters
    away, rises, errors = [], [], []
    for score in scores:
        course = arm_course(score.arm, str(score.outcome), [float(score.months or 0)], draws)
        foretold = course.level[:, 0] + course.kept[:, 0] * starts.of(score, course)
        foretold = foretold + p["sd_study"] * draws.deviates["study"] * course.rise[:, 0]
        share = np.clip(reported_share(score, starts.row(score)) or 0.0, 0.005, 0.995)
        away.append(float(logit(share)) - foretold)
        rises.append(course.rise[:, 0])
        errors.append(sampling_error(score, starts) / (share * (1 - share)))
    return _normal(np.stack(away, 1), np.stack(rises, 1), np.array(errors), [s.outcome for s in scores], p)


def _normal(away: Array, rise: Array, errors: Array, names: Sequence[str | None], p: Any) -> Array:
    same = np.array([[a == b for b in names] for a in names], dtype=float)
    shared = p["sd_arm"][:, None, None] ** 2 + p["sd_series"][:, None, None] ** 2 * same
    covariance = rise[:, :, None] * rise[:, None, :] * shared
    covariance = covariance + np.eye(len(names)) * (errors**2 + p["sd_row"][:, None] ** 2)[:, :, None]
    _, logdet = np.linalg.slogdet(covariance)
    solved = np.linalg.solve(covariance, away[..., None])[..., 0]
    return np.asarray(-0.5 * ((away * solved).sum(axis=1) + logdet))


def _version(
    evidence: Evidence, draws: Draws, parts: dict[tuple[str, str], Array], weights: Array, shape: float, store: Path,
    folder: Path, on: date,
) -> Version:  # fmt: skip
    before = _scored(evidence, draws)
    total = np.sum(list(parts.values()), axis=0)
    after = [row for arm in parts for row in _left_out(evidence, draws, total - parts[arm], arm)]
    moved = [abs(a.mean - b.mean) for a, b in zip(_scored(evidence, weighed(draws, weights)), before, strict=True)]
    worth = effective_count(weights)
    why = ""
    if shape > TRUSTED or worth < LEAST_DRAWS:
        why = "these outcomes lie too far from what the draws foretell for weighing to be trusted: fit anew with them"
    earlier = versions(store) if store.is_dir() else []
    return Version(
        number=len(earlier) + 1, date=on.isoformat(), tables_sha256=_fingerprint(folder), from_version=0,
        arms=len(parts), figures=len(before), pareto_shape=round(shape, 3), effective_draws=round(worth, 1),
        coverage90_before=_coverage(before), coverage90_after=_coverage(after), drift=round(_drift(before), 3),
        largest_move=round(max(moved), 4), accepted=not why, why=why,
    )  # fmt: skip


def _scored(evidence: Evidence, draws: Draws) -> list[Scored]:
    told = {(p.study_id, p.arm_id, p.outcome, p.months): p for p in predict_arms(evidence, draws)}
    return list(scored_rows(evidence, told))


def _left_out(evidence: Evidence, draws: Draws, log_weights: Array, arm: tuple[str, str]) -> list[Scored]:
    """One arm foretold by draws that the other arms weighed."""
    one = Evidence(evidence.arms, tuple(s for s in evidence.scores if (s.arm.study, s.arm.arm) == arm))
    return _scored(one, weighed(draws, smoothed(log_weights)[0]))


def _coverage(rows: Sequence[Scored]) -> float:
    return round(float(np.mean([row.ends["90"][0] <= row.reported <= row.ends["90"][1] for row in rows])), 3)


def _drift(rows: Sequence[Scored]) -> float:
    """The mean distance of reported from foretold means, in standard deviations of the prediction."""
    widths = np.array([row.ends["90"][1] - row.ends["90"][0] for row in rows]) / (2 * 1.645)
    return float(np.mean([row.reported - row.mean for row in rows] / np.maximum(widths, 1e-6)))


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in ("studies", "arms", "outcomes"):
        digest.update((folder / f"{name}.csv").read_bytes())
    return digest.hexdigest()


def _folder(store: Path, number: int) -> Path:
    return store / f"{number:04d}"


def _keep(version: Version, weights: Array, store: Path) -> None:
    place = _folder(store, version.number)
    place.mkdir(parents=True)
    np.savez_compressed(place / "weights.npz", weights=weights.astype(np.float32))
    (place / "version.json").write_text(json.dumps(asdict(version), indent=1) + "\n", encoding="utf-8")
