"""Placing the callouts beside the spine so that none overlaps another and each stands near what it names."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from spinecourse.pictures.geometry import Point

SIZE: Final = 13.5
LINE: Final = 15.0
GAP: Final = 7.0
HEAD_CHARACTERS: Final = 14
CHARACTERS: Final = 15
"""How many characters fit one line of a column at the label's size, strong and plain."""


@dataclass(frozen=True, slots=True)
class Label:
    """A callout: what it points at, its column (-1 viewer's left), its lines, the first ``heads`` strong."""

    anchor: Point
    side: int
    lines: tuple[str, ...]
    kind: str
    weight: float
    heads: int

    @property
    def height(self) -> float:
        """How much of the column it takes, the gap to the next one included."""
        return len(self.lines) * LINE + GAP


@dataclass(frozen=True, slots=True)
class Placed:
    """A callout with the height at which its first line's middle stands."""

    label: Label
    top: float


def wrapped(head: str, details: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The strong and the plain lines of a callout, none longer than a column is wide."""
    return tuple(textwrap.wrap(head, HEAD_CHARACTERS)), tuple(textwrap.wrap(details, CHARACTERS))


def choose_side(preferred: int | None, left: Sequence[Label], right: Sequence[Label]) -> int:
    """The column for a callout: its own side, or the emptier one for something in the middle."""
    if preferred is not None:
        return preferred
    return -1 if sum(item.height for item in left) < sum(item.height for item in right) else 1


def place(labels: Sequence[Label], top: float, bottom: float) -> tuple[list[Placed], list[Label]]:
    """Callouts of one column from the top down, and those that found no room (the least weighty ones).

    Each wants its anchor's height. Neighbours that would overlap form a block that stands as near as possible to
    what its members want, and blocks merge until nothing overlaps.
    """
    kept = sorted(labels, key=lambda label: -label.weight)
    left_out: list[Label] = []
    while sum(label.height for label in kept) > bottom - top:
        left_out.append(kept.pop())
    kept.sort(key=lambda label: (label.anchor[1], -label.weight))
    blocks: list[list[Label]] = []
    starts: list[float] = []
    for label in kept:
        blocks.append([label])
        starts.append(_wanted([label], top, bottom))
        while len(blocks) > 1 and starts[-2] + _height(blocks[-2]) > starts[-1]:
            blocks[-2:] = [blocks[-2] + blocks[-1]]
            starts[-2:] = [_wanted(blocks[-1], top, bottom)]
    return _stacked(blocks, starts), left_out


def _height(block: Sequence[Label]) -> float:
    return sum(label.height for label in block)


def _wanted(block: Sequence[Label], top: float, bottom: float) -> float:
    """Where a block would start if its members' mean wish counted, kept inside the column."""
    offset, wishes = 0.0, []
    for label in block:
        wishes.append(label.anchor[1] - (label.height - GAP) / 2 - offset)
        offset += label.height
    return min(max(sum(wishes) / len(wishes), top), bottom - offset)


def _stacked(blocks: Sequence[Sequence[Label]], starts: Sequence[float]) -> list[Placed]:
    placed = []
    for block, start in zip(blocks, starts, strict=True):
        for label in block:
            placed.append(Placed(label, start + LINE / 2))
            start += label.height
    return placed
