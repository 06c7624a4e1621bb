"""The evidence tables and the names in them: what is read, what is refused, what is counted once."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from evidence_folders import study_folder
from spinecourse.errors import NotFound, UserError
from spinecourse.expect.evidence import package_evidence, read_evidence
from spinecourse.expect.names import condition_named, treatment_named
from spinecourse.expect.scales import expit, logit, outcome_named, outcomes, scale_of
from spinecourse.knowledge.tables import load

NAMES = list(csv.DictReader((Path(__file__).parent / "names.csv").read_text(encoding="utf-8").splitlines()))
NAMED = {"condition": condition_named, "treatment": treatment_named, "outcome": outcome_named}
SHARED = Path(__file__).parents[3] / "shared" / "evidence"


@pytest.mark.parametrize("row", NAMES, ids=lambda row: row["text"])
def test_a_published_name_is_known_by_ours(row: dict[str, str]) -> None:
    assert (NAMED[row["kind"]](row["text"]) or "") == row["name"]


def test_every_arm_of_the_package_is_named() -> None:
    unnamed = [(arm.study, arm.arm) for arm in package_evidence().arms if not arm.treatment or not arm.condition]
    assert unnamed == []


def test_every_row_belongs_to_an_arm_of_a_study() -> None:
    studies = {row["study_id"] for row in load("evidence/studies")}
    arms = {(row["study_id"], row["arm_id"]) for row in load("evidence/arms")}
    assert {study for study, _ in arms} - studies == set()
    for table in ("outcomes", "responders", "events"):
        assert {(row["study_id"], row["arm_id"]) for row in load(f"evidence/{table}")} - arms == set()


def test_no_mean_is_counted_twice() -> None:
    """Two reports of one family may not give the same figure of the same outcome and time."""
    told: dict[tuple[object, ...], set[str]] = {}
    for score in package_evidence().scores:
        if not score.left_out and score.mean is not None and score.months:
            key = (score.arm.family, score.arm.treatment, score.outcome, score.months, score.mean)
            told.setdefault(key, set()).add(score.arm.study)
    assert {key: studies for key, studies in told.items() if len(studies) > 1} == {}


def test_every_published_figure_came_into_the_package() -> None:
    if not SHARED.exists():
        pytest.skip("the shared evidence is not beside this checkout")
    ours = {row["study_id"] for row in load("evidence/studies")}
    figures = {(row["study_id"], row["outcome"], row["months"], row["mean"]) for row in load("evidence/outcomes")}
    for folder in ("surgery", "nonsurgical"):
        with (SHARED / folder / "studies.csv").open(encoding="utf-8") as file:
            assert {row["study_id"] for row in csv.DictReader(file)} - ours == set()
        with (SHARED / folder / "outcomes.csv").open(encoding="utf-8") as file:
            shared = {(row["study_id"], row["outcome"], row["months"], row["mean"]) for row in csv.DictReader(file)}
        assert shared - figures == set()


def test_a_scale_keeps_its_ends_and_its_direction() -> None:
    for outcome in outcomes():
        scale = scale_of(outcome)
        assert scale.logit(scale.best) < scale.logit(scale.worst)
        middle = (scale.best + scale.worst) / 2
        assert scale.points(scale.logit(middle)) == pytest.approx(middle)
        assert min(scale.best, scale.worst) <= scale.points(50.0) <= max(scale.best, scale.worst)
    assert scale_of("nrs_leg", 0, 100).share(70) == pytest.approx(float(scale_of("nrs_leg").share(7)))
    assert expit(logit(0.2)) == pytest.approx(0.2)


def test_a_folder_may_hold_the_least(tmp_path: Path) -> None:
    found = read_evidence(study_folder(tmp_path, columns=False))
    assert [(score.months, score.mean) for score in found.scores] == [(0, 50.0), (12, None)]
    assert found.arms[0].condition == "lumbar_radiculopathy"


def test_a_missing_table_and_a_missing_column_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"studies\.csv: cannot be read"):
        read_evidence(tmp_path)
    folder = study_folder(tmp_path)
    (folder / "arms.csv").write_text("study_id,arm_id\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"arms\.csv: has no column 'treatment'"):
        read_evidence(folder)


def test_a_number_that_is_none_is_named_by_line(tmp_path: Path) -> None:
    folder = study_folder(tmp_path, mean="about 50")
    with pytest.raises(UserError, match=r"outcomes\.csv:2: mean should be a number or empty, is 'about 50'"):
        read_evidence(folder)
