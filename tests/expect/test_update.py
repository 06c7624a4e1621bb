"""Learning from a clinic: what agrees sharpens, what differs moves, what is too far is refused, and all is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from evidence_folders import study_folder
from spinecourse.errors import NotFound, UserError
from spinecourse.expect import predict_mean
from spinecourse.expect.draws import shipped
from spinecourse.expect.pareto import effective_count, smoothed
from spinecourse.expect.update import local_draws, update, versions, weighed

ON = date(2026, 11, 22)


def middle(store: Path) -> float:
    found = predict_mean("lumbar_radiculopathy", "discectomy", "odi", [12], baseline=50, draws=local_draws(store))
    return float(np.median(found.mean))


@pytest.mark.parametrize(("reported", "moves"), [("32", 1), ("14", -1)])
def test_a_clinic_that_does_worse_or_better_moves_the_answer(tmp_path: Path, reported: str, moves: int) -> None:
    folder, store = tmp_path / "clinic", tmp_path / "versions"
    folder.mkdir()
    update(study_folder(folder, later="23"), store, on=ON)
    usual = float(np.median(predict_mean("lumbar_radiculopathy", "discectomy", "odi", [12], baseline=50).mean))
    version = update(study_folder(folder, later=reported), store, on=ON)
    assert version.accepted
    assert (middle(store) - usual) * moves > 0
    assert np.sign(version.drift) == moves
    assert 0 < version.effective_draws < shipped().count


def test_every_version_is_kept_and_the_newest_counts(tmp_path: Path) -> None:
    folder, store = tmp_path / "clinic", tmp_path / "versions"
    folder.mkdir()
    for later in ("20", "25", "30"):
        update(study_folder(folder, later=later), store, on=ON)
    kept = versions(store)
    assert [version.number for version in kept] == [1, 2, 3]
    assert len({version.tables_sha256 for version in kept}) == 3
    assert {version.date for version in kept} == {"2026-11-22"}


def test_outcomes_too_far_away_are_refused_and_change_nothing(tmp_path: Path) -> None:
    folder, store = tmp_path / "clinic", tmp_path / "versions"
    folder.mkdir()
    version = update(study_folder(folder, later="97", n="400"), store, on=ON)
    assert not version.accepted
    assert "fit anew" in version.why
    assert (local_draws(store).effects == shipped().effects).all()


def test_tables_without_a_later_mean_teach_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no row has a later mean"):
        update(study_folder(tmp_path), tmp_path / "versions", on=ON)
    with pytest.raises(NotFound, match="no local versions"):
        versions(tmp_path / "versions")


@pytest.mark.parametrize("shape", [0.2, 0.5, 0.9])
def test_the_tail_of_weights_is_diagnosed(shape: float) -> None:
    """Weights of a known tail: the shape found is near the one they were made with."""
    made = -shape * np.log(np.random.default_rng(3).random(4000))
    weights, found = smoothed(made)
    assert found == pytest.approx(shape, abs=0.15)
    assert weights.sum() == pytest.approx(1)
    assert 1 <= effective_count(weights) <= 4000


def test_equal_weights_change_no_draw() -> None:
    draws = shipped()
    again = weighed(draws, np.full(draws.count, 1 / draws.count))
    assert (again.effects == draws.effects).all()
