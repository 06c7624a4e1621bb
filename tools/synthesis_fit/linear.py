"""The synthesis as a linear Gaussian model given a few dozen parameters, so that every effect can be integrated out.

A row of evidence is a weighted sum of one or two *points*; a point is the logit of a group mean: a series (an
outcome in an arm) at a time, time 0 being its start. What is not linear in points (changes, contrasts, responder
shares) is linearised around the current best guess of the points, which is renewed until it stands still (Gauss-
Newton).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import expit, logit, ndtr
from numpy.typing import NDArray

from spinecourse.expect.synthesis_model import BLOCKS, Layout, class_priors, weights
from synthesis_fit.data import Data, Floats, Ints
from synthesis_fit.density import Density, log_density

LOCAL: Final = ("start_study", "start_series", "study", "arm", "series")


@dataclass
class Rows:
    """The evidence as rows: two points each (the second may weigh nothing), observation and its own variance."""

    data: Data
    layout: Layout
    series: Ints
    months: Floats
    kind: Ints
    observed: Floats
    se: Floats
    extra: Floats
    person_sd: Floats
    fits_month: NDArray[np.bool_]

    @property
    def family(self) -> Ints:
        """The family of studies of each row."""
        return self.data.series_family[self.series[:, 0]]


BASELINE, LEVEL, CHANGE, RESPONDER, CONTRAST = range(5)


def rows_of(data: Data) -> Rows:
    """All rows of the evidence, in the order baseline, level, change, responder, contrast."""
    parts: list[Floats] = []
    for r in zip(*data.baseline.values(), strict=True):
        parts.append(np.array([r[0], r[0], 0, 0, BASELINE, r[1], r[2], 0, 0]))
    for r in zip(*data.level.values(), strict=True):
        parts.append(np.array([r[0], r[0], r[3], 0, LEVEL, r[1], r[2], 0, 0]))
    for r in zip(*data.change.values(), strict=True):
        parts.append(np.array([r[0], r[0], r[3], 0, CHANGE, r[1], r[2], 0, 0]))
    for q, share, people, months, kind, value, sd in zip(*data.responder.values(), strict=True):
        parts.append(np.array([q, q, months, 0, RESPONDER + 10 * kind, share, people, value, sd]))
    for r in zip(*data.contrast.values(), strict=True):
        parts.append(np.array([r[0], r[1], r[4], r[4], CONTRAST, r[2], r[3], 0, 0]))
    t = np.array(parts)
    return Rows(
        data, layout_of(data), t[:, 0:2].astype(int), t[:, 2:4], t[:, 4].astype(int), t[:, 5], t[:, 6], t[:, 7],
        t[:, 8], t[:, 2] > 0,
    )  # fmt: skip


def layout_of(data: Data) -> Layout:
    """Where each effect stands in the coefficient vector; the local ones come last."""
    n = data.names
    sizes = {
        "start": len(n.outcomes), "start_condition": len(n.conditions) * len(n.families), "start_class": len(n.classes),
        "natural_mean": 1, "natural_group": len(n.groups), "natural_condition": len(n.conditions),
        "effect_mean": 1, "effect_class": len(n.classes), "effect_treatment": len(n.treatments),
        "effect_condition": len(n.classes) * len(n.conditions), "effect_family": len(n.classes) * len(n.families),
        "fade_mean": 1, "fade": len(n.classes), "chosen": 1, "industry": 1, "outcome": len(n.outcomes),
        "start_study": int(data.series_study.max()) + 1, "start_series": len(data.series_arm),
        "study": len(data.families), "arm": data.n_arms, "series": len(data.series_arm),
    }  # fmt: skip
    assert tuple(sizes) == BLOCKS
    return Layout.of(sizes)


def columns_of(rows: Rows, side: int) -> Ints:
    """For each row the place in the coefficient vector of each block's effect at one of its points (rows x blocks)."""
    d, n, q = rows.data, rows.data.names, rows.series[:, side]
    condition, treatment, outcome = d.series_condition[q], d.series_treatment[q], d.series_outcome[q]
    cls, fam, group = n.of_treatment()[treatment], n.of_outcome()[outcome], n.of_condition()[condition]
    zero = np.zeros_like(q)
    within = [
        outcome, condition * len(n.families) + fam, cls, zero, group, condition, zero, cls, treatment,
        cls * len(n.conditions) + condition, cls * len(n.families) + fam, zero, cls, zero, zero, outcome,
        d.series_study[q], q, d.series_family[q], d.series_arm[q], q,
    ]  # fmt: skip
    return np.stack([rows.layout.first[name] + at for name, at in zip(BLOCKS, within, strict=True)], axis=1)


def point_facts(rows: Rows, side: int) -> dict[str, Any]:
    """What the weights of a point depend on."""
    d, n, q = rows.data, rows.data.names, rows.series[:, side]
    cls = n.of_treatment()[d.series_treatment[q]]
    return {
        "months": rows.months[:, side],
        "family": n.of_outcome()[d.series_outcome[q]],
        "active": (cls != n.classes.index("natural_course")) * 1.0,
        "chosen": d.series_chosen[q] * 1.0,
        "industry": d.series_industry[q] * 1.0,
        "alone": d.series_alone[q],
    }


class Linear:
    """Rows with their linearisation: gives mean, covariance and design for given parameters."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.columns = [columns_of(rows, side) for side in (0, 1)]
        self.facts = [point_facts(rows, side) for side in (0, 1)]
        self.by_class = class_priors({"classes": rows.data.names.classes}, rows.layout)
        self.used = np.unique(np.concatenate([c.ravel() for c in self.columns]))
        self.block = rows.layout.block_of(self.used)
        place = np.zeros(rows.layout.size, dtype=int)
        place[self.used] = np.arange(len(self.used))
        self.at = [place[c] for c in self.columns]
        self.two = np.flatnonzero(rows.series[:, 0] != rows.series[:, 1])
        both = np.concatenate([self.columns[0], self.columns[1][self.two]])
        self.density = Density(both, len(rows.kind), self.two)
        self.log_density = log_density(self.density)
        share = np.clip(rows.observed, 0.03, 0.97)
        self.points = np.stack([logit(np.where(rows.kind == LEVEL, share, 0.35)), np.full(len(share), 0.3)], axis=1)

    def linearise(self, points: Floats, person: float) -> None:
        """Renew weights and targets around these values of the points (rows x 2)."""
        value, slope = _FORM(
            jnp.asarray(points), jnp.asarray(self.rows.kind), jnp.asarray(self.rows.extra),
            jnp.asarray(self.rows.person_sd * person),
        )  # fmt: skip
        rows = self.rows
        responder = rows.kind % 10 == RESPONDER
        simple = rows.kind <= LEVEL
        share = np.clip(rows.observed, 0.005, 0.995)
        observed = np.where(simple | responder, logit(share), rows.observed)
        se = np.where(simple, rows.se / (share * (1 - share)), rows.se)
        se = np.where(responder, np.sqrt(1 / (np.maximum(rows.se, 1) * share * (1 - share))), se)
        self.slope = np.asarray(slope)
        self.target = np.asarray(observed - np.asarray(value) + (self.slope * points).sum(axis=1))
        self.variance = se**2 + np.where(rows.kind == BASELINE, 0.02**2, 0.0)

    @staticmethod
    def form(points: Any, kind: Any, value: Any, person_sd: Any) -> Any:
        """What is printed, as a function of the row's two points."""
        first, second = expit(points[0]), expit(points[1])
        how = kind // 10
        line = jnp.select([how == 0, how == 1], [second - value, second * (1 - value)], value)
        share = jnp.clip(ndtr((line - first) / jnp.maximum(person_sd, 0.05)), 0.005, 0.995)
        what = kind % 10
        return jnp.select(
            [what <= LEVEL, what <= CHANGE, what == RESPONDER],
            [points[0], first - second, logit(share)],
            first - second,
        )

    @property
    def moving(self) -> dict[str, Any]:
        """What changes when the linearisation is renewed; given to compiled functions, so that they compile once."""
        return {
            "slope": jnp.asarray(self.slope),
            "target": jnp.asarray(self.target),
            "variance": jnp.asarray(self.variance),
        }

    def design(self, p: dict[str, Any], slope: Any) -> Any:
        """Rows x used coefficients."""
        g = jnp.zeros((len(self.rows.kind), len(self.used)))
        index = jnp.arange(len(self.rows.kind))[:, None]
        for side in (0, 1):
            w = weights(p, xp=jnp, **self.facts[side]) * slope[:, side : side + 1]
            g = g.at[index, self.at[side]].add(w)
        return g

    def prior(self, p: dict[str, Any]) -> tuple[Any, Any]:
        """Mean and standard deviation of the used coefficients."""
        mean = jnp.stack([p.get(f"mean_{name}", 0.0) * jnp.ones(()) for name in BLOCKS])[self.block]
        sd = jnp.stack([p[f"sd_{name}"] * jnp.ones(()) for name in BLOCKS])[self.block]
        return mean + self.by_class[self.used], sd

    def log_likelihood(self, p: dict[str, Any], moving: dict[str, Any]) -> Any:
        """Log density of the targets given the parameters."""
        mean, w = self.entries(p, moving["slope"])
        sd = jnp.stack([p[f"sd_{name}"] * jnp.ones(()) for name in BLOCKS])
        return self.log_density(w, sd, self.own_variance(p, moving), moving["target"] - mean)

    def moments(self, p: dict[str, Any], moving: dict[str, Any]) -> tuple[Floats, Floats]:
        """Mean and covariance of the targets."""
        mean, w = self.entries(p, moving["slope"])
        sd = np.array([float(p[f"sd_{name}"]) for name in BLOCKS])
        covariance = self.density.covariance(np.asarray(w), sd)
        covariance[np.diag_indices(len(covariance))] += np.asarray(self.own_variance(p, moving))
        return np.asarray(mean), np.tril(covariance) + np.tril(covariance, -1).T

    def own_variance(self, p: dict[str, Any], moving: dict[str, Any]) -> Any:
        """The variance of each target that it shares with no other."""
        slope, kind = moving["slope"], self.rows.kind
        row = (p["sd_row"] * slope[:, 0] * self.rows.fits_month) ** 2 * jnp.where(kind == CONTRAST, 2.0, 1.0)
        return moving["variance"] + row + jnp.where(kind % 10 == RESPONDER, p["sd_responder"] ** 2, 0.0)

    def entries(self, p: dict[str, Any], slope: Any) -> tuple[Any, Any]:
        """Means of the rows, and the weights of entries: rows, then the second series of those about two."""
        first, second = (weights(p, xp=jnp, **self.facts[side]) * slope[:, side : side + 1] for side in (0, 1))
        one_series = jnp.ones(len(self.rows.kind)).at[self.two].set(0.0)[:, None]
        usual = jnp.stack([p.get(f"mean_{name}", 0.0) * jnp.ones(()) for name in BLOCKS])
        apart = (first * self.by_class[self.columns[0]] + second * self.by_class[self.columns[1]]).sum(axis=1)
        return (first + second) @ usual + apart, jnp.concatenate([first + second * one_series, second[self.two]])


_FORM = jax.jit(jax.vmap(jax.value_and_grad(Linear.form)))
