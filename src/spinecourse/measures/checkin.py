"""Our own short check-in: what is asked when, and which facts of a course the answers become.

Tables: ``measures/checkin_items`` (the questions), ``measures/checkin_facts`` (what each answer says),
``measures/checkin_words`` (trend and response) and, in ``checkin_texts``, the words. It is no licensed instrument and
has no score. A question that was skipped, and one answered with *not sure*, makes no fact: it stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spinecourse.errors import Problem, UserError
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.tables import Row, load

Answer = str | float
Answers = Mapping[str, Answer]
Json = dict[str, object]

CHECKIN_URL = "urn:spinecourse:check-in"
"""The address of the check-in as a form."""

ANY = "*"
UNSURE = "not_sure"


@dataclass(frozen=True, slots=True)
class CheckinItem:
    """One question: ``answers`` are the codes of a choice, empty for a scale and for free text.

    ``lowest`` and ``highest`` are the ends of a scale, or how many characters a text may have; None for a choice.
    It is asked when any of ``asked_when`` holds (item, whether the answer has to be or not to be, answer), always where
    there is none.
    """

    name: str
    section: str
    type: str
    answers: tuple[str, ...]
    lowest: float | None
    highest: float | None
    asked_when: tuple[tuple[str, bool, str], ...]
    red_flag: bool

    def is_asked(self, answers: Answers) -> bool:
        """Whether the question is asked after these answers; a condition on an open question does not hold."""
        return not self.asked_when or any(
            item in answers and (answers[item] == wanted) == same for item, same, wanted in self.asked_when
        )


def _conditions(text: str) -> Iterator[tuple[str, bool, str]]:
    for part in filter(None, text.split(" or ")):
        item, sign, wanted = part.partition("!=") if "!=" in part else part.partition("=")
        yield item, sign == "=", wanted


@cache
def checkin_items() -> dict[str, CheckinItem]:
    """The questions by name, in the order in which they are asked."""
    return {
        row["item"]: CheckinItem(
            row["item"], row["section"], row["type"], row.items_of("answers"), row.number("lowest"),
            row.number("highest"), tuple(_conditions(row["asked_when"])), row["red_flag"] == "yes",
        )
        for row in load("measures/checkin_items")
    }  # fmt: skip


@cache
def _facts() -> dict[tuple[str, str], Row]:
    return {(row["item"], row["answer"]): row for row in load("measures/checkin_facts")}


@cache
def _words() -> dict[tuple[str, str], str]:
    return {(row["role"], row["answer"]): row["value"] for row in load("measures/checkin_words")}


def asked(answers: Answers) -> list[CheckinItem]:
    """The questions to be asked after these answers, those answered among them."""
    return [item for item in checkin_items().values() if item.is_asked(answers)]


def open_red_flags(answers: Answers) -> list[str]:
    """The questions of danger that were skipped or answered with *not sure*: a person has to ask them."""
    return [item.name for item in asked(answers) if item.red_flag and answers.get(item.name, UNSURE) == UNSURE]


def contradictions(answers: Answers) -> list[str]:
    """Pains now that lie above the worst or below the least of the week, by item: ask again, and change nothing."""
    found = []
    for name in checkin_items():
        stem, _, which = name.rpartition("_")
        now, bound = answers.get(f"{stem}_now"), answers.get(name)
        if not isinstance(now, int | float) or not isinstance(bound, int | float):
            continue
        if (which == "worst" and now > bound) or (which == "least" and now < bound):
            found.append(name)
    return found


def wrong_answers(answers: Answers) -> dict[str, str]:
    """What is wrong with answers, by item: no such question, not to be asked, or an answer it does not allow."""
    found = {name: "; ".join(_wrong(name, answer, answers)) for name, answer in answers.items()}
    return {name: said for name, said in found.items() if said}


def checkin_facts(answers: Answers, day: int, only: str | None = None) -> list[Json]:
    """The facts of a check-in, as the course format writes them, in the order of the questions.

    ``answers`` by item name: a code for a choice, a number for a scale, text for the goal; a question that is not there
    was not answered and makes no fact. ``day`` is counted from presentation. ``only`` gives the facts of one question.
    Raises UserError naming every item that does not exist, was not to be asked, or has an answer it does not allow;
    the message never repeats what somebody wrote.
    """
    wrong = wrong_answers(answers)
    if wrong:
        raise UserError("\n".join(str(Problem("check-in", None, None, said)) for said in wrong.values()))
    found = (_fact(name, answers, day) for name in checkin_items() if name in answers and only in (None, name))
    return [fact for fact in found if fact is not None]


def _wrong(name: str, answer: Answer, answers: Answers) -> Iterator[str]:
    item = checkin_items().get(name)
    if item is None:
        like = vocabulary.most_like(name, frozenset(checkin_items()))
        yield f"{name[:40]!r} is no question" + (f"; did you mean {like}?" if like else "")
        return
    if not item.is_asked(answers):
        yield f"{name} is answered although it was not to be asked: take the answer out, or ask what comes before it"
    low, high = item.lowest or 0.0, item.highest or 0.0
    if item.type == "choice" and answer not in item.answers:
        yield f"{name} should be {', '.join(item.answers)}"
    elif item.type == "scale" and not _on_scale(answer, low, high):
        yield f"{name} should be a number from {low:g} to {high:g}"
    elif item.type == "text" and not (isinstance(answer, str) and answer.strip() and len(answer) <= high):
        yield f"{name} should be text of at most {high:g} characters; leave it out where there is none"


def _on_scale(answer: Answer, low: float, high: float) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and low <= answer <= high


def _fact(name: str, answers: Answers, day: int) -> Json | None:
    """The fact that one answer makes, None where it makes none."""
    answer = answers[name]
    row = _facts().get((name, str(answer))) or _facts()[(name, ANY)]
    if row["kind"] == "none":
        return None
    fact: Json = {"day": day, row["kind"]: row["name"]}
    if row["kind"] == "measure":
        fact["value"] = answer
    fact |= {key: row[key] for key in ("side", "severity") if row[key]}
    if row["present"] == "false":
        fact["present"] = False
    for key, item in (("trend", row["trend_from"]), ("response", _response_item(row))):
        if item in answers:
            fact[key] = _words()[key, str(answers[item])]
    return fact


def _response_item(row: Row) -> str:
    """The question whose answer is the response to a treatment."""
    return f"{row['item']}_help" if row["kind"] == "treatment" else ""
