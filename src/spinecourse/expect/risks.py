"""How often something goes wrong: published rates pooled over studies, with intervals that admit how studies differ.

Random effects on the logit (DerSimonian-Laird, widened as by Hartung and Knapp where there are several studies). A
harm nobody reported is *unknown*, not absent: it is named in :attr:`Risks.unreported`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from scipy.stats import norm, t

from spinecourse.expect.evidence import Arm, package_evidence
from spinecourse.expect.names import conditions, treatment_class, treatments
from spinecourse.expect.scales import expit, logit
from spinecourse.knowledge.tables import Row, by_column, load

_CONTINUITY: Final = 0.5
"""Added to events and non-events where there are none (Haldane 1956)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A pooled rate in per cent with its 95 % interval, up to ``months`` (None: no time printed).

    ``directness`` says whether the studies are about this condition and treatment, the treatment elsewhere, or its
    class.
    """

    risk: str
    label: str
    period: str
    months: float | None
    percent: float
    low: float
    high: float
    studies: tuple[str, ...]
    people: int
    directness: str
    source_urls: tuple[str, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class Risks:
    """The rates on record for a treatment, and the usual harms of procedures that nobody counted."""

    rates: tuple[Rate, ...]
    unreported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    """One printed rate: a share of so many people (an assumed number where none was printed)."""

    row: Row
    arm: Arm
    share: float
    people: float
    months: float | None


@cache
def risks(condition: str, treatment: str) -> Risks:
    """The pooled rates of every harm on record for a treatment in a condition.

    Where nothing is on record for the condition, the treatment in other conditions of its region speaks, then its
    class, except for harms that say nothing of another condition (``told_elsewhere``). Raises KeyError for a condition
    or treatment the synthesis does not know.
    """
    region, cls = conditions()[condition]["region"], treatment_class(treatment)
    rates: list[Rate] = []
    unreported = []
    for name, row in by_column(load("synthesis/risks"), "risk").items():
        counts, directness = _closest(name, condition, treatment, region, cls)
        if directness != "direct" and row["told_elsewhere"] == "no":
            counts = []
        if counts:
            rates += _pooled_by_period(row, counts, directness)
        elif treatments()[treatment]["procedure"] == "yes" and row["of_procedures"] == "yes":
            unreported.append(name)
    return Risks(tuple(rates), tuple(unreported))


def _closest(risk: str, condition: str, treatment: str, region: str, cls: str) -> tuple[list[_Count], str]:
    every = _counts().get(risk, [])
    same = [c for c in every if c.arm.treatment == treatment]
    here = [c for c in same if c.arm.condition == condition]
    near = [c for c in same if conditions()[str(c.arm.condition)]["region"] == region]
    like = [
        c for c in every
        if treatment_class(str(c.arm.treatment)) == cls and conditions()[str(c.arm.condition)]["region"] == region
    ]  # fmt: skip
    for found, directness in ((here, "direct"), (near, "other conditions"), (like, "treatments of its class")):
        if found:
            return found, directness
    return [], ""


@cache
def _counts() -> dict[str, list[_Count]]:
    arms = {(arm.study, arm.arm): arm for arm in package_evidence().arms}
    sizes = {row["study_id"]: row.number("n_total") for row in load("evidence/studies")}
    found: dict[str, list[_Count]] = defaultdict(list)
    for row in load("evidence/events"):
        arm = arms[row["study_id"], row["arm_id"]]
        share, people = _share(row), row.number("n") or arm.people or sizes[arm.study]
        if row["risk"] and not row["left_out"] and share is not None and arm.treatment and arm.condition:
            people = people or float(
                by_column(load("synthesis/parameters"), "name")["people_where_not_printed"]["value"]
            )
            found[row["risk"]].append(_Count(row, arm, share, people, row.number("months")))
    return dict(found)


def _share(row: Row) -> float | None:
    events, people, percent = row.number("events"), row.number("n"), row.number("percent")
    if events is not None and people:
        return events / people
    return None if percent is None else percent / 100


def _pooled_by_period(risk: Row, counts: Sequence[_Count], directness: str) -> Iterable[Rate]:
    if risk["grows"] == "no":
        yield _rate(risk, "", _one_each(counts), directness)
        return
    periods: dict[str, list[_Count]] = defaultdict(list)
    for count in counts:
        periods[_period(count.months)].append(count)
    found: list[tuple[list[_Count], Rate]] = []
    for period in [row["period"] for row in load("synthesis/risk_periods")]:
        if period in periods:
            found = _never_falling(found, risk, period, periods[period], directness)
    yield from (rate for _, rate in found)
    if "" in periods:
        yield _rate(risk, "", _one_each(periods[""]), directness)


def _never_falling(
    found: Sequence[tuple[list[_Count], Rate]], risk: Row, period: str, counts: list[_Count], directness: str
) -> list[tuple[list[_Count], Rate]]:
    """One period more: where fewer were counted by then than before, both are pooled under the later.

    What has happened cannot unhappen: such a fall says only that the studies differ.
    """
    kept, rate = list(found), _rate(risk, period, _one_each(counts), directness)
    while kept and kept[-1][1].percent > rate.percent:
        counts = kept.pop()[0] + counts
        rate = _rate(risk, period, _one_each(counts), directness)
    return [*kept, (counts, rate)]


def _period(months: float | None) -> str:
    if months is None:
        return ""
    ends = ((row["period"], float(row["months_up_to"])) for row in load("synthesis/risk_periods"))
    return next((period for period, end in ends if months <= end), "")


def _one_each(counts: Sequence[_Count]) -> list[_Count]:
    """One rate an arm, the latest; of families that share people only the largest study."""
    latest = {(c.arm.study, c.arm.arm): c for c in sorted(counts, key=lambda c: c.months or 0)}
    largest: dict[str, str] = {}
    for count in sorted(latest.values(), key=lambda c: c.people):
        largest[count.arm.family] = count.arm.study
    return [count for count in latest.values() if largest[count.arm.family] == count.arm.study]


def _rate(risk: Row, period: str, counts: Sequence[_Count], directness: str) -> Rate:
    shares, people = np.array([c.share for c in counts]), np.array([c.people for c in counts])
    middle, low, high = pooled(shares, people)
    months = [c.months for c in counts if c.months is not None]
    studies = tuple(dict.fromkeys(c.arm.study for c in counts))
    surest = "read" if all(c.row["checked"] == "read" for c in counts) else "secondary"
    return Rate(
        risk["risk"], risk["label"], period, float(np.median(months)) if months else None,
        100 * middle, 100 * low, 100 * high, studies, int(people.sum()), directness,
        tuple(dict.fromkeys(c.row["source_url"] for c in counts)), surest,
    )  # fmt: skip


def pooled(
    shares: np.ndarray[tuple[int], np.dtype[np.float64]], people: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> tuple[float, float, float]:
    """The pooled share and its 95 % interval, for shares seen in so many people each.

    Fewer than three studies cannot say how much studies differ; then the spread of ``synthesis/parameters`` is used.
    """
    events = shares * people
    none = (events < _CONTINUITY) | (people - events < _CONTINUITY)
    share = np.where(none, (events + _CONTINUITY) / (people + 2 * _CONTINUITY), shares)
    value, variance = logit(share), 1 / (people * share * (1 - share))
    between = _between(value, variance)
    weight = 1 / (variance + between)
    middle = float((weight * value).sum() / weight.sum())
    se = float(np.sqrt(1 / weight.sum()))
    wide = float(norm.ppf(0.975))
    if len(value) > 2:
        scatter = float((weight * (value - middle) ** 2).sum() / (len(value) - 1))
        se, wide = se * max(1.0, float(np.sqrt(scatter))), float(t.ppf(0.975, len(value) - 1))
    ends = expit(np.array([middle, middle - wide * se, middle + wide * se]))
    return float(ends[0]), float(ends[1]), float(ends[2])


def _between(
    value: np.ndarray[tuple[int], np.dtype[np.float64]], variance: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float:
    """The variance between studies."""
    if len(value) < 3:
        return float(by_column(load("synthesis/parameters"), "name")["rate_between_studies_sd"]["value"]) ** 2
    weight = 1 / variance
    middle = (weight * value).sum() / weight.sum()
    q = float((weight * (value - middle) ** 2).sum())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    return max(0.0, (q - (len(value) - 1)) / scale)
