"""What is realistic? The expected course of a group under each treatment, from the published evidence."""

from spinecourse.expect.certainty import Certainty
from spinecourse.expect.evaluation import EvidenceScore, evaluate_evidence
from spinecourse.expect.evidence import Evidence, read_evidence
from spinecourse.expect.names import condition_named, treatment_named
from spinecourse.expect.new_study import ArmPrediction, predict_arms
from spinecourse.expect.synthesis import GroupPrediction, options, predict_mean

__all__ = [
    "ArmPrediction",
    "Certainty",
    "Evidence",
    "EvidenceScore",
    "GroupPrediction",
    "condition_named",
    "evaluate_evidence",
    "options",
    "predict_arms",
    "predict_mean",
    "read_evidence",
    "treatment_named",
]
