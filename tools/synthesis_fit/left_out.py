"""Leave one study out: each family of studies predicted by the synthesis of all others, scored against what it
reported.

The parameters are the draws in the package, from the fit to all studies, re-weighted for each family by how little
it told about them (importance sampling); the effects are conditioned anew on the other studies. The predictor is the
one in the package, and sees of the left-out studies what ``expect arms`` sees: arms, sizes, baselines.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from spinecourse.expect.draws import Draws, deviates, layout_for, shipped
from spinecourse.expect.evaluation import Scored, scored_rows
from spinecourse.expect.evidence import Evidence, package_evidence
from spinecourse.expect.new_study import predict_arms
from synthesis_fit.data import Floats
from synthesis_fit.laplace import laplace
from synthesis_fit.leaving import log_density_change, solved_without
from synthesis_fit.left_out_tables import tables
from synthesis_fit.linear import Linear
from synthesis_fit.mode import settle
from synthesis_fit.model import Parameters
from synthesis_fit.ship import evidence_hash, names_of, parameter_arrays, shared_effects

SEED = 20261122
COLUMNS = (
    "family", "study_id", "arm_id", "treatment", "condition", "outcome", "months", "reported", "mean", "lo90", "hi90",
    "baseline",
)  # fmt: skip
SHARE = 0.95
"""Of the draws, by weight, that the largest weights are cut down to."""


@dataclass
class LeftOut:
    """For each family the effects without it (draws x used) and the log weight of each draw."""

    effects: dict[str, Floats]
    log_weights: dict[str, Floats]


def without_each(linear: Linear, drawn: list[Parameters], families: list[str]) -> LeftOut:
    """Effects given all studies but one family, for every family and draw."""
    generator, moving = np.random.default_rng(SEED), linear.moving
    number = {name: linear.rows.data.families.index(name) for name in families}
    found = LeftOut(
        {name: np.empty((len(drawn), len(linear.used))) for name in families},
        {n: np.empty(len(drawn)) for n in families},
    )
    for at, p in enumerate(drawn):
        mean, covariance = linear.moments(p, moving)
        g, (prior_mean, sd) = np.asarray(linear.design(p, moving["slope"])), map(np.asarray, linear.prior(p))
        own = np.sqrt(np.asarray(linear.own_variance(p, moving)))
        start = prior_mean + sd * generator.standard_normal(len(sd))
        away = linear.target - g @ start - own * generator.standard_normal(len(own))
        precision = cho_solve(cho_factor(covariance, lower=True), np.eye(len(mean)))
        for name in families:
            out = np.flatnonzero(linear.rows.family == number[name])
            found.effects[name][at] = start + sd**2 * (g.T @ solved_without(precision, away, out))
            found.log_weights[name][at] = log_density_change(precision, linear.target - mean, out)
    return found


def draws_without(linear: Linear, drawn: list[Parameters], effects: Floats, log_weights: Floats) -> Draws:
    """Draws as the package would ship them, had the family never been published."""
    weights = np.exp(log_weights - log_weights.max())
    weights = np.minimum(weights, np.quantile(weights, SHARE))
    generator = np.random.default_rng(SEED)
    at = generator.choice(len(drawn), len(drawn), p=weights / weights.sum())
    names = names_of(linear.rows.data.names)
    every = shared_effects(linear, drawn, effects, SEED)
    chosen = Draws(every, parameter_arrays(drawn), names, layout_for(names), {}, deviates(len(drawn)))
    return chosen.chosen(at)


def in_package(draws: int) -> list[Parameters]:
    """Parameters of evenly spaced draws of the package.

    Raises SystemExit where they were not fitted to the evidence of today.
    """
    drawn = shipped()
    if drawn.manifest["evidence_sha256"] != evidence_hash():
        raise SystemExit("the draws in the package were fitted to other evidence: run `make fit`, or give --laplace")
    at = np.linspace(0, drawn.count - 1, draws).round().astype(int)
    return [{name: values[i] for name, values in drawn.parameters.items()} for i in at]


def evidence_of(family: str) -> Evidence:
    """The package's evidence of one family."""
    every = package_evidence()
    scores = tuple(s for s in every.scores if s.arm.family == family and not s.left_out)
    return Evidence(tuple(arm for arm in every.arms if arm.family == family), scores)


def families_scored() -> list[str]:
    """The families that report a mean at a later time."""
    rows = (s for s in package_evidence().scores if s.months and not s.left_out and s.scale and s.mean is not None)
    changes = (s for s in package_evidence().scores if s.months and not s.left_out and s.scale and s.change is not None)
    return sorted({s.arm.family for s in rows} | {s.arm.family for s in changes})


def leave_out(linear: Linear, drawn: list[Parameters]) -> list[Scored]:
    """Every later mean, predicted without its family."""
    names = [name for name in families_scored() if name in linear.rows.data.families]
    found = without_each(linear, drawn, names)
    scored: list[Scored] = []
    for name in names:
        evidence = evidence_of(name)
        draws = draws_without(linear, drawn, found.effects[name], found.log_weights[name])
        told = {(p.study_id, p.arm_id, p.outcome, p.months): p for p in predict_arms(evidence, draws)}
        scored += scored_rows(evidence, told)
    return scored


def main() -> None:
    """Write the scored rows and print the tables of the page."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rows", type=Path, help="where to write the single rows")
    reader.add_argument("--draws", type=int, default=300)
    reader.add_argument("--laplace", action="store_true", help="fit anew, quickly, for evidence or priors that are new")
    asked = reader.parse_args()
    linear, _, best = settle()
    drawn = laplace(linear, best, asked.draws, SEED) if asked.laplace else in_package(asked.draws)
    scored = leave_out(linear, drawn)
    if asked.rows:
        write(asked.rows, scored)
    print("\n".join(tables(scored)))


def write(place: Path, scored: list[Scored]) -> None:
    """The single rows as a table."""
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in scored:
            arm, score = row.score.arm, row.score
            figures = (row.reported, row.mean, *row.ends["90"], row.baseline)
            texts = ["" if value is None else f"{value:.3f}" for value in figures]
            names = [arm.family, arm.study, arm.arm, arm.treatment, arm.condition, score.outcome, score.months_text]
            writer.writerow(names + texts)


if __name__ == "__main__":
    main()
