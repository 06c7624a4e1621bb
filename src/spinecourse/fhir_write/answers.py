"""Answers to a form as a QuestionnaireResponse, nested as the form is, with ordinal values kept."""

from __future__ import annotations

from typing import Final

from spinecourse.fhir.filling import FormAnswers, Value, asked_items, values_of
from spinecourse.fhir.forms import ORDINAL, Form, FormItem
from spinecourse.fhir.responses import check_answers
from spinecourse.fhir_write.resources import Resource, Subject, with_values

_KEYS: Final = {
    "boolean": "valueBoolean", "decimal": "valueDecimal", "integer": "valueInteger", "date": "valueDate",
    "dateTime": "valueDateTime", "time": "valueTime", "url": "valueUri",
}  # fmt: skip


def questionnaire_response(form: Form, answers: FormAnswers, subject: Subject) -> Resource:
    """A completed response of one patient at ``subject.recorded``.

    ``answers`` by linkId: a code for a choice, otherwise the value, a list where a question repeats. A question that is
    not there was not answered and gets an item without an answer; one that was not to be asked gets none.
    Raises FhirError naming every answer that the form does not allow.
    """
    check_answers(form, answers)
    asked = asked_items(form, answers)
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": form.canonical,
        "status": "completed",
        "subject": subject.reference,
        "authored": subject.recorded,
        "item": [_item(item, answers, asked) for item in form.items if item.link_id in asked],
    }


def _item(item: FormItem, answers: FormAnswers, asked: set[str]) -> Resource:
    inner = [_item(found, answers, asked) for found in item.items if found.link_id in asked]
    values = [_answer(item, value) for value in values_of(answers, item.link_id)]
    nested = item.type != "group" and inner and values
    if nested:
        values[0] = values[0] | {"item": inner}
    return with_values({"linkId": item.link_id, "text": item.text, "answer": values, "item": [] if nested else inner})


def _answer(item: FormItem, value: Value) -> Resource:
    for option in item.options:
        if option.code == value:
            extension = [{"url": ORDINAL[0], "valueDecimal": option.ordinal}] if option.ordinal is not None else []
            return {"valueCoding": with_values(option.coding | {"extension": extension})}
    if item.type == "quantity":
        return {"valueQuantity": {"value": value}}
    return {_KEYS.get(item.type, "valueString"): int(value) if item.type == "integer" else value}
