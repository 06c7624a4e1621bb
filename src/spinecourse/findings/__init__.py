"""Courses to batches: a row a patient, a column a finding, unknown kept apart from absent."""

from spinecourse.findings.batch import Batch, build_batch
from spinecourse.findings.catalogue import UNKNOWN, Column, catalogue

__all__ = ["UNKNOWN", "Batch", "Column", "build_batch", "catalogue"]
