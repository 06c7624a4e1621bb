"""Item banks: reading them strictly, scores against a fine grid, and asking adaptively. The banks here are invented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from spinecourse.errors import UserError
from spinecourse.measures.adaptive import interview, next_step
from spinecourse.measures.banks import BankItem, read_bank
from spinecourse.measures.graded_response import answer_probabilities, information, score_bank, setting

CLOSE = 0.01
"""How near the estimate must come to that of a fine grid, in T points."""


def invented_bank(items: int, seed: int = 7) -> tuple[BankItem, ...]:
    """A bank with slopes and thresholds as wide as those of published banks."""
    random = np.random.default_rng(seed)
    return tuple(
        BankItem(f"q{number}", float(random.uniform(0.8, 5)), 1, tuple(sorted(random.uniform(-2.5, 3, 4).tolist())))
        for number in range(items)
    )


def invented_answers(bank: tuple[BankItem, ...], theta: NDArray[np.float64], seed: int = 8) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    cumulated = [answer_probabilities(item, theta).cumsum(axis=0) for item in bank]
    draws = [(random.uniform(size=theta.size) > steps[:-1]).sum(axis=0) + 1.0 for steps in cumulated]
    return np.column_stack(draws)


def on_a_fine_grid(bank: tuple[BankItem, ...], answers: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard error by 40,001 points from -10 to 10, written out on its own."""
    theta = np.linspace(-10, 10, 40_001)
    weight = np.exp(-(theta**2) / 2)
    for item, answer in zip(bank, answers, strict=True):
        if not np.isnan(answer):
            edges = [1 / (1 + np.exp(-item.discrimination * (theta - b))) for b in item.thresholds]
            steps = [np.ones_like(theta), *edges, np.zeros_like(theta)]
            weight = weight * (steps[int(answer) - 1] - steps[int(answer)])
    weight /= weight.sum()
    mean = float(weight @ theta)
    return mean, float(np.sqrt(weight @ (theta - mean) ** 2))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_scores_are_those_of_a_fine_grid(seed: int) -> None:
    random = np.random.default_rng(seed)
    bank = invented_bank(int(random.integers(1, 30)), seed)
    answers = random.integers(1, 6, len(bank)).astype(float)
    answers[1:][random.uniform(size=len(bank) - 1) < 0.3] = np.nan
    found = score_bank(bank, answers)
    mean, error = on_a_fine_grid(bank, answers)
    assert abs(found.t_score[0] - (50 + 10 * mean)) < CLOSE
    assert abs(found.t_standard_error[0] - 10 * error) < CLOSE


def test_a_long_bank_of_steep_items_is_scored_on_a_finer_grid() -> None:
    random = np.random.default_rng(1)
    bank = tuple(BankItem(f"q{n}", 8, 1, tuple(sorted(random.uniform(-2, 2, 4).tolist()))) for n in range(150))
    answers = invented_answers(bank, np.array([0.43]))[0]
    found, (mean, error) = score_bank(bank, answers), on_a_fine_grid(bank, answers)
    assert error < setting("grid_step") / 2
    assert abs(found.t_score[0] - (50 + 10 * mean)) < CLOSE
    assert abs(found.t_standard_error[0] - 10 * error) < CLOSE


def test_a_batch_is_each_form_by_itself() -> None:
    bank = invented_bank(10)
    answers = invented_answers(bank, np.linspace(-2, 2, 50))
    answers[::3, 4] = np.nan
    together = score_bank(bank, answers)
    alone = [score_bank(bank, row) for row in answers]
    np.testing.assert_allclose(together.theta, [one.theta[0] for one in alone], atol=1e-12)
    np.testing.assert_allclose(together.standard_error, [one.standard_error[0] for one in alone], atol=1e-7)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    truth = np.random.default_rng(3).standard_normal(4_000)
    bank = invented_bank(8)
    found = score_bank(bank, invented_answers(bank, truth))
    inside = np.abs(found.theta - truth) < 1.96 * found.standard_error
    assert 0.93 < inside.mean() < 0.97


def test_nothing_answered_is_no_score_and_a_wrong_answer_costs_its_form() -> None:
    bank = invented_bank(3)
    found = score_bank(bank, np.array([[np.nan] * 3, [1, 2, 6], [1, 2.5, 1], [1, np.nan, 5], [0, 1, 1]]))
    assert list(found.why) == ["too_few_answers", "out_of_range", "out_of_range", "", "out_of_range"]
    assert list(np.isnan(found.theta)) == [True, True, True, False, True]
    assert found.answered[3] == 2


def test_fewer_answers_are_less_sure() -> None:
    bank = invented_bank(12)
    answers = invented_answers(bank, np.zeros(1))
    errors = [
        score_bank(bank, np.where(np.arange(12) < count, answers[0], np.nan)).standard_error[0] for count in (2, 12)
    ]
    assert errors[0] > errors[1]


def test_information_is_the_curvature_of_the_expected_likelihood() -> None:
    """Against differences of the log likelihood, for every answer."""
    for item in invented_bank(5):
        theta, small = 0.37, 1e-4
        low, here, high = (answer_probabilities(item, np.array([theta + d])) for d in (-small, 0, small))
        slope = (np.log(high) - np.log(low)) / (2 * small)
        np.testing.assert_allclose(information(item, np.array([theta])), (here * slope**2).sum(), rtol=1e-4)


def test_the_most_informative_question_comes_next() -> None:
    bank = invented_bank(20)
    step = next_step(bank, {"q3": 2})
    told = {item.name: information(item, step.score.theta)[0] for item in bank if item.name != "q3"}
    assert step.ask == max(told, key=lambda name: told[name])


@pytest.mark.parametrize("theta", [-2.0, 0.0, 1.0, 2.5])
def test_an_interview_ends_sharp_or_says_why_not(theta: float) -> None:
    bank = invented_bank(30)
    row = invented_answers(bank, np.array([theta]))[0].tolist()
    answers: dict[str, float] = dict(zip([item.name for item in bank], row, strict=True))
    asked: list[str] = []

    def ask(name: str) -> float | None:
        asked.append(name)
        return answers[name]

    end = interview(bank, ask)
    assert len(asked) == len(set(asked))
    assert setting("adaptive_fewest_items") <= len(asked) <= setting("adaptive_most_items")
    assert (end.stop == "sharp_enough") == (end.score.standard_error[0] <= setting("adaptive_standard_error"))
    assert abs(end.score.theta[0] - theta) < 4 * end.score.standard_error[0]


def test_somebody_who_declines_everything_gets_no_score() -> None:
    end = interview(invented_bank(5), lambda name: None)
    assert (end.stop, end.score.why[0]) == ("no_questions_left", "too_few_answers")


GOOD = "item,discrimination,first_answer,threshold_1,threshold_2\n"


def test_a_bank_is_read_with_items_of_different_length(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(GOOD + "a,1.5,1,-1,0.5\nb,2,0,0.25,\n", encoding="utf-8")
    assert read_bank(path) == (BankItem("a", 1.5, 1, (-1.0, 0.5)), BankItem("b", 2.0, 0, (0.25,)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "a,0,1,-1,0.5\n", "bank.csv:2: discrimination should be a number above 0"),
        (GOOD + "a,1,1,0,1\nb,1,1,1,0.5\n", "bank.csv:3: thresholds should rise"),
        (GOOD + "a,1,1,,0.5\n", "bank.csv:2: a threshold is empty before another"),
        (GOOD + "a,1,1.5,0,1\n", "bank.csv:2: first_answer should be a whole number"),
        (GOOD + "a,1,1,nan,1\n", "bank.csv:2: thresholds should be numbers"),
        (GOOD + "a,1,1,0\n", "bank.csv:2: has more or fewer cells"),
        (GOOD + "a,1,1,0,1\na,1,1,0,1\n", "'a' stands there twice"),
        (GOOD, "bank.csv:1: has no items"),
        ("item,slope\na,1\n", "bank.csv:1: the columns should be item, discrimination"),
        ("", "are missing"),
    ],
)  # fmt: skip
def test_a_bad_bank_names_file_line_and_remedy(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_bank(path)
    assert said in str(caught.value)
