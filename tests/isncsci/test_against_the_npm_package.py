"""The same 10,000 examinations classified here and by the npm package ``isncsci``: equal, or different as explained.

Each kind of difference is a row of ``differences.csv`` with its rule and source, and has a check of its own here: a
difference is only of a kind if what we say follows from that kind's rule and from what the package says.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from isncsci.examinations import (
    KNOWN,
    Mixture,
    as_assumed,
    as_examined,
    every_choice,
    injury,
    mixed,
    number_of_choices,
    some_choices,
    starred,
    uniform,
)
from isncsci.npm_package import Decisions, Found, Oracle, our_totals, ours, their_totals, theirs
from spinecourse.isncsci import Classification, Examination, classify

KINDS = {
    row["kind"] for row in csv.DictReader((Path(__file__).parent / "differences.csv").read_text("utf-8").splitlines())
}
MIXTURES = (
    Mixture(2000, uniform, 0.0, 0.0),
    Mixture(4500, injury, 0.0, 0.0),
    Mixture(1700, injury, 0.02, 0.0),
    Mixture(100, injury, 0.12, 0.0),
    Mixture(100, uniform, 0.3, 0.3),
    Mixture(1000, injury, 0.0, 0.08),
    Mixture(600, injury, 0.02, 0.15),
)
SEED = 2019
FEW = 250
"""So many choices of an examination are asked one by one in the large comparison."""


class Compared(NamedTuple):
    """An examination, both classifications, and what the package says of it as assumed and as examined."""

    examination: Examination
    classification: Classification
    ours: Decisions
    theirs: Decisions
    assumed: Decisions
    examined: Decisions


class Unexplained(AssertionError):
    """A difference that no row of the table explains."""


@pytest.fixture(scope="module")
def compared(oracle: Oracle) -> list[Compared]:
    examinations = list(mixed(SEED, MIXTURES))
    answers = oracle.ask(examinations)
    assert [answer["error"] for answer in answers if "error" in answer] == []
    with_stars = [examination for examination in examinations if starred(examination)]
    other = iter([theirs(answer) for answer in oracle.ask(view for one in with_stars for view in views(one))])
    found = []
    for examination, answer in zip(examinations, answers, strict=True):
        whole, classification = theirs(answer), classify(examination)
        assumed, examined = (next(other), next(other)) if starred(examination) else (whole, whole)
        found.append(Compared(examination, classification, ours(classification), whole, assumed, examined))
        assert our_totals(classification) == their_totals(answer)
    return found


def views(examination: Examination) -> tuple[Examination, Examination]:
    return as_assumed(examination), as_examined(examination)


def differences(compared: list[Compared], oracle: Oracle) -> Iterator[tuple[str, Compared]]:
    """The kind of every difference; raises Unexplained for one that no kind's check lets pass."""
    for one in compared:
        for name in one.ours:
            mine, their = one.ours[name], one.theirs[name]
            if mine.values != their.values:
                yield value_kind(name, one, oracle), one
            elif mine.tagged != their.tagged:
                yield star_kind(name, one, oracle), one


def value_kind(name: str, one: Compared, oracle: Oracle) -> str:
    mine, their = one.ours[name].values, one.theirs[name].values
    if mine == corrected(one.theirs, one.examination)[name].values:
        return "contraction_in_neurological_level" if name == "neurological_level" else "non_key_muscle_in_zone"
    if name == "impairment_scale" and set(mine) < set(their) and of_all_choices(one.examination, mine, oracle):
        return "grade_of_no_choice"
    raise Unexplained(f"{name}: {mine} here, {their} there, in {one.examination}")


def corrected(found: Decisions, examination: Examination) -> Decisions:
    """The package's decisions by the rules of the first two kinds, as far as its own other decisions tell."""
    zones = {name: down_to_non_key(name, found, examination) for name in found if name.startswith("motor_zone")}
    level = with_contraction(found["neurological_level"], examination.voluntary_anal_contraction)
    return found | zones | {"neurological_level": level}


def with_contraction(found: Found, contraction: str) -> Found:
    """The neurological level with S3 where all but the anal contraction is intact, with S3 and INT where it is open."""
    if "INT" not in found.values or contraction == "yes":
        return found
    kept = {*found.values, "S3"} - ({"INT"} if contraction == "no" else set())
    return Found(in_order(kept), found.tagged)


def down_to_non_key(name: str, found: Decisions, examination: Examination) -> Found:
    """The package's zone, reaching down to the non-key muscle at least."""
    lowest = getattr(examination, name.split()[1]).lowest_non_key_muscle
    values, tagged = found[name]
    if lowest is None:
        return found[name]
    return Found(in_order({value if value == "NA" else max(value, lowest, key=place) for value in values}), tagged)


def in_order(values: set[str]) -> tuple[str, ...]:
    return tuple(sorted(values, key=place))


def place(level: str) -> int:
    return {"NA": -1, "INT": KNOWN.intact}.get(level) or KNOWN.place(level)


def of_all_choices(examination: Examination, grades: tuple[str, ...], oracle: Oracle) -> bool:
    """Whether the package, asked choice by choice, finds these grades; of a draw where there are too many, no other."""
    if number_of_choices(examination) > FEW:
        answers = oracle.ask(some_choices(Random(SEED), examination, FEW))
        return {theirs(answer)["impairment_scale"].values[0] for answer in answers} <= set(grades)
    answers = oracle.ask(every_choice(examination))
    return {theirs(answer)["impairment_scale"].values for answer in answers} == {(grade,) for grade in grades}


def star_kind(name: str, one: Compared, oracle: Oracle) -> str:
    mine = one.ours[name]
    if len(mine.values) > 1 and not mine.tagged:
        return "star_on_open_result"
    if mine.tagged in stars_by_comparison(name, one, oracle):
        return "star_by_comparison"
    raise Unexplained(f"{name}: star {mine.tagged} here, in {one.examination}")


def stars_by_comparison(name: str, one: Compared, oracle: Oracle) -> set[bool]:
    """Whether the committee's procedure, carried out with the package, gives a star: both where it cannot tell."""
    assumed, examined = (corrected(found, one.examination)[name].values for found in (one.assumed, one.examined))
    if assumed != one.ours[name].values:
        return {True, False}
    tested = as_examined(one.examination)
    if name == "impairment_scale" and number_of_choices(tested) > 1:
        if number_of_choices(tested) > FEW:
            return {True, False}
        examined = tuple(sorted({theirs(answer)[name].values[0] for answer in oracle.ask(every_choice(tested))}))
    return {assumed != examined and len(assumed) == 1}


def test_ten_thousand_examinations_differ_only_as_explained(compared: list[Compared], oracle: Oracle) -> None:
    assert len(compared) == 10_000
    kinds = Counter(kind for kind, _ in differences(compared, oracle))
    assert set(kinds) == KINDS, "a kind that is explained but no longer occurs should leave the table"


def test_whole_examinations_without_the_two_rules_are_equal(compared: list[Compared]) -> None:
    """Without open scores, stars and non-key muscles nothing differs but the level without anal contraction."""
    plain = [one for one in compared if number_of_choices(one.examination) == 1 and not starred(one.examination)]
    plain = [one for one in plain if not any(side.lowest_non_key_muscle for side in sides(one.examination))]
    assert len(plain) > 4_000
    differing = {name for one in plain for name in one.ours if one.ours[name] != one.theirs[name]}
    assert differing <= {"neurological_level"}


def sides(examination: Examination) -> tuple[object, object]:
    return examination.right, examination.left


def test_stars_are_where_the_package_differs_between_assumed_and_examined(
    compared: list[Compared], oracle: Oracle
) -> None:
    """The committee's procedure, carried out with the package, gives our stars, also where its own stars agree."""
    stars = [
        (one.ours[name].tagged, stars_by_comparison(name, one, oracle))
        for one in compared
        if starred(one.examination)
        for name in one.ours
    ]
    told = [(tagged, possible) for tagged, possible in stars if len(possible) == 1]
    assert len(told) > 12_000
    assert all(tagged in possible for tagged, possible in told)


def test_open_results_are_what_the_package_says_of_every_choice(oracle: Oracle) -> None:
    """Every value that some choice of the open scores leads to, and no other: the choices are asked one by one."""
    mixture = (Mixture(900, injury, 0.012, 0.03), Mixture(60, uniform, 0.01, 0.01))
    examinations = [one for one in mixed(SEED + 1, mixture) if 1 < number_of_choices(one) <= 60]
    assert len(examinations) > 150
    for examination in examinations:
        answers = [
            corrected(theirs(answer), choice)
            for choice, answer in zip(every_choice(examination), oracle.ask(every_choice(examination)), strict=True)
        ]
        for name, found in ours(classify(examination)).items():
            assert set(found.values) == {value for answer in answers for value in answer[name].values}, name
