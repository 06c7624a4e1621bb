"""Patients drawn from the model of localise: a lesion from the priors, every finding from its likelihood.

Findings are independent given the lesion, exactly as localise assumes, so a batch tests speed and calibration of the
arithmetic and not whether the model is true of people. The matrix is filled directly, in chunks of constant size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings import Batch
from spinecourse.findings.catalogue import NORMAL, columns
from spinecourse.localise.hypotheses import hypotheses
from spinecourse.localise.likelihood import likelihood
from spinecourse.simulate.asking import REPORTED_WHEN_PRESENT, asking
from spinecourse.simulate.conditions import fill_conditions

CHUNK: Final = 16_384
"""Patients drawn at once."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """A batch without facts, and the number of the hypothesis each patient was drawn from, shape (patients,)."""

    batch: Batch
    lesions: NDArray[np.intp]


def simulate_batches(patients: int, seed: int, chunk: int = CHUNK) -> Iterator[Simulated]:
    """So many patients in chunks; the same patients for the same seed and chunk."""
    for number, start in enumerate(range(0, patients, chunk)):
        yield _simulate(start, min(chunk, patients - start), np.random.default_rng([seed, number]))


def simulate_batch(patients: int, seed: int) -> Simulated:
    """So many patients in one batch, which has to fit into memory."""
    parts = list(simulate_batches(patients, seed))
    states = np.concatenate([part.batch.states for part in parts])
    return Simulated(batch_of(states, 0), np.concatenate([part.lesions for part in parts]))


def batch_of(states: NDArray[np.int8], start: int) -> Batch:
    """A batch of states without facts, numbered from ``start``."""
    ids = tuple(f"simulated-{number}" for number in range(start, start + len(states)))
    return Batch(ids, states, ({},) * len(states), ((),) * len(states))


def _simulate(start: int, patients: int, generator: np.random.Generator) -> Simulated:
    priors = np.array([hypothesis.prior for hypothesis in hypotheses()])
    lesions = generator.choice(len(priors), size=patients, p=priors / priors.sum())
    states = np.zeros((patients, len(columns())), dtype=np.int8)
    rows, asked = _known(patients, generator)
    drawn = _states(lesions[rows], asking().columns[asked], generator)
    states[rows, asking().columns[asked]] = _misjudged(drawn, asked, generator)
    silent = _silent()
    states[:, silent] *= states[:, silent] > NORMAL
    fill_conditions(states, generator)
    return Simulated(batch_of(states, start), lesions)


@cache
def _silent() -> NDArray[np.intp]:
    """The columns of which only presence is noted and whose state 1 means absence."""
    found = [
        column.number for column in columns() if column.kind in REPORTED_WHEN_PRESENT and "absent" in column.states
    ]
    return np.array(found, dtype=np.intp)


def _known(patients: int, generator: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which patient was asked what: patients' rows and places in ``asking()``, side by side."""
    known = asking()
    together = generator.random((patients, len(known.groups)), dtype=np.float32) < known.groups
    answered = generator.random((patients, len(known.columns)), dtype=np.float32) < known.within
    rows, asked = np.nonzero(answered & together[:, known.group])
    return rows, asked


@cache
def _cumulated() -> NDArray[np.float32]:
    """For every row of the likelihood the chance of its state or an earlier one of its column.

    Power states sum to more than one, because weakness without a grade stands beside the grades, and are scaled; a
    sensory level sums to less, and the rest means that there is none.
    """
    model = likelihood()
    found = np.exp(model.log)
    for number in np.flatnonzero(model.first >= 0):
        block = found[model.first[number] : model.first[number] + model.states[number]]
        np.cumsum(block, axis=0, out=block)
        if columns()[number].kind != "sensory_level":
            block /= block[-1]
            block[-1] = 1
    return found


def _states(lesions: NDArray[np.intp], numbers: NDArray[np.intp], generator: np.random.Generator) -> NDArray[np.int8]:
    """A state drawn for every pair of a lesion and a column; 0 where none is reached."""
    model, cumulated = likelihood(), _cumulated()
    chance = generator.random(len(lesions), dtype=np.float32)
    result = np.ones(len(lesions), dtype=np.int8)
    left = np.arange(len(lesions))
    for place in range(int(model.states.max())):
        beyond = chance[left] >= cumulated[model.first[numbers[left]] + place, lesions[left]]
        left = left[beyond]
        result[left] = place + 2
        ended = model.states[numbers[left]] == place + 1
        result[left[ended]] = 0
        left = left[~ended]
    return result


def _misjudged(states: NDArray[np.int8], asked: NDArray[np.intp], generator: np.random.Generator) -> NDArray[np.int8]:
    """The states as an examiner writes them down: now and then normal is called changed, or the reverse."""
    wrong = (generator.random(len(states), dtype=np.float32) < asking().wrong[asked]) & (states > 0)
    return np.where(wrong, np.where(states == NORMAL, NORMAL + 1, NORMAL), states).astype(np.int8)
