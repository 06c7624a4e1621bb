"""Conditions of many patients at once are those of the same patients in smaller batches and one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from spinecourse.findings.evaluate import TURNED, Evaluator
from spinecourse.knowledge.rules import all_conditions
from spinecourse.simulate import simulate_batch


def test_conditions_of_many_are_those_of_few() -> None:
    states = simulate_batch(2 * TURNED + 77, seed=8).batch.states
    asked = all_conditions()
    whole = Evaluator(states)
    edges = (0, 1, 2, 11, TURNED - 3, TURNED + 90, len(states))
    parts = [Evaluator(states[start:end]) for start, end in pairwise(edges)]
    assert np.array_equal(whole.holds(asked), np.concatenate([part.holds(asked) for part in parts], axis=1))
    assert np.array_equal(whole.fails(asked), np.concatenate([part.fails(asked) for part in parts], axis=1))
    assert whole.holds(asked).any()
    assert whole.fails(asked).any()
