"""What a score and its change mean: bands, thresholds by baseline, acceptable states, answers that need somebody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spinecourse.errors import NotFound
from spinecourse.knowledge.tables import load
from spinecourse.measures import alerts, band, combined_band, instrument, instruments, interpret, needed

CHANGES = yaml.safe_load((Path(__file__).parent / "changes.yaml").read_text(encoding="utf-8"))
NAMES = st.sampled_from(sorted(instruments()))


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: f"{case['instrument']}-{case['baseline']}-{case['now']}")
def test_what_a_change_means(case: dict[str, Any]) -> None:
    found = interpret(case["instrument"], case["baseline"], case["now"])
    said = {key: getattr(found, key) for key in ("important", "beyond_error", "acceptable") if key in case}
    assert said == {key: case[key] for key in said}
    assert found.because
    if "band" in case:
        assert found.band_now is not None
        assert found.band_now.band == case["band"]


@given(NAMES, st.floats(0, 1), st.floats(0, 1))
def test_better_and_worse_never_meet(name: str, first: float, second: float) -> None:
    chosen = instrument(name)
    spread = chosen.highest - chosen.lowest
    baseline, now = chosen.lowest + first * spread, chosen.lowest + second * spread
    found = interpret(name, baseline, now)
    assert found.improvement is not None
    assert found.important != "better" or found.improvement > 0
    assert found.important != "worse" or found.improvement < 0


@given(NAMES)
def test_no_change_is_never_important(name: str) -> None:
    middle = (instrument(name).lowest + instrument(name).highest) / 2
    assert interpret(name, middle, middle).important in {"no_important_change", "unknown"}


@given(NAMES, st.one_of(st.none(), st.just(float("nan"))))
def test_silence_is_never_an_improvement(name: str, unknown: float | None) -> None:
    found = interpret(name, unknown, unknown)
    assert (found.important, found.beyond_error, found.acceptable, found.band_now) == ("unknown", None, None, None)


@given(NAMES, st.floats(0, 1))
def test_an_important_change_is_never_within_the_error(name: str, share: float) -> None:
    chosen = instrument(name)
    baseline = chosen.lowest + share * (chosen.highest - chosen.lowest)
    for kind in ("important", "important_worsening"):
        size, error = float(needed(name, kind, baseline)), float(needed(name, "detectable", baseline))
        assert np.isnan(size) or np.isnan(error) or size >= error


def test_differences_for_many_patients_are_those_of_each() -> None:
    baselines = [9.0, 13.0, 16.0, 18.0, np.nan]
    found = needed("mjoa", "important", baselines)
    np.testing.assert_array_equal(found, [3, 2, 1, np.nan, np.nan])
    assert [float(needed("mjoa", "important", one)) for one in baselines[:3]] == [3, 2, 1]


def test_disagreeing_thresholds_are_shown_beside_the_one_that_decides() -> None:
    found = interpret("odi", 60, 48)
    important = {threshold.needed: threshold.met for threshold in found.thresholds if threshold.kind == "important"}
    assert found.important == "no_important_change"
    assert important == {18: False, 10: True, 12.8: False, 15: False}


@pytest.mark.parametrize(
    ("total", "distress", "group"),
    [(3, 3, "low risk"), (4, 3, "medium risk"), (7, 4, "high risk"), (4, np.nan, None), (3, np.nan, "low risk")],
)
def test_start_back_groups_need_both_scores(total: float, distress: float, group: str | None) -> None:
    found = combined_band("start_back", {"start_back": total, "start_back_distress": distress})
    assert (found.band if found else None) == group


@pytest.mark.parametrize(("answer", "asked"), [(1, [True]), (0, []), (np.nan, [False])])
def test_thoughts_of_self_harm_are_told_whatever_the_total(answer: float, asked: list[bool]) -> None:
    assert [alert.asked for alert in alerts("phq9", [0] * 8 + [answer])] == asked


def test_bands_rise_and_begin_at_the_lowest_score() -> None:
    for name in {row["instrument"] for row in load("measures/bands")}:
        starts = [row.number("from_score") or 0.0 for row in load("measures/bands") if row["instrument"] == name]
        assert starts == sorted(set(starts)), name
        assert band(name, instrument(name).lowest) is not None, name


def test_a_threshold_is_points_or_per_cent_and_lies_in_the_range() -> None:
    for row in load("measures/change_thresholds"):
        chosen = instrument(row["instrument"])
        assert (row["amount"] == "") != (row["percent"] == ""), row.line
        assert (row.number("amount") or 0.0) <= max(chosen.highest, chosen.highest - chosen.lowest), row.line


def test_an_unknown_instrument_is_named() -> None:
    with pytest.raises(NotFound, match="did you mean odi"):
        interpret("ody", 1, 2)
