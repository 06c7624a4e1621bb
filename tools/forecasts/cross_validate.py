"""Forecasts of people who were left out of the fit, beside plain regressions on the same folds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from forecasts.fit import Fitted, fit
from forecasts.scores import FINE, NINETEEN, crps_of_normal, described, inside, quantile_loss
from forecasts.sets import Array, Set, Writer, courses
from numpy.typing import NDArray
from scipy.stats import norm

from spinecourse.expect.forecasting import answers, mixture
from spinecourse.expect.populations import Population, populations
from spinecourse.expect.reports import read_reports
from spinecourse.knowledge.parameters import parameter
from spinecourse.trajectory import Process, scale


@dataclass(frozen=True)
class Task:
    """One thing to foretell: the last score of a set from some visits, with what a record adds.

    ``beside``: whether the regression too is given what the set knows beside the scores. ``published``: the CRPS that
    the set's own description gives for that regression.
    """

    known: Set
    population: str
    visits: Sequence[int]
    given: str
    also: Writer
    centres: dict[str, float]
    measure: str | None = None
    beside: bool = False
    published: float | None = None


@dataclass(frozen=True)
class Result:
    """Mean scores over the people left out.

    ``nineteen``: twice the mean quantile loss over the levels that a forecast gives. ``whole``: CRPS of the whole
    distribution; ``straight`` and ``to_ends``: of the one that the nineteen quantiles describe, with either rule for
    its tails. ``inside``: the share in the 80 % interval. Those of the regression stand beside them, its nineteen
    quantiles also drawn towards the steps of the score as the forecast's are.
    """

    people: int
    nineteen: float
    whole: float
    straight: float
    to_ends: float
    inside: float
    absolute_error: float
    regression_nineteen: float
    regression_near_steps: float
    regression_whole: float
    regression_inside: float


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
    """The scores of the people left out, a row each, in the order of ``Result``."""
    known = task.known
    out = known.part(~training & complete)
    if task.measure is not None:
        out = replace(out, measure=task.measure)
    return np.column_stack([
        *_forecast(task, out, fitted), *_regression(known.part(training & complete), out, task)
    ])  # fmt: skip


def _forecast(task: Task, out: Set, fitted: Fitted) -> list[Array]:
    measured, day, came = scale(out.measure), float(out.days[-1]), out.scores[:, -1]
    people = courses(out, task.visits, task.also)
    chosen = refitted(populations(measured), task.population, fitted)
    predicted, _ = mixture(people, measured, chosen, read_reports(people, measured, day), day)
    found, fine = (answers(measured, predicted, levels) for levels in (NINETEEN, FINE))
    low, high = sorted((measured.best, measured.worst))
    tails = [quantile_loss(described(found, low, high, straight), came, FINE) for straight in (True, False)]
    return [
        quantile_loss(found, came, NINETEEN), quantile_loss(fine, came, FINE), *tails,
        inside(found, came).astype(float), abs(found[:, 9] - came),
    ]  # fmt: skip


def refitted(known: Sequence[Population], name: str, fitted: Fitted) -> list[Population]:
    """The populations with one refitted; days that the set does not hold keep what was published of them."""
    return [_refitted(each, fitted) if each.name == name else each for each in known]


def _refitted(population: Population, fitted: Fitted) -> Population:
    calm = population.how.calm_factor if fitted.calm_factor is None else np.asarray(fitted.calm_factor)
    how = replace(fitted.how, beyond_sd=population.how.beyond_sd, calm_factor=calm)
    arms = []
    for arm, means in zip(population.arms, fitted.means, strict=True):
        latent = arm.latent.copy()
        if len(latent) == len(means):
            latent = means
        else:
            latent[0], latent[-1] = means[0], means[-1]
        arms.append(replace(arm, latent=latent))
    return replace(population, how=how, arms=tuple(arms))


def _regression(training: Set, out: Set, task: Task) -> list[Array]:
    """The scores of a linear regression on the visits, the arm and, where asked, what is known beside them.

    Its nineteen quantiles are cut to the range of the measure; its CRPS is that of the whole normal, as published.
    """
    measured, came = scale(out.measure), out.scores[:, -1]
    design = [_design(each, task) for each in (training, out)]
    weights = np.linalg.lstsq(design[0], training.scores[:, -1], rcond=None)[0]
    rest = training.scores[:, -1] - design[0] @ weights
    sd = float(np.sqrt((rest**2).sum() / (len(rest) - design[0].shape[1])))
    mean = design[1] @ weights
    low, high = sorted((measured.best, measured.worst))
    found = np.clip(mean[:, None] + sd * norm.ppf(NINETEEN), low, high)
    near = measured.near_steps(found, parameter("forecast_between_steps"))
    return [
        quantile_loss(found, came, NINETEEN), quantile_loss(near, came, NINETEEN), crps_of_normal(mean, sd, came),
        inside(found, came).astype(float),
    ]  # fmt: skip


def _design(known: Set, task: Task) -> Array:
    arms = np.eye(len(known.arm_names))[known.arms]
    beside = known.beside if task.beside else known.beside[:, :0]
    return np.column_stack([arms, known.scores[:, list(task.visits)], beside])


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
