"""Courses to batches: a row a patient, a column a finding, unknown kept apart from absent."""

from spinecourse.findings.batch import Batch, build_batch
from spinecourse.findings.catalogue import UNKNOWN, Column, catalogue
from spinecourse.findings.evaluate import Evaluator, Plane
from spinecourse.findings.reasons import denying_facts, supporting_facts, unknown_atoms

__all__ = [
    "UNKNOWN",
    "Batch",
    "Column",
    "Evaluator",
    "Plane",
    "build_batch",
    "catalogue",
    "denying_facts",
    "supporting_facts",
    "unknown_atoms",
]
