"""Patient: id, birth date and sex; everything else of a person is passed over on purpose."""

from __future__ import annotations

from spinecourse.fhir.dates import parse
from spinecourse.fhir.draft import Chart
from spinecourse.fhir.element import Element
from spinecourse.fhir.index import Known
from spinecourse.fhir.report import ReportBuilder

_SEXES = frozenset({"female", "male", "other"})


def empty_chart(resource: Element, known: Known, report: ReportBuilder) -> Chart:
    """A chart with the patient's id alone, which is enough to gather facts under."""
    name = known.id or (known.full_url or "").removeprefix("urn:uuid:")
    if not name:
        report.note("patient_no_id", resource.path, resource.name)
        name = resource.path
    return Chart(name, resource.path)


def fill_chart(chart: Chart, resource: Element, report: ReportBuilder) -> None:
    """Birth date and sex into the chart; they stay None where the record does not say them.

    Raises StructureFault where the Patient is not built as R4 says; the chart is kept all the same.
    """
    _read_birth(resource, chart, report)
    chart.sex = resource.text("gender")
    if chart.sex not in _SEXES:
        report.note("patient_sex_unknown", *resource.place("gender"))
        chart.sex = None
    _note_state(resource, report)


def _read_birth(resource: Element, chart: Chart, report: ReportBuilder) -> None:
    text = resource.text("birthDate")
    chart.birth = parse(text) if text else None
    if chart.birth is None:
        report.note("patient_no_birth_date", *resource.place("birthDate"))
    elif not chart.birth.exact:
        report.note("date_imprecise", *resource.place("birthDate"))


def _note_state(resource: Element, report: ReportBuilder) -> None:
    if resource.has("deceasedDateTime") or resource.flag("deceasedBoolean"):
        key = "deceasedDateTime" if resource.has("deceasedDateTime") else "deceasedBoolean"
        report.note("patient_deceased", *resource.place(key))
    if resource.flag("active") is False:
        report.note("patient_inactive", *resource.place("active"))
    if resource.has("link"):
        report.note("patient_linked", *resource.place("link"))
    resource.take("deceasedDateTime", "link")
