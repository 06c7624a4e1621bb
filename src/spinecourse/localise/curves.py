"""From loss of supply to what an examiner finds: curves with their parameters in tables.

``model/detection`` turns a loss into the probability that something is found at all; ``model/grade_curves`` into how
marked it is, once found.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import states_of
from spinecourse.knowledge.tables import Row, by_column, load

Probabilities = NDArray[np.float32]


@cache
def _detection() -> dict[str, Row]:
    return by_column(load("model/detection"), "effect")


def detected(effect: str, loss: Probabilities) -> Probabilities:
    """The probability that an effect is found, for losses between 0 and 1 of any shape.

    Rises from the row's floor (false findings) to its ceiling along a logistic curve.
    """
    row = _detection()[effect]
    threshold, spread = float(row["threshold"]), float(row["spread"])
    floor, ceiling = float(row["floor"]), float(row["ceiling"])
    curve = 1 / (1 + np.exp((threshold - loss) / spread))
    at_zero = 1 / (1 + np.exp(threshold / spread))
    result: Probabilities = floor + (ceiling - floor) * (curve - at_zero) / (1 - at_zero)
    return result


@cache
def _curves(kind: str) -> tuple[Row, ...]:
    return tuple(row for row in load("model/grade_curves") if row["kind"] == kind)


def graded(kind: str, loss: Probabilities) -> dict[str, Probabilities]:
    """The shares of the abnormal grades given the loss; they sum to 1 over the grades of the table."""
    rows = _curves(kind)
    weights = [
        float(row["weight"]) * np.exp(-0.5 * ((loss - float(row["centre"])) / float(row["spread"])) ** 2) + 1e-4
        for row in rows
    ]
    total = np.sum(weights, axis=0)
    return {row["state"]: weight / total for row, weight in zip(rows, weights, strict=True)}


def power_states(loss: Probabilities, release: Probabilities) -> list[Probabilities]:
    """Probabilities of the states of a movement, in the order of ``vocabulary/grades``.

    Weakness without a grade is another way of reporting the same thing, so it stands beside the grades and the
    states sum to more than 1.
    """
    effect = 1 - (1 - loss) * (1 - release)
    weak = detected("power", effect)
    shares = graded("power", effect)
    named = {"normal": 1 - weak, "ungraded": weak} | {state: weak * share for state, share in shares.items()}
    return [named[state] for state in states_of("power")]


def sensation_states(loss: Probabilities) -> list[Probabilities]:
    """Probabilities of the states of an area of skin."""
    lost = detected("sensation", loss)
    named = {"normal": 1 - lost} | {state: lost * share for state, share in graded("sensation", loss).items()}
    return [named[state] for state in states_of("sensation")]


def reflex_states(loss: Probabilities, release: Probabilities) -> list[Probabilities]:
    """Probabilities of the states of a reflex: lost with its arc, brisk when released, inverted when both."""
    lost = detected("reflex", loss)
    brisk = detected("brisk", release) * (1 - lost)
    inverted = detected("inverted", np.minimum(release, np.minimum(loss * 3, 1)))
    clonic = detected("clonic", release) * brisk
    kept = np.maximum(1 - lost - brisk - inverted, 1e-3)
    named = {"normal": kept, "brisk": brisk - clonic, "clonus": clonic, "inverted": inverted}
    named |= {state: lost * share for state, share in graded("reflex", loss).items()}
    return [named[state] for state in states_of("reflex")]
