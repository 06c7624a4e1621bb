"""Our own check-in as a FHIR Questionnaire, so that any form filler can ask it, and its answers back as facts."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from spinecourse import __version__
from spinecourse.fhir.filling import Value
from spinecourse.fhir.forms import Form
from spinecourse.fhir.responses import answers_of
from spinecourse.fhir_write.resources import Resource, with_values
from spinecourse.measures.checkin import CHECKIN_URL, CheckinItem, checkin_facts, checkin_items
from spinecourse.measures.texts import languages, text

CODES: Final = f"{CHECKIN_URL}:answers"
_TYPES: Final = {"choice": "choice", "scale": "decimal", "text": "string"}
_BOUNDS: Final = (
    ("lowest", "http://hl7.org/fhir/StructureDefinition/minValue"),
    ("highest", "http://hl7.org/fhir/StructureDefinition/maxValue"),
)


def checkin_questionnaire(language: str) -> Resource:
    """The check-in in one language as an R4 Questionnaire, with ``enableWhen`` for what depends on other answers.

    Raises NotFound for a language that it does not have.
    """
    notice = [text(key, language) for key in ("form.notice", "form.skip", "form.not_watched")]
    sections = groupby(checkin_items().values(), key=lambda item: item.section)
    reviewed = languages()[language].reviewed
    return {
        "resourceType": "Questionnaire",
        "url": CHECKIN_URL,
        "version": __version__,
        "language": language,
        "status": "active" if reviewed else "draft",
        "title": text("form.title", language),
        "description": " ".join(notice),
        "subjectType": ["Patient"],
        "item": [
            *({"linkId": f"notice.{number}", "type": "display", "text": said} for number, said in enumerate(notice, 1)),
            *(_section(name, list(items), language) for name, items in sections),
        ],
    }


def _section(name: str, items: list[CheckinItem], language: str) -> Resource:
    return {
        "linkId": f"section.{name}",
        "type": "group",
        "text": text(f"section.{name}", language),
        "item": [_question(item, language) for item in items],
    }


def _question(item: CheckinItem, language: str) -> Resource:
    ends = (
        [f"{getattr(item, end):g} = {text(f'{word}.{item.name}', language)}" for end, word in _ENDS]
        if _is_scale(item)
        else []
    )
    return with_values(
        {
            "extension": [{"url": url, "valueDecimal": getattr(item, end)} for end, url in _BOUNDS]
            if _is_scale(item)
            else [],
            "linkId": item.name,
            "type": _TYPES[item.type],
            "text": " ".join([text(f"item.{item.name}", language), *(f"({end})" for end in ends)]),
            "required": False,
            "maxLength": int(item.highest or 0) if item.type == "text" else None,
            "enableWhen": [when for condition in item.asked_when for when in _conditions(*condition)],
            "enableBehavior": _behavior(item),
            "answerOption": [_option(answer, language) for answer in item.answers],
        }
    )


_ENDS: Final = (("lowest", "low"), ("highest", "high"))


def _is_scale(item: CheckinItem) -> bool:
    return item.type == "scale"


def _behavior(item: CheckinItem) -> str | None:
    return "any" if sum(len(list(_conditions(*condition))) for condition in item.asked_when) > 1 else None


def _conditions(question: str, same: bool, wanted: str) -> list[Resource]:
    """One condition of ours in FHIR's words: *not* an answer is any of the others, so that silence does not hold."""
    item = checkin_items()[question]
    if item.type == "text":
        return [{"question": question, "operator": "exists", "answerBoolean": True}]
    answers = [wanted] if same else [answer for answer in item.answers if answer != wanted]
    return [
        {"question": question, "operator": "=", "answerCoding": {"system": CODES, "code": answer}} for answer in answers
    ]


def _option(answer: str, language: str) -> Resource:
    return {"valueCoding": {"system": CODES, "code": answer, "display": text(f"answer.{answer}", language)}}


def checkin_response_facts(form: Form, response: Resource, day: int) -> list[dict[str, object]]:
    """The facts of a filled-in check-in.

    Raises FhirError for a response that does not belong to the form, UserError for an answer outside its scale.
    """
    answers: dict[str, Value] = {}
    for link_id, value in answers_of(form, response).items():
        answers[link_id] = value[0] if isinstance(value, list) else value
    return checkin_facts(answers, day)
