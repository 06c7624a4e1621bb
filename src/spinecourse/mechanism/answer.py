"""What mechanism answers: what kind of pain it is."""

from __future__ import annotations

from msgspec import Struct


class Mechanism(Struct, frozen=True):
    """Probabilities of the three mechanisms, which sum to 1 (None each where there is nothing to go by).

    ``because`` names the facts and rows that moved them, ``unasked`` what would move them most, ``why`` sums up.
    """

    nociceptive: float | None
    neuropathic: float | None
    nociplastic: float | None
    because: list[str]
    unasked: list[str]
    sources: list[str]
    why: str
