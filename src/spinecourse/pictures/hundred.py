"""Counts among a hundred people, and the arrays of dots and figures that show them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from spinecourse.errors import UserError
from spinecourse.pictures.svg import element

HUNDRED = 100


def counts(shares: Sequence[float]) -> list[int]:
    """Whole numbers of people that sum to 100, each within one of its share (largest remainders, ties to the first).

    ``shares`` are those of mutually exclusive outcomes and sum to 1 within a hundredth; raises UserError otherwise.
    """
    total = sum(shares)
    if any(share < 0 for share in shares) or abs(total - 1) > 0.01:
        raise UserError(f"shares of exclusive outcomes sum to 1 and none is negative; these sum to {total:.3f}")
    exact = [share / total * HUNDRED for share in shares]
    whole = [floor(value + 1e-9) for value in exact]
    first = sorted(range(len(exact)), key=lambda index: (whole[index] - exact[index], index))
    for index in first[: HUNDRED - sum(whole)]:
        whole[index] += 1
    return whole


def of_hundred(probability: float | None) -> tuple[int, str]:
    """How many of 100 to fill and what to write; a probability that is not nought is never written as none of 100.

    None means that nobody knows: no dot is filled and the words say so.
    """
    if probability is None:
        return 0, "not known"
    count = round(probability * HUNDRED)
    if count == 0 and probability > 0:
        return 0, "fewer than 1 of 100"
    if count == HUNDRED and probability < 1:
        return HUNDRED - 1, "more than 99 of 100"
    return count, f"{count} of 100"


def dots(
    filled: int, x: float, y: float, step: float, *, columns: int, known: bool = True, turned: bool = False
) -> str:
    """A hundred dots from the upper left on, ``columns`` a row, the first ``filled`` of them full.

    ``turned`` begins at the right; dots of an unknown number are all broken rings.
    """
    places = [(index % columns, index // columns) for index in range(HUNDRED)]
    radius = step * 0.39
    full = _circles(
        [(x + (-column if turned else column) * step, y + row * step) for column, row in places[:filled]], radius
    )
    rest = [(x + (-column if turned else column) * step, y + row * step) for column, row in places[filled:]]
    hollow = _circles(rest, radius * 0.82)
    return element("path", d=full, class_="sc-mend", fill="#3d4a52") * bool(full) + element(
        "path", d=hollow, class_="sc-rule", fill="none", stroke="#596267", stroke_width=0.7,
        stroke_dasharray="none" if known else "1.2 1.2", opacity=0.8,
    ) * bool(hollow)  # fmt: skip


def _circles(centres: Sequence[tuple[float, float]], radius: float) -> str:
    """Path data of circles, shorter than one element for each."""
    turn = f"a{radius:.2g} {radius:.2g} 0 1 0"
    return "".join(f"M{x - radius:.1f} {y:.1f}{turn} {2 * radius:.2g} 0{turn} {-2 * radius:.2g} 0" for x, y in centres)
