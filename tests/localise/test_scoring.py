"""Scores of many patients at once against the plain sum, one patient after the other."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from spinecourse.course import Case
from spinecourse.findings import Batch, build_batch
from spinecourse.findings.catalogue import NORMAL, catalogue
from spinecourse.localise import scoring
from spinecourse.localise.arithmetic import PLAIN, WORTH_LOADING, Arithmetic, arithmetic, fastest
from spinecourse.localise.compiled import COMPILED
from spinecourse.localise.hypotheses import hypotheses, site_keys
from spinecourse.localise.likelihood import likelihood
from spinecourse.localise.model import MANY, by_site, posterior, site_posterior, stream_posterior
from spinecourse.localise.prepared import BLOCK, layout, scorer
from spinecourse.simulate import simulate_batch

NEAR = 1e-5


@pytest.fixture(params=[PLAIN, COMPILED], ids=lambda way: way.name, autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Arithmetic:
    """Every test of this page is made with each way to do the sums."""
    chosen: Arithmetic = request.param
    monkeypatch.setattr(scoring, "arithmetic", lambda _: chosen)
    return chosen


def plain_posterior(states: NDArray[np.int8]) -> NDArray[np.float64]:
    """The posterior of one patient as the model states it, finding by finding in double precision."""
    model = likelihood()
    scores = np.log([hypothesis.prior for hypothesis in hypotheses()])
    for number in np.flatnonzero((states > 0) & (model.first >= 0)):
        scores += model.log[model.first[number] + states[number] - 1]
        other, row = model.one_sided.get(int(number), (None, None))
        if other is not None and states[number] > NORMAL and not states[other]:
            scores += model.log[row]
    weights = np.exp(scores - scores.max())
    result: NDArray[np.float64] = weights / weights.sum()
    return result


@pytest.fixture(scope="module")
def simulated() -> Batch:
    return simulate_batch(MANY + 88, seed=3).batch


@pytest.fixture(scope="module")
def expected(simulated: Batch) -> NDArray[np.float64]:
    return np.array([plain_posterior(states) for states in simulated.states])


def test_a_batch_meets_the_plain_sum(simulated: Batch, expected: NDArray[np.float64]) -> None:
    np.testing.assert_allclose(posterior(simulated), expected, atol=NEAR)


def test_a_batch_of_one_meets_the_plain_sum(simulated: Batch, expected: NDArray[np.float64]) -> None:
    alone = [posterior(_rows(simulated, row, row + 1))[0] for row in range(40)]
    np.testing.assert_allclose(alone, expected[:40], atol=NEAR)


def test_sites_are_the_sums_of_their_hypotheses(simulated: Batch, expected: NDArray[np.float64]) -> None:
    sums = {key: np.zeros(len(expected)) for key in site_keys()}
    for hypothesis, column in zip(hypotheses(), expected.T, strict=True):
        sums[hypothesis.key] += column
    wanted = np.array(list(sums.values())).T
    np.testing.assert_allclose(site_posterior(simulated), wanted, atol=NEAR)
    np.testing.assert_allclose(site_posterior(_rows(simulated, 0, 20)), wanted[:20], atol=NEAR)
    np.testing.assert_allclose(by_site(posterior(simulated)), wanted, atol=NEAR)


def test_every_state_of_every_finding_alone_meets_the_plain_sum() -> None:
    """A patient with one finding, for every row of the likelihood: no row is lost or put in another's place."""
    model = likelihood()
    used = np.flatnonzero(model.first >= 0)
    pairs = [(number, state) for number in used for state in range(1, 1 + model.states[number])]
    states = np.zeros((len(pairs), len(model.first)), dtype=np.int8)
    for row, (number, state) in enumerate(pairs):
        states[row, number] = state
    found = scoring.probabilities(states)
    for row in range(0, len(pairs), 7):
        np.testing.assert_allclose(found[row], plain_posterior(states[row]), atol=NEAR)


def test_chunks_and_their_edges_change_nothing(simulated: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = site_posterior(simulated)
    monkeypatch.setattr(scoring, "CHUNK", 101)
    np.testing.assert_allclose(site_posterior(simulated), whole, atol=NEAR)


@pytest.mark.parametrize(("share", "sample"), [(0.0, MANY), (1.0, MANY), (1 / 16, 1)])
def test_which_rows_count_as_shared_changes_nothing(
    simulated: Batch, expected: NDArray[np.float64], monkeypatch: pytest.MonkeyPatch, share: float, sample: int
) -> None:
    """All rows that occur through the matrix products, none of them, and those of one patient."""
    monkeypatch.setattr(scoring, "SHARED", share)
    monkeypatch.setattr(scoring, "SAMPLE", sample)
    np.testing.assert_allclose(posterior(simulated), expected, atol=NEAR)


@given(st.integers(0, 2**32 - 1), st.floats(0, 0.2))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_findings_meet_the_plain_sum(seed: int, known: float) -> None:
    """Findings that no lesion explains, from none to hundreds a patient, so that scores become large."""
    generator, model = np.random.default_rng(seed), likelihood()
    shape = (8, len(model.first))
    states = (generator.integers(0, model.states, shape, endpoint=True) * (generator.random(shape) < known)).astype(
        np.int8
    )
    found = scoring.probabilities(states)
    np.testing.assert_allclose(found, [plain_posterior(row) for row in states], atol=NEAR)


def test_a_stream_is_its_batches_one_by_one(simulated: Batch) -> None:
    edges = (0, 10, MANY + 20, len(simulated.states))
    parts = [_rows(simulated, start, end) for start, end in pairwise(edges)]
    streamed = np.concatenate(list(stream_posterior(iter(parts))))
    np.testing.assert_allclose(streamed, site_posterior(simulated), atol=NEAR)


def test_machine_code_reads_the_same_rows_as_numpy(simulated: Batch) -> None:
    """With every tenth row shared, so that both kinds of rows are there."""
    shared = np.arange(0, scorer().rows, 10)
    place = np.full(scorer().rows, -1)
    place[shared] = np.arange(len(shared))
    plain, compiled = (each.read(simulated.states, place, len(shared)) for each in (PLAIN, COMPILED))
    for wanted, found in zip(plain, compiled, strict=True):
        np.testing.assert_array_equal(found, wanted)
    assert len(plain.rows) > len(simulated.states)
    assert plain.asked[:-1].sum() > len(simulated.states)


def test_without_numba_the_sums_are_those_of_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an installation without the extra: the module that needs Numba cannot be imported."""
    monkeypatch.setitem(sys.modules, "spinecourse.localise.compiled", None)
    assert fastest.__wrapped__() is PLAIN


def test_numba_does_the_sums_of_many_patients_where_it_is_installed() -> None:
    assert arithmetic(WORTH_LOADING) is COMPILED
    assert arithmetic(WORTH_LOADING - 1) is PLAIN


def test_patients_about_whom_nothing_is_known_keep_the_priors() -> None:
    states = np.zeros((3, len(catalogue())), dtype=np.int8)
    priors = [hypothesis.prior for hypothesis in hypotheses()]
    found = scoring.probabilities(states)
    np.testing.assert_allclose(found, [priors] * 3, atol=NEAR)


def test_the_development_cases_meet_the_plain_sum(dev_cases: tuple[Case, ...]) -> None:
    batch = build_batch([case.course for case in dev_cases])
    expected = [plain_posterior(states) for states in batch.states]
    np.testing.assert_allclose(posterior(batch), expected, atol=NEAR)
    np.testing.assert_allclose(scoring.probabilities(batch.states), expected, atol=NEAR)


def test_no_site_is_cut_by_the_end_of_a_block() -> None:
    """The first and the last column of every site lie in the same block, and no column serves twice."""
    columns = layout().column
    assert len(set(columns.tolist())) == len(hypotheses())
    for key in site_keys():
        blocks = {
            int(column) // BLOCK
            for column, hypothesis in zip(columns, hypotheses(), strict=True)
            if hypothesis.key == key
        }
        assert len(blocks) == 1, key


def _rows(batch: Batch, start: int, end: int) -> Batch:
    kept = slice(start, end)
    return replace(
        batch, ids=batch.ids[kept], states=batch.states[kept], deciding=batch.deciding[kept], notes=batch.notes[kept]
    )
