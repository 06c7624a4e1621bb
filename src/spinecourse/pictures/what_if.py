"""What each unexamined finding would change: how likely a site is if it is found abnormal, and if normal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from spinecourse.course.model import Course, Fact
from spinecourse.findings.batch import build_batch
from spinecourse.knowledge.tables import by_column, load
from spinecourse.localise import Examination, explain, posterior
from spinecourse.pictures.words import plain, site_words


@dataclass(frozen=True, slots=True)
class Change:
    """One unexamined finding and the site whose probability its answer moves most: now, if abnormal, and if normal."""

    finding: str
    site: str
    now: float
    abnormal: float
    normal: float


def what_if(course: Course, examinations: Sequence[Examination]) -> list[Change]:
    """For each finding the two answers it can have, assessed as if they were known, in the order given.

    Findings that cannot be written as a fact are left out. The abnormal answer is the usual one of
    ``pictures/what_if``, such as reduced feeling. Without a likely site, or without findings, there is nothing to say.
    """
    asked = [(examination, pair) for examination in examinations if (pair := _answers(examination.finding)) is not None]
    if not asked:
        return []
    courses = [course] + [_with(course, fact) for _, pair in asked for fact in pair]
    batch = build_batch(courses)
    located = posterior(batch)
    found: list[_Located] = [
        {(site.site, site.side): site.probability for site in explain(batch, located, row, examinations=False).sites}
        for row in range(len(courses))
    ]
    if not found[0]:
        return []
    return [
        _change(_words(examination.finding), found[0], found[2 * index + 1], found[2 * index + 2])
        for index, (examination, _) in enumerate(asked)
    ]


_Located = Mapping[tuple[str, str | None], float]


def _change(finding: str, now: _Located, abnormal: _Located, normal: _Located) -> Change:
    """The site that the two answers move farthest apart; the likelier now where two move alike."""
    sites = sorted({*now, *abnormal, *normal}, key=str)
    site = max(sites, key=lambda key: (abs(abnormal.get(key, 0.0) - normal.get(key, 0.0)), now.get(key, 0.0)))
    words = site_words(site[0]) + (f", {site[1]}" if site[1] else "")
    return Change(finding, words, now.get(site, 0.0), abnormal.get(site, 0.0), normal.get(site, 0.0))


def _with(course: Course, fact: Fact) -> Course:
    """The course with one more fact, as new as the newest."""
    newest = max((known.day for known in course.facts if known.day is not None), default=0)
    return replace(course, facts=(*course.facts, replace(fact, day=newest)))


@cache
def _usual() -> dict[str, tuple[str, str]]:
    rows = by_column(load("pictures/what_if"), "kind")
    return {kind: (row["abnormal"], row["normal"]) for kind, row in rows.items()}


def _answers(finding: str) -> tuple[Fact, Fact] | None:
    """The fact of an abnormal and of a normal answer; None for a kind that the table does not have."""
    kind, _, rest = finding.partition(" ")
    name, _, side = rest.partition(" ")
    if kind not in _usual():
        return None
    plain_fact = Fact(kind, name, 0, side="left" if side == "left" else "right" if side == "right" else None)
    abnormal, normal = (_answered(plain_fact, answer) for answer in _usual()[kind])
    return abnormal, normal


def _answered(fact: Fact, answer: str) -> Fact:
    if fact.kind == "power":
        return replace(fact, mrc=float(answer))
    if fact.kind in {"reflex", "sensation"}:
        return replace(fact, grade=answer)
    return replace(fact, present=answer == "yes")


def _words(finding: str) -> str:
    kind, _, rest = finding.partition(" ")
    name, _, side = rest.partition(" ")
    words = {"sensation": "feeling", "sign": "", "symptom": ""}.get(kind, kind)
    return " ".join(part for part in (words, plain(name), side) if part)
