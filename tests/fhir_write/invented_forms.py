"""Questionnaires as a site might have them, with no wording of anybody's: questions are numbered."""

from __future__ import annotations

from typing import Any

from spinecourse.fhir.forms import CALCULATED, ORDINAL, OWN_CODES, VARIABLE

Json = dict[str, Any]
URL = "https://site.example/Questionnaire/"


def own_code(code: str) -> list[Json]:
    return [{"system": OWN_CODES, "code": code}]


def expression(url: str, text: str, name: str = "") -> Json:
    named = {"name": name} if name else {}
    return {"url": url, "valueExpression": named | {"language": "text/fhirpath", "expression": text}}


def choice(form: str, number: int, lowest: int, highest: int) -> Json:
    """A question with an option for each point, lettered so that only the ordinal value tells the points."""
    options = [
        {
            "valueCoding": {
                "system": f"{URL}{form}/answers",
                "code": f"{form}-{number}-{'abcdefghijk'[points - lowest]}",
                "extension": [{"url": ORDINAL[0], "valueDecimal": points}],
            }
        }
        for points in range(lowest, highest + 1)
    ]
    link = f"q{number}"
    return {
        "linkId": link,
        "type": "choice",
        "text": f"Question {number}",
        "code": own_code(f"{form}_{number}"),
        "answerOption": options,
    }


def scored_form(form: str, questions: int, lowest: int, highest: int, formula: str, total: str | None = None) -> Json:
    """A form of choices in a group, with one calculated item; ``total`` is our name of the score, or none."""
    items = [choice(form, number, lowest, highest) for number in range(1, questions + 1)]
    score: Json = {
        "linkId": "total",
        "type": "decimal",
        "text": "Total",
        "readOnly": True,
        "extension": [expression(CALCULATED, formula)],
    }
    if total:
        score["code"] = own_code(total)
    return {
        "resourceType": "Questionnaire",
        "url": f"{URL}{form}",
        "version": "2",
        "status": "active",
        "item": [{"linkId": "all", "type": "group", "text": "All questions", "item": items}, score],
        "extension": [
            expression(VARIABLE, "%resource.descendants().where(linkId.startsWith('q')).answer.value", "points")
        ],
    }


def lettered(form: str, points: list[int | None], lowest: int = 0) -> dict[str, str]:
    """The answers with these points, by linkId; None is not answered."""
    return {
        f"q{number}": f"{form}-{number}-{'abcdefghijk'[found - lowest]}"
        for number, found in enumerate(points, 1)
        if found is not None
    }
