"""QuestionnaireResponse: answers by linkId, from our own table or where the linkId is a LOINC code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from spinecourse.fhir.checkin_response import checkin_drafts
from spinecourse.fhir.codes import Concept, Target, rows_of
from spinecourse.fhir.draft import Draft, Times
from spinecourse.fhir.element import Element
from spinecourse.fhir.findings import valued_draft
from spinecourse.fhir.limits import limit
from spinecourse.fhir.reading import Reading, handling_of, moment
from spinecourse.fhir.sites import Site
from spinecourse.fhir.texts import cast_side
from spinecourse.fhir.values import read_value
from spinecourse.knowledge.tables import load
from spinecourse.measures.checkin import CHECKIN_URL


def read_questionnaire_response(resource: Element, reading: Reading) -> list[Draft]:
    """The facts of a filled-in form; every question that no table knows is reported by its linkId."""
    if handling_of(reading, resource, "status", resource.text("status")) == "no":
        resource.take(*resource.value)
        return []
    form = (resource.text("questionnaire") or "").partition("|")[0]
    when = Times(moment(reading, resource, "authored"))
    if form == CHECKIN_URL:
        return checkin_drafts(resource, reading, when)
    return list(_items(reading, resource, form, when))


def _items(reading: Reading, parent: Element, form: str, when: Times) -> Iterator[Draft]:
    for found in parent.each("item"):
        item = _flat(found)
        link = item.text("linkId") or ""
        answers = item.each("answer")
        target = target_of(form, link)
        if answers and target is None:
            reading.note("code_unknown", item, "linkId", f"linkId {_shown(link)}")
        for answer in answers:
            yield from _answer(reading, _flat(answer), target, link, when)
            yield from _items(reading, answer, form, when)
        yield from _items(reading, item, form, when)


def _flat(item: Element) -> Element:
    """An item under one name however deep it is nested, so that the element table finds its parts."""
    tail = item.name.rpartition(".")[2]
    item.name = "QuestionnaireResponse.item" if tail == "item" else "QuestionnaireResponse.item.answer"
    return item


def _answer(reading: Reading, answer: Element, target: Target | None, link: str, when: Times) -> Iterator[Draft]:
    if target is None:
        answer.take(*(key for key in answer.value if key.startswith("value")))
        return
    value = read_value(reading, answer)
    if value is None:
        if not any(key.startswith("value") for key in answer.value):
            reading.note("value_missing", answer, detail=f"linkId {_shown(link)}")
        return
    concept = Concept((), None, answer.path, answer.name)
    draft = valued_draft(reading, target, concept, Site(), when, value)
    if draft is not None:
        yield replace(draft, element=answer.name)


def target_of(form: str, link: str) -> Target | None:
    """What a question asks for: by its form and linkId, by the linkId alone, or by a LOINC code in the linkId."""
    row = _own().get((form, link)) or _own().get(("*", link))
    if row is not None:
        return row
    code = link.strip("/").rpartition("/")[2]
    rows = [row for row in rows_of("LOINC", code) if row["kind"] in {"measure", "test", "history"}]
    if len(rows) != 1:
        return None
    name = rows[0]["name"] or dict(part.split(":") for part in rows[0].items_of("by_site")).get("none", "")
    return Target(rows[0]["kind"], name) if name else None


@cache
def _own() -> dict[tuple[str, str], Target]:
    return {
        (row["questionnaire"], row["link_id"]): Target(row["kind"], row["name"], cast_side(row["side"]))
        for row in load("fhir/questionnaires")
    }


def _shown(link: str) -> str:
    """A linkId for the report, cut to a bearable length."""
    return repr(link[: int(limit("shown_key_characters"))])
