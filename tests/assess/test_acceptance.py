"""The figures that the development cases have to reach, facts learned after the first assessment left out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from spinecourse.assess import Assessment, assess_courses
from spinecourse.course import Case
from spinecourse.knowledge import anatomy

CALM = ("soon", "routine")
CORD_TOLERANCE = 2
"""A segment of the cord within so many of the right one is right."""


@dataclass(frozen=True)
class Judged:
    """A case with what was said of it."""

    case: Case
    answer: Assessment

    @property
    def urgency(self) -> str:
        """The class of the case set."""
        return str(self.case.gold["urgency"])

    def hit(self, first: int) -> bool:
        """Whether a right site is among the first so many."""
        gold = self.case.gold["sites"]
        assert isinstance(gold, list)
        return any(is_right(site.site, str(right)) for site in self.answer.localisation.sites[:first] for right in gold)


def is_right(site: str, gold: str) -> bool:
    if site.startswith("cord:") and gold.startswith("cord:"):
        segments = anatomy.segments()
        apart = segments.index(site.removeprefix("cord:")) - segments.index(gold.removeprefix("cord:"))
        return abs(apart) <= CORD_TOLERANCE
    return site == gold


@pytest.fixture(scope="module")
def judged(dev_cases: tuple[Case, ...]) -> list[Judged]:
    answers = assess_courses([case.course for case in dev_cases])
    return [Judged(*pair) for pair in zip(dev_cases, answers, strict=True)]


def share(judged: list[Judged], urgencies: tuple[str, ...], called: tuple[str, ...]) -> float:
    """Which part of the cases of these classes was called one of those."""
    chosen = [each for each in judged if each.urgency in urgencies]
    return sum(each.answer.triage.urgency in called for each in chosen) / len(chosen)


def test_the_case_set_is_the_whole_one(judged: list[Judged]) -> None:
    assert len(judged) == 65
    assert sum(each.urgency == "emergency" for each in judged) == 17


def test_every_emergency_is_found(judged: list[Judged]) -> None:
    missed = [each.case.id for each in judged if each.urgency == "emergency" != each.answer.triage.urgency]
    assert missed == []


def test_the_urgent_are_called_at_least_urgent(judged: list[Judged]) -> None:
    both = ("emergency", "urgent")
    assert share(judged, both, both) >= 0.95


def test_the_calm_are_seldom_called_emergencies(judged: list[Judged]) -> None:
    assert share(judged, CALM, ("emergency",)) <= 0.05


def test_the_calm_are_not_called_urgent_for_the_most_part(judged: list[Judged]) -> None:
    """Sensitivity bought by calling everybody urgent would be no triage."""
    assert share(judged, CALM, ("emergency", "urgent")) <= 0.35


@pytest.mark.parametrize(("first", "least"), [(1, 0.70), (3, 0.88)])
def test_the_right_site_is_among_the_first(judged: list[Judged], first: int, least: float) -> None:
    found = [each.hit(first) for each in judged if each.case.gold["sites"]]
    assert sum(found) / len(found) >= least


def test_a_name_means_nothing(judged: list[Judged]) -> None:
    """The ids of the case set tell the kind of case: an answer must not change with them."""
    from dataclasses import replace

    courses = [replace(each.case.course, patient=replace(each.case.course.patient, id="A1")) for each in judged]
    for each, answer in zip(judged, assess_courses(courses), strict=True):
        assert answer.triage == each.answer.triage
        assert answer.localisation == each.answer.localisation
        assert answer.mechanism == each.answer.mechanism
