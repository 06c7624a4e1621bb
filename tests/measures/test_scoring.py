"""Scores of filled-in forms: against worked examples, published ranges and the totals of two trials."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from spinecourse.errors import NotFound, UserError
from spinecourse.measures import Instrument, Scores, can_be_scored, instrument, instruments, reason, score

HERE = Path(__file__).parent
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
EXAMPLES = yaml.safe_load((HERE / "worked_examples.yaml").read_text(encoding="utf-8"))
EXTREMES = {case["instrument"]: case for case in yaml.safe_load((HERE / "extremes.yaml").read_text(encoding="utf-8"))}
SCORED = [name for name, found in instruments().items() if can_be_scored(found)]
RANGED = [name for name in SCORED if name not in {"pain_diary_relief", "eq5d_index"}]


def one(case: dict[str, Any]) -> Scores:
    answers = [np.nan if answer is None else answer for answer in case["answers"]]
    variant = case.get("variant", "")
    return score(case["instrument"], answers, [None] if variant is None else variant)


def case_name(case: object) -> str:
    return f"{case['instrument']}-{case.get('value', case.get('why'))}" if isinstance(case, dict) else ""


@pytest.mark.parametrize("case", EXAMPLES, ids=case_name)
def test_worked_examples(case: dict[str, Any]) -> None:
    found = one(case)
    assert found.why[0] == case.get("why", "")
    assert found.prorated[0] == case.get("prorated", False)
    np.testing.assert_allclose(found.value[0], case.get("value", np.nan), atol=1e-4)


def extreme(chosen: Instrument, variant: str, highest: bool) -> list[float]:
    """The answers that should give the lowest or the highest score."""
    case = EXTREMES.get(chosen.name, {})
    answers = [np.nan] * chosen.form_items
    for part in chosen.parts(variant):
        for items in part.items:
            for place in items.places:
                up = highest != (place + 1 in case.get("reversed", []))
                answers[place] = items.highest if up else items.lowest
    for place, answer in case.get("highest" if highest else "lowest", {}).items():
        answers[place - 1] = answer
    return answers


@pytest.mark.parametrize("name", RANGED)
def test_extreme_answers_give_the_published_range(name: str) -> None:
    chosen = instrument(name)
    for variant in chosen.variants:
        values = [score(name, extreme(chosen, variant, highest), variant).value[0] for highest in (False, True)]
        np.testing.assert_allclose(values, [chosen.lowest, chosen.highest], atol=1e-9)


def test_every_score_is_verified_or_says_that_it_is_not() -> None:
    kinds = {(case["instrument"], case["kind"]) for case in EXAMPLES}
    in_data = {name for name, *_ in BOULDER} | {"odi"}
    for name, found in instruments().items():
        shown = {
            "data": name in in_data,
            "published range": name in RANGED or (name, "published range") in kinds,
            "unverified": name not in RANGED,
        }.get(found.verified_by, (name, found.verified_by) in kinds)
        assert shown, f"{name} claims {found.verified_by}"


def test_no_part_is_scored_from_nothing() -> None:
    for found in instruments().values():
        for parts in found.variants.values():
            assert all(part.may_miss < part.count for part in parts), found.name


def numbers(rows: list[dict[str, str]], columns: list[str]) -> NDArray[np.float64]:
    return np.array([[float(row[column]) if row[column] else np.nan for column in columns] for row in rows])


def numbered(stem: str, count: int) -> list[str]:
    return [f"{stem}_{number}" for number in range(1, count + 1)]


PAIN = ["worst", "least", "average", "now", "activity", "mood", "walking", "work", "relations", "sleep", "enjoyment"]
BPI = [f"bpi_{word}" for word in PAIN]
BOULDER: list[tuple[str, list[str], str, str]] = [
    ("bpi_intensity", BPI, "bpi_intensity", ""),
    ("bpi_interference", BPI, "bpi_interference", ""),
    ("odi", numbered("odi", 10), "odi", "coded_1_to_6"),
    ("pcs", numbered("pcs", 13), "pcs", ""),
    ("tsk11", numbered("tsk11", 11), "tsk11", ""),
    ("promis_depression_raw", numbered("promis_depression", 8), "promis_depression", ""),
    ("promis_anxiety_raw", numbered("promis_anxiety", 8), "promis_anxiety", ""),
    ("promis_anger_raw", numbered("promis_anger", 5), "promis_anger", ""),
    ("promis_sleep_raw", numbered("promis_sleep", 8), "promis_sleep", ""),
    ("panas_positive", numbered("panas", 10), "panas_positive", ""),
    ("panas_negative", numbered("panas", 10), "panas_negative", ""),
    ("sopa_control", numbered("sopa", 10), "sopa_control", ""),
]
ROUNDED = 1e-4
"""The published totals are rounded to four places."""


def shared(path: str) -> list[dict[str, str]]:
    if not (DATA / path).exists():
        pytest.skip(f"needs {path} of the development data beside the repository")
    with (DATA / path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("name", "columns", "total", "variant"), BOULDER, ids=lambda value: value if isinstance(value, str) else ""
)
def test_totals_of_a_trial_are_met_exactly(name: str, columns: list[str], total: str, variant: str) -> None:
    rows = shared("boulder_prt/items_5y.csv")
    totals = {row["patient"]: row for row in shared("boulder_prt/data.csv") if row["months"] == "60"}
    found = score(name, numbers(rows, columns), variant)
    np.testing.assert_allclose(
        found.value, numbers([totals[row["patient"]] for row in rows], [total])[:, 0], atol=ROUNDED
    )


def test_totals_with_missing_answers_are_met_exactly() -> None:
    rows = shared("stops_odi/data.csv")
    found = score("odi", numbers(rows, [f"q{number}" for number in range(1, 11)]))
    np.testing.assert_allclose(found.value, numbers(rows, ["odi"])[:, 0], atol=ROUNDED)
    assert found.prorated.sum() == ((found.answered < 10) & ~np.isnan(found.value)).sum() > 0


@st.composite
def forms(draw: st.DrawFn) -> tuple[str, str, list[list[float]]]:
    """Some filled-in forms of one instrument, with gaps and with answers that are not allowed."""
    name = draw(st.sampled_from(SCORED))
    chosen = instrument(name)
    variant = draw(st.sampled_from(sorted(chosen.variants)))
    answer = st.one_of(st.just(np.nan), st.integers(0, 5).map(float), st.sampled_from([-1.0, 2.5, 11.0, np.inf]))
    usual = st.one_of(st.integers(0, 5).map(float), st.just(np.nan))
    row = st.one_of(
        *(st.lists(kind, min_size=chosen.form_items, max_size=chosen.form_items) for kind in (usual, answer))
    )
    return name, variant, draw(st.lists(row, min_size=1, max_size=4))


@given(forms())
def test_a_batch_is_each_form_by_itself(batch: tuple[str, str, list[list[float]]]) -> None:
    name, variant, rows = batch
    together = score(name, rows, variant)
    for number, row in enumerate(rows):
        alone = score(name, row, variant)
        np.testing.assert_array_equal(together.value[number], alone.value[0])
        assert (together.why[number], together.prorated[number]) == (alone.why[0], alone.prorated[0])
        assert together.answered[number] == alone.answered[0]


@given(forms())
def test_a_score_has_a_value_in_range_or_a_reason(batch: tuple[str, str, list[list[float]]]) -> None:
    name, variant, rows = batch
    found = score(name, rows, variant)
    chosen = instrument(name)
    for value, why in zip(found.value, found.why, strict=True):
        assert np.isnan(value) == bool(why)
        assert np.isnan(value) or chosen.lowest - 1e-9 <= value <= chosen.highest + 1e-9
        assert not why or reason(why)


@given(forms(), st.data())
def test_taking_an_answer_away_never_makes_a_score_unmarked(
    batch: tuple[str, str, list[list[float]]], data: st.DataObject
) -> None:
    """A score from fewer answers is prorated or gone, except where leaving open means no by the rule of the form."""
    name, variant, (row, *_) = batch
    chosen = instrument(name)
    places = [place for part in chosen.parts(variant) for items in part.items for place in items.places]
    row = list(row)
    row[data.draw(st.sampled_from(places))] = np.nan
    found = score(name, row, variant)
    assert found.prorated[0] or found.why[0] or chosen.unticked_is_no


def test_sexes_and_value_sets_may_differ_from_form_to_form() -> None:
    found = score("ort", [[1] + [0] * 9] * 3, ["female", "male", None])
    np.testing.assert_array_equal(found.value, [1, 3, np.nan])
    assert list(found.why) == ["", "", "variant_unknown"]


@pytest.mark.parametrize(
    ("name", "answers", "variant", "error", "said"),
    [
        ("odl", [1] * 10, "", NotFound, "did you mean odi"),
        ("odi", [1] * 9, "", UserError, "10 questions"),
        ("odi", [1] * 10, "us", NotFound, "coded_1_to_6"),
        ("eq5d_index", [1] * 5, "", NotFound, "needs a variant; it has england, germany, spain, us"),
        ("sf36_pcs", [1] * 12, "", UserError, "owner's program"),
        ("promis_pf", [1] * 10, "", UserError, "does not hold"),
    ],
)
def test_what_cannot_be_scored_says_why(
    name: str, answers: list[float], variant: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        score(name, answers, variant)
