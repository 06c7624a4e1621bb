"""Is it going as expected: statuses, silence, targets, and what must hold of every course."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spinecourse.assess import assess_course
from spinecourse.assess.assessing import follow_only
from spinecourse.course import Course, Fact, Patient
from spinecourse.follow.answer import Follow
from spinecourse.follow.expected import expected, shape
from spinecourse.follow.model import STATUSES, Episodes, boundary, follow_batch, success_limit
from spinecourse.follow.parameters import parameter
from spinecourse.follow.silence import silent_chance
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import load
from spinecourse.trajectory import Seen, scale, scales
from strategies import courses, mirrored
from written import course_of, marked, vignette_course, vignettes

VIGNETTES = vignettes(Path(__file__).with_name("followed.yaml"))
ORDER = ("on_course", "slower", "unknown", "off_course", "failing")
"""From the best to the worst that may be said; not to know is never better than to know that it goes well."""


def followed(course: Course, as_of_day: int | None = None) -> Follow:
    return follow_only([course], as_of_day)[0]


@pytest.mark.parametrize("entry", marked(VIGNETTES))
def test_a_course_is_called_what_it_is(entry: dict[str, Any]) -> None:
    found = followed(vignette_course(entry), entry.get("as_of_day"))
    wanted = entry["status"] if isinstance(entry["status"], list) else [entry["status"]]
    assert found.status in wanted
    assert (found.silence is not None) == entry.get("silent", False)
    if "since_day" in entry:
        assert found.since_day == entry["since_day"]
    if "events" in entry:
        assert found.episodes[0].measures[0].events == entry["events"]
    if "flare" in entry:
        assert found.episodes[0].measures[0].flare is entry["flare"]
    assert found.why


@st.composite
def followed_courses(draw: st.DrawFn) -> Course:
    """A treatment on day 0 with scores before and after it."""
    measure = draw(st.sampled_from(("odi", "nrs_leg", "nrs_back", "ndi", "mjoa")))
    highest = vocabulary.names()["measure", measure].highest or 0.0
    treatment = draw(st.sampled_from(("fusion", "microdiscectomy", "epidural_steroid", "physiotherapy", "duloxetine")))
    days = draw(st.lists(st.integers(1, 500), min_size=0, max_size=8, unique=True))
    share = st.integers(0, 10).map(lambda tenth: round(tenth / 10 * highest))
    facts = [Fact("measure", measure, -1, value=float(draw(share))), Fact("treatment", treatment, 0)]
    facts += [Fact("measure", measure, day, value=float(draw(share))) for day in sorted(days)]
    return Course(Patient("A1"), tuple(facts))


def check_whole(found: Follow) -> None:
    assert found.status in STATUSES
    assert msgspec.json.decode(msgspec.json.encode(found), type=Follow) == found
    for episode in found.episodes:
        for each in episode.measures:
            chance = each.chance_without_improvement
            assert chance is None or 0 <= chance <= 1
            assert each.why
            assert all(point.lowest <= point.median <= point.highest for point in each.expected)
            if each.chance_lowest is not None and each.chance_highest is not None:
                assert each.chance_lowest <= (chance or 0) + 1e-3
                assert (chance or 0) <= each.chance_highest + 1e-3


@given(courses(14))
def test_any_course_is_followed(course: Course) -> None:
    check_whole(followed(course))


@given(followed_courses(), st.randoms(use_true_random=False))
def test_order_and_mirror_mean_nothing(course: Course, shuffle: random.Random) -> None:
    facts = list(course.facts)
    shuffle.shuffle(facts)
    found = followed(course)
    check_whole(found)
    assert followed(replace(course, facts=tuple(facts))) == found
    assert followed(mirrored(course)) == found


@given(st.lists(followed_courses(), min_size=1, max_size=6))
def test_a_batch_is_each_course_by_itself(found: list[Course]) -> None:
    together, alone = follow_only(found), [followed(course) for course in found]
    for one, other in zip(together, alone, strict=True):
        assert one == other or (one.status, one.since_day, one.why) == (other.status, other.since_day, other.why)


@given(followed_courses(), st.integers(0, 900))
def test_silence_is_never_on_course(course: Course, later: int) -> None:
    last = max(fact.day or 0 for fact in course.facts)
    found = followed(course, last + later)
    if found.silence is not None:
        assert found.status not in ("on_course", "slower")
        assert found.silence.step
    if last <= 0:
        assert found.status == "unknown"


@given(followed_courses(), st.integers(1, 200))
def test_taking_a_later_good_score_away_never_improves_the_status(course: Course, later: int) -> None:
    """A good score is half of the best so far; with the mJOA, halfway from the best so far to full marks."""
    scores = [fact.value or 0.0 for fact in course.facts if fact.kind == "measure"]
    today = max(fact.day or 0 for fact in course.facts) + later
    best = (max(scores) + 18) / 2 if course.facts[0].name == "mjoa" else min(scores) / 2
    good = Fact("measure", course.facts[0].name, today, value=best)
    after, before = followed(course, today), followed(replace(course, facts=(*course.facts, good)), today)
    assert ORDER.index(after.status) >= ORDER.index(before.status)


def test_facts_of_tomorrow_are_not_known_today() -> None:
    facts = [{"day": -1, "measure": "odi", "value": 50}, {"day": 0, "treatment": "fusion"}]
    later = {"day": 90, "measure": "odi", "value": 20}
    assert followed(course_of(*facts, later), 60) == followed(course_of(*facts), 60)


def dense_chance(days: list[float], scores: list[float], baseline: float, end: float) -> float:
    """The chance by conditioning one multivariate normal at once, without a filter."""
    measured = scale("odi")
    prior = expected(measured, [shape("rehabilitation", "disability")], [baseline], [0.0])
    how, when = prior.how, np.array([*days, end])
    unfolded = 1 - np.exp(-when / how.response_days)
    covariance = how.level_sd**2 + how.response_sd**2 * np.outer(unfolded, unfolded)
    covariance += how.drift_sd**2 * np.exp(-np.abs(when[:, None] - when) / how.drift_days)
    covariance += how.noise_sd**2 * np.eye(len(when))
    mean, seen = prior.group.mean(when[None])[0], measured.latent(np.array(scores))
    gain = np.linalg.solve(covariance[:-1, :-1], covariance[:-1, -1])
    middle = mean[-1] + gain @ (seen - mean[:-1])
    spread = np.sqrt(covariance[-1, -1] - gain @ covariance[:-1, -1])
    limit = success_limit(measured, np.array([baseline]), np.array([10.0]))[0]
    draws = np.random.default_rng(0).normal(middle, spread, 400_000)
    return float((draws > limit).mean())


def test_the_chance_is_that_of_the_normal_conditioned_at_once() -> None:
    days, scores, baseline = [35.0, 70.0, 180.0], [38.0, 30.0, 33.0], 44.0
    measured = scale("odi")
    episodes = Episodes(
        measured, expected(measured, [shape("rehabilitation", "disability")], [baseline], [0.0]),
        Seen.of([days], [scores]), np.array([baseline]), np.array([10.0]), np.array([0.0]), np.array([84.0]),
        np.array([365.0]), [boundary("rehabilitation", "disability")],
    )  # fmt: skip
    found = follow_batch(episodes).chance[0]
    for count in (1, 2, 3):
        wanted = dense_chance(days[:count], scores[:count], baseline, 365.0)
        assert found[count - 1] == pytest.approx(wanted, abs=0.004)


def test_missed_check_ins_speak_a_little_for_failing_and_never_against() -> None:
    chances = [silent_chance(0.4, missed) for missed in range(4)]
    assert chances == sorted(chances)
    assert chances[1] < 0.55


def test_a_goal_of_the_patients_own_stands_first_among_the_targets() -> None:
    found = followed(
        course_of(
            {"day": -1, "measure": "nrs_leg", "value": 8},
            {"day": 0, "treatment": "microdiscectomy"},
            {"day": 0, "expectation": "microdiscectomy", "measure": "nrs_leg", "value": 0, "months": 12},
            {"day": 0, "expectation": "own_goal", "measure": "nrs_leg", "value": 4, "months": 2},
            {"day": 90, "measure": "nrs_leg", "value": 5},
        )
    )
    assert [target.kind for target in found.targets] == ["own_goal", "expected", "acceptable_state"]
    own = found.targets[0]
    assert (own.reached, own.by_day, own.review_day) == (False, 61, 365)
    assert (
        own.when_missed
        == next(row for row in load("follow/targets") if row["measure_family"] == "pain")["when_missed_again"]
    )


def test_a_goal_of_the_check_in_is_a_target() -> None:
    facts = [{"day": -1, "measure": "odi", "value": 50}, {"day": 0, "treatment": "physiotherapy"}]
    for value, reached in ((4, False), (10, True)):
        found = followed(course_of(*facts, {"day": 40, "measure": "checkin_goal", "value": value})).targets[0]
        assert (found.kind, found.measure, found.reached) == ("own_goal", "checkin_goal", reached)


def test_where_the_condition_is_known_the_evidence_says_what_to_expect() -> None:
    facts = [
        {"day": -1, "measure": "nrs_leg", "value": 8},
        {"day": 0, "treatment": "microdiscectomy"},
        {"day": 42, "measure": "nrs_leg", "value": 3},
    ]
    known = course_of({"day": -5, "diagnosis": "lumbar_radiculopathy"}, *facts)
    plain, told = followed(course_of(*facts)).episodes[0].measures[0], followed(known).episodes[0].measures[0]
    assert "synthesis" not in plain.sources[0]
    assert "synthesis" in told.sources[0]
    assert plain.expected != told.expected
    assert assess_course(known).follow == followed(known)


def test_what_is_not_known_is_asked_for_and_not_called_missed() -> None:
    found = followed(course_of({"day": -1, "measure": "odi", "value": 50}, {"day": 0, "treatment": "fusion"}))
    assert {target.reached for target in found.targets} == {None}
    assert all("ask" in target.when_missed for target in found.targets)


def test_an_operation_takes_over_from_what_was_tried_before_it() -> None:
    found = followed(
        course_of(
            {"day": -200, "measure": "odi", "value": 50},
            {"day": -199, "treatment": "physiotherapy"},
            {"day": -10, "measure": "odi", "value": 52},
            {"day": 0, "treatment": "decompression"},
            {"day": 90, "measure": "odi", "value": 24},
        )
    )
    assert [episode.treatment for episode in found.episodes] == ["decompression", "physiotherapy"]
    assert found.episodes[1].ends_day == -1
    assert found.status == "on_course"


def test_every_family_has_a_course_for_every_measure() -> None:
    families = {row["family"] for row in load("follow/treatment_families")}
    kinds = {each.family for each in scales().values()}
    shapes = {(row["family"], row["measure_family"]) for row in load("follow/recovery_shapes")}
    assert shapes == {(family, kind) for family in families for kind in kinds}
    assert kinds <= {row["measure_family"] for row in load("follow/baselines")}
    assert kinds <= {row["measure_family"] for row in load("follow/targets")}


def test_every_treatment_of_a_family_is_in_the_vocabulary() -> None:
    names = [name for row in load("follow/treatment_families") for name in row.items_of("names")]
    assert len(set(names)) == len(names)
    assert [name for name in names if ("treatment", name) not in vocabulary.names()] == []


def test_the_parameters_are_all_used() -> None:
    """The loader raises for a missing one; here for one that nothing reads."""
    code = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "src").rglob("*.py"))
    for table in ("follow/parameters", "follow/silence"):
        assert [row["name"] for row in load(table) if row["name"].split("_if_")[0] not in code] == []
    assert parameter("persistent_days") == 90
