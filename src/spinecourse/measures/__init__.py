"""Questionnaires scored exactly, what a change of a score means, and our own short check-in."""

from spinecourse.measures.change import Interpretation, Threshold, interpret, needed
from spinecourse.measures.instruments import Instrument, instrument, instruments
from spinecourse.measures.meaning import Alert, Band, alerts, band, combined_band
from spinecourse.measures.scoring import Scores, can_be_scored, reason, score

__all__ = [
    "Alert",
    "Band",
    "Instrument",
    "Interpretation",
    "Scores",
    "Threshold",
    "alerts",
    "band",
    "can_be_scored",
    "combined_band",
    "instrument",
    "instruments",
    "interpret",
    "needed",
    "reason",
    "score",
]
