"""A Questionnaire as a site has it: its questions, when they are asked, what may be answered, and what is calculated.

R4 with the extensions of Structured Data Capture that scoring needs: ordinal values, calculated expressions and
variables. Only what is read here is understood; a form with a modifier that nobody here knows is refused.
Source: HL7 FHIR R4 Questionnaire, https://hl7.org/fhir/R4/questionnaire.html, and SDC 3.0.0,
http://hl7.org/fhir/uv/sdc/STU3/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from spinecourse.errors import FhirError

Json = dict[str, Any]

CALCULATED: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
VARIABLE: Final = "http://hl7.org/fhir/StructureDefinition/variable"
ORDINAL: Final = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
OWN_CODES: Final = "urn:spinecourse:measures"
"""The system under which a form says which score (``odi``) or which of its questions (``odi_1``) an item is."""

NOT_ASKED: Final = ("group", "display")
OPERATORS: Final = ("exists", "=", "!=", ">", "<", ">=", "<=")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: its coding as the form has it, and its ordinal value, None where it has none."""

    coding: Json
    ordinal: float | None

    @property
    def code(self) -> str:
        """The code by which an answer names the option."""
        return str(self.coding.get("code", self.coding.get("display", "")))


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question is asked: what another question's answer has to be."""

    question: str
    operator: str
    answer: bool | float | str


@dataclass(frozen=True, slots=True)
class FormItem:
    """One item of a form. ``calculated`` is a FHIRPath expression; ``codes`` are pairs of system and code."""

    link_id: str
    type: str
    text: str
    repeats: bool
    options: tuple[Option, ...]
    asked_when: tuple[Condition, ...]
    any_suffices: bool
    calculated: str | None
    codes: tuple[tuple[str, str], ...]
    items: tuple[FormItem, ...]

    @property
    def is_question(self) -> bool:
        """Whether somebody is asked; groups, texts and calculated items ask nobody."""
        return self.type not in NOT_ASKED and self.calculated is None

    def own_code(self) -> str | None:
        """The score or question of ``measures/instruments`` that the form says the item is."""
        return next((code for system, code in self.codes if system == OWN_CODES), None)


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire; ``canonical`` is its url with its version, ``variables`` are names with their expressions."""

    canonical: str
    title: str
    items: tuple[FormItem, ...]
    variables: tuple[tuple[str, str], ...]

    def all_items(self) -> Iterator[FormItem]:
        """Every item, in the order of the form, groups before what they hold."""
        return _walk(self.items)

    def find(self, link_id: str) -> FormItem | None:
        """The item of this linkId."""
        return next((item for item in self.all_items() if item.link_id == link_id), None)


def _walk(items: tuple[FormItem, ...]) -> Iterator[FormItem]:
    for item in items:
        yield item
        yield from _walk(item.items)


def read_form_file(path: Path) -> Form:
    """The form of a JSON file. Raises FhirError where it is no Questionnaire that can be used."""
    return read_form(read_resource(path, "Questionnaire"))


def read_resource(path: Path, wanted: str) -> Json:
    """A resource of the type wanted. Raises FhirError where the file is not that."""
    try:
        document = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise FhirError(f"{path}: cannot be read ({type(error).__name__}); check the path") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise FhirError(f"{path}: is no JSON; fetch it again") from None
    found = document.get("resourceType") if isinstance(document, dict) else None
    if found != wanted:
        raise FhirError(f"{path}: should be a {wanted}, is {found if isinstance(found, str) else 'no resource'}")
    return dict(document)


def read_form(resource: Json) -> Form:
    """A form from a Questionnaire resource.

    Raises FhirError for a form without url, an item without linkId or type, a linkId that stands twice, a condition on
    an item that is not there, and a modifier extension.
    """
    if not resource.get("url"):
        raise FhirError("Questionnaire.url: is missing; answers have to say which form they belong to")
    version = f"|{resource['version']}" if resource.get("version") else ""
    form = Form(
        f"{resource['url']}{version}", str(resource.get("title") or resource.get("name") or resource["url"]),
        tuple(_item(item, f"Questionnaire.item[{number}]") for number, item in enumerate(resource.get("item", []))),
        tuple(_variables(resource)),
    )  # fmt: skip
    _check(form)
    return form


def _check(form: Form) -> None:
    links = [item.link_id for item in form.all_items()]
    twice = sorted({link for link in links if links.count(link) > 1})
    asked = {condition.question for item in form.all_items() for condition in item.asked_when}
    if not links:
        raise FhirError("Questionnaire.item: is missing; the form asks nothing")
    if twice:
        raise FhirError(f"Questionnaire: linkId {', '.join(twice)} stands there twice; each item needs its own")
    if asked - set(links):
        raise FhirError(f"Questionnaire: enableWhen asks for {', '.join(sorted(asked - set(links)))}, which no item is")


def _item(raw: Json, path: str) -> FormItem:
    for key in ("linkId", "type"):
        if not isinstance(raw.get(key), str) or not raw[key]:
            raise FhirError(f"{path}.{key}: is missing")
    if raw.get("modifierExtension"):
        raise FhirError(f"{path}: has a modifier extension, which may change its meaning and is not understood")
    return FormItem(
        raw["linkId"], raw["type"], str(raw.get("text", "")), bool(raw.get("repeats", False)),
        tuple(_option(option) for option in raw.get("answerOption", [])),
        tuple(_condition(found, path) for found in raw.get("enableWhen", [])), raw.get("enableBehavior") == "any",
        next(iter(_expressions(raw, CALCULATED)), (None, None))[1],
        tuple((str(code.get("system", "")), str(code.get("code", ""))) for code in raw.get("code", [])),
        tuple(_item(item, f"{path}.item[{number}]") for number, item in enumerate(raw.get("item", []))),
    )  # fmt: skip


def _option(raw: Json) -> Option:
    coding = raw.get("valueCoding")
    if not isinstance(coding, dict):
        value = next((raw[key] for key in raw if key.startswith("value")), "")
        coding = {"code": str(value)}
    return Option({key: coding[key] for key in coding if key != "extension"}, ordinal_of(raw, coding))


def ordinal_of(*elements: Json) -> float | None:
    """The ordinal value that one of these elements carries, None where none does."""
    for element in elements:
        for extension in element.get("extension", []):
            if extension.get("url") in ORDINAL and isinstance(extension.get("valueDecimal"), int | float):
                return float(extension["valueDecimal"])
    return None


def _condition(raw: Json, path: str) -> Condition:
    operator = raw.get("operator")
    value = next((raw[key] for key in raw if key.startswith("answer")), None)
    if isinstance(value, dict):
        value = value.get("code", value.get("value"))
    if (
        operator not in OPERATORS
        or not isinstance(raw.get("question"), str)
        or not isinstance(value, bool | int | float | str)
    ):
        raise FhirError(f"{path}.enableWhen: needs a question, an operator and an answer")
    return Condition(raw["question"], operator, value)


def _expressions(raw: Json, url: str) -> Iterator[tuple[str, str]]:
    for extension in raw.get("extension", []):
        expression = extension.get("valueExpression") or {}
        if extension.get("url") == url and expression.get("expression"):
            yield str(expression.get("name", "")), str(expression["expression"])


def _variables(resource: Json) -> Iterator[tuple[str, str]]:
    yield from _expressions(resource, VARIABLE)
