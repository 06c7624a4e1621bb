"""What is expected of somebody with this score before the treatment: a group's course, and how people differ from it.

The score before the start is itself only a report. The true state behind it lies between the report and what such
people have on average (``follow/baselines``), so that an extreme report is expected to fall back by itself. From there
the group falls by the published share (``follow/recovery_shapes``). Whatever ``expect`` says instead comes in as a
:class:`Band`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.trajectory import Group, Process, Scale, process

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Band:
    """Somebody else's expectation of a group for one treatment and measure: its score before the ``start``, and the
    middle score on days since."""

    treatment: str
    measure: str
    days: tuple[float, ...]
    medians: tuple[float, ...]
    start: float
    source: str


@dataclass(frozen=True, slots=True)
class Expected:
    """The prior of a batch: the group's course, how people differ from it, and where the course was read."""

    group: Group
    how: Process
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Days since the start, and the share of the score before it that is left then."""

    days: tuple[float, ...]
    shares: tuple[float, ...]
    source: str
    checked: str


@cache
def shape(family: str, measure_family: str) -> Shape:
    """The published course after one family of treatments."""
    rows = [
        row
        for row in load("follow/recovery_shapes")
        if (row["family"], row["measure_family"]) == (family, measure_family)
    ]
    days, shares = (tuple(float(row[column]) for row in rows) for column in ("day", "share_of_baseline"))
    return Shape(
        days,
        shares,
        f"{rows[-1]['source']} ({rows[-1]['checked']}) {rows[-1]['source_url']}".strip(),
        rows[-1]["checked"],
    )


@cache
def _baseline(measure_family: str) -> Row:
    return by_column(load("follow/baselines"), "measure_family")[measure_family]


def expected(
    measured: Scale, shapes: Sequence[Shape], baselines: ArrayLike, starts: ArrayLike, widening: float = 1.0
) -> Expected:
    """The expected course of each patient, all arrays of shape (patients,).

    ``baselines`` are the scores before the start, ``starts`` the days of the course on which treatments began. The
    knots of the shapes are joined, so that patients of several families stand in one batch.
    """
    reported = measured.latent(np.asarray(baselines, dtype=float))
    how, level = _regressed(measured, reported, widening)
    days = np.array(sorted({day for each in shapes for day in each.days}))
    left = np.array([np.interp(np.sqrt(days), np.sqrt(each.days), each.shares) for each in shapes])
    latent = level[:, None] * left**measured.power
    return Expected(Group.of(days, latent, np.asarray(starts, dtype=float)), how, tuple(each.source for each in shapes))


def _regressed(measured: Scale, reported: Array, widening: float) -> tuple[Process, Array]:
    """The process given the report before the start, and the true state behind that report on average."""
    row = _baseline(measured.family)
    how = process(measured.process).widened(measured.widening * widening)
    mean = (row.number("mean_share") or 0.5) ** measured.power
    spread2, error2 = (row.number("spread") or 0.0) ** 2, how.drift_sd**2 + how.noise_sd**2
    weight = spread2 / (spread2 + error2)
    given = replace(how, level_sd=np.sqrt(weight * error2), level_response_correlation=np.asarray(0.0))
    return given.with_uncertain_mean(row.number("mean_uncertainty") or 0.0), mean + weight * (reported - mean)


def shape_of(band: Band, measured: Scale) -> Shape:
    """Somebody else's expectation as shares of the score before the start."""
    before = max(float(measured.latent(band.start)) ** (1 / measured.power), measured.step / measured.range)
    left = measured.latent(np.array(band.medians)) ** (1 / measured.power) / before
    return Shape((0.0, *band.days), (1.0, *(float(value) for value in left)), band.source, "derived")
