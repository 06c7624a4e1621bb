"""Calculated items of a form: their FHIRPath expressions evaluated on a response.

Needs the extra ``forms`` (fhirpathpy). ``ordinal()`` and ``weight()`` of Structured Data Capture are added: the ordinal
value that an answer carries, or that its option has in the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from spinecourse.errors import FhirError, UserError
from spinecourse.fhir.forms import Form, ordinal_of
from spinecourse.fhir_write.resources import Resource

_LINK = re.compile(r"linkId\s*(?:=|in)\s*\(?\s*((?:'[^']*'[\s|]*)+)")


def calculated(form: Form, response: Resource) -> dict[str, float | None]:
    """The value of each calculated item by linkId, None where its expression gives nothing.

    Raises FhirError naming the item whose expression cannot be evaluated or gives no single number, UserError where
    the extra is not installed.
    """
    wanted = [item for item in form.all_items() if item.calculated]
    if not wanted:
        return {}
    evaluate = _evaluator(form)
    known: dict[str, Any] = {"resource": response}
    for name, expression in form.variables:
        known[name] = evaluate(response, expression, known, f"variable {name}")
    return {
        item.link_id: _number(evaluate(response, item.calculated or "", known, f"item {item.link_id}"), item.link_id)
        for item in wanted
    }


def questions_named(form: Form, link_id: str) -> set[str]:
    """The questions that the expression of a calculated item names; all with points where it names none."""
    item = form.find(link_id)
    text = " ".join([(item.calculated or "") if item else "", *(expression for _, expression in form.variables)])
    named = {link for match in _LINK.finditer(text) for link in re.findall(r"'([^']*)'", match[1])}
    questions = {found.link_id for found in form.all_items() if found.is_question}
    counted = {
        found.link_id for found in form.all_items() if any(option.ordinal is not None for option in found.options)
    }
    return (named & questions) or counted or questions


def _evaluator(form: Form) -> Callable[[Resource, str, dict[str, Any], str], list[Any]]:
    try:
        import fhirpathpy
        from fhirpathpy.models import models
    except ImportError:
        raise UserError("calculated items need the extra forms: pip install 'spinecourse[forms]'") from None
    points = partial(_points, _ordinals(form))
    own = {"fn": points, "arity": {0: []}}
    options = {"userInvocationTable": {"ordinal": own, "weight": own, "sum": {"fn": _sum, "arity": {0: []}}}}

    def evaluate(response: Resource, expression: str, known: dict[str, Any], place: str) -> list[Any]:
        try:
            return list(fhirpathpy.evaluate(response, expression, known, models["r4"], options))
        except Exception as error:
            # The library raises whatever its parser and functions raise; the form is at fault, not the program.
            raise FhirError(f"{form.canonical}: the expression of {place} fails ({type(error).__name__})") from None

    return evaluate


def _ordinals(form: Form) -> dict[str, float]:
    options = (option for item in form.all_items() for option in item.options)
    return {option.code: option.ordinal for option in options if option.ordinal is not None}


def _points(by_code: dict[str, float], codings: list[Any]) -> list[float]:
    """The ordinal value of each coding: its own, or by its code in the form; other values count as they are."""
    found: list[float] = []
    for coding in codings:
        if not isinstance(coding, dict):
            found.append(coding)
            continue
        own = ordinal_of(coding)
        value = by_code.get(str(coding.get("code"))) if own is None else own
        found += [] if value is None else [value]
    return found


def _sum(values: list[Any]) -> list[Any]:
    return [sum(values)] if values else []


def _number(found: list[Any], link_id: str) -> float | None:
    if not found:
        return None
    try:
        (value,) = (float(value) for value in found)
    except (TypeError, ValueError):
        raise FhirError(f"the expression of item {link_id} should give one number") from None
    return value
