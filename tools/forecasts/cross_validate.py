"""Forecasts of people who were left out of the fit, beside plain regressions on the same folds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from forecasts.fit import Fitted, fit
from forecasts.sets import Array, Set, Writer, courses
from numpy.typing import NDArray
from scipy.stats import norm

from spinecourse.expect.forecast_answer import LEVELS
from spinecourse.expect.forecasting import forecast
from spinecourse.expect.populations import Population, populations
from spinecourse.trajectory import Process, scale

LEVEL = np.array(LEVELS)


@dataclass(frozen=True)
class Task:
    """One thing to foretell: the last score of a set from some visits, with what a record adds."""

    known: Set
    population: str
    visits: Sequence[int]
    given: str
    also: Writer
    centres: dict[str, float]
    measure: str | None = None


@dataclass(frozen=True)
class Result:
    """Mean scores over the people left out; CRPS is twice the mean quantile loss over the nineteen levels."""

    people: int
    crps: float
    regression_crps: float
    coverage80: float
    regression_coverage80: float
    absolute_error: float


def crps(found: Array, came: Array) -> Array:
    """Twice the mean quantile loss, shape (people,)."""
    under = came[:, None] - found
    return np.asarray(2 * np.where(under >= 0, LEVEL * under, (LEVEL - 1) * under).mean(axis=1))


def inside(found: Array, came: Array) -> NDArray[np.bool_]:
    """Whether what came lies in the 80 % interval, its ends included."""
    return np.asarray((found[:, 1] <= came) & (came <= found[:, 17]))


def cross_validated(tasks: Sequence[Task], folds: int, repeats: int, seed: int = 1) -> list[Result]:
    """Repeated cross-validation of tasks on one set; every fold refits the population without its people."""
    random, known = np.random.default_rng(seed), tasks[0].known
    complete = [_complete(known.scores[:, [*task.visits, -1]]) for task in tasks]
    whole = fit(known, scale(known.measure), tasks[0].centres)
    rows: list[list[Array]] = [[] for _ in tasks]
    for _ in range(repeats):
        fold = random.permutation(len(known.scores)) % folds
        for number in range(folds):
            training = fold != number
            fitted = fit(known.part(training), scale(known.measure), tasks[0].centres, whole.theta)
            for task, has, found in zip(tasks, complete, rows, strict=True):
                found.append(_left_out(task, fitted, training, has))
    tables = [np.concatenate(found).mean(axis=0) for found in rows]
    return [Result(int(has.sum()), *map(float, table)) for has, table in zip(complete, tables, strict=True)]


def _complete(scores: Array) -> NDArray[np.bool_]:
    return np.asarray(~np.isnan(scores).any(axis=1))


def _left_out(task: Task, fitted: Fitted, training: NDArray[np.bool_], complete: NDArray[np.bool_]) -> Array:
    known = task.known
    out = known.part(~training & complete)
    if task.measure is not None:
        out = replace(out, measure=task.measure)
    people = courses(out, task.visits, task.also)
    populated = refitted(populations(scale(out.measure)), task.population, fitted)
    told = forecast(people, out.measure, float(known.days[-1]), populated)
    found, came = np.array([list(each.quantiles.values()) for each in told]), out.scores[:, -1]
    plain = regression(known.part(training & complete), out, task.visits)
    columns = [crps(found, came), crps(plain, came), inside(found, came), inside(plain, came), abs(found[:, 9] - came)]
    return np.column_stack(columns).astype(float)


def refitted(known: Sequence[Population], name: str, fitted: Fitted) -> list[Population]:
    """The populations with one refitted; days that the set does not hold keep what was published of them."""
    return [_refitted(each, fitted) if each.name == name else each for each in known]


def _refitted(population: Population, fitted: Fitted) -> Population:
    how = replace(fitted.how, beyond_sd=population.how.beyond_sd, calm_factor=np.asarray(fitted.calm_factor))
    arms = []
    for arm, means in zip(population.arms, fitted.means, strict=True):
        latent = arm.latent.copy()
        if len(latent) == len(means):
            latent = means
        else:
            latent[0], latent[-1] = means[0], means[-1]
        arms.append(replace(arm, latent=latent))
    return replace(population, how=how, arms=tuple(arms))


def regression(training: Set, out: Set, visits: Sequence[int]) -> Array:
    """Quantiles of the normal of a linear regression on the visits and the arm, cut to the range of the measure."""
    measured = scale(out.measure)
    design = [_design(each, visits) for each in (training, out)]
    weights = np.linalg.lstsq(design[0], training.scores[:, -1], rcond=None)[0]
    rest = training.scores[:, -1] - design[0] @ weights
    sd = np.sqrt((rest**2).sum() / (len(rest) - design[0].shape[1]))
    found = (design[1] @ weights)[:, None] + sd * norm.ppf(LEVEL)
    low, high = sorted((measured.best, measured.worst))
    return np.asarray(np.clip(found, low, high))


def _design(known: Set, visits: Sequence[int]) -> Array:
    arms = np.eye(len(known.arm_names))[known.arms]
    return np.column_stack([arms, known.scores[:, list(visits)]])


Progress = Callable[[str], None]


def all_results(tasks: Sequence[Task], progress: Progress) -> Iterator[tuple[Task, Result]]:
    """Every task with its result, set by set."""
    for _, group in groupby(tasks, key=lambda task: task.known.name):
        together = list(group)
        folds, repeats = (5, 1) if len(together[0].known.scores) > LARGE else (10, 3)
        for task, result in zip(together, cross_validated(together, folds, repeats), strict=True):
            progress(f"{task.known.name} {task.given}: {result}")
            yield task, result


LARGE = 1000
"""Sets with more people than this are cut into five folds once."""


def process_rows(how: Process) -> dict[str, float]:
    """The fitted parameters of a process by name."""
    names = ("level_sd", "response_sd", "level_response_correlation", "response_days", "drift_sd", "drift_days")
    return {name: float(getattr(how, name)) for name in (*names, "noise_sd")}
