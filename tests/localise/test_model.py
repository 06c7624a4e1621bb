"""The matrix behind the sites: whole, mirrored, and read only within the rows of each finding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from spinecourse import localise
from spinecourse.course import Course
from spinecourse.findings import build_batch, catalogue
from spinecourse.findings.catalogue import columns
from spinecourse.localise.hypotheses import Hypothesis, hypotheses, log_priors
from spinecourse.localise.likelihood import likelihood
from strategies import courses
from written import bare, course_of

MIRROR = {"left": "right", "right": "left"}


def mirrored_hypotheses() -> list[int]:
    """For every hypothesis the number of its mirror image."""
    numbers = {identity(hypothesis, hypothesis.side): number for number, hypothesis in enumerate(hypotheses())}
    return [numbers[identity(each, MIRROR.get(each.side, each.side))] for each in hypotheses()]


def identity(hypothesis: Hypothesis, side: str) -> tuple[object, ...]:
    return hypothesis.site, hypothesis.site_class, side, hypothesis.variant.line, hypothesis.spared


def test_priors_sum_to_one_and_are_alike_on_both_sides() -> None:
    assert np.exp(log_priors()).sum() == pytest.approx(1, abs=1e-4)
    assert np.array_equal(log_priors(), log_priors()[mirrored_hypotheses()])


def test_every_finding_is_as_likely_in_the_mirror() -> None:
    model, mirror = likelihood(), mirrored_hypotheses()
    for (kind, name, side), column in catalogue().items():
        other = catalogue()[kind, name, MIRROR.get(side, side)]
        first, mirrored_first = model.first[column.number], model.first[other.number]
        if first >= 0:
            rows, count = model.log[first:], model.states[column.number]
            assert np.allclose(
                rows[:count], model.log[mirrored_first : mirrored_first + count][:, mirror], atol=1e-5
            ), column.text


def test_states_are_chances() -> None:
    """No state is impossible, none more than certain, and most add up to one for every lesion."""
    model = likelihood()
    assert np.isfinite(model.log).all()
    assert model.log.max() <= 0


def test_every_state_of_a_finding_has_a_row_of_its_own() -> None:
    model = likelihood()
    short = [
        column.text
        for column in columns()
        if model.first[column.number] >= 0 and model.states[column.number] != len(column.states)
    ]
    assert short == []


@given(courses())
def test_the_posterior_is_a_distribution(course: Course) -> None:
    chances = localise.posterior(build_batch([course]))
    assert chances.shape == (1, len(hypotheses()))
    assert chances.sum() == pytest.approx(1, abs=1e-3)
    assert chances.min() >= 0


def test_nothing_known_leaves_the_priors() -> None:
    chances = localise.posterior(build_batch([bare()]))[0]
    assert np.allclose(chances, np.exp(log_priors()), atol=1e-6)


def test_a_finding_the_model_does_not_use_moves_nothing() -> None:
    chances = localise.posterior(build_batch([course_of({"treatment": "tens"}, {"measure": "odi", "value": 60})]))[0]
    assert np.allclose(chances, np.exp(log_priors()), atol=1e-6)
