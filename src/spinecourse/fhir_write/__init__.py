"""FHIR R4 out: one assessment as a collection bundle that an electronic health record can file."""

from spinecourse.fhir_write.bundle import assessment_bundle

__all__ = ["assessment_bundle"]
