"""Following a batch of treatments on one measure: what is known after each report, and how it stands.

The state-space model is that of :mod:`spinecourse.trajectory`. After each report the end is predicted, and with it the
chance that it comes without an important improvement. The statuses are read from that chance with the boundaries of
``follow/boundaries``, which were set by simulation so that false alarms stay within the promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from spinecourse.follow.expected import Expected
from spinecourse.follow.parameters import definition, parameter
from spinecourse.knowledge.tables import load
from spinecourse.trajectory import Group, Known, Process, Scale, Seen, conditioned

Array = NDArray[np.float64]
Codes = NDArray[np.int8]

UNKNOWN, ON_COURSE, SLOWER, OFF_COURSE, FAILING = range(5)
STATUSES: Final = ("unknown", "on_course", "slower", "off_course", "failing")
"""The names of the codes, from nothing known to the worst."""


@dataclass(frozen=True, slots=True)
class Episodes:
    """A batch on one measure. Arrays of shape (patients,): the score ``baseline`` before the start, the ``needed``
    important improvement in points (negative: a worsening that must not come), the day of the ``start``, and in days
    since it the scheduled review that decides (``decision``) and the ``horizon``. ``seen`` holds the reports since the
    start, in order of days.
    """

    measured: Scale
    expected: Expected
    seen: Seen
    baseline: Array
    needed: Array
    start: Array
    decision: Array
    horizon: Array
    boundaries: Sequence[Boundary]


@dataclass(frozen=True, slots=True)
class History:
    """What is said after each report, shape (patients, visits); NaN, or unknown, where there is none.

    ``chance`` of ending without an important improvement; ``place`` of the person's true score among people like them,
    in standard deviations, worse positive; ``state`` the mean of that true score; ``surprise`` of the report itself;
    ``alarm`` whether the monitoring calls, to which the promise on false alarms belongs; ``status`` as codes of
    ``STATUSES``.
    ``last`` is what is known at the end.
    """

    chance: Array
    place: Array
    state: Array
    surprise: Array
    alarm: NDArray[np.bool_]
    status: Codes
    last: Known


@dataclass(frozen=True, slots=True)
class Boundary:
    """From which chance the alarm is raised: ``at_start`` and ``at_horizon``, in between by the square root of time."""

    at_start: float
    at_horizon: float


def boundary(family: str, measure_family: str) -> Boundary:
    """The boundary of a pair: its own row where it has one, else the general row."""
    return _boundaries().get((family, measure_family), _boundaries()["any", "any"])


@cache
def _boundaries() -> dict[tuple[str, str], Boundary]:
    return {
        (row["family"], row["measure_family"]): Boundary(float(row["at_start"]), float(row["at_horizon"]))
        for row in load("follow/boundaries")
    }


def follow_batch(episodes: Episodes) -> History:
    """Take the reports in one after the other; a batch gives what its patients give one by one."""
    days, measured = episodes.seen.days, episodes.measured
    prior, *after = conditioned(measured, episodes.expected.how, episodes.expected.group, episodes.seen)
    last = after[-1] if after else prior
    mean, sd, now = _predicted(episodes, after)
    limit = success_limit(measured, episodes.baseline, episodes.needed)[:, None]
    wanted, spread = prior.latent(np.nan_to_num(days), observed=False)
    there = ~np.isnan(days)
    chance = np.where(there, ndtr((mean - limit) / sd), np.nan)
    place = np.where(there, (now - wanted) / spread, np.nan)
    state = np.where(there, measured.score(now), np.nan)
    alarm = alarms(episodes, chance, state)
    return History(chance, place, state, last.surprise, alarm, statuses(episodes, chance, place, alarm), last)


def _predicted(episodes: Episodes, after: Sequence[Known]) -> tuple[Array, Array, Array]:
    """After each report the mean and spread of one at the end, and the mean of the true score now, latent."""
    shape = episodes.seen.days.shape
    if not after:
        return np.empty(shape), np.empty(shape), np.empty(shape)
    every, times = _joined(after), len(after)
    ends = end_day(episodes.start.repeat(times), episodes.horizon.repeat(times), every.last_day)
    means, sds = every.latent(np.column_stack([ends, np.nan_to_num(episodes.seen.days.reshape(-1))]))
    return means[:, 0].reshape(shape), sds[:, 0].reshape(shape), means[:, 1].reshape(shape)


def _joined(after: Sequence[Known]) -> Known:
    """What is known after each report as one batch: a row a patient and report, so that all are predicted at once."""
    first, times = after[0], len(after)
    rows = first.process.rows(len(first.state))
    how = Process(**{each.name: getattr(rows, each.name).repeat(times) for each in fields(rows)})
    group = Group(first.group.days, first.group.latent.repeat(times, axis=0), first.group.start.repeat(times))
    state, covariance, last = (
        np.stack([getattr(known, name) for known in after], axis=1) for name in ("state", "covariance", "last_day")
    )
    nothing = np.empty(0)
    return Known(
        how, group, state.reshape(-1, *state.shape[2:]), covariance.reshape(-1, *covariance.shape[2:]),
        last.reshape(-1), nothing, nothing,
    )  # fmt: skip


def success_limit(measured: Scale, baseline: Array, needed: Array) -> Array:
    """The latent value below which a report shows an important improvement; below every value where none can."""
    share = (baseline - measured.best) / (measured.worst - measured.best)
    wanted = share - needed / measured.range
    limit = np.maximum(wanted + measured.step / 2 / measured.range, 0.0) ** measured.power
    return np.where(wanted < 0, -np.inf, limit)


def chance_of_failing(known: Known, episodes: Episodes, limit: Array) -> Array:
    """The chance of a report without an important improvement at the end, shape (patients,)."""
    when = end_day(episodes.start, episodes.horizon, known.last_day)
    mean, sd = known.latent(when[:, None])
    return np.asarray(ndtr((mean[:, 0] - limit) / sd[:, 0]))


def end_day(start: Array, horizon: Array, last_day: Array) -> Array:
    """The day predicted: the horizon, and some weeks ahead of the last report once that has passed."""
    ahead = np.nan_to_num(last_day, nan=-np.inf) + parameter("look_ahead_days")
    return np.maximum(start + horizon, ahead)


def alarms(episodes: Episodes, chance: Array, state: Array) -> NDArray[np.bool_]:
    """Where the chance lies above the boundary, or an improvement is lost again; not before ``least_days``."""
    elapsed = episodes.seen.days - episodes.start[:, None]
    told = ~np.isnan(chance) & (elapsed >= parameter("least_days"))
    return np.asarray(told & ((chance >= _limits(episodes, elapsed)) | relapsed(episodes, state)))


def statuses(episodes: Episodes, chance: Array, place: Array, alarm: NDArray[np.bool_]) -> Codes:
    """The status after each report, as codes.

    A report before ``least_days`` says nothing. Off course is an alarm, or no important improvement at two reports
    running when the scheduled review has come and it is likelier than not that none will. Failing is an alarm for as
    long as ``follow/definitions`` says, or no improvement when the horizon is reached (while nothing is done but
    watching, at one report).
    """
    elapsed = episodes.seen.days - episodes.start[:, None]
    told = ~np.isnan(chance) & (elapsed >= parameter("least_days"))
    without = told & ~_improved(episodes)
    still = _again(without, told) | (without & (episodes.needed < 0)[:, None])
    seen = still & (elapsed >= episodes.decision[:, None])
    reviewed = seen & (chance >= parameter("review_chance"))
    slower = seen | (without & (place > ndtri(parameter("slower_quantile"))))
    found = np.where(told, np.where(alarm | reviewed, OFF_COURSE, np.where(slower, SLOWER, ON_COURSE)), UNKNOWN)
    late = still & (elapsed >= episodes.horizon[:, None])
    return np.where(late | (alarm & _lasting(alarm, told, elapsed)), FAILING, found).astype(np.int8)


def _limits(episodes: Episodes, elapsed: Array) -> Array:
    """The boundary of each patient at each report."""
    ends = np.array([(each.at_start, each.at_horizon) for each in episodes.boundaries])
    passed = np.sqrt(np.clip(elapsed / episodes.horizon[:, None], 0.0, 1.0))
    return np.asarray(ends[:, :1] + passed * (ends[:, 1:] - ends[:, :1]))


def relapsed(episodes: Episodes, state: Array) -> NDArray[np.bool_]:
    """Whether so much of an improvement is lost again, by the true score behind the reports, at two reports running.

    ``times_important`` of ``relapse`` in ``follow/definitions`` says how much, in important differences.
    """
    sign = 1.0 if episodes.measured.worst > episodes.measured.best else -1.0
    signed, needed = sign * state, np.abs(episodes.needed)[:, None]
    best = np.fmin.accumulate(np.where(np.isnan(signed), np.inf, signed), axis=1)
    lost = signed - best >= definition("relapse", "times_important") * needed
    lost &= sign * episodes.baseline[:, None] - best >= needed
    return _again(lost, ~np.isnan(state))


def _again(found: NDArray[np.bool_], told: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where something is found at a report and at the one before it."""
    result, before = np.zeros_like(found), np.zeros(len(found), dtype=bool)
    for visit in range(found.shape[1]):
        result[:, visit] = found[:, visit] & before
        before = np.where(told[:, visit], found[:, visit], before)
    return result


def _improved(episodes: Episodes) -> NDArray[np.bool_]:
    """Whether each report is an important improvement on the score before the start."""
    sign = 1.0 if episodes.measured.worst > episodes.measured.best else -1.0
    gain = sign * (episodes.baseline[:, None] - episodes.seen.scores)
    return np.asarray(gain >= episodes.needed[:, None])


def _lasting(off: NDArray[np.bool_], told: NDArray[np.bool_], elapsed: Array) -> NDArray[np.bool_]:
    """Whether a course has been off for the days that ``failure`` asks for, with no report in between that was not."""
    since = np.full(len(off), np.nan)
    found = np.zeros_like(off)
    for visit in range(off.shape[1]):
        begun = off[:, visit] & np.isnan(since)
        since = np.where(begun, elapsed[:, visit], np.where(told[:, visit] & ~off[:, visit], np.nan, since))
        found[:, visit] = off[:, visit] & (elapsed[:, visit] - since >= definition("failure", "days_apart"))
    return found
