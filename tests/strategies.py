"""Generated courses: facts that the vocabulary allows, as a clinic would write them, on several days."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from spinecourse.course import Course, Fact, Patient
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.rules import rule_atoms
from spinecourse.knowledge.vocabulary import Name

KINDS = (
    "symptom", "power", "sensation", "reflex", "sign", "imaging", "test", "measure", "history", "diagnosis",
    "treatment", "event",
)  # fmt: skip
DENIABLE = ("symptom", "sign", "imaging", "history", "diagnosis", "event")
SIDED = ("symptom", "power", "sensation", "reflex", "sign")
DAYS = (-400, -100, -60, -20, -10, -3, 0, 0, 0, 0)
MRC = (0, 1, 2, 3, 3.7, 4, 4.3, 4.7)
SWAPPED = {"left": "right", "right": "left"}


@cache
def _by_kind() -> dict[str, tuple[Name, ...]]:
    return {kind: tuple(name for name in vocabulary.names().values() if name.kind == kind) for kind in KINDS}


@cache
def _decisive() -> tuple[Name, ...]:
    """The names that rules ask for, members of groups included: facts that can change an answer."""
    asked = {(atom.kind, name) for atom in rule_atoms() for name in _members(atom.kind, atom.name)}
    return tuple(name for key, name in vocabulary.names().items() if key in asked and key[0] in KINDS)


def _members(kind: str, name: str) -> tuple[str, ...]:
    return anatomy.groups("any").get((kind, name), (name,))


def names() -> st.SearchStrategy[Name]:
    """A name of any kind, more often one that matters to a rule."""
    anything = st.sampled_from(KINDS).flatmap(lambda kind: st.sampled_from(_by_kind()[kind]))
    levels = st.sampled_from(("T4", "T10", "L1")).map(
        lambda level: Name("sensation", f"below {level}", "", "single", "", None, None)
    )
    return st.one_of(st.sampled_from(_decisive()), st.sampled_from(_decisive()), anything, levels)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """One fact, abnormal or denied, on one of a few days so that facts meet."""
    name = draw(names())
    fact = Fact(kind=name.kind, name=name.name, day=draw(st.sampled_from(DAYS)))
    if name.kind in SIDED and name.side == "paired":
        fact = replace(fact, side=draw(st.sampled_from(("left", "right", "both", None))))
    elif name.name.startswith("below "):
        fact = replace(fact, side=draw(st.sampled_from(("left", "right", None))))
    return draw(denied(fact)) if draw(st.booleans()) else draw(abnormal(fact, name))


def denied(fact: Fact) -> st.SearchStrategy[Fact]:
    """The fact looked for and not there; a kind that cannot be denied stays as it is."""
    if fact.kind in DENIABLE:
        return st.just(replace(fact, present=False))
    if fact.kind == "power":
        return st.just(replace(fact, mrc=5.0))
    if fact.kind in ("sensation", "reflex"):
        return st.just(replace(fact, grade="normal"))
    return abnormal(fact, vocabulary.names()[fact.kind, fact.name])


@st.composite
def abnormal(draw: st.DrawFn, fact: Fact, name: Name) -> Fact:
    """The fact with a grade, number or property that a clinic might give."""
    if fact.kind == "power":
        fact = replace(fact, mrc=float(draw(st.sampled_from(MRC))))
    elif fact.kind in ("sensation", "reflex"):
        grades = [grade for grade in vocabulary.grades(fact.kind) if grade != "normal"]
        fact = replace(fact, grade=draw(st.sampled_from(grades)))
    elif name.unit or fact.kind == "measure":
        value = draw(st.sampled_from((0.0, 0.3, 0.8, 1.0)))
        low, high = name.lowest or 0.0, 100.0 if name.highest is None else name.highest
        fact = replace(fact, value=low + value * (high - low), unit=name.unit or None)
    elif fact.kind == "treatment":
        fact = replace(fact, response=draw(st.sampled_from((None, "none", "partial", "good"))))
    elif fact.kind in ("imaging", "diagnosis"):
        fact = replace(fact, level=draw(st.sampled_from((None, "L4/5", "C5/6", "T10/11", "L1"))))
    elif fact.kind == "event":
        fact = replace(fact, severity=draw(st.sampled_from((None, "minor", "major"))))
    if fact.kind in SIDED:
        fact = replace(fact, trend=draw(st.sampled_from((None, None, "worsening", "improving"))))
    return fact


def patients() -> st.SearchStrategy[Patient]:
    ages = st.sampled_from((None, 8.0, 19.0, 33.0, 51.0, 66.0, 78.0))
    return st.builds(Patient, st.just("A1"), ages, st.sampled_from((None, "female", "male")))


def courses(most: int = 10) -> st.SearchStrategy[Course]:
    """A patient with up to ``most`` facts, numbered as a file would number them."""
    numbered = st.lists(facts(), max_size=most).map(
        lambda found: tuple(replace(fact, number=number) for number, fact in enumerate(found, 1))
    )
    return st.builds(Course, patients(), numbered)


def mirrored(course: Course) -> Course:
    """The same course with left and right exchanged."""
    swapped = (replace(fact, side=SWAPPED.get(fact.side or "", fact.side)) for fact in course.facts)
    return replace(course, facts=tuple(swapped))


def is_denial(fact: Fact) -> bool:
    """Whether the fact says that something was looked for and is not there."""
    return not fact.present or fact.mrc == 5 or (fact.kind in ("sensation", "reflex") and fact.grade == "normal")


def without(course: Course, *numbers: int) -> Course:
    """The course without the facts at these places, counted from 0."""
    return replace(course, facts=tuple(fact for at, fact in enumerate(course.facts) if at not in numbers))
