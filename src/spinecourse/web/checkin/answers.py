"""The answers of one check-in: read from what a form sends, kept in a draft, turned into facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from spinecourse.course import Fact, check_course
from spinecourse.errors import Conflict, NotFound, UserError
from spinecourse.measures.checkin import Answer, Answers, checkin_facts, checkin_items, wrong_answers
from spinecourse.measures.texts import languages
from spinecourse.store import CHECKIN, FORM, Draft, Entry, Store
from spinecourse.web.checkin.steps import as_text

_ANSWER: Final = "answer."
LANGUAGE: Final = "language"
FIRST_LANGUAGE: Final = "en"


@dataclass(frozen=True, slots=True)
class Checkin:
    """One check-in of one patient, on its way or sent."""

    draft: Draft
    answers: dict[str, Answer]

    @property
    def language(self) -> str:
        """The language chosen last."""
        return self.draft.content.get(LANGUAGE, FIRST_LANGUAGE)

    @property
    def patient_id(self) -> str:
        """Whose it is."""
        return self.draft.patient_id or ""


def start(store: Store, patient_id: str) -> str:
    """The id of a check-in that the patient can answer: the one still open, or a new one.

    Raises UserError where nobody knows on which date the patient's days began: an answer of today would have no day.
    """
    if store.entry(patient_id).presented_on is None:
        raise UserError(
            "a check-in needs the date of day 0 of this patient, which is not on record; enter the patient with it"
        )
    begun = [draft for draft in store.drafts(CHECKIN) if draft.patient_id == patient_id]
    return begun[0].id if begun else store.start_draft(patient_id, {FORM: CHECKIN})


def find(store: Store, id: str) -> Checkin:
    """A check-in, on its way or sent; raises NotFound for any other id."""
    draft = store.draft(id)
    if draft.content.get(FORM) != CHECKIN:
        raise NotFound("there is no check-in of this id")
    found = {name.removeprefix(_ANSWER): value for name, value in draft.content.items() if name.startswith(_ANSWER)}
    return Checkin(draft, {name: _typed(name, value) for name, value in found.items()})


def save(store: Store, checkin: Checkin, sent: Mapping[str, str]) -> Checkin:
    """Keeps what was sent, and returns the check-in with it.

    An empty answer takes one back; what cannot be an answer is left out, as is what is no longer asked. Answers that
    were not sent stay. Raises Conflict where the check-in is closed.
    """
    for _ in range(3):
        answers = merged(checkin.answers, sent)
        language = sent.get(LANGUAGE, "")
        content = {FORM: CHECKIN, LANGUAGE: language if language in languages() else checkin.language}
        content |= {f"{_ANSWER}{name}": as_text(answer) for name, answer in answers.items()}
        try:
            store.save_draft(checkin.draft.id, content, revision=checkin.draft.revision, window="")
        except Conflict:
            checkin = find(store, checkin.draft.id)
            if checkin.draft.closed_as is not None:
                raise
        else:
            break
    return find(store, checkin.draft.id)


def merged(kept: Answers, sent: Mapping[str, str]) -> dict[str, Answer]:
    """The answers after what was sent: in the order of the questions, without those that are not asked."""
    found: dict[str, Answer] = {}
    for name in checkin_items():
        written = sent[name].strip() if name in sent else as_text(kept.get(name, ""))
        if written and not wrong_answers(found | {name: _typed(name, written)}):
            found[name] = _typed(name, written)
    return found


def _typed(name: str, written: str) -> Answer:
    item = checkin_items().get(name)
    if item is None or item.type != "scale":
        return written
    try:
        return float(written)
    except ValueError:
        return written


def day_of(entry: Entry, today: date) -> int:
    """The day of today, counted from presentation; raises UserError where nobody knows when that was."""
    if entry.presented_on is None:
        raise UserError("the date of day 0 of this patient is not on record")
    return (today - entry.presented_on).days


def facts_of(answers: Answers, day: int, only: str | None = None) -> tuple[Fact, ...]:
    """The facts that the answers say, or those of one question; none for a question that was not answered."""
    raw = checkin_facts(answers, day, only)
    if not raw:
        return ()
    reading = check_course({"course": 1, "patient": {"id": "check-in"}, "facts": raw}, file="check-in")
    if reading.course is None:
        raise UserError("\n".join(str(problem) for problem in reading.problems))
    return reading.course.facts
