"""Shares with intervals, and how far probabilities are to be believed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959964
"""Two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with the 95 % interval of Wilson (1927, doi 10.1080/01621459.1927.10502953)."""

    met: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and upper end; 0 and 1 where nothing was counted."""
        if not self.of:
            return 0.0, 1.0
        share, n, z2 = self.met / self.of, self.of, Z95**2
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        return max(middle - half, 0.0), min(middle + half, 1.0)

    def __str__(self) -> str:
        if not self.of:
            return "none"
        low, high = self.interval
        return f"{self.met} of {self.of}, {self.met / self.of:.1%} ({low:.0%} to {high:.0%})"


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of similar probability: how many, their mean, and the share that came true."""

    low: float
    high: float
    count: int
    said: float
    seen: float


def reliability(predictions: Sequence[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """Predictions (probability, whether it was so) grouped into equal steps of probability; empty groups left out."""
    found = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [(p, hit) for p, hit in predictions if low <= p < high or (p == 1.0 and number == bins - 1)]
        if inside:
            said = sum(p for p, _ in inside) / len(inside)
            found.append(Bin(low, high, len(inside), said, sum(hit for _, hit in inside) / len(inside)))
    return found


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance between what was said and what was seen, weighted by the predictions in each bin."""
    total = sum(entry.count for entry in bins)
    return sum(entry.count * abs(entry.said - entry.seen) for entry in bins) / total if total else 0.0


def brier(predictions: Sequence[tuple[float, bool]]) -> float:
    """The mean squared distance between probability and truth (Brier 1950)."""
    return sum((p - hit) ** 2 for p, hit in predictions) / len(predictions) if predictions else 0.0


def reliability_drawing(bins: Sequence[Bin], title: str) -> str:
    """A reliability diagram as SVG: what was said across, what was seen upwards, dots by how many."""
    size, edge = 320, 36
    span = size - 2 * edge
    most = max((entry.count for entry in bins), default=1)
    dots = [
        f'<circle cx="{edge + span * e.said:.1f}" cy="{size - edge - span * e.seen:.1f}" '
        f'r="{3 + 9 * math.sqrt(e.count / most):.1f}" fill="#1f5f99" fill-opacity="0.75"><title>{e.count} said '
        f"{e.said:.0%}, seen {e.seen:.0%}</title></circle>"
        for e in bins
    ]
    ticks = [
        f'<text x="{edge + span * t:.0f}" y="{size - edge + 16}" text-anchor="middle">{t:.0%}</text>'
        f'<text x="{edge - 6}" y="{size - edge - span * t + 4:.0f}" text-anchor="end">{t:.0%}</text>'
        for t in (0, 0.5, 1)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" font-family="sans-serif"'
            f' font-size="11"><title>{title}</title>',
            f'<rect x="{edge}" y="{edge}" width="{span}" height="{span}" fill="none" stroke="#888"/>',
            f'<line x1="{edge}" y1="{size - edge}" x2="{size - edge}" y2="{edge}" stroke="#888" stroke-dasharray="4"/>',
            *dots,
            *ticks,
            f'<text x="{size / 2}" y="{size - 4}" text-anchor="middle">said</text>',
            f'<text x="10" y="{size / 2}" text-anchor="middle" transform="rotate(-90 10 {size / 2})">seen</text>',
            "</svg>",
        ]
    )
