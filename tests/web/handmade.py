"""Assessments made by hand, to show a page everything it must be able to show."""

from __future__ import annotations

from spinecourse.assess.answer import Assessment, Pathway
from spinecourse.course.model import Course
from spinecourse.follow import Follow
from spinecourse.localise.answer import Examination, Localisation, Site
from spinecourse.mechanism.answer import Mechanism
from spinecourse.triage.answer import Concern, OpenQuestion, Triage

HOSTILE = "<script>alert('x')</script><b>&\"'"


def full(course: Course) -> Assessment:
    """Every part filled; texts of the course's facts are quoted as reasons."""
    texts = [fact.text for fact in course.facts]
    concern = Concern(
        "cauda_equina_syndrome", "emergency", 0.41, texts, ["day 0 symptom fever denied"], ["symptom saddle_numbness"],
        "emergency MRI", "same day", ["Somebody 2020 https://example.org/a?b=1&c=2"], "read",
    )  # fmt: skip
    bare = Concern("malignancy", "urgent", None, [], [], [], "blood tests", "within days", [], "recalled")
    sites = [
        Site("root:L5", "left", 0.6, texts, ["day 0 sign babinski not found"], ["anatomy/muscles line 9"]),
        Site("cauda_equina", None, 0.2, [], [], []),
        Site("nerve:common_fibular", "left", 0.1, [], [], []),
        *(Site(f"root:L{number}", "right", 0.02, [], [], []) for number in range(1, 5)),
    ]
    return Assessment(
        course.id,
        Triage(
            "emergency", [concern, bare], [OpenQuestion("infection", ["symptom fever"])], texts[:1], "because of it"
        ),
        Localisation(sites, [Examination("power hip_abduction left", 0.42)], "L5 leads"),
        Mechanism(0.1, 0.85, 0.05, texts, ["symptom burning"], ["somebody"], "mostly neuropathic"),
        Pathway(None, None, [], "no pathway yet"),
        [],
        Follow("unknown", [], "no follow-up yet"),
        ["two facts contradict each other"],
        {"expectation": "no expectation yet"},
    )


def empty(course: Course) -> Assessment:
    """Nothing to say in any part."""
    return Assessment(
        course.id,
        Triage("routine", [], [], [], "no rule for a danger fired on what is known"),
        Localisation([], [], "nothing to go by"),
        Mechanism(None, None, None, [], [], [], "nothing to go by"),
        Pathway(None, None, [], "no pathway yet"),
        [],
        Follow("unknown", [], "no follow-up yet"),
        [],
        {},
    )
