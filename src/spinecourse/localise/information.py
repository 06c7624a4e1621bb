"""What to examine next: the expected information each unexamined finding would bring about the site, in bits.

Mutual information between the site and the finding's state, given what is known (Shannon 1948,
doi 10.1002/j.1538-7305.1948.tb01338.x). Only findings of ``model/examinations`` are proposed.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import SLOTS, Column, catalogue
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import load
from spinecourse.localise.answer import Examination
from spinecourse.localise.hypotheses import site_of_hypothesis
from spinecourse.localise.likelihood import likelihood


@cache
def _candidates() -> tuple[Column, ...]:
    """The columns that can be examined, each side apart."""
    found = []
    for row in load("model/examinations"):
        entry = vocabulary.find(row["kind"], row["name"])
        slots = SLOTS[entry.side] if entry else ("",)
        named = [slot for slot in slots if slot] or [""]
        found += [catalogue()[row["kind"], row["name"], side] for side in named]
    return tuple(column for column in found if likelihood().first[column.number] >= 0)


@cache
def _chances(asked: tuple[Column, ...]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """The chance of every state of every column under every hypothesis, shape (rows, hypotheses), the states of
    a column summing to 1; and the row at which each column starts."""
    model = likelihood()
    blocks = []
    for column in asked:
        first, count = model.first[column.number], model.states[column.number]
        chance = np.exp(model.log[first : first + count])
        blocks.append(chance / chance.sum(axis=0, keepdims=True))
    starts = np.cumsum([0, *(len(block) for block in blocks[:-1])])
    return np.concatenate(blocks).astype(np.float32), starts


def examine_next(states: NDArray[np.int8], probabilities: NDArray[np.float32]) -> list[Examination]:
    """The unexamined findings in order of expected gain, for one patient.

    ``states`` are the patient's columns, ``probabilities`` the posterior over hypotheses.
    """
    shown, least = int(parameter("localise_examinations_shown")), parameter("localise_least_gain_bits")
    expected = expected_gains(_candidates(), probabilities).tolist()
    gains = {
        (column.kind, column.name, column.side): gain
        for column, gain in zip(_candidates(), expected, strict=True)
        if gain >= least and not states[column.number]
    }
    ordered = sorted(_sides_joined(gains).items(), key=lambda entry: (-entry[1], entry[0]))
    return [Examination(text, round(gain, 4)) for text, gain in ordered[:shown]]


def _sides_joined(gains: dict[tuple[str, str, str], float]) -> dict[str, float]:
    """What to examine in words; two sides that promise alike are one examination of both."""
    near = parameter("localise_sides_alike")
    found: dict[str, float] = {}
    for (kind, name, side), gain in gains.items():
        other = gains.get((kind, name, "right" if side == "left" else "left")) if side else None
        alike = other is not None and abs(gain - other) <= near * max(gain, other)
        text = f"{kind} {name} {'both' if alike else side}".strip()
        found[text] = max(gain, found.get(text, 0.0))
    return found


def expected_gains(asked: tuple[Column, ...], probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Bits that the state of each column is expected to tell about the site: its entropy minus that given the site.

    ``asked`` are columns that the model uses, ``probabilities`` the posterior over hypotheses; shape (columns,).
    """
    likely = np.flatnonzero(probabilities > NEGLIGIBLE)
    sites, members = np.unique(site_of_hypothesis()[likely], return_inverse=True)
    joined = np.zeros((len(likely), len(sites)), dtype=np.float32)
    joined[np.arange(len(likely)), members] = probabilities[likely] / probabilities[likely].sum()
    chances, starts = _chances(asked)
    joint = chances[:, likely] @ joined
    of_site, of_state = joined.sum(axis=0), joint.sum(axis=1)
    tiny = np.finfo(np.float32).tiny
    terms = (joint * np.log2(np.maximum(joint, tiny) / np.maximum(of_state[:, None] * of_site, tiny))).sum(axis=1)
    gains: NDArray[np.float64] = np.add.reduceat(terms.astype(np.float64), starts)
    return gains


NEGLIGIBLE = 1e-3
"""Hypotheses below this probability are left out of the sums; they change no gain that is reported."""
