"""Grading a spinal cord injury from an examination, by the International Standards (ISNCSCI), revision 2019."""

from spinecourse.isncsci.classify import REVISION, classify
from spinecourse.isncsci.model import Classification, Decision, Examination, Side, SideResult, Subtotals
from spinecourse.isncsci.reading import read_examination
from spinecourse.isncsci.render import render

__all__ = [
    "REVISION",
    "Classification",
    "Decision",
    "Examination",
    "Side",
    "SideResult",
    "Subtotals",
    "classify",
    "read_examination",
    "render",
]
