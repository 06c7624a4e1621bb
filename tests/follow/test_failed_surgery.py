"""Pain after an operation: recognised, dated, its causes in order with what speaks for and against them."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinecourse.assess import assess_course
from spinecourse.course import Case, Course
from spinecourse.follow.answer import FailedSurgery
from spinecourse.knowledge.rules import rules
from spinecourse.knowledge.tables import load
from strategies import courses, mirrored
from written import marked, vignette_course, vignettes

VIGNETTES = vignettes(Path(__file__).with_name("failed_surgery.yaml"))


def failed(course: Course) -> FailedSurgery | None:
    return assess_course(course).follow.failed_surgery


@pytest.mark.parametrize("entry", marked(VIGNETTES))
def test_pain_after_an_operation_is_recognised_as_what_it_is(entry: dict[str, Any]) -> None:
    found = failed(vignette_course(entry))
    if entry["kind"] is None:
        assert found is None
        return
    assert found is not None
    for key in ("kind", "since_day", "pain_free_days", "same_pain"):
        if key in entry:
            assert getattr(found, key) == entry[key], key
    named = [cause.cause for cause in found.causes]
    assert named[:1] == [entry["first"]] if "first" in entry else named
    assert not set(named) & set(entry.get("never", ()))
    assert set(entry.get("asked", ())) <= set(found.unasked)


def check(course: Course) -> None:
    found = failed(course)
    if found is None:
        return
    texts = {fact.text for fact in course.facts}
    shares = [cause.share for cause in found.causes]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.01
    for cause in found.causes:
        assert cause.sources
        assert not set(cause.because) & set(cause.against)
        assert {text for text in cause.because if "treatment" in text} <= texts
    assert found.operation
    assert found.pain
    assert found.why


@given(courses(14))
def test_every_answer_is_whole(course: Course) -> None:
    check(course)


def operated_courses() -> st.SearchStrategy[Course]:
    return st.sampled_from([vignette_course(entry) for entry in VIGNETTES])


@given(operated_courses(), st.randoms(use_true_random=False))
def test_order_and_mirror_mean_nothing(course: Course, shuffle: random.Random) -> None:
    shuffled = list(course.facts)
    shuffle.shuffle(shuffled)
    here, there, turned = failed(course), failed(replace(course, facts=tuple(shuffled))), failed(mirrored(course))
    assert there == here
    if here is None or turned is None:
        assert here is turned
        return
    assert [(each.cause, each.share) for each in turned.causes] == [(each.cause, each.share) for each in here.causes]
    assert (turned.kind, turned.since_day, turned.same_pain) == (here.kind, here.since_day, here.same_pain)


def test_a_scan_that_looks_right_takes_nothing_from_the_pain() -> None:
    entry = next(entry for entry in VIGNETTES if "scan looks right" in entry["name"])
    found = failed(vignette_course(entry))
    assert found is not None
    assert any("foraminal_stenosis not found" in text for text in found.structure)
    assert found.pain


def test_published_cases_after_surgery_are_recognised(dev_cases: tuple[Case, ...]) -> None:
    wanted = {"ben-010", "ben-011", "ben-013", "ben-018"}
    found = {case.id: failed(case.course) for case in dev_cases if case.id in wanted}
    assert all(found.values())
    recurrent = found["ben-018"]
    assert recurrent is not None
    assert (recurrent.kind, recurrent.causes[0].cause) == ("recurrent", "recurrent_disc_herniation")


def test_every_row_is_used() -> None:
    causes = {row["cause"] for row in load("follow/failed_surgery")}
    assert {rule.row["cause"] for rule in rules("follow/failed_surgery_evidence", "finding")} == causes
    assert len(causes) == len(load("follow/failed_surgery"))
