"""Whether a condition of the tables holds for a course: true, false, or unknown, and which fact decides.

Three-valued: a finding nobody recorded makes its atom unknown. ``not`` and ``none`` are met unless the thing is
known to be there, so that taking away a denial can never undo a warning.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, NamedTuple

from spinecourse.course.model import Course, Fact
from spinecourse.findings.catalogue import FULL_STRENGTH, GRADED, NORMAL, TRACTS
from spinecourse.findings.cells import Cell
from spinecourse.findings.current import Current
from spinecourse.findings.derived import derived_number, ended
from spinecourse.findings.trials import TRIED, tried
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.conditions import Atom, Term

COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

CELL_KEYS: Final = ("mrc", "grade")
"""Properties that belong to the cell; all others belong to any fact that said them."""


class Truth(NamedTuple):
    """True, False or None (unknown), with the facts that decide it."""

    value: bool | None
    facts: tuple[Fact, ...] = ()


UNKNOWN_TRUTH: Final = Truth(None)


class CourseView:
    """A course indexed for questions: what holds now, and everything that was ever said, by name."""

    def __init__(self, course: Course) -> None:
        self.course = course
        known = [fact for fact in course.facts if not fact.after]
        self.facts = sorted((*known, *ended(known)), key=lambda fact: fact.order)
        self.current = Current(self.facts)
        self.said: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            self.said[fact.kind, fact.name].append(fact)
        self.slots: dict[tuple[str, str], dict[str, Cell]] = defaultdict(dict)
        for (kind, name, side), cell in self.current.cells.items():
            slots = self.slots["sensation" if kind in TRACTS else kind, name]
            # A rule about feeling asks for any modality, so the most abnormal one answers.
            slots[side] = max(slots.get(side, cell), cell, key=lambda entry: entry.state)

    def names(self) -> set[tuple[str, str]]:
        """Kind and name of everything that fills a cell or carries a value."""
        return {*self.slots, *self.said}

    def truth(self, atom: Atom) -> Truth:
        """Whether the atom holds for this course."""
        if atom.kind == "patient":
            return self._patient(atom)
        if atom.kind == "derived":
            return self._derived(atom)
        if atom.kind == TRIED:
            members = _members("treatment", atom.name)
            return any_true(Truth(*tried(members, terms, self.said)) for terms in atom.alternatives)
        return any_true(self._alternative(atom, terms) for terms in atom.alternatives)

    def _patient(self, atom: Atom) -> Truth:
        patient = self.course.patient
        if atom.name == "sex":
            wanted = atom.alternatives[0][0].value
            return Truth(None if patient.sex is None else patient.sex == wanted)
        if atom.name == "age_years":
            return Truth(compare_all(patient.age_years, atom.alternatives[0]))
        return self._derived(atom)

    def _derived(self, atom: Atom) -> Truth:
        number, facts = derived_number(atom.name, self.course.patient, self.facts)
        return Truth(compare_all(number, atom.alternatives[0]), facts)

    def _alternative(self, atom: Atom, terms: tuple[Term, ...]) -> Truth:
        side = next((term.value for term in terms if term.key == "side"), None)
        rest = tuple(term for term in terms if term.key != "side")
        members = _members(atom.kind, atom.name)
        known = [name for name in members if (atom.kind, name) in self.slots or (atom.kind, name) in self.said]
        if side == "both" and len(members) > 1:
            return self._both_sides(atom.kind, known, rest)
        truths = [self._named(atom.kind, name, side, rest) for name in known]
        return any_true(truths if len(known) == len(members) else [*truths, UNKNOWN_TRUTH])

    def _both_sides(self, kind: str, names: list[str], rest: tuple[Term, ...]) -> Truth:
        """A group of findings on both sides: one member on the left and one, perhaps another, on the right."""
        sides = [
            any_true([*(self._named(kind, name, side, rest) for name in names), UNKNOWN_TRUTH])
            for side in ("left", "right")
        ]
        return all_true(sides)

    def _named(self, kind: str, name: str, side: str | None, terms: tuple[Term, ...]) -> Truth:
        slots = self.slots.get((kind, name))
        if slots is None:
            return self._valued(kind, name, terms)
        if side == "both":
            return all_true([self._slot(slots, wanted, terms) for wanted in ("left", "right")])
        if side is not None:
            return self._slot(slots, side, terms)
        wanted = _slots(kind, name)
        others = [slot for slot in slots if slot not in wanted]
        return any_true([self._slot(slots, slot, terms) for slot in (*wanted, *others)])

    def _valued(self, kind: str, name: str, terms: tuple[Term, ...]) -> Truth:
        """A test or measure that was given as a number fills no cell of its own."""
        facts = [fact for fact in self.said.get((kind, name), ()) if fact.value is not None]
        if not facts or not terms:
            return UNKNOWN_TRUTH
        newest = max(facts, key=lambda fact: (_day(fact), fact.value))
        return Truth(compare_all(newest.value, terms), (newest,))

    def _slot(self, slots: dict[str, Cell], side: str, terms: tuple[Term, ...]) -> Truth:
        cell = slots.get(side)
        if cell is None:
            return UNKNOWN_TRUTH
        if not terms:
            return Truth(cell.state != NORMAL, (cell.fact,))
        if any(term.key == "value" for term in terms):
            return self._valued(cell.kind, cell.name, terms)
        if cell.state == NORMAL and not any(term.key in CELL_KEYS for term in terms):
            return Truth(False, (cell.fact,))
        judged = [self._term(cell, term) for term in terms]
        return all_true([Truth(True, (cell.fact,)), *judged])

    def _term(self, cell: Cell, term: Term) -> Truth:
        if term.key == "mrc":
            return Truth(_mrc(cell, term), (cell.fact,))
        if term.key == "grade" and cell.kind in GRADED:
            return Truth(cell.fact.grade == term.value if cell.fact.grade else cell.state != NORMAL, (cell.fact,))
        return self._property(cell, term)

    def _property(self, cell: Cell, term: Term) -> Truth:
        """A property that the newest fact about this finding and side that mentions it decides."""
        facts = [
            fact
            for fact in self.said.get((cell.fact.kind, cell.fact.name), ())
            if getattr(fact, term.key, None) is not None
            and (fact.present or cell.kind in GRADED)
            and (cell.side == "" or fact.side in (cell.side, "both", None))
        ]
        if not facts:
            return UNKNOWN_TRUTH
        newest = max(_day(fact) for fact in facts)
        matches = [fact for fact in facts if _day(fact) == newest and _matches(getattr(fact, term.key), term)]
        return Truth(True, (matches[0],)) if matches else Truth(False, (facts[-1],))


def any_true(truths: Iterable[Truth]) -> Truth:
    """True where one is; false where all are known false; else unknown."""
    found = list(truths)
    if len(found) == 1:
        return found[0]
    held = [truth for truth in found if truth.value]
    if held:
        return Truth(True, _facts(held))
    if found and all(truth.value is False for truth in found):
        return Truth(False, _facts(found))
    return UNKNOWN_TRUTH


def all_true(truths: Iterable[Truth]) -> Truth:
    """False where one is known false; true where all are; else unknown."""
    found = list(truths)
    refuted = [truth for truth in found if truth.value is False]
    if refuted:
        return Truth(False, _facts(refuted))
    if all(truth.value for truth in found):
        return Truth(True, _facts(found))
    return UNKNOWN_TRUTH


def compare_all(number: float | None, terms: tuple[Term, ...]) -> bool | None:
    """Whether a number meets every comparison; None (unknown) where there is no number."""
    if number is None:
        return None
    return all(COMPARE[term.operator](number, float(term.value)) for term in terms)


def _facts(truths: list[Truth]) -> tuple[Fact, ...]:
    if len(truths) == 1:
        return truths[0].facts
    return tuple(dict.fromkeys(fact for truth in truths for fact in truth.facts))


def names_of(atom: Atom) -> tuple[tuple[str, str], ...]:
    """Kind and name of every finding that can decide an atom about findings."""
    kind = "treatment" if atom.kind == TRIED else atom.kind
    return tuple((kind, name) for name in _members(kind, atom.name))


@cache
def _members(kind: str, name: str) -> tuple[str, ...]:
    return anatomy.groups("any").get((kind, name), (name,))


@cache
def _slots(kind: str, name: str) -> tuple[str, ...]:
    """The slots that must all be denied before the finding counts as absent."""
    entry = vocabulary.find(kind, name)
    return ("left", "right") if entry is not None and entry.side == "paired" else ("",)


def _mrc(cell: Cell, term: Term) -> bool | None:
    """Compare a grade; weakness without a grade is below 5 and otherwise unknown."""
    if cell.state == NORMAL and cell.fact.mrc is None:
        return COMPARE[term.operator](FULL_STRENGTH, float(term.value))
    if cell.fact.mrc is None:
        return True if (term.operator, float(term.value)) == ("<", FULL_STRENGTH) else None
    return COMPARE[term.operator](cell.fact.mrc, float(term.value))


def _matches(value: object, term: Term) -> bool:
    if isinstance(value, (int, float)):
        return COMPARE[term.operator](value, float(term.value))
    if isinstance(value, tuple):
        return term.value in value
    return str(value) == term.value


def _day(fact: Fact) -> int:
    return -(10**9) if fact.day is None else fact.day
