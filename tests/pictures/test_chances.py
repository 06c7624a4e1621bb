"""Probabilities as dots among a hundred: the number drawn is the number written, and what is not known says so."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.errors import UserError
from spinecourse.localise import Examination
from spinecourse.pictures import Chance, describe_chances, draw_chances, what_if
from spinecourse.pictures.hundred import counts, dots, of_hundred

SVG = "{http://www.w3.org/2000/svg}"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda found: sum(found) > 0.01))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_counts_sum_to_a_hundred_and_stay_near_their_shares(weights: list[float]) -> None:
    shares = [weight / sum(weights) for weight in weights]
    found = counts(shares)
    assert sum(found) == 100
    assert all(abs(count - 100 * share) < 1 + 1e-6 for count, share in zip(found, shares, strict=True))


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(UserError, match="sum to"):
        counts([0.5, 0.2])


@pytest.mark.parametrize(
    ("probability", "filled", "words"),
    [(0.62, 62, "62 of 100"), (0.0, 0, "0 of 100"), (1.0, 100, "100 of 100"), (0.001, 0, "fewer than 1 of 100"),
     (0.999, 99, "more than 99 of 100"), (None, 0, "not known")],
)  # fmt: skip
def test_what_is_neither_impossible_nor_certain_never_looks_so(
    probability: float | None, filled: int, words: str
) -> None:
    assert of_hundred(probability) == (filled, words)


@given(st.integers(0, 100))
@settings(derandomize=True, max_examples=30, deadline=None)
def test_as_many_dots_are_full_as_the_words_say(filled: int) -> None:
    group = ElementTree.fromstring(f"<g>{dots(filled, 0, 0, 8, columns=50)}</g>")
    paths = {path.get("class").split()[-1]: path for path in group}
    lengths = {
        kind: [float(found) for found in re.findall(r"h(-?[\d.]+)", paths[kind].get("d"))] if kind in paths else []
        for kind in ("sc-dots-full", "sc-dots-ring")
    }
    drawn = {kind: sum(int(length // 8) + 1 for length in found) for kind, found in lengths.items()}
    assert drawn == {"sc-dots-full": filled, "sc-dots-ring": 100 - filled}


def test_an_unknown_number_has_neither_full_dots_nor_rings() -> None:
    drawn = dots(0, 0, 0, 8, columns=50, known=False)
    assert "sc-dots" not in drawn
    assert drawn != dots(0, 0, 0, 8, columns=50)


@pytest.mark.parametrize("style", ["dots", "bars"])
def test_everything_given_is_seen(style: str) -> None:
    sites = [("root:L5", "left", 0.62), ("nerve:common_fibular", "left", 0.3)]
    dangers = [Chance("cauda equina syndrome", 0.012, "Not asked: saddle numbness"), Chance("infection", None)]
    svg = ElementTree.fromstring(draw_chances(sites, dangers, title="x", style=style))
    seen = " ".join(text.text for text in svg.iter(f"{SVG}text"))
    for words in ("L5 root, left", "62 of 100", "30 of 100", "1 of 100", "not known", "Not asked: saddle numbness"):
        assert words in seen, words


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert "Nothing to show" in describe_chances([])[0]


def test_what_an_answer_would_change_is_what_assessing_it_gives() -> None:
    facts = (Fact("power", "great_toe_extension", 0, side="left", mrc=3),
             Fact("power", "ankle_dorsiflexion", 0, side="left", mrc=3))  # fmt: skip
    course = Course(Patient("x"), facts)
    asked = [Examination("power hip_abduction left", 0.4), Examination("test esr", 0.1)]
    (change,) = what_if(course, asked)
    known = Course(Patient("x"), (*facts, Fact("power", "hip_abduction", 0, side="left", mrc=5)))
    (again,) = what_if(known, [Examination("power hip_abduction left", 0.4)])
    assert again.now == pytest.approx(change.normal) if again.site == change.site else again.finding == change.finding
    assert change.abnormal != change.normal
    assert change.finding == "power hip abduction left"


def test_without_a_likely_site_nothing_would_change() -> None:
    assert what_if(Course(Patient("x"), ()), []) == []
