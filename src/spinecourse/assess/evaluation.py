"""How well assessments meet known answers: the confusion of urgency and the hits of localisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

from msgspec import Struct

from spinecourse.assess.answer import Assessment
from spinecourse.assess.assessing import assess_courses
from spinecourse.assess.pathway_evaluation import ConditionFigures, condition_figures
from spinecourse.course import Case, Course, Patient
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.parameters import parameter
from spinecourse.triage import Urgency


class Miss(Struct, frozen=True):
    """A case that was not met: its line in the set, and what was said instead."""

    line: int
    text: str


class Evaluation(Struct, frozen=True):
    """The figures over a case set. Rates are shares from 0 to 1; NaN becomes null where nothing could be counted.

    ``confusion`` gives for every class of the answer how often each class was said. ``urgent_at_least_urgent`` is
    over answers emergency and urgent, ``calm_called_emergency`` over soon and routine. A cord segment within
    ``localise_cord_window`` of an answer counts as right; of several answers any one does.
    """

    cases: int
    confusion: dict[str, dict[str, int]]
    emergency_found: float
    urgent_at_least_urgent: float
    calm_called_emergency: float
    site_first: float
    site_first_three: float
    side_right: float
    brier_first: float
    misses: list[Miss]
    conditions: ConditionFigures


def evaluate(cases: Sequence[Case], *, with_later_facts: bool = False) -> Evaluation:
    """Assess the cases and compare. The reasoners see neither the case's id nor the patient's."""
    courses = [_anonymous(case.course, line, with_later_facts) for line, case in enumerate(cases, 1)]
    assessed = list(zip(cases, assess_courses(courses), strict=True))
    confusion = _confusion(assessed)
    firsts = [_hit(assessment, case.gold, 1) for case, assessment in assessed]
    return Evaluation(
        cases=len(cases),
        confusion=confusion,
        emergency_found=_share(confusion, ("emergency",), ("emergency",)),
        urgent_at_least_urgent=_share(confusion, ("emergency", "urgent"), ("emergency", "urgent")),
        calm_called_emergency=_share(confusion, ("soon", "routine"), ("emergency",)),
        site_first=_mean(firsts),
        site_first_three=_mean([_hit(assessment, case.gold, 3) for case, assessment in assessed]),
        side_right=_side_right(assessed),
        brier_first=_mean([(_first(a) - hit) ** 2 for (_, a), hit in zip(assessed, firsts, strict=True)]),
        misses=_misses(assessed),
        conditions=condition_figures([case.gold for case in cases], [answer.pathway for _, answer in assessed]),
    )


def _anonymous(course: Course, line: int, with_later_facts: bool) -> Course:
    facts = tuple(replace(fact, after=False) for fact in course.facts if with_later_facts or not fact.after)
    patient = course.patient
    return Course(Patient(str(line), patient.age_years, patient.sex), facts)


def _confusion(assessed: Sequence[tuple[Case, Assessment]]) -> dict[str, dict[str, int]]:
    names = get_args(Urgency)
    counts = {gold: dict.fromkeys(names, 0) for gold in names}
    for case, assessment in assessed:
        counts[str(case.gold["urgency"])][assessment.triage.urgency] += 1
    return counts


def _share(confusion: Mapping[str, Mapping[str, int]], gold: Sequence[str], said: Sequence[str]) -> float:
    every = sum(count for name in gold for count in confusion[name].values())
    met = sum(confusion[name][other] for name in gold for other in said)
    return met / every if every else float("nan")


def _hit(assessment: Assessment, gold: Mapping[str, object], most: int) -> bool:
    answers = _answers(gold)
    return any(same_site(site.site, answer) for site in assessment.localisation.sites[:most] for answer in answers)


def _answers(gold: Mapping[str, object]) -> list[str]:
    sites = gold.get("sites") or []
    return [str(site) for site in sites] if isinstance(sites, list) else []


def same_site(said: str, answer: str) -> bool:
    """Whether a site that was said meets an answer; cord segments within ``localise_cord_window`` do."""
    if said == answer:
        return True
    segments = anatomy.segments()
    said_kind, _, said_level = said.partition(":")
    kind, _, level = answer.partition(":")
    if (said_kind, kind) != ("cord", "cord") or level not in segments:
        return False
    return abs(segments.index(said_level) - segments.index(level)) <= parameter("localise_cord_window")


def _side_right(assessed: Sequence[tuple[Case, Assessment]]) -> float:
    """Among cases whose first site is right and whose answer is left or right, the share on the right side."""
    judged = [
        assessment.localisation.sites[0].side == case.gold.get("side")
        for case, assessment in assessed
        if _hit(assessment, case.gold, 1) and case.gold.get("side") in ("left", "right")
    ]
    return _mean(judged)


def _first(assessment: Assessment) -> float:
    sites = assessment.localisation.sites
    return sites[0].probability if sites else 0.0


def _mean(values: Sequence[float | bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _misses(assessed: Sequence[tuple[Case, Assessment]]) -> list[Miss]:
    found = []
    for line, (case, assessment) in enumerate(assessed, 1):
        texts = []
        if assessment.triage.urgency != case.gold["urgency"]:
            texts.append(f"{case.gold['urgency']} was called {assessment.triage.urgency}")
        if not _hit(assessment, case.gold, 1):
            said = assessment.localisation.sites[0].site if assessment.localisation.sites else "no site"
            texts.append(f"{', '.join(_answers(case.gold))} was called {said}")
        if texts:
            found.append(Miss(line, "; ".join(texts)))
    return found
