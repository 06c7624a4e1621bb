"""Counts among a hundred people, and the arrays of dots and figures that show them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from spinecourse.errors import UserError
from spinecourse.pictures.svg import Style, element

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
    """A hundred dots from the upper left on, ``columns`` a row, the first ``filled`` of them full, the others rings.

    ``turned`` begins at the right; a number that nobody knows is a hundred short dashes and no ring. A row of dots is
    one line with round dashes, which is the shortest way to write it.
    """
    wide, there = step * 0.78, -step if turned else step
    full, rest = "", ""
    for row in range(HUNDRED // columns):
        count = min(max(filled - row * columns, 0), columns)
        full += _run(x, y + row * step, there, count)
        rest += _run(x + count * there, y + row * step, there, columns - count)
    dash: Style = {"fill": "none", "stroke_dasharray": f"0 {step:g}", "stroke_linecap": "round"}
    if not known:
        return element("path", d=rest, fill="none", class_="sc-rule", stroke="#596267", stroke_width=1.2,
                       stroke_dasharray=f"{step * 0.4:.2g} {step * 0.6:.2g}")  # fmt: skip
    drawn = element("path", d=full, class_="sc-mend-line sc-dots-full", stroke="#3d4a52", stroke_width=wide, **dash)
    rings = element("path", d=rest, class_="sc-rule sc-dots-ring", stroke="#596267", stroke_width=wide * 0.86, **dash)
    holes = element("path", d=rest, class_="sc-halo", stroke="#ffffff", stroke_width=wide * 0.86 - 1.3, **dash)
    return (drawn if full else "") + (rings + holes if rest else "")


def _run(x: float, y: float, step: float, count: int) -> str:
    """Path data of a line that holds so many dots; it ends a little beyond the last one, so that rounding keeps it."""
    if count == 0:
        return ""
    length = (count - 1) * step + (0.3 if step > 0 else -0.3)
    return f"M{x:.1f} {y:.1f}h{length:.1f}"
