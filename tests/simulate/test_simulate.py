"""The synthetic clinic: the same patients from the same seed, states that facts would fill, and a known lesion."""

from __future__ import annotations

import numpy as np
import pytest

from spinecourse.findings import build_batch
from spinecourse.findings.catalogue import columns
from spinecourse.knowledge.rules import rule_atoms
from spinecourse.knowledge.tables import load
from spinecourse.localise.hypotheses import hypotheses, site_keys, site_of_hypothesis
from spinecourse.localise.model import site_posterior
from spinecourse.simulate import Simulated, simulate_batch, simulate_batches, simulate_courses
from spinecourse.simulate.asking import asking
from spinecourse.simulate.conditions import readings_of
from spinecourse.simulate.courses import STATED

MANY = 4000


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return simulate_batch(MANY, seed=11)


def test_the_same_seed_draws_the_same_patients(simulated: Simulated) -> None:
    again, other = simulate_batch(MANY, seed=11), simulate_batch(MANY, seed=12)
    assert np.array_equal(again.batch.states, simulated.batch.states)
    assert np.array_equal(again.lesions, simulated.lesions)
    assert not np.array_equal(other.batch.states, simulated.batch.states)


def test_chunks_follow_one_another() -> None:
    parts = list(simulate_batches(250, seed=5, chunk=100))
    assert [len(part.batch.states) for part in parts] == [100, 100, 50]
    assert len({name for part in parts for name in part.batch.ids}) == 250
    assert not np.array_equal(parts[0].batch.states, parts[1].batch.states)


def test_every_state_is_one_of_its_column(simulated: Simulated) -> None:
    highest = np.array([len(column.states) for column in columns()])
    assert (simulated.batch.states >= 0).all()
    assert (simulated.batch.states.max(axis=0) <= highest).all()


def test_about_sixty_findings_are_known_of_each_patient(simulated: Simulated) -> None:
    findings = np.array([column.kind != "condition" for column in columns()])
    known = (simulated.batch.states[:, findings] > 0).sum(axis=1)
    assert 50 <= known.mean() <= 80
    assert known.std() > 10, "who was examined thoroughly and who was not should differ"


def test_columns_are_known_as_often_as_the_table_says(simulated: Simulated) -> None:
    """Columns that are noted whether normal or not: share of patients times share within, and chance."""
    table = asking()
    wanted = table.groups[table.group] * table.within
    noted = np.array([columns()[number].kind in ("symptom", "power", "reflex", "sign") for number in table.columns])
    found = (simulated.batch.states[:, table.columns] > 0).mean(axis=0)
    assert np.abs(found - wanted)[noted].max() < 5 * 0.5 / np.sqrt(MANY)


def test_what_was_examined_together_is_known_together(simulated: Simulated) -> None:
    names = ("ankle_dorsiflexion", "knee_extension")
    knee, ankle = (
        simulated.batch.states[:, column.number] > 0
        for column in columns()
        if column.kind == "power" and column.side == "left" and column.name in names
    )
    assert (knee & ankle).mean() > 1.5 * knee.mean() * ankle.mean()


def test_courses_fill_the_states_they_were_made_from() -> None:
    courses, drawn = simulate_courses(60, seed=2), simulate_batch(60, seed=2).batch
    stated = np.array([column.kind in STATED for column in columns()])
    built = build_batch(courses)
    assert np.array_equal(built.states[:, stated], drawn.states[:, stated])


def test_conditions_on_findings_read_as_from_facts() -> None:
    """Every condition that states can tell has the truth that the same findings have as facts."""
    courses, drawn = simulate_courses(60, seed=2), simulate_batch(60, seed=2).batch
    built = build_batch(courses)
    numbers = {column.name: column.number for column in columns() if column.kind == "condition"}
    readable = [atom for atom in rule_atoms() if readings_of(atom) and atom.kind in STATED]
    assert len(readable) > 200
    wrong = {
        str(atom)
        for atom in readable
        if not np.array_equal(built.states[:, numbers[str(atom)]], drawn.states[:, numbers[str(atom)]])
    }
    assert wrong == set()


def test_lesions_come_as_often_as_their_priors(simulated: Simulated) -> None:
    priors = np.array([hypothesis.prior for hypothesis in hypotheses()])
    shares = np.bincount(simulated.lesions, minlength=len(priors)) / MANY
    common = priors > 0.01
    assert common.any()
    assert np.abs(shares - priors)[common].max() < 5 * np.sqrt(0.25 / MANY)


def test_the_lesion_is_found_about_as_often_as_localise_claims(simulated: Simulated) -> None:
    """Drawn from its own model, with errors of examination: the share right is near the mean first probability."""
    sites = site_posterior(simulated.batch)
    right = (sites.argmax(axis=1) == site_of_hypothesis()[simulated.lesions]).mean()
    assert sites.shape == (MANY, len(site_keys()))
    assert right > 10 / len(site_keys())
    assert right == pytest.approx(sites.max(axis=1).mean(), abs=0.25)


def test_every_share_of_the_table_is_a_share() -> None:
    for row in load("model/simulated_clinic"):
        for name in ("share_of_patients", "share_within", "wrong", "present"):
            assert 0 <= (row.number(name) or 0.0) <= 1, row.line
