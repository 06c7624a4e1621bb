"""The answers of a QuestionnaireResponse, read against the form they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spinecourse.errors import FhirError
from spinecourse.fhir.filling import FormAnswers, Value, asked_items, values_of
from spinecourse.fhir.forms import Form, FormItem, Json, ordinal_of
from spinecourse.fhir.limits import limit

FINISHED: Final = ("completed", "amended")
_NUMBERS: Final = ("integer", "decimal", "quantity")
_CHOICES: Final = ("choice", "open-choice")


def answers_of(form: Form, response: Json) -> dict[str, Value | list[Value]]:
    """The answers by linkId; a question without an answer is not among them. Calculated items are left out.

    Raises FhirError for a response to another form or version, one that is not finished, an item that the form does
    not have, an answer of the wrong kind, and an answer to a question that was not to be asked.
    """
    _check_header(form, response)
    found: dict[str, Value | list[Value]] = {}
    for link_id, values in _collected(response.get("item", [])):
        item = form.find(link_id)
        if item is None:
            raise FhirError(f"QuestionnaireResponse: {_shown(link_id)} is no item of {form.canonical}")
        if item.is_question and values:
            found[link_id] = values if item.repeats else values[0]
    check_answers(form, found)
    return found


def _check_header(form: Form, response: Json) -> None:
    named = str(response.get("questionnaire", ""))
    url, _, version = form.canonical.partition("|")
    if named.partition("|")[0] != url or named.partition("|")[2] not in ("", version):
        raise FhirError(f"QuestionnaireResponse.questionnaire: should be {form.canonical}; give the form it answers")
    if response.get("status") not in FINISHED:
        raise FhirError(f"QuestionnaireResponse.status: should be {' or '.join(FINISHED)} before it is scored")


def _collected(items: list[Json]) -> Iterator[tuple[str, list[Value]]]:
    for item in items:
        answers = item.get("answer", [])
        yield str(item.get("linkId", "")), [value for answer in answers for value in _values(answer)]
        yield from _collected(item.get("item", []))
        for answer in answers:
            yield from _collected(answer.get("item", []))


def _values(answer: Json) -> Iterator[Value]:
    for key, value in answer.items():
        if key == "valueCoding":
            yield str(value.get("code", value.get("display", "")))
        elif key == "valueQuantity":
            yield float(value.get("value", "nan"))
        elif key.startswith("value") and isinstance(value, bool | int | float | str):
            yield value


def check_answers(form: Form, answers: FormAnswers) -> None:
    """Raises FhirError naming every linkId whose answer cannot stand; no message repeats an answer."""
    asked = asked_items(form, answers)
    wrong = [message for link_id in answers for message in _wrong(form, link_id, answers, asked)]
    if wrong:
        raise FhirError("\n".join(wrong))


def _wrong(form: Form, link_id: str, answers: FormAnswers, asked: set[str]) -> Iterator[str]:
    item = form.find(link_id)
    if item is None or not item.is_question:
        yield f"{_shown(link_id)} is no question of {form.canonical}"
        return
    if link_id not in asked:
        yield f"{_shown(link_id)} is answered although it was not to be asked"
    if len(values_of(answers, link_id)) > 1 and not item.repeats:
        yield f"{_shown(link_id)} has several answers and takes one"
    if not all(_fits(item, value) for value in values_of(answers, link_id)):
        wanted = ", ".join(option.code for option in item.options) or f"a value of type {item.type}"
        yield f"{_shown(link_id)} should be {wanted}"


def _fits(item: FormItem, value: Value) -> bool:
    if item.type in _CHOICES:
        listed = value in [option.code for option in item.options]
        return listed or (item.type == "open-choice" and isinstance(value, str)) or not item.options
    if item.type == "boolean":
        return isinstance(value, bool)
    if item.type in _NUMBERS:
        whole = item.type != "integer" or (isinstance(value, int | float) and value == int(value))
        return isinstance(value, int | float) and not isinstance(value, bool) and whole
    return isinstance(value, str)


def number_of(item: FormItem, value: Value, carried: float | None = None) -> float | None:
    """What an answer counts: the ordinal value of its option, or the one it carries itself, the number, 1 for yes.

    None where it counts nothing.
    """
    for option in item.options:
        if option.code == value and option.ordinal is not None:
            return option.ordinal
    return carried if isinstance(value, str) else float(value)


def carried_points(form: Form, response: Json) -> dict[str, float]:
    """The ordinal values that the answers themselves carry, by linkId; the first answer of each question counts.

    Raises FhirError where one differs from that of its option in the form: nobody knows which is meant.
    """
    found: dict[str, float] = {}
    for link_id, codings in _codings(response.get("item", [])):
        item, own = form.find(link_id), ordinal_of(codings[0])
        if item is None or own is None:
            continue
        listed = number_of(item, str(codings[0].get("code", "")))
        if listed is not None and listed != own:
            raise FhirError(f"{_shown(link_id)} has an answer with other points than its option in the form")
        found[link_id] = own
    return found


def _codings(items: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    for item in items:
        codings = [answer["valueCoding"] for answer in item.get("answer", []) if "valueCoding" in answer]
        if codings:
            yield str(item.get("linkId", "")), codings
        yield from _codings(item.get("item", []))
        for answer in item.get("answer", []):
            yield from _codings(answer.get("item", []))


def _shown(link_id: str) -> str:
    return f"linkId {link_id[: int(limit('shown_key_characters'))]!r}"
