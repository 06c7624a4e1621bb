"""The plain answer that a patient gets at once, in the words of the table.

It never says more than is known: a sign of danger comes first, then an open question about one, and only somebody who
answered all of them, and whose scores are followed, is told to be about where we expected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Fact
from spinecourse.measures.checkin import Answers, checkin_items, open_red_flags
from spinecourse.triage.answer import Concern
from spinecourse.web.checkin.answers import facts_of

Kind = Literal["emergency", "call", "slower", "as_expected", "unknown"]

_UNANSWERED: Final = ("no", "not_sure")
_PRESSING: Final = ("emergency", "urgent")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said: ``because`` and ``open`` are questions of the check-in, ``from_before`` a danger of the record.

    ``also`` is what the scores say where a danger or an open question has the first word; empty where unknown.
    """

    kind: Kind
    because: tuple[str, ...]
    open: tuple[str, ...]
    from_before: bool
    also: str


def reply(answers: Answers, day: int, assessment: Assessment | None) -> Reply:
    """The answer to a check-in of a day, with the assessment of the record that holds it; None where that failed."""
    concerns = assessment.triage.concerns if assessment else []
    told = told_by(answers, day, concerns, _PRESSING)
    emergency = told_by(answers, day, concerns, ("emergency",))
    flags = [name for name in dangers_told(answers) if name not in told]
    before = assessment is not None and assessment.triage.urgency in _PRESSING and not told
    left = tuple(open_red_flags(answers))
    course = _of_course(assessment)
    because = tuple(dict.fromkeys([*emergency, *told, *flags]))
    if emergency:
        return Reply("emergency", because, left, False, _also(course))
    if because or before:
        return Reply("call", because, left, before, _also(course))
    if left:
        return Reply("slower" if course == "slower" else "unknown", (), left, False, _also(course))
    return Reply(course, (), (), False, "")


def is_emergency(answers: Answers, day: int, assessment: Assessment | None) -> bool:
    """Whether what was answered so far cannot wait."""
    return bool(assessment and told_by(answers, day, assessment.triage.concerns, ("emergency",)))


def told_by(answers: Answers, day: int, concerns: Iterable[Concern], classes: Collection[str]) -> list[str]:
    """The questions whose answers speak for a concern of these classes, in the order of the questions."""
    behind = {text for concern in concerns if concern.urgency in classes for text in concern.because}
    return [name for name, facts in _by_question(answers, day) if any(fact.text in behind for fact in facts)]


def _by_question(answers: Answers, day: int) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """The facts of each question about a danger."""
    for name, item in checkin_items().items():
        if item.red_flag and name in answers:
            yield name, facts_of(answers, day, only=name)


def dangers_told(answers: Answers) -> list[str]:
    """The dangers that were answered with yes, whatever triage makes of them."""
    return [
        item.name
        for item in checkin_items().values()
        if item.red_flag and "no" in item.answers and answers.get(item.name, "no") not in _UNANSWERED
    ]


def _of_course(assessment: Assessment | None) -> Kind:
    """What following says; anything but a known course is unknown."""
    status = assessment.follow.status if assessment else "unknown"
    if status == "on_course":
        return "as_expected"
    return "slower" if status in ("slower", "off_course", "failing") else "unknown"


def _also(course: Kind) -> str:
    return {"slower": "also_slower", "as_expected": "also_expected"}.get(course, "")
