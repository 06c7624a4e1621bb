"""A simulated clinic of people followed after the start of a treatment, with what became of them.

The shapes of recovery are not those of the follower's model: people recover, change little, relapse or get worse;
reports have heavy-tailed noise, slow fluctuation and flares; answers come late, not at all, or stop, and less often
from those who do badly. Tables: ``model/simulated_families``, ``model/simulated_follow``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.trajectory import Process, Scale, process, scale

Array = NDArray[np.float64]

RECOVERS, LITTLE, RELAPSES, WORSENS = range(4)


@dataclass(frozen=True, slots=True)
class Followed:
    """People after one treatment on one measure, which starts on day 0.

    ``baseline`` and ``ended`` scores of shape (people,); ``days`` and ``scores`` of shape (people, visits), NaN where a
    check-in was not answered. ``ended`` is the mean of several reports at the horizon, which a follower must not see.
    """

    treatment: str
    measure: str
    horizon: int
    baseline: Array
    days: Array
    scores: Array
    ended: Array


def _number(name: str) -> float:
    return float(by_column(load("model/simulated_follow"), "name")[name]["value"])


def _drawn(name: str, people: int, generator: np.random.Generator) -> Array:
    row = by_column(load("model/simulated_follow"), "name")[name]
    return generator.uniform(float(row["lowest"]), float(row["highest"]), people)


def _between(row: Row, name: str, people: int, generator: np.random.Generator) -> Array:
    return generator.uniform(float(row[f"{name}_lowest"]), float(row[f"{name}_highest"]), people)


def simulate_followed(people: int, seed: int) -> list[Followed]:
    """About so many people, each treatment with its share; the same ones for the same seed."""
    generator = np.random.default_rng(seed)
    return [_simulated(row, round(people * float(row["share"])), generator) for row in load("model/simulated_families")]


def _simulated(row: Row, people: int, generator: np.random.Generator) -> Followed:
    measured, horizon = scale(row["measure"]), int(row["horizon_days"])
    how = process(measured.process).widened(measured.widening)
    days = _check_ins(people, horizon, generator)
    kind = generator.random(people)
    course = _courses(row, kind, days, generator)
    latent = (_between(row, "baseline", people, generator)[:, None] * course) ** measured.power
    latent += _fluctuation(days, how, generator)
    latent += _flares(days, measured, latent, generator)
    scores = _reported(measured, latent, how, generator)
    repeated = [_reported(measured, latent[:, -1], how, generator) for _ in range(int(_number("outcome_reports")))]
    answered = _answered(course, days, generator)[:, 1:-1]
    late = np.round(generator.uniform(0, 1, answered.shape) * _drawn("late_days", people, generator)[:, None])
    when = np.where(answered, np.minimum(days[:, 1:-1] + late, horizon - 1), np.nan)
    shown = np.where(answered, scores[:, 1:-1], np.nan)
    return Followed(row["treatment"], row["measure"], horizon, scores[:, 0], when, shown, np.mean(repeated, axis=0))


def _check_ins(people: int, horizon: int, generator: np.random.Generator) -> Array:
    """The start, the check-ins and the day of the outcome, shape (people, days); NaN where somebody has fewer."""
    first, until, later = (
        _number(f"{name}_check_ins_{end}") for name, end in (("first", "every"), ("first", "until"), ("later", "every"))
    )
    close = np.array([*np.arange(0, until + 1, first), *np.arange(until + later, horizon, later)])
    visits = np.arange(0, horizon, _number("visits_every"))
    far = np.full(len(close), np.nan)
    far[: len(visits)] = visits
    phone = generator.random(people) < _number("close_check_ins")
    return np.hstack([np.where(phone[:, None], close, far), np.full((people, 1), float(horizon))])


def _courses(row: Row, kind: Array, days: Array, generator: np.random.Generator) -> Array:
    """The share of the score before the start that is left on each day."""
    people, edges = len(kind), np.cumsum([float(row["recovers"]), float(row["relapses"]), float(row["worsens"])])
    left, constant = _between(row, "left", people, generator), _between(row, "days", people, generator)
    worse, little = (kind >= edges[1]) & (kind < edges[2]), kind >= edges[2]
    for members, name in ((worse, "worsening"), (little, "little")):
        left = np.where(members, _drawn(name, people, generator), left)
        constant = np.where(members, _drawn(f"{name}_days", people, generator), constant)
    course = left[:, None] + (1 - left)[:, None] * np.exp(-days / constant[:, None])
    back = _drawn("relapse_share", people, generator) * float(row["horizon_days"])
    relapsing = ((kind >= edges[0]) & (kind < edges[1]))[:, None] & (days >= back[:, None])
    return np.asarray(np.where(relapsing, _drawn("relapse_left", people, generator)[:, None], course))


def _fluctuation(days: Array, how: Process, generator: np.random.Generator) -> Array:
    """Better and worse months (Ornstein and Uhlenbeck)."""
    sd, constant = float(how.drift_sd), float(how.drift_days)
    found, last = np.empty(days.shape), days[:, 0]
    found[:, 0] = generator.normal(0, sd, len(days))
    for at in range(1, days.shape[1]):
        now = np.where(np.isnan(days[:, at]), last, days[:, at])
        kept = np.exp(-(now - last) / constant)
        found[:, at] = kept * found[:, at - 1] + generator.normal(0, sd, len(days)) * np.sqrt(1 - kept**2)
        last = now
    return found


def _flares(days: Array, measured: Scale, latent: Array, generator: np.random.Generator) -> Array:
    """What flares add on the latent scale on each day; none at the start, where everybody is at their usual."""
    people, horizon = len(days), days[:, -1].max()
    added = np.zeros(days.shape)
    counts = generator.poisson(_number("flares_per_year") * horizon / 365.25, people)
    for flare in range(int(counts.max(initial=0))):
        begin = generator.uniform(0, horizon, people)
        end, size = begin + _drawn("flare_days", people, generator), _drawn("flare_size", people, generator)
        hit = (counts > flare)[:, None] & (days >= begin[:, None]) & (days <= end[:, None])
        usual = np.clip(latent, 0, None)
        worse = (usual ** (1 / measured.power) + size[:, None]) ** measured.power - usual
        added = np.where(hit, np.maximum(added, worse), added)
    added[:, 0] = 0
    return added


def _reported(measured: Scale, latent: Array, how: Process, generator: np.random.Generator) -> Array:
    """What people write down: heavy-tailed noise, in the steps of the measure."""
    tails = _number("heavy_tails")
    noise = generator.standard_t(tails, latent.shape) * float(how.noise_sd) * np.sqrt((tails - 2) / tails)
    scores = measured.score(latent + noise)
    return np.asarray(measured.best + np.round((scores - measured.best) / measured.step) * measured.step)


def _answered(course: Array, days: Array, generator: np.random.Generator) -> NDArray[np.bool_]:
    """Which check-ins are answered: less often by those who do badly, and by nobody after dropping out."""
    badly = np.clip((course - 0.5) / 0.4, 0, 1)
    chance = _number("answers_if_well") + badly * (_number("answers_if_unwell") - _number("answers_if_well"))
    gone = generator.exponential(365.25 / _number("drops_out_per_year"), len(course))
    return np.asarray(~np.isnan(days) & (generator.random(days.shape) < chance) & (days < gone[:, None]))


def followed_documents(groups: list[Followed]) -> Iterator[dict[str, object]]:
    """The people as course files: the score before, the treatment on day 0, the answers, and the end."""
    for group in groups:
        for person in range(len(group.baseline)):
            facts: list[dict[str, object]] = [
                {"day": 0, "measure": group.measure, "value": float(group.baseline[person])},
                {"day": 0, "treatment": group.treatment},
            ]
            facts += [
                {"day": int(day), "measure": group.measure, "value": float(score)}
                for day, score in zip(group.days[person], group.scores[person], strict=True)
                if not np.isnan(day)
            ]
            ended = round(float(group.ended[person]), 1)
            facts.append({"day": group.horizon, "measure": group.measure, "value": ended})
            name = f"{group.treatment}-{group.measure}-{person}"
            yield {"course": 1, "patient": {"id": name}, "facts": facts}
