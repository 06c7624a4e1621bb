"""FHIR R4 into courses: Bundles, single resources and bulk NDJSON, with a report of all that was not read."""

from spinecourse.fhir.read import FhirImport, is_fhir, read_fhir
from spinecourse.fhir.report import Ignored, ImportReport, ReportEntry

__all__ = ["FhirImport", "Ignored", "ImportReport", "ReportEntry", "is_fhir", "read_fhir"]
