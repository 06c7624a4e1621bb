"""Doses as written to morphine equivalents; totals over time; what endangers. An unknown dose stays unknown."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinecourse.assess import assess_course
from spinecourse.findings.opioid_dose import doses
from spinecourse.follow.answer import Opioids
from spinecourse.knowledge.tables import load
from written import course_of, fact_of

with Path(__file__).with_name("opioid_doses.csv").open(encoding="utf-8") as stream:
    DOSES = list(csv.DictReader(stream))


def opioids(*facts: dict[str, Any], **patient: Any) -> Opioids | None:
    return assess_course(course_of(*facts, **patient)).follow.opioids


@pytest.mark.parametrize("row", DOSES, ids=[row["name"] for row in DOSES])
def test_a_dose_as_written(row: dict[str, str]) -> None:
    dose = doses([fact_of(treatment=row["treatment"], **({"dose": row["dose"]} if row["dose"] else {}))])[0]
    wanted = [float(row[key]) if row[key] else None for key in ("lowest", "highest")]
    assert [dose.lowest, dose.highest] == pytest.approx(wanted)
    assert row["why"] in dose.why


def test_a_newer_dose_of_the_same_drug_ends_the_older() -> None:
    found = opioids(
        {"day": -50, "treatment": "oxycodone", "dose": "10 mg bd"},
        {"day": -20, "treatment": "oxycodone", "dose": "20 mg bd"},
    )
    assert found is not None
    assert [(total.day, total.highest_mme) for total in found.totals] == [(-50, 30), (-20, 60)]
    assert found.trend == "rising"
    assert [entry.danger for entry in found.thresholds] == ["reassess", "any"]


def test_a_total_with_an_unknown_dose_is_a_lower_bound_and_never_a_trend() -> None:
    found = opioids({"day": -20, "treatment": "oxycodone", "dose": "20 mg bd"}, {"day": -20, "treatment": "tramadol"})
    assert found is not None
    assert found.now is not None
    assert (found.now.highest_mme, found.now.complete, found.trend) == (60, False, "unknown")
    assert "at least" in found.why


def test_what_has_ended_is_not_counted_now() -> None:
    found = opioids({"day": -50, "until_day": -10, "treatment": "morphine", "dose": "30 mg bd"})
    assert found is not None
    assert found.now is not None
    assert (found.now.highest_mme, found.trend, found.thresholds, found.dangers) == (0, "stopped", [], [])


@pytest.mark.parametrize(
    ("fact", "danger"),
    [
        ({"treatment": "benzodiazepine"}, "benzodiazepine"),
        ({"treatment": "pregabalin"}, "gabapentinoid"),
        ({"treatment": "muscle_relaxant"}, "muscle_relaxant"),
        ({"treatment": "duloxetine"}, "serotonin"),
        ({"history": "alcohol_misuse"}, "alcohol"),
        ({"test": "egfr_ml_min", "value": 30}, "kidney"),
    ],
)
def test_what_endangers_together_is_said(fact: dict[str, Any], danger: str) -> None:
    found = opioids({"treatment": "morphine", "dose": "10 mg bd"}, fact)
    assert found is not None
    assert danger in {entry.danger for entry in found.dangers}


def test_age_endangers_and_every_danger_is_tried() -> None:
    found = opioids({"treatment": "morphine"}, age_years=80)
    assert found is not None
    assert {entry.danger for entry in found.dangers} == {"age"}
    assert len(load("follow/opioid_dangers")) == 7


def test_a_sedative_that_ended_before_is_no_danger_now() -> None:
    found = opioids({"day": -90, "until_day": -60, "treatment": "benzodiazepine"}, {"day": -5, "treatment": "morphine"})
    assert found is not None
    assert found.dangers == []


def test_no_opioid_on_record_is_no_answer() -> None:
    assert opioids({"treatment": "nsaid"}) is None


@given(st.text(max_size=60))
def test_any_dose_is_read_or_unknown(text: str) -> None:
    from spinecourse.findings.opioid_dose import read_dose

    for row in load("follow/opioid_factors"):
        lowest, highest, why = read_dose(text.casefold(), row)
        assert (lowest is None) == (highest is None)
        assert why if lowest is None else lowest <= (highest or 0)
