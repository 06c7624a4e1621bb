"""One person under an option: the usual patient's course, moved by what is known of the person, with people's spread.

The group's mean comes from the synthesis, how a person differs from it and how people scatter from
:mod:`spinecourse.trajectory`: a person's distance from the usual start is carried on only as far as it is lasting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from spinecourse.expect.option_course import OptionCourse
from spinecourse.expect.reports import Reports
from spinecourse.expect.scales import Array, scale_of
from spinecourse.knowledge.parameters import parameter
from spinecourse.trajectory import Group, Mixture, Process, Scale, Seen, condition, expected_score, process_of

DAYS_PER_MONTH: Final = 365.25 / 12

_LATENT: Final = np.linspace(-1.5, 2.5, 401)


@dataclass(frozen=True, slots=True)
class Shift:
    """How far what is known of each person moves the logit, beside the score: mean and spread, shape (rows,)."""

    mean: Array
    sd: Array


def people(measured: Scale, options: Sequence[OptionCourse], reports: Reports, now: Array, shift: Shift) -> Mixture:
    """The true and reported score of each row in each month after ``now``: a mixture of shape (rows, months).

    Row by row one option, one person's reports and one day on which treatment would start; every option has the same
    months and none is refused. Nothing seen leaves the spread of all such people.
    """
    months = np.array(options[0].told.months)
    how = process_of(measured).widened(widening(measured) * reports.widening)
    latent, spread = _group(measured, options, months, shift)
    days = months * DAYS_PER_MONTH
    group = Group(np.append(0.0, days), latent, now)
    person = condition(measured, how, group, reports.seen)
    found = person.predicted(now[:, None] + days[None, :])
    return Mixture(found.weights, found.means, np.hypot(found.sds, spread[..., None]))


def widening(measured: Scale) -> float:
    """How much more people under treatment differ than those the process was fitted on."""
    return parameter("expect_widening_disability") if measured.family == "disability" else 1.0


def repeated(reports: Reports, times: int) -> Reports:
    """The reports of one course once for each of so many options."""
    return Reports(
        Seen(np.repeat(reports.seen.days, times, axis=0), np.repeat(reports.seen.scores, times, axis=0)),
        np.repeat(reports.starts, times), np.repeat(reports.widening, times), reports.why * times,
        np.repeat(reports.latest, times),
    )  # fmt: skip


def _group(measured: Scale, options: Sequence[OptionCourse], months: Array, shift: Shift) -> tuple[Array, Array]:
    """Latent means at the start and in each month, shape (rows, 1 + months), and their uncertainty (rows, months)."""
    felt = _felt(options)
    logit = np.array([option.logit for option in options]) + shift.mean[:, None] * felt
    sd = np.hypot(np.array([option.logit_sd for option in options]), shift.sd[:, None] * felt)
    start = measured.latent([option.start for option in options]) ** (1 / measured.power)
    how = process_of(measured).widened(widening(measured))
    latent = [_latent(measured, start, 0.0, how)]
    spread = []
    for month, day in enumerate(months * DAYS_PER_MONTH):
        at = [_shares(measured, options[0], logit[:, month] + sign * sd[:, month]) for sign in (-1, 0, 1)]
        low, middle, high = (_latent(measured, share, float(day), how) for share in at)
        latent.append(middle)
        spread.append((high - low) / 2)
    return np.stack(latent, axis=1), np.stack(spread, axis=1)


def _felt(options: Sequence[OptionCourse]) -> Array:
    """How much of a factor's shift each option feels in each month, shape (rows, months).

    The associations say how much *less gain* people with a factor had after operations; where an option brings less
    gain there is less to lose, and none where nothing is gained.
    """
    start = np.array([float(scale_of(option.told.outcome).logit(option.start)) for option in options])
    gain = start[:, None] - np.array([option.logit for option in options])
    return np.asarray(np.clip(gain / parameter("expect_factor_gain"), 0.0, 1.0))


def _shares(measured: Scale, option: OptionCourse, logit: Array) -> Array:
    """Group means on the logit as shares of this measure's range, which the synthesis may cut a little otherwise."""
    points = scale_of(option.told.outcome).points(logit)
    return np.asarray(np.clip((points - measured.best) / (measured.worst - measured.best), 0.0, 1.0))


def _latent(measured: Scale, shares: Array, day: float, how: Process) -> Array:
    """The latent means at which groups have these mean shares, from a grid."""
    return np.asarray(np.interp(shares, _grid(measured, float(how.spread_on(np.asarray(day)))), _LATENT))


@cache
def _grid(measured: Scale, sd: float) -> Array:
    scores = expected_score(measured, _LATENT, sd)
    return (scores - measured.best) / (measured.worst - measured.best)
