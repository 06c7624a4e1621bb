"""Courses drawn at random from what the rules of the pathway ask for, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from spinecourse.course import Course, Fact, Patient
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.conditions import atoms
from spinecourse.knowledge.rules import RULE_COLUMNS, rules

DENIABLE = ("symptom", "sign", "imaging", "history", "diagnosis", "event", "treatment", "test")
DAYS = (-400, -200, -120, -60, -30, -10, -1, 0, 0)
SIDED = ("symptom", "power", "sensation", "reflex", "sign")


@cache
def pool() -> tuple[tuple[str, str], ...]:
    """Kind and name of every finding that a rule about treatment asks for, and of what triage asks."""
    found: dict[tuple[str, str], None] = {}
    for table, column in RULE_COLUMNS:
        if table.startswith("pathway/") or table == "clinical/red_flags":
            for rule in rules(table, column):
                for atom in atoms(rule.condition):
                    kind = "treatment" if atom.kind == "tried" else atom.kind
                    for name in anatomy.groups("any").get((kind, atom.name), (atom.name,)):
                        if vocabulary.find(kind, name) is not None and kind != "expectation":
                            found[kind, name] = None
    return tuple(found)


def random_course(seed: int) -> Course:
    """One course of 2 to 24 facts, abnormal more often than denied."""
    draw = random.Random(seed)
    facts = [random_fact(draw, *draw.choice(pool())) for _ in range(draw.randint(2, 24))]
    age = draw.choice((None, 25, 45, 58, 68, 79))
    return Course(Patient(str(seed), age, draw.choice((None, "female", "male"))), tuple(facts))


def random_courses(number: int, seed: int) -> list[Course]:
    return [random_course(seed * 1_000_000 + place) for place in range(number)]


def random_fact(draw: random.Random, kind: str, name: str) -> Fact:
    fact = Fact(kind, name, draw.choice(DAYS))
    entry = vocabulary.find(kind, name)
    if kind in SIDED and entry is not None and entry.side == "paired":
        fact = replace(fact, side=draw.choice(("left", "right", "both", None)))
    if kind in DENIABLE and draw.random() < 0.35:
        return replace(fact, present=False)
    return replace(fact, **_properties(draw, kind, entry))


def _properties(draw: random.Random, kind: str, entry: vocabulary.Name | None) -> dict[str, object]:
    if kind == "power":
        return {"mrc": draw.choice((0.0, 2.0, 3.0, 4.0, 5.0))}
    if kind in ("sensation", "reflex"):
        return {"grade": draw.choice(("normal", "reduced", "absent"))}
    if kind == "symptom":
        return {"nrs": draw.choice((None, 2.0, 5.0, 8.0)), "trend": draw.choice((None, "worsening", "improving"))}
    if kind == "imaging":
        return {"level": draw.choice((None, "L4/5", "C5/6")), "severity": draw.choice((None, "mild", "severe"))}
    if kind == "treatment":
        return _trial(draw)
    if kind in ("test", "measure") and entry is not None and entry.unit:
        low, high = entry.lowest or 0.0, entry.highest if entry.highest is not None else 100.0
        return {"value": low + (high - low) * draw.choice((0.05, 0.3, 0.6, 0.95))}
    return {}


def _trial(draw: random.Random) -> dict[str, object]:
    day = draw.choice((-300, -120, -60, -20))
    return {
        "day": day,
        "until_day": draw.choice((None, day + 20, day + 60, 0)),
        "sessions": draw.choice((None, 1, 2, 8)),
        "response": draw.choice((None, "none", "partial", "good")),
        "relief_pct": draw.choice((None, 20.0, 80.0)),
    }


def without(course: Course, facts: Sequence[Fact]) -> Course:
    """The course with some facts taken away."""
    return replace(course, facts=tuple(fact for fact in course.facts if fact not in facts))
