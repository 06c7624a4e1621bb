"""How one person's score moves over time: conditioning a group's course on what was seen of the person."""

from spinecourse.trajectory.filtering import Known, Seen, condition, conditioned
from spinecourse.trajectory.group import Group, latent_mean_for
from spinecourse.trajectory.mixture import Mixture, draws, quantiles
from spinecourse.trajectory.process import Process, process, process_of
from spinecourse.trajectory.scale import Scale, expected_score, scale, scales

__all__ = [
    "Group",
    "Known",
    "Mixture",
    "Process",
    "Scale",
    "Seen",
    "condition",
    "conditioned",
    "draws",
    "expected_score",
    "latent_mean_for",
    "process",
    "process_of",
    "quantiles",
    "scale",
    "scales",
]
