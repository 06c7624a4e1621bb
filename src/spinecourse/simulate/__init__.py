"""A synthetic clinic: patients drawn from the model of localise, as patchily examined as in life."""

from spinecourse.simulate.clinic import Simulated, simulate_batch, simulate_batches
from spinecourse.simulate.courses import simulate_courses

__all__ = ["Simulated", "simulate_batch", "simulate_batches", "simulate_courses"]
