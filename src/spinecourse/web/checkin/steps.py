"""The check-in cut into short pages, with what has been answered so far."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from spinecourse.measures.checkin import Answer, Answers, CheckinItem, checkin_items
from spinecourse.measures.texts import text

_STEPS: Final = (("pain",), ("function", "sleep", "mood"), ("medication", "side_effects"), ("red_flags",), ("goal",))
"""The sections that share a page."""

LAST: Final = len(_STEPS)
NO: Final = "no"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to tap."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is shown; ``when`` has its conditions for the script, ``is_asked`` whether they hold now.

    ``short`` is what is seen of a question that goes on from the one before; empty where it stands alone.
    """

    item: CheckinItem
    words: str
    short: str
    low: str
    high: str
    options: tuple[Option, ...]
    value: str
    is_asked: bool
    when: str
    is_last_with_no: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One short page; ``number`` counts from 1."""

    number: int
    words: str
    questions: tuple[Question, ...]


def items_of(step: int) -> list[CheckinItem]:
    """The questions of a page, asked or not."""
    return [item for item in checkin_items().values() if item.section in _STEPS[step - 1]]


def steps(answers: Answers, language: str) -> list[Step]:
    """Every page in order, in one language."""
    return [
        Step(number, text(f"section.{sections[0]}", language), _questions(items_of(number), answers, language))
        for number, sections in enumerate(_STEPS, 1)
    ]


def none_of_the_others(step: int, answers: Answers) -> dict[str, Answer]:
    """*No* to every question of a page that is asked, may be answered with no, and has no answer yet."""
    return {
        item.name: NO
        for item in items_of(step)
        if NO in item.answers and item.name not in answers and item.is_asked(answers)
    }


def _questions(items: Sequence[CheckinItem], answers: Answers, language: str) -> tuple[Question, ...]:
    with_no = [item.name for item in items if NO in item.answers]
    last = with_no[-1] if len(with_no) > 1 else ""
    return tuple(_question(item, answers, language, item.name == last) for item in items)


def _question(item: CheckinItem, answers: Answers, language: str, last: bool) -> Question:
    low, high = (text(f"{end}.{item.name}", language) if item.type == "scale" else "" for end in ("low", "high"))
    written = as_text(answers.get(item.name, ""))
    return Question(
        item, text(f"item.{item.name}", language), _short(item, language), low, high,
        _options(item, written, language), written, item.is_asked(answers), json.dumps(item.asked_when), last,
    )  # fmt: skip


def _short(item: CheckinItem, language: str) -> str:
    """A worst or least pain goes on from the pain now."""
    stem, _, which = item.name.rpartition("_")
    return text(f"form.{which}", language) if which in ("worst", "least") and f"{stem}_now" in checkin_items() else ""


def _options(item: CheckinItem, written: str, language: str) -> tuple[Option, ...]:
    if item.type == "scale":
        numbers = range(int(item.lowest or 0), int(item.highest or 0) + 1)
        return tuple(Option(str(number), str(number), written == str(number)) for number in numbers)
    return tuple(Option(answer, text(f"answer.{answer}", language), written == answer) for answer in item.answers)


def as_text(answer: Answer) -> str:
    """An answer as a form writes it."""
    return answer if isinstance(answer, str) else f"{answer:g}"


def shown_now(step: int, answers: Mapping[str, Answer]) -> list[str]:
    """The questions of a page that are asked after these answers."""
    return [item.name for item in items_of(step) if item.is_asked(answers)]
