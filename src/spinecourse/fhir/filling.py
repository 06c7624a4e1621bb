"""Which questions of a form are asked after some answers: ``enableWhen`` as R4 defines it.

A condition on a question that was not answered does not hold, except ``exists`` false; a question inside a group that
is not asked is not asked either.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Final

from spinecourse.fhir.forms import Condition, Form, FormItem

Value = bool | float | str
FormAnswers = Mapping[str, Value | list[Value]]
"""Answers by linkId: a code for a choice, otherwise the value; a list where the question may be answered repeatedly."""

_COMPARE: Final[dict[str, Callable[[Value, Value], bool]]] = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}  # fmt: skip


def values_of(answers: FormAnswers, link_id: str) -> list[Value]:
    """The answers to one question; empty where there is none."""
    found = answers.get(link_id)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def asked_items(form: Form, answers: FormAnswers) -> set[str]:
    """The linkIds of all items that are asked or shown after these answers."""
    asked: set[str] = set()
    for item in form.items:
        _ask(item, answers, asked)
    return asked


def _ask(item: FormItem, answers: FormAnswers, asked: set[str]) -> None:
    if not _holds(item, answers):
        return
    asked.add(item.link_id)
    for inner in item.items:
        _ask(inner, answers, asked)


def _holds(item: FormItem, answers: FormAnswers) -> bool:
    if not item.asked_when:
        return True
    found = [_is_met(condition, values_of(answers, condition.question)) for condition in item.asked_when]
    return any(found) if item.any_suffices else all(found)


def _is_met(condition: Condition, values: list[Value]) -> bool:
    if condition.operator == "exists":
        return bool(values) == condition.answer
    compare = _COMPARE[condition.operator]
    return any(_alike(value, condition.answer) and compare(value, condition.answer) for value in values)


def _alike(value: Value, other: Value) -> bool:
    """Whether two values may be compared: numbers with numbers, texts with texts, truths with truths."""
    if isinstance(value, bool) or isinstance(other, bool):
        return isinstance(value, bool) and isinstance(other, bool)
    return isinstance(value, str) == isinstance(other, str)
