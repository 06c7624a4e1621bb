"""Scores of a filled-in form: by our tables where the form says which instrument it is, else by its own expressions.

Where both speak they have to agree; a form whose expression gives another score than the instrument's rule is a form to
be mended, and no score is given. A score that the form alone calculates is held back while a question it names is open,
because most expressions count an open question as nought.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec
import numpy as np

from spinecourse.fhir.codes import rows_of
from spinecourse.fhir.filling import FormAnswers, values_of
from spinecourse.fhir.forms import Form, FormItem
from spinecourse.fhir.responses import answers_of, carried_points, number_of
from spinecourse.fhir_write.expressions import calculated, questions_named
from spinecourse.fhir_write.resources import Resource
from spinecourse.measures import Alert, Instrument, alerts, can_be_scored, instruments, reason, score

CLOSE = 1e-6
"""Two ways to one score may differ by rounding."""


class FormScore(msgspec.Struct, frozen=True):
    """One score of one response: ``value`` is None where there is none, and ``why`` says the reason.

    ``measure`` is the name of the measure fact it becomes, None where the form names nothing that is known.
    """

    name: str
    link_id: str | None
    value: float | None
    unit: str
    answered: int
    questions: int
    prorated: bool
    why: str
    rule: str
    measure: str | None
    loinc: str | None
    alerts: list[Alert]


def form_scores(form: Form, response: Resource, variant: str | None = None) -> list[FormScore]:
    """Every score of a response, those of known instruments first.

    ``variant`` is the sex or value set on which points depend; None is *not known*, and such a score stays missing.
    Raises FhirError where the response is not one of this form, see ``answers_of``, or an expression fails.
    """
    answers = answers_of(form, response)
    by_form = calculated(form, response)
    own = list(_by_tables(form, answers, carried_points(form, response), by_form, variant))
    told = {found.link_id for found in own}
    return own + [_by_expression(form, answers, link, value) for link, value in by_form.items() if link not in told]


def _by_tables(
    form: Form,
    answers: FormAnswers,
    carried: dict[str, float],
    by_form: dict[str, float | None],
    variant: str | None,
) -> Iterator[FormScore]:
    marked = {code: item for item in form.all_items() if (code := item.own_code())}
    for chosen in instruments().values():
        questions = [marked.get(f"{chosen.form}_{number}") for number in range(1, chosen.form_items + 1)]
        known = [item for item in questions if item is not None]
        if len(known) < chosen.form_items or not can_be_scored(chosen):
            continue
        row = [_number(item, answers, carried.get(item.link_id)) for item in known]
        plain = "" if "" in chosen.variants else None
        own = variant if variant in chosen.variants else plain
        yield _scored(chosen, row, own, marked.get(chosen.name), by_form)


def _scored(
    chosen: Instrument,
    row: list[float],
    variant: str | None,
    place: FormItem | None,
    by_form: dict[str, float | None],
) -> FormScore:
    found = score(chosen.name, row, [variant])
    why, value = str(found.why[0]), float(found.value[0])
    said = reason(why) if why else ""
    other = by_form.get(place.link_id) if place else None
    if not why and other is not None and not math.isclose(other, value, abs_tol=CLOSE):
        said = "the form's expression gives another score than the rule of the instrument: mend the form"
    return FormScore(
        chosen.row["name"], place.link_id if place else None, None if said else value, chosen.row["unit"],
        int(found.answered[0]), sum(part.count for part in next(iter(chosen.variants.values()))),
        bool(found.prorated[0]), said, f"measures/instruments {chosen.name}", chosen.fact,
        chosen.row["loinc_score"] or None, alerts(chosen.name, row),
    )  # fmt: skip


def _number(item: FormItem, answers: FormAnswers, carried: float | None) -> float:
    """What the answer counts, NaN where there is none; a choice without points counts as no answer that is allowed."""
    values = values_of(answers, item.link_id)
    if not values:
        return np.nan
    counted = number_of(item, values[0], carried)
    return np.inf if counted is None else counted


def _by_expression(form: Form, answers: FormAnswers, link_id: str, value: float | None) -> FormScore:
    item = form.find(link_id)
    assert item is not None
    named = questions_named(form, link_id)
    answered = len([link for link in named if values_of(answers, link)])
    said = "" if value is not None else "the expression of the form gives nothing"
    if answered < len(named):
        said = "a question that the expression names was not answered, and it does not say what that means"
    measure, loinc = _named(item)
    return FormScore(
        item.text or link_id, link_id, None if said else value, "points", answered, len(named), False, said,
        f"expression of {form.canonical}", measure, loinc, [],
    )  # fmt: skip


def _named(item: FormItem) -> tuple[str | None, str | None]:
    """The measure and the LOINC code that the form names for an item."""
    loinc = next((code for system, code in item.codes if system == "http://loinc.org"), None)
    rows = [row for row in rows_of("LOINC", loinc) if row["kind"] == "measure" and row["name"]] if loinc else []
    return (rows[0]["name"] if len(rows) == 1 else None), loinc


def score_facts(scores: list[FormScore], day: int) -> list[Resource]:
    """The measure facts of scores, as the course format writes them; a score without value or measure makes none."""
    return [
        {"day": day, "measure": found.measure, "value": found.value}
        for found in scores
        if found.value is not None and found.measure is not None
    ]
