"""How likely every state of every finding is under every hypothesis, as one matrix.

A row is one state of one column, a column is one hypothesis; the cell is the natural logarithm of the probability.
Three sources are joined: what follows from the anatomy (power, sensation, reflexes), what follows from the anatomy
by way of a symptom or sign (``model/regional_findings``), and rates that stand in a table (``model/finding_rates``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import GRADED, TRACTS, Column, catalogue, columns, states_of
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import Row, load
from spinecourse.localise.curves import Probabilities, detected, graded, power_states, reflex_states, sensation_states
from spinecourse.localise.effects import SIDES, effects
from spinecourse.localise.hypotheses import hypotheses
from spinecourse.localise.imaged_levels import imaged_states

LEAST = 1e-4
"""No state is held impossible: every probability is kept away from 0 by this much."""

RELEASED = ("extensor_plantar", "finger_jerk", "clonus_sign", "any_brisk", "spastic")
WEAKENED = ("weakness", "weakness_strong", "weakness_sign", "flaccid", "sphincter")


@dataclass(frozen=True, slots=True)
class Likelihood:
    """``log`` has shape (rows, hypotheses). ``first`` gives for every column of the catalogue the row of its state 1,
    or -1 where the model does not use the column; state k of the column is row ``first + k - 1``.

    ``one_sided`` gives for a column of one side the column of the other side, and the row that counts when a finding
    is reported on this side and nothing is said of the other: a finding on both sides would probably have been
    reported as such. It speaks about the report, not about the other side, which stays unknown.
    """

    log: NDArray[np.float32]
    first: NDArray[np.intp]
    states: NDArray[np.intp]
    one_sided: dict[int, tuple[int, int]]


@cache
def likelihood() -> Likelihood:
    """The matrix over the whole catalogue, computed once."""
    rows: list[Probabilities] = []
    first = np.full(len(columns()), -1, dtype=np.intp)
    states = np.zeros(len(columns()), dtype=np.intp)
    for column in columns():
        found = _states(column)
        if found:
            first[column.number], states[column.number] = len(rows), len(found)
            rows += found
    one_sided = _one_sided(rows, first)
    return Likelihood(np.log(np.clip(np.array(rows), LEAST, 1.0)).astype(np.float32), first, states, one_sided)


def _one_sided(rows: list[Probabilities], first: NDArray[np.intp]) -> dict[int, tuple[int, int]]:
    """Add to ``rows`` what a report about one side alone says of lesions that would show on both."""
    reported = parameter("localise_other_side_reported")
    found = {}
    for (kind, name, side), column in catalogue().items():
        if side and first[column.number] >= 0:
            other = catalogue()[kind, name, "right" if side == "left" else "left"]
            rows.append(1 - reported * (1 - rows[first[other.number]]))
            found[column.number] = (other.number, len(rows) - 1)
    return found


def _states(column: Column) -> list[Probabilities]:
    """The probability of each state of a column under every hypothesis; empty where the model has nothing to say."""
    leaf = effects().number.get(("sensation" if column.kind in TRACTS else column.kind, column.name))
    if leaf is not None:
        return _leaf_states(column, leaf)
    if column.kind == "area":
        return _area(column)
    if column.kind == "sensory_level":
        return _levels()
    if column.kind == "imaged_level":
        return imaged_states(column)
    present = _presence(column)
    if present is None:
        return []
    return _graded_alike(column.kind, present) if column.kind in GRADED else [1 - present, present]


def _graded_alike(kind: str, present: Probabilities) -> list[Probabilities]:
    """The states of graded skin that no nerve owns, such as a stocking: graded as a middling loss would be."""
    shares = graded(kind, np.full_like(present, parameter("localise_unowned_loss")))
    named = {"normal": 1 - present} | {state: present * share for state, share in shares.items()}
    return [named[state] for state in states_of(kind)]


def _leaf_states(column: Column, leaf: int) -> list[Probabilities]:
    known = effects()
    if column.kind in TRACTS:
        return sensation_states(_on_side(known.tract[column.kind][leaf], column.side))
    loss, release = _on_side(known.loss[leaf], column.side), _on_side(known.release[leaf], column.side)
    if column.kind == "power":
        return power_states(loss, release)
    return reflex_states(loss, release) if column.kind == "reflex" else sensation_states(loss)


def _on_side(both: Probabilities, side: str) -> Probabilities:
    """The effect on a named side; where no side was given, or there is only one, that of the worse side."""
    worse: Probabilities = both[SIDES.index(side)] if side else both.max(axis=0)
    return worse


@cache
def _regional() -> dict[tuple[str, str], Row]:
    return {(row["kind"], row["name"]): row for row in load("model/regional_findings")}


@cache
def rates() -> dict[tuple[str, str], list[Row]]:
    """The rows of ``model/finding_rates`` by finding; the first is the background, later rows refine earlier ones."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in load("model/finding_rates"):
        found[row["kind"], row["name"]].append(row)
    return found


def _presence(column: Column) -> Probabilities | None:
    """The probability that a finding is present, from the anatomy, from the table of rates, or from both."""
    key = (column.kind, column.name)
    absent = np.ones(len(hypotheses()), dtype=np.float32)
    if key not in _regional() and key not in rates():
        return None
    if key in _regional():
        absent = absent * (1 - _regional_presence(_regional()[key], column.side))
    if key in rates():
        absent = absent * (1 - _rated_presence(key, column))
    return 1 - absent


def _regional_presence(row: Row, side: str) -> Probabilities:
    known = effects()
    numbers = [known.number[kind, name] for kind, _, name in (leaf.partition(":") for leaf in row.items_of("leaves"))]
    loss, release = (_on_side(part[numbers].max(axis=0), side) for part in (known.loss, known.release))
    effect = row["effect"]
    if effect in RELEASED:
        return detected(effect, release)
    if effect in WEAKENED:
        share = parameter("localise_drop_from_release") if effect == "weakness_strong" else 1.0
        return detected(effect, 1 - (1 - loss) * (1 - share * release))
    if effect == "paraesthesia":
        felt = _on_side(known.territory[numbers].max(axis=0), side) * _irritation()
        return detected(effect, np.maximum(loss, felt))
    return detected(effect, loss)


@cache
def _irritation() -> Probabilities:
    """How much every hypothesis irritates what it does not destroy; tingling and pain come of it."""
    share = parameter("localise_irritation")
    return np.array([share * float(h.variant["pain"]) for h in hypotheses()], dtype=np.float32)


def _rated_presence(key: tuple[str, str], column: Column) -> Probabilities:
    """The rate of the last row that fits each hypothesis; on the side away from the lesion the background rate."""
    result = np.zeros(len(hypotheses()), dtype=np.float32)
    background = float(rates()[key][0]["p"])
    for row in rates()[key]:
        result[_fitting(row["who"])] = float(row["p"])
    if column.side:
        away = np.array([h.side not in ("both", column.side) for h in hypotheses()])
        result[away] = background
    return result


@cache
def _fitting(patterns: str) -> NDArray[np.bool_]:
    """Which hypotheses a list of patterns means: any, a class, a class with its variant, or a site."""
    result = np.zeros(len(hypotheses()), dtype=np.bool_)
    for pattern in patterns.split(";"):
        for name, numbers in _numbers_by_name().items():
            if pattern == name or ("*" in pattern and fnmatchcase(name, pattern)):
                result[numbers] = True
    return result


@cache
def _numbers_by_name() -> dict[str, list[int]]:
    """The hypotheses by everything a pattern may call them."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, hypothesis in enumerate(hypotheses()):
        variant = f"{hypothesis.site_class}/{hypothesis.variant['variant']}"
        for name in dict.fromkeys(("any", hypothesis.site_class, variant, hypothesis.site)):
            found[name].append(number)
    return found


def _area(column: Column) -> list[Probabilities]:
    """Pain drawn in an area: likely within the site's territory, less so in the neighbouring dermatome."""
    known = effects()
    number = known.number.get(("sensation", column.name))
    if number is None:
        return []
    felt = _on_side(known.territory[number], column.side)
    for neighbour in _neighbours(column.name):
        near = _on_side(known.territory[known.number["sensation", neighbour]], column.side)
        felt = np.maximum(felt, parameter("localise_neighbour_area") * near)
    present = detected("area", felt)
    return [1 - present, present]


@cache
def _neighbours(name: str) -> tuple[str, ...]:
    """The dermatomes next to a dermatome; nothing for other areas."""
    segments = anatomy.segments()
    if name not in segments:
        return ()
    at = segments.index(name)
    near = [segments[number] for number in (at - 1, at + 1) if 0 <= number < len(segments)]
    return tuple(segment for segment in near if ("sensation", segment) in effects().number)


@cache
def _offsets() -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in load("model/sensory_level_offsets"):
        found[row["class"]][int(row["offset"])] = float(row["p"])
    return found


def _levels() -> list[Probabilities]:
    """The probability of a sensory level at each segment: at or some way below a cord lesion."""
    segments = anatomy.segments()
    result = np.full((len(segments), len(hypotheses())), _offsets()["any"][0], dtype=np.float32)
    for index, hypothesis in enumerate(hypotheses()):
        level = hypothesis.site.partition(":")[2]
        start = segments.index(level) if hypothesis.site_class.startswith("cord") else None
        for offset, probability in _offsets().get(hypothesis.site_class, {}).items():
            at = offset if start is None else start + offset
            if 0 <= at < len(segments):
                result[at, index] = probability
    return list(result)
