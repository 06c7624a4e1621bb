"""What a change of a score means: more than error, important, substantial; and whether the state is acceptable.

Table: ``measures/change_thresholds``. Differences hold for the population of their row, and some only for a range of
baselines; the row marked as default decides, the others are shown beside it so that a disagreement is seen.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from spinecourse.knowledge.tables import Row, load
from spinecourse.measures.instruments import Numbers, instrument
from spinecourse.measures.meaning import Band, band, source_of

Verdict = Literal["better", "no_important_change", "worse", "unknown"]

ROUNDING = 1e-9
"""Differences of decimal fractions may fall short of a threshold by this much and still reach it."""


class Threshold(msgspec.Struct, frozen=True):
    """One published threshold and whether it was met; ``needed`` is in points of the score at this baseline.

    ``met`` is None where the scores are not both known.
    """

    kind: str
    needed: float
    met: bool | None
    by_default: bool
    population: str
    note: str
    source: str
    checked: str


class Interpretation(msgspec.Struct, frozen=True):
    """A change from a baseline to now.

    ``improvement`` is positive for the better, whichever way the instrument runs. ``beyond_error``, ``important``,
    ``substantial`` and ``acceptable`` are None or ``unknown`` where a score is missing or nothing is published.
    """

    instrument: str
    baseline: float | None
    now: float | None
    improvement: float | None
    band_then: Band | None
    band_now: Band | None
    important: Verdict
    beyond_error: bool | None
    substantial: bool | None
    acceptable: bool | None
    because: list[str]
    thresholds: list[Threshold]


@cache
def _rows(name: str) -> tuple[Row, ...]:
    return tuple(row for row in load("measures/change_thresholds") if row["instrument"] == name)


def needed(name: str, kind: str, baseline: ArrayLike) -> Numbers:
    """The size of change, in points of the score, that counts as one of a kind at each baseline.

    ``kind`` is ``important``, ``important_worsening``, ``substantial`` or ``detectable``; the default row of the kind
    decides. An important change is never less than a detectable one: what lies within the error of measurement is no
    change (Young 2009, doi 10.1016/j.spinee.2009.06.002). The result has the shape of ``baseline``, NaN where the
    baseline is unknown or nothing is published for it. Raises NotFound for an unknown instrument.
    """
    instrument(name)
    scores = np.asarray(baseline, dtype=np.float64)
    size = _by_default(name, kind, scores)
    if kind not in ("important", "important_worsening"):
        return size
    return np.asarray(np.where(np.isnan(size), np.nan, np.fmax(size, _by_default(name, "detectable", scores))))


def _by_default(name: str, kind: str, baseline: Numbers) -> Numbers:
    found = np.full(baseline.shape, np.nan)
    for row in reversed(_rows(name)):
        if row["kind"] == kind and row["by_default"] == "yes":
            found = np.where(_applies(row, baseline), _size(row, baseline), found)
    return found


def _applies(row: Row, baseline: Numbers) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    low, high = row.number("baseline_from"), row.number("baseline_to")
    known = ~np.isnan(baseline)
    if low is not None:
        known &= baseline >= low
    return known if high is None else known & (baseline <= high)


def _size(row: Row, baseline: Numbers) -> Numbers:
    amount, percent = row.number("amount"), row.number("percent")
    return np.full(baseline.shape, amount) if amount is not None else np.asarray(baseline * (percent or 0.0) / 100)


def interpret(name: str, baseline: float | None, now: float | None) -> Interpretation:
    """What the change of one patient's score means.

    None (or NaN) is *unknown*: without both scores nothing is said of a change, without the present one nothing of the
    state. Raises NotFound for an unknown instrument.
    """
    chosen = instrument(name)
    first, last = _number(baseline), _number(now)
    gain = (first - last if chosen.higher_is_worse else last - first) + 0.0
    thresholds = [_threshold(row, first, last, gain, chosen.higher_is_worse) for row in _applying(name, first)]
    return Interpretation(
        name, _known(first), _known(last), _known(gain), band(name, first), band(name, last),
        _verdict(name, first, gain), _met(thresholds, "detectable"), _met(thresholds, "substantial"),
        _met(thresholds, "acceptable"), _because(thresholds, gain), thresholds,
    )  # fmt: skip


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _applying(name: str, baseline: float) -> list[Row]:
    """The rows that hold at this baseline; an acceptable state has none."""
    at = np.array([baseline])
    return [row for row in _rows(name) if row["kind"] == "acceptable" or _applies(row, at)[0]]


def _threshold(row: Row, baseline: float, now: float, gain: float, higher_is_worse: bool) -> Threshold:
    size = float(_size(row, np.array([baseline]))[0])
    met: bool | None
    if row["kind"] == "acceptable":
        met = None if np.isnan(now) else bool(now <= size if higher_is_worse else now >= size)
    elif np.isnan(gain):
        met = None
    elif row["kind"] == "important_worsening":
        met = bool(-gain >= size - ROUNDING)
    elif row["kind"] == "detectable":
        met = bool(abs(gain) >= size - ROUNDING)
    else:
        met = bool(gain >= size - ROUNDING and gain > 0)
    return Threshold(
        row["kind"], size, met, row["by_default"] == "yes", row["population"], row["note"], source_of(row),
        row["checked"],
    )  # fmt: skip


def _met(thresholds: list[Threshold], kind: str) -> bool | None:
    return next((found.met for found in thresholds if found.kind == kind and found.by_default), None)


def _verdict(name: str, baseline: float, gain: float) -> Verdict:
    """Better or worse by an important difference; a worsening counts by its own threshold where one is published."""
    improving = float(needed(name, "important", baseline))
    worsening = float(needed(name, "important_worsening", baseline))
    worsening = improving if np.isnan(worsening) else worsening
    if np.isnan(gain) or np.isnan(improving):
        return "unknown"
    if gain > 0 and gain >= improving - ROUNDING:
        return "better"
    return "worse" if gain < 0 and -gain >= worsening - ROUNDING else "no_important_change"


def _because(thresholds: list[Threshold], gain: float) -> list[str]:
    if np.isnan(gain):
        return ["a score is missing, so nothing is said of a change"]
    if not any(found.kind == "important" for found in thresholds):
        return ["no important difference is published for this score at this baseline"]
    words = {True: "reached", False: "not reached", None: "not known"}
    return [
        f"{found.kind} {found.needed:.4g}{'' if found.by_default else ' (beside the default)'}: {words[found.met]}"
        f" ({found.population}; {found.checked})"
        for found in thresholds
    ]
