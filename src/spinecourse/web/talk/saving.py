"""From the form of the talk to facts, through the same strict reading as every course file.

An empty field makes no fact. A field that cannot be read makes a problem that names it, and then nothing is entered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from spinecourse.course import Course, Fact, check_course
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import load
from spinecourse.web.typed import number

ROWS: Final = (1, 2, 3)
"""Rows of the form for hopes and for decisions; a further talk has room for more."""
OWN_GOAL: Final = "own_goal"
HELD: Final = "expectations_discussed"
LONGEST: Final = 300
"""Characters of what somebody said; longer text is refused and not cut, so that nothing is lost unseen."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that cannot be read; the message follows the field's words in a sentence."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What the form says: facts to be entered, why they are, and what could not be read."""

    facts: tuple[Fact, ...]
    why: str
    wrong: tuple[Wrong, ...]


def read_talk(fields: Mapping[str, str], course: Course, presented_on: date | None, today: date) -> Talk:
    """The facts of one talk, the talk itself first.

    What is on record in the same words is not entered again. A talk without any hope in numbers, here or on record, is
    refused: the gate to surgery relies on its having been about one.
    """
    wrong: list[Wrong] = []
    day = _day(fields, presented_on, today, wrong)
    raw = [("held", {"day": day, "event": HELD}), *_raw(fields, day, wrong)]
    facts = [fact for field, told in raw for fact in _checked(field, told, today, wrong)]
    new = [fact for fact in facts if fact.kind != "expectation" or not _stands(fact, course)]
    wrong += _unfit([*course.facts, *new], new)
    why = _why(fields, wrong)
    return Talk(tuple(new), why, tuple(wrong))


def _day(fields: Mapping[str, str], presented_on: date | None, today: date, wrong: list[Wrong]) -> int:
    """The day of the talk counted from presentation."""
    if presented_on is None:
        given = number(fields.get("day", "").strip())
        if isinstance(given, int):
            return given
        wrong.append(Wrong("day", "should be the day of this talk counted from presentation, a whole number"))
        return 0
    try:
        held = date.fromisoformat(fields.get("held_on", "") or today.isoformat())
    except ValueError:
        wrong.append(Wrong("held_on", "should be a date such as 2026-03-01"))
        return 0
    if held > today:
        wrong.append(Wrong("held_on", f"lies in the future (today is {today})"))
    return (held - presented_on).days


def _raw(fields: Mapping[str, str], day: int, wrong: list[Wrong]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every fact as a course file would write it, with the field it came from."""
    for row in ROWS:
        yield from _hope(fields, f"hope.{row}", day, wrong)
    for known in load("talk/values"):
        if fields.get(f"goal.{known['goal']}"):
            yield "goals", {"day": day, "goal": known["goal"]}
    for row in ROWS:
        yield from _decision(fields, f"decision.{row}", day, wrong)


def _hope(fields: Mapping[str, str], row: str, day: int, wrong: list[Wrong]) -> Iterator[tuple[str, dict[str, Any]]]:
    told = {key: fields.get(f"{row}.{key}", "").strip() for key in ("measure", "value", "months")}
    if not told["measure"] and not told["value"]:
        return
    if not all(told.values()):
        wrong.append(Wrong(row, "needs all three: what is hoped for, how much, and in how many months"))
        return
    about = fields.get(f"{row}.treatment", "") or OWN_GOAL
    values = {"value": number(told["value"]), "months": number(told["months"])}
    yield row, {"day": day, "expectation": about, "measure": told["measure"], **values}


def _decision(
    fields: Mapping[str, str], row: str, day: int, wrong: list[Wrong]
) -> Iterator[tuple[str, dict[str, Any]]]:
    treatment, choice = fields.get(f"{row}.treatment", ""), fields.get(f"{row}.choice", "")
    if not treatment and not choice:
        return
    if not (treatment and choice):
        wrong.append(Wrong(row, "needs both: about what, and what was decided"))
        return
    yield row, {"day": day, "decision": treatment, "choice": choice}


def _checked(field: str, told: dict[str, Any], today: date, wrong: list[Wrong]) -> Iterator[Fact]:
    """The fact, where the strict reader accepts it; else what it says is a problem of the field."""
    reading = check_course({"course": 1, "patient": {"id": "form"}, "facts": [told]}, file="form", today=today)
    wrong += [Wrong(field, problem.message) for problem in reading.problems]
    if reading.course is not None:
        yield replace(reading.course.facts[0], number=0, line=None)


def _stands(hope: Fact, course: Course) -> bool:
    """Whether the newest hope on record for the same treatment and measure says the same."""
    same = [fact for fact in course.facts if (fact.kind, fact.name, fact.measure) == _about(hope)]
    newest = max(same, key=lambda fact: fact.order, default=None)
    return newest is not None and (newest.value, newest.months) == (hope.value, hope.months)


def _about(hope: Fact) -> tuple[str, str, str | None]:
    return hope.kind, hope.name, hope.measure


def _unfit(known: list[Fact], new: list[Fact]) -> Iterator[Wrong]:
    """What is wrong with the talk as a whole."""
    if not any(fact.kind == "expectation" and fact.value is not None for fact in known):
        yield Wrong("hope.1", "is needed: a talk about what is realistic has at least one hope in numbers")
    most = int(parameter("talk_most_goals"))
    if sum(fact.kind == "goal" for fact in new) > most:
        yield Wrong("goals", f"are more than {most}: choose the {most} that matter most")
    decided = [fact.name for fact in new if fact.kind == "decision"]
    if len(decided) != len(set(decided)):
        yield Wrong("decision.1", "is about the same treatment twice: keep one")


def _why(fields: Mapping[str, str], wrong: list[Wrong]) -> str:
    """What the entry is signed with: what the patient said and the reasons, which stand nowhere else."""
    said = ["talk before the decision"]
    for field, label in (("said", "in the patient's words"), ("reasons", "reasons")):
        text = " ".join(fields.get(field, "").split())
        if len(text) > LONGEST:
            wrong.append(Wrong(field, f"is longer than {LONGEST} characters ({len(text)}): shorten it"))
        if text:
            said.append(f"{label}: {text}")
    return "; ".join(said)
