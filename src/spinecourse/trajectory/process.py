"""How a score of one family moves in one person around the group's course, on the latent scale.

A person differs from the group by a lasting *level*, by a *response* that unfolds from the start of treatment, by a
*drift* that comes and goes over months (Ornstein and Uhlenbeck), and each report by *noise* (day-to-day change and
error of measurement).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinecourse.errors import NotFound
from spinecourse.knowledge.tables import load
from spinecourse.trajectory.scale import Scale

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Process:
    """Parameters on the latent scale (0 best, 1 worst), each a number or an array of shape (patients,).

    ``level_sd``: between people before treatment. ``response_sd``: between people's lasting changes, reached with the
    time constant ``response_days``. ``level_response_correlation``: negative where those worse off gain more.
    ``drift_sd``, ``drift_days``: slow fluctuation and the days after which its correlation is down to 0.37.
    ``noise_sd``: of one report. ``beyond_sd``: added for each square root of a year after the last day studied.
    ``calm_share`` of people vary with ``calm_factor`` times the standard deviation predicted, the others with so much
    more that the variance stays: a few surprise, most surprise less than a normal says.
    """

    level_sd: Array
    response_sd: Array
    level_response_correlation: Array
    response_days: Array
    drift_sd: Array
    drift_days: Array
    noise_sd: Array
    beyond_sd: Array
    calm_share: Array
    calm_factor: Array

    @classmethod
    def of(cls, **numbers: ArrayLike) -> Process:
        """A process from plain numbers or arrays, one for each field."""
        return cls(**{name: np.asarray(value, dtype=float) for name, value in numbers.items()})

    def widened(self, factor: ArrayLike) -> Process:
        """The same with every spread multiplied: for a measure or condition it was not fitted on."""
        times = np.asarray(factor, dtype=float)
        spreads = ("level_sd", "response_sd", "drift_sd", "noise_sd", "beyond_sd")
        return replace(self, **{name: getattr(self, name) * times for name in spreads})

    def with_uncertain_mean(self, spread: ArrayLike) -> Process:
        """The same where the group's lasting change is itself known only with this latent standard deviation.

        What is not known of the group cannot be told from a person's own response, so it is added to that; the
        covariance of level and response stays what it was.
        """
        total = np.hypot(self.response_sd, np.asarray(spread, dtype=float))
        kept = self.level_response_correlation * self.response_sd / np.where(total > 0, total, 1.0)
        return replace(self, response_sd=total, level_response_correlation=kept)

    def rows(self, patients: int) -> Process:
        """Every parameter as an array of shape (patients,)."""
        return Process(**{each.name: np.broadcast_to(getattr(self, each.name), (patients,)) for each in fields(self)})

    @property
    def restless_factor(self) -> Array:
        """What multiplies the standard deviation of those who are not calm."""
        return np.asarray(np.sqrt((1 - self.calm_share * self.calm_factor**2) / (1 - self.calm_share)))

    def spread_on(self, elapsed: Array, observed: bool = True) -> Array:
        """The standard deviation between people ``elapsed`` days after the start, before anything is seen of them."""
        share = self.unfolded(elapsed)
        shared = 2 * self.level_response_correlation * self.level_sd * self.response_sd * share
        lasting = self.level_sd**2 + shared + (self.response_sd * share) ** 2
        return np.asarray(np.sqrt(lasting + self.drift_sd**2 + self.noise_sd**2 * observed))

    def unfolded(self, elapsed: Array) -> Array:
        """The share of the lasting response reached after ``elapsed`` days, shape as broadcast; 0 before the start."""
        share: Array = -np.expm1(-np.maximum(elapsed, 0.0) / self.response_days)
        return share


@cache
def process(name: str) -> Process:
    """The process of one name in ``trajectory/processes``.

    Raises NotFound where the table has no such process.
    """
    numbers = {row["parameter"]: row.number("value") for row in load("trajectory/processes") if row["process"] == name}
    if not numbers:
        raise NotFound(f"there is no process {name} in trajectory/processes")
    return Process.of(**{key: value for key, value in numbers.items() if value is not None})


def process_of(measured: Scale) -> Process:
    """How this measure moves where nothing more is known of the population, widened as its row says."""
    return process(measured.process).widened(measured.widening)
