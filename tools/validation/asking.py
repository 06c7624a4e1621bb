"""Does the proposed order of examination solve a case with fewer findings than a textbook's?

A case starts with everything but its examination. The findings that its report holds are then revealed one by one:
in the order of expected information, worked out anew after each, or in the order in which a neurological examination
is written up. The case is solved when the right site stands first and stays first to the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from spinecourse.assess.evaluation import same_site
from spinecourse.course import Case, Course, Fact
from spinecourse.findings import Column, build_batch, catalogue
from spinecourse.findings.cells import cells_of
from spinecourse.localise import posterior
from spinecourse.localise.information import expected_gains
from spinecourse.localise.likelihood import likelihood
from spinecourse.localise.ranking import rank_sites

TEXTBOOK: Final = ("power", "reflex", "sensation", "sign")
"""The order of a written-up neurological examination; within a kind that of the report."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Findings needed to solve one case in each order, of those its report holds."""

    held: int
    proposed: int
    textbook: int


def compare(case: Case) -> Asked | None:
    """The findings needed in both orders; None where the case is not solved even with all of them."""
    facts = [fact for fact in case.course.facts if not fact.after]
    findings = [fact for fact in facts if fact.kind in TEXTBOOK]
    known = [fact for fact in facts if fact.kind not in TEXTBOOK]
    if not findings:
        return None
    textbook = sorted(findings, key=lambda fact: TEXTBOOK.index(fact.kind))
    answers = [str(site) for site in _answers(case)]
    by_book = _needed(case.course, known, textbook, answers)
    by_gain = _needed(case.course, known, _proposed(case.course, known, findings), answers)
    return None if by_book is None or by_gain is None else Asked(len(findings), by_gain, by_book)


def _answers(case: Case) -> Sequence[object]:
    sites = case.gold.get("sites")
    return sites if isinstance(sites, list) else []


def _proposed(course: Course, known: Sequence[Fact], findings: Sequence[Fact]) -> list[Fact]:
    """The findings in the order of expected information, worked out anew after each."""
    order: list[Fact] = []
    left = list(findings)
    while left:
        batch = build_batch([replace(course, facts=(*known, *order))])
        probabilities = posterior(batch)[0]
        gains = [max(expected_gains(columns, probabilities), default=0.0) for columns in map(_columns, left)]
        order.append(left.pop(max(range(len(left)), key=lambda number: gains[number])))
    return order


def _columns(fact: Fact) -> tuple[Column, ...]:
    """The columns of the model that a finding would fill, whatever it turns out to be."""
    keys = [(cell.kind, cell.name, cell.side) for cell in cells_of(fact)]
    found = [catalogue()[key] for key in keys if key in catalogue()]
    return tuple(column for column in found if likelihood().first[column.number] >= 0)


def _needed(course: Course, known: Sequence[Fact], order: Sequence[Fact], answers: Sequence[str]) -> int | None:
    """How many findings it takes until the right site is first and stays first; None where it is not in the end."""
    needed: int | None = None
    for count in range(len(order) + 1):
        batch = build_batch([replace(course, facts=(*known, *order[:count]))])
        ranked = rank_sites(posterior(batch)[0])
        right = bool(ranked) and any(same_site(ranked[0].site, answer) for answer in answers)
        needed = (count if needed is None else needed) if right else None
    return needed
