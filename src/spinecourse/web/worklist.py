"""The worklist: one line a patient, grouped by urgency, the likeliest danger first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from spinecourse.assess.answer import Assessment
from spinecourse.knowledge.tables import load
from spinecourse.pictures import probability, site_words
from spinecourse.web.clinic import Seen
from spinecourse.web.words import counted, question, sentence, who


def meanings() -> dict[str, str]:
    """What each class of urgency asks for, the most urgent first."""
    return {row["urgency"]: row["meaning"] for row in load("model/urgency_classes")}


@dataclass(frozen=True, slots=True)
class Line:
    """What the worklist says of one patient; ``waiting`` is in days, None where day 0 has no date."""

    id: str
    name: str
    who: str
    why: str
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


def groups(patients: Sequence[Seen], today: date) -> list[Group]:
    """The four groups in order; before them, where there are any, those who could not be assessed."""
    found = [
        Group(urgency, meaning, _lines((seen for seen in patients if _urgency(seen) == urgency), today))
        for urgency, meaning in meanings().items()
    ]
    failed = _lines((seen for seen in patients if seen.assessment is None), today)
    if failed:
        found.insert(0, Group("not_assessed", "the program failed on these records: look at them yourself", failed))
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
    return Line(
        seen.course.id,
        name_of(seen),
        who(seen.course.patient),
        sentence(answer.triage.why) if answer else "Not assessed.",
        _site(sites[0].site, sites[0].side) if sites else "nothing to go by",
        probability(sites[0].probability) if sites else "",
        tuple(question(text) for text in unasked(answer)) if answer else (),
        last_fact(seen, today),
    )


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
