"""A filled-in check-in of our own: its answers become facts by ``measures/checkin_facts``, as they do on our pages."""

from __future__ import annotations

from collections.abc import Iterator

from spinecourse.course.model import Fact
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.element import Element
from spinecourse.fhir.limits import limit
from spinecourse.fhir.reading import Reading
from spinecourse.knowledge.vocabulary import KINDS
from spinecourse.measures.checkin import UNSURE, Answer, checkin_facts, checkin_items, wrong_answers


def checkin_drafts(resource: Element, reading: Reading, when: Times) -> list[Draft]:
    """The facts of a check-in; an answer that cannot stand, and one of *not sure*, makes none and is reported."""
    places = dict(_answered(resource, reading))
    answers = {name: answer for name, (_, answer) in places.items()}
    while wrong := wrong_answers(answers):
        for name in wrong:
            reading.note("value_unknown", places[name][0], detail=f"linkId {name}")
            del answers[name]
    for name, answer in answers.items():
        if answer == UNSURE:
            reading.note("value_absent", places[name][0], detail=f"linkId {name}: not sure")
        if checkin_items()[name].type == "text":
            reading.note("unread_text", places[name][0], detail=f"linkId {name}")
    return [
        Draft(_fact(fact, places[name][0].path), when, places[name][0].name)
        for name in answers
        for fact in checkin_facts(answers, 0, only=name)
    ]


def _answered(parent: Element, reading: Reading) -> Iterator[tuple[str, tuple[Element, Answer]]]:
    """Every answer by its question; a question that the check-in does not have is reported."""
    for item in parent.each("item"):
        item.name = "QuestionnaireResponse.item"
        name = item.text("linkId") or ""
        item.take("text")
        answers = item.each("answer")
        values = [value for answer in answers for value in _values(answer)]
        if values and name in checkin_items():
            yield name, (item, values[0])
        elif values:
            shown = repr(name[: int(limit("shown_key_characters"))])
            reading.note("code_unknown", item, "linkId", f"linkId {shown}")
        yield from _answered(item, reading)


def _values(answer: Element) -> Iterator[Answer]:
    """The code of a choice, a number or a text; whatever else is there counts as an answer that cannot stand."""
    answer.take(*answer.value)
    for key, value in answer.value.items():
        if key == "valueCoding" and isinstance(value, dict):
            yield str(value.get("code", ""))
        elif key.startswith("value"):
            yield value if isinstance(value, int | float | str) and not isinstance(value, bool) else ""


def _fact(raw: dict[str, object], path: str) -> Fact:
    kind = next(key for key in raw if key in KINDS)
    rest = {key: value for key, value in raw.items() if key not in (kind, "day")}
    return Fact(kind, str(raw[kind]), None, origin=path, **rest)  # type: ignore[arg-type]
