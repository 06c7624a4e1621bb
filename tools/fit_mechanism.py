"""Fit the weights of the mechanism criteria to released patient data, and write ``model/mechanism_weights``.

    python tools/fit_mechanism.py ../shared/data/smart_mechanism/data.csv

A ridge multinomial logistic regression. Every criterion has a weight when present and another when absent, and none
when unknown; patients with random criteria taken away are added, so that the weights also hold for the few criteria
that a clinic knows. Prints the log loss and accuracy by ten-fold cross-validation before it writes.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spinecourse.knowledge.tables import load
from spinecourse.mechanism.model import MECHANISMS, log_prior

Numbers = NDArray[np.float64]

DATA_NAMES = ("nociceptive", "peripheral_neuropathic", "central_sensitisation")
RIDGE, KNOWN_SCALE, THINNED_WEIGHT, THINNED_COPIES, KEPT = 4.0, 0.3, 2.0, 6, (0.1, 0.7)
FOLDS, SEED, STEPS = 10, 7, 400
TABLE = Path(__file__).resolve().parents[1] / "src/spinecourse/knowledge/tables/model/mechanism_weights.csv"


def read(path: Path, criteria: list[str]) -> tuple[Numbers, NDArray[np.intp]]:
    """Criteria (1 present, 0 absent, NaN unknown), shape (patients, criteria), and the number of each mechanism."""
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    values = [[float(row[name]) if row[name] else np.nan for name in criteria] for row in rows]
    return np.array(values), np.array([DATA_NAMES.index(row["mechanism"]) for row in rows])


def centre(values: Numbers, kinds: NDArray[np.intp]) -> Numbers:
    """The share of each criterion averaged over the mechanisms, add-one smoothed."""
    shares = [
        (np.nansum(values[kinds == kind], axis=0) + 1) / ((~np.isnan(values[kinds == kind])).sum(axis=0) + 2)
        for kind in range(len(MECHANISMS))
    ]
    middle: Numbers = np.mean(shares, axis=0)
    return middle


def features(values: Numbers, middle: Numbers) -> Numbers:
    """Two columns a criterion: its deviation from the middle, and that it is known; both 0 where it is not."""
    known = ~np.isnan(values)
    return np.hstack([np.where(known, values - middle, 0.0), KNOWN_SCALE * known])


def thinned(given: Numbers, kinds: NDArray[np.intp], rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
    """The patients and copies of them with criteria taken away: features, mechanisms one-hot, weights."""
    blocks, weights = [given], [np.ones(len(given))]
    for _ in range(THINNED_COPIES):
        kept = rng.random((len(given), given.shape[1] // 2)) < rng.uniform(*KEPT, size=(len(given), 1))
        blocks.append(given * np.hstack([kept, kept]))
        weights.append(np.full(len(given), THINNED_WEIGHT / THINNED_COPIES))
    return np.vstack(blocks), np.tile(np.eye(len(MECHANISMS))[kinds], (len(blocks), 1)), np.concatenate(weights)


def probabilities(given: Numbers, weights: Numbers) -> Numbers:
    scores = given @ weights + log_prior()
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Numbers = chances / chances.sum(axis=1, keepdims=True)
    return shares


def fit(given: Numbers, wanted: Numbers, counts: Numbers) -> Numbers:
    """Weights by accelerated gradient descent (Nesterov 1983), shape (features, mechanisms)."""
    weights = moved = np.zeros((given.shape[1], len(MECHANISMS)))
    curvature = 0.5 * np.linalg.norm(given * np.sqrt(counts)[:, None], 2) ** 2 + RIDGE
    momentum = 1.0
    for _ in range(STEPS):
        slope = given.T @ ((probabilities(given, moved) - wanted) * counts[:, None]) + RIDGE * moved
        stepped = moved - slope / curvature
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        moved = stepped + (momentum - 1) / following * (stepped - weights)
        weights, momentum = stepped, following
    return weights


def folds_of(kinds: NDArray[np.intp]) -> NDArray[np.intp]:
    """A fold for every patient, balanced over the mechanisms."""
    rng, folds = np.random.default_rng(SEED), np.empty(len(kinds), dtype=np.intp)
    for kind in range(len(MECHANISMS)):
        members = rng.permutation(np.flatnonzero(kinds == kind))
        folds[members] = np.arange(len(members)) % FOLDS
    return folds


def cross_validated(values: Numbers, kinds: NDArray[np.intp]) -> tuple[float, float]:
    """Accuracy and log loss over patients left out in turn."""
    folds, found = folds_of(kinds), np.zeros((len(kinds), len(MECHANISMS)))
    for fold in range(FOLDS):
        learn = folds != fold
        middle = centre(values[learn], kinds[learn])
        weights = fit(*thinned(features(values[learn], middle), kinds[learn], np.random.default_rng(fold)))
        found[~learn] = probabilities(features(values[~learn], middle), weights)
    right = found[np.arange(len(kinds)), kinds]
    return float((found.argmax(axis=1) == kinds).mean()), float(-np.log(right).mean())


def write(criteria: list[str], middle: Numbers, weights: Numbers) -> None:
    """One row a criterion: the log weight of every mechanism when it is present, and when it is absent."""
    half = len(criteria)
    present = (1 - middle)[:, None] * weights[:half] + KNOWN_SCALE * weights[half:]
    absent = -middle[:, None] * weights[:half] + KNOWN_SCALE * weights[half:]
    header = [f"{state}_{name}" for state in ("present", "absent") for name in MECHANISMS]
    with TABLE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["criterion", *header, "source", "checked"])
        for name, row in zip(criteria, np.hstack([present, absent]), strict=True):
            source = "tools/fit_mechanism.py on the released half of Smart 2012 (doi 10.1214/17-AOAS1061)"
            writer.writerow([name, *(f"{value:.4f}" for value in row), source, "fitted"])


def main(path: Path) -> None:
    criteria = [row["criterion"] for row in load("clinical/mechanism_evidence") if row["criterion"]]
    values, kinds = read(path, criteria)
    accuracy, loss = cross_validated(values, kinds)
    print(f"{len(kinds)} patients, {FOLDS}-fold: accuracy {accuracy:.4f}, log loss {loss:.4f}")
    middle = centre(values, kinds)
    weights = fit(*thinned(features(values, middle), kinds, np.random.default_rng(SEED)))
    write(criteria, middle, weights)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
