"""Reading a FHIR R4 document into courses and an import report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from spinecourse.course.model import Course
from spinecourse.fhir.condition import read_condition
from spinecourse.fhir.diagnostic_report import read_diagnostic_report
from spinecourse.fhir.draft import Chart, Draft, course_of
from spinecourse.fhir.element import Element, Json, StructureFault
from spinecourse.fhir.entries import Item
from spinecourse.fhir.index import Known
from spinecourse.fhir.medication import read_medication_request, read_medication_statement
from spinecourse.fhir.observation import read_observation
from spinecourse.fhir.patient import empty_chart, fill_chart
from spinecourse.fhir.procedure import read_procedure, read_service_request
from spinecourse.fhir.questionnaire import read_questionnaire_response
from spinecourse.fhir.reading import Reading
from spinecourse.fhir.releases import mark_of
from spinecourse.fhir.report import ImportReport, ReportBuilder
from spinecourse.fhir.source import Source, open_source
from spinecourse.fhir.survey import Survey, blocked, survey
from spinecourse.knowledge.tables import load

Reader = Callable[[Element, Reading], list[Draft]]

READERS: Final[Mapping[str, Reader]] = {
    "Condition": read_condition,
    "DiagnosticReport": read_diagnostic_report,
    "MedicationRequest": read_medication_request,
    "MedicationStatement": read_medication_statement,
    "Observation": read_observation,
    "Procedure": read_procedure,
    "QuestionnaireResponse": read_questionnaire_response,
    "ServiceRequest": read_service_request,
}
"""The resources that make facts, by type."""


@dataclass(frozen=True, slots=True)
class FhirImport:
    """What a document came to: one course for each patient, in the order of the document, and the report."""

    courses: tuple[Course, ...]
    report: ImportReport


@dataclass(slots=True)
class _Pass:
    """The second pass: charts by patient number, facts in the making by the same."""

    found: Survey
    report: ReportBuilder
    reading: Reading
    charts: dict[int, Chart] = field(default_factory=dict)
    drafts: dict[int, list[Draft]] = field(default_factory=dict)
    medications: dict[int, str] = field(default_factory=dict)


def is_fhir(document: object) -> bool:
    """Whether a decoded JSON value is a FHIR resource: an object that names its resourceType."""
    return isinstance(document, Mapping) and isinstance(document.get("resourceType"), str)


def read_fhir(path: Path, *, today: date | None = None) -> FhirImport:
    """Read a FHIR R4 Bundle, a single resource, an NDJSON file or a folder of NDJSON files.

    ``today`` is the day after which a date lies in the future; the present day unless given. A resource that
    cannot be read is set aside and reported, the rest is read. What the source leaves out stays unknown.
    Raises FhirError where the document as a whole cannot be read: not there, empty, too large, not UTF-8, not
    JSON, not FHIR, of another release, or with different patients under one id.
    """
    source = open_source(path)
    found = survey(source, frozenset(READERS))
    report = ReportBuilder()
    today = today or date.today()
    state = _Pass(found, report, Reading(report, found.index, today))
    _second_pass(state, source)
    courses = _courses(state, today, source)
    return FhirImport(courses, report.build(len(courses), sum(len(course.facts) for course in courses)))


def _second_pass(state: _Pass, source: Source) -> None:
    number = 0
    for item in source:
        if item.problem is not None:
            code, element, detail = item.problem
            state.report.note(code, item.path, element, detail)
        elif item.deletes is not None:
            state.report.note("deleted", item.path, "Bundle.entry.request")
        elif item.frame is not None:
            item.frame.report_rest(state.report)
        elif item.resource is not None:
            number += 1
            _resource(state, item, item.resource, number)


def _courses(state: _Pass, today: date, source: Source) -> tuple[Course, ...]:
    for number, path in state.medications.items():
        if number not in state.found.index.used:
            state.report.note("resource_not_used", path, "Medication", "no resource refers to it")
    if not state.charts:
        state.report.note("no_patient", Path(source.file).name, "Patient")
    for number in state.drafts.keys() - state.charts.keys():
        for draft in state.drafts[number]:
            state.report.note("patient_set_aside", *draft.place)
    _tell_apart(state.charts)
    courses = []
    for number, chart in state.charts.items():
        chart.drafts = state.drafts.get(number, [])
        courses.append(course_of(chart, today, state.report))
    return tuple(courses)


def _tell_apart(charts: dict[int, Chart]) -> None:
    """Give patients of different servers that share an id one that differs."""
    seen: set[str] = set()
    for chart in charts.values():
        if chart.id in seen:
            chart.id = f"{chart.id} ({chart.path})"
        seen.add(chart.id)


def _resource(state: _Pass, item: Item, resource: Json, number: int) -> None:
    kind = str(resource["resourceType"])
    element = Element.resource(resource, item.path)
    state.report.resources[kind] += 1
    verdict = state.found.verdicts.get(number)
    if verdict is not None:
        state.report.note(verdict, element.path, kind)
    if verdict in {"older_version", "duplicate"} or not _admissible(state, element, kind):
        return
    try:
        _dispatch(state, item, element, kind, number)
    except StructureFault as fault:
        state.report.note("structure", fault.path, fault.element, f"should be {fault.wanted}")
        if not fault.path.startswith(element.path):
            state.report.note("structure", element.path, kind, f"by way of {fault.element}")


def _admissible(state: _Pass, element: Element, kind: str) -> bool:
    """Whether a resource may be read at all; if not, the report says why."""
    if f"{kind}/{element.value.get('id')}" in state.found.deleted:
        state.report.note("deleted", element.path, kind)
        return False
    block = blocked(element.value, element.path)
    if block is not None:
        state.report.note(block[0], block[1], kind)
        return False
    mark = mark_of(element.value) if kind in READERS or kind == "Patient" else None
    if mark is not None:
        state.report.note("other_release", element.path, kind, f"{mark.release}, {mark.element}: {mark.why}")
    return mark is None


def _dispatch(state: _Pass, item: Item, element: Element, kind: str, number: int) -> None:
    if kind == "Patient":
        identity = element.value.get("id")
        known = Known(number, kind, identity if isinstance(identity, str) else None, item.full_url, element.path)
        chart = state.charts[state.found.patients[number]] = empty_chart(element, known, state.report)
        fill_chart(chart, element, state.report)
        _finish(state, element)
    elif kind in READERS:
        _clinical(state, item, element, READERS[kind])
    elif kind == "Medication":
        state.medications[number] = element.path
    else:
        why = _unused().get(kind)
        code = "resource_unknown" if why is None else "resource_not_used"
        state.report.note(code, element.path, kind if why is not None else "Resource", why or "")


def _clinical(state: _Pass, item: Item, element: Element, read: Reader) -> None:
    reading = state.reading
    reading.base = item.full_url
    patient = _patient_of(reading, element)
    if patient is None:
        return
    reading.birth = state.found.births.get(patient)
    entries = len(state.report)
    drafts = read(element, reading)
    state.drafts.setdefault(patient, []).extend(drafts)
    if not drafts and not state.report.mentions(element.path, since=entries):
        reading.note("nothing_to_keep", element)
    _finish(state, element)


def _patient_of(reading: Reading, element: Element) -> int | None:
    """The number of the patient a resource is about; None where it cannot be told for certain, which is reported."""
    subject = element.child("subject")
    if subject is None:
        reading.note("subject_missing", element)
        return None
    patients = {known.number for known in _referred(reading, subject) if known.kind == "Patient"}
    if len(patients) == 1:
        return patients.pop()
    reading.note("subject_ambiguous" if patients else "subject_unresolved", subject)
    return None


def _referred(reading: Reading, subject: Element) -> list[Known]:
    """What a reference to a patient may mean: by its address, or where it has none by its identifier."""
    reference = subject.text("reference")
    if reference is not None:
        return reading.index.find(reference, reading.base)
    identifier = subject.child("identifier")
    if identifier is None:
        return []
    return reading.index.identified(identifier.text("system") or "", identifier.text("value") or "")


def _finish(state: _Pass, element: Element) -> None:
    """Report what nobody asked for, contained resources that nobody referred to included."""
    contained = element.value.get("contained")
    element.take("contained")
    for at, item in enumerate(contained if isinstance(contained, list) else []):
        path = f"{element.path}.contained[{at}]"
        kind = str(item.get("resourceType", "")) if isinstance(item, dict) else ""
        if path not in state.reading.contained_used:
            state.report.note("resource_not_used", path, f"{element.name}.contained", _unused().get(kind, ""))
    element.report_rest(state.report)


@cache
def _unused() -> dict[str, str]:
    rows = load("fhir/elements")
    return {row["resource"]: row["why"] for row in rows if row["handling"] == "not_used"}
