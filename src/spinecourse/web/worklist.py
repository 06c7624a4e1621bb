"""The worklist: one line a patient, grouped by urgency, the likeliest danger first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import urlencode

from spinecourse.assess.answer import Assessment
from spinecourse.knowledge.tables import load
from spinecourse.pictures import probability, site_words
from spinecourse.web.clinic import Seen
from spinecourse.web.words import counted, question, sentence, who

NOT_ASSESSED = "not_assessed"
"""The group of those on whose record the program failed."""


def meanings() -> dict[str, str]:
    """What each class of urgency asks for, the most urgent first."""
    return {row["urgency"]: row["meaning"] for row in load("model/urgency_classes")}


@dataclass(frozen=True, slots=True)
class Line:
    """What the worklist says of one patient; ``action`` and ``within`` are empty where no danger was raised."""

    id: str
    name: str
    who: str
    condition: str
    why: str
    action: str
    within: str
    site: str
    site_probability: str
    unasked: tuple[str, ...]
    last: str


@dataclass(frozen=True, slots=True)
class Group:
    """All patients of one urgency."""

    urgency: str
    meaning: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the worklist is shown; all of it stands in the address, so a reload keeps it.

    ``mistaken`` is what the address asked for that does not exist; it is said, and everybody shown.
    """

    urgency: str = ""
    words: str = ""
    unasked: bool = False
    mistaken: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """The filter of an address."""
        urgency, words = query.get("urgency", ""), query.get("q", "").strip()[:100]
        if urgency and urgency not in {*meanings(), NOT_ASSESSED}:
            return cls("", words, "unasked" in query, urgency)
        return cls(urgency, words, "unasked" in query)

    def address(self, **changed: object) -> str:
        """The address of this filter with something changed."""
        other = replace(self, **changed)  # type: ignore[arg-type]
        asked = {"urgency": other.urgency, "q": other.words, "unasked": "1" if other.unasked else ""}
        query = urlencode({key: value for key, value in asked.items() if value})
        return f"/?{query}" if query else "/"

    def keeps(self, line: Line) -> bool:
        """Whether a line has every word, and open questions where those are asked for."""
        text = f"{line.name} {line.id} {line.who} {line.condition} {line.why} {line.site}".casefold()
        return (line.unasked != () or not self.unasked) and all(word in text for word in self.words.casefold().split())


def shown(groups: Sequence[Group], chosen: Filter) -> list[Group]:
    """The groups that a filter leaves, each with the lines it leaves."""
    wanted = [group for group in groups if chosen.urgency in ("", group.urgency)]
    return [replace(group, lines=tuple(line for line in group.lines if chosen.keeps(line))) for group in wanted]


def groups(patients: Sequence[Seen], today: date) -> list[Group]:
    """The four groups in order; before them, where there are any, those who could not be assessed."""
    found = [
        Group(urgency, meaning, _lines((seen for seen in patients if _urgency(seen) == urgency), today))
        for urgency, meaning in meanings().items()
    ]
    failed = _lines((seen for seen in patients if seen.assessment is None), today)
    if failed:
        found.insert(0, Group(NOT_ASSESSED, "the program failed on these records: look at them yourself", failed))
    return found


def _urgency(seen: Seen) -> str | None:
    return seen.assessment.triage.urgency if seen.assessment else None


def _lines(patients: Iterable[Seen], today: date) -> tuple[Line, ...]:
    return tuple(_line(seen, today) for seen in sorted(patients, key=_likeliest_danger))


def _likeliest_danger(seen: Seen) -> tuple[float, str]:
    concerns = seen.assessment.triage.concerns if seen.assessment else []
    of_class = [item.probability or 0.0 for item in concerns if item.urgency == _urgency(seen)]
    return -max(of_class, default=0.0), seen.course.id


def _line(seen: Seen, today: date) -> Line:
    answer = seen.assessment
    sites = answer.localisation.sites if answer else []
    first = answer.triage.concerns[0] if answer and answer.triage.concerns else None
    return Line(
        seen.course.id,
        name_of(seen),
        who(seen.course.patient),
        sentence(first.condition) if first else "",
        _why(answer) if answer else "Not assessed.",
        sentence(first.action) if first else "",
        _short(first.within) if first else "",
        _site(sites[0].site, sites[0].side) if sites else "nothing to go by",
        probability(sites[0].probability) if sites else "",
        tuple(question(text) for text in unasked(answer)) if answer else (),
        last_fact(seen, today),
    )


def _why(answer: Assessment) -> str:
    """The facts behind the urgency; the danger they speak for has a place of its own."""
    first = answer.triage.concerns[0] if answer.triage.concerns else None
    said = sentence(answer.triage.why)
    before = f"{sentence(first.condition)}: " if first else ""
    return sentence(said.removeprefix(before)) if before else said


def _short(within: str) -> str:
    """The time limit itself, without the evidence that a table adds after a colon, semicolon or bracket."""
    return sentence(re.split(r"[:;(]", within)[0].strip())


def name_of(seen: Seen) -> str:
    """The patient's name, or the id where there is none."""
    return seen.entry.person.name if seen.entry.person else seen.course.id


def _site(site: str, side: str | None) -> str:
    return site_words(site) + (f", {'both sides' if side == 'both' else side}" if side else "")


def unasked(answer: Assessment) -> list[str]:
    """Everything decisive that nobody asked, each once, the most urgent concern's questions first."""
    asked = [text for concern in answer.triage.concerns for text in concern.unasked]
    asked += [text for opened in answer.triage.open for text in opened.unasked]
    return list(dict.fromkeys(asked))


def last_fact(seen: Seen, today: date) -> str:
    """How long since the newest fact: by the calendar where day 0 has a date, else by days from presentation."""
    days = [fact.day for fact in seen.course.facts if fact.day is not None]
    if not days:
        return "not known"
    if seen.entry.presented_on is None:
        return f"day {max(days)}"
    passed = (today - seen.entry.presented_on).days - max(days)
    return "today" if passed <= 0 else f"{counted(passed, 'day')} ago"
