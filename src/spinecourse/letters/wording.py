"""The words of the letters, from the tables that a clinician can read and correct."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.pictures import plain

Say = Callable[..., str]


def speaker(audience: str) -> Say:
    """A function that fills in the phrases for one audience: ``say("where_sure", site="...")``."""

    def say(key: str, **values: object) -> str:
        return _phrases()[(key, audience)].format(**values)

    return say


@cache
def _phrases() -> dict[tuple[str, str], str]:
    return {(row["key"], row["audience"]): row["text"] for row in load("letters/phrases")}


def to_patient(urgency: str) -> str:
    """What a class of urgency asks of the patient, in plain words."""
    return by_column(load("letters/urgency_words"), "urgency")[urgency]["to_patient"]


def plain_condition(condition: str) -> str:
    """A danger as a patient would say it; a condition that the table lacks is named by its own words."""
    row = _conditions().get(condition)
    return row["plain"] if row else plain(condition)


def plain_questions(condition: str) -> str:
    """What has to be asked about a danger, as a patient would say it."""
    row = _conditions().get(condition)
    return row["questions"] if row else plain(condition)


@cache
def _conditions() -> dict[str, Row]:
    return by_column(load("letters/plain_conditions"), "condition")


def plain_site(site: str) -> str:
    """Where it comes from, as a patient would say it; of a combination the first place."""
    group, _, part = site.partition("+")[0].partition(":")
    row = by_column(load("letters/plain_sites"), "site").get(group)
    if row is None:
        return plain(site)
    return row["wording"].format(part=plain(part), region="neck" if part.startswith("C") else "back")


def of_surgery(standing: str) -> str:
    """What the gate to surgery says, in plain words."""
    return by_column(load("letters/surgery_words"), "standing")[standing]["to_patient"]


def plain_missing(what: str) -> str:
    """Something missing before an operation, as a patient would hear it."""
    row = by_column(load("letters/plain_missing"), "what").get(what)
    return row["to_patient"] if row else plain(what)
