"""How fast must somebody act?"""

from spinecourse.triage.answer import Concern, OpenQuestion, Stage, Triage, Urgency
from spinecourse.triage.explain import explain
from spinecourse.triage.model import TriageBatch, triage_batch

__all__ = ["Concern", "OpenQuestion", "Stage", "Triage", "TriageBatch", "Urgency", "explain", "triage_batch"]
