"""What next: which conditions, what was tried, what is left, and whether surgery's turn has come?"""

from spinecourse.pathway.answer import (
    ConditionHeld,
    Drug,
    Evidence,
    FourWay,
    Hold,
    Missing,
    Option,
    Pathway,
    Prehabilitation,
    Question,
    Referral,
    Requirement,
    Surgery,
    Trial,
    Warned,
)
from spinecourse.pathway.explain import explain
from spinecourse.pathway.handed import KINDS_OF_PAIN, Handed, assessed_names
from spinecourse.pathway.model import PathwayBatch, pathway_batch
from spinecourse.pathway.rows import treatments

__all__ = [
    "KINDS_OF_PAIN",
    "ConditionHeld",
    "Drug",
    "Evidence",
    "FourWay",
    "Handed",
    "Hold",
    "Missing",
    "Option",
    "Pathway",
    "PathwayBatch",
    "Prehabilitation",
    "Question",
    "Referral",
    "Requirement",
    "Surgery",
    "Trial",
    "Warned",
    "assessed_names",
    "explain",
    "pathway_batch",
    "treatments",
]
