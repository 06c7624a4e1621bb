"""Whether surgery's turn has come: rows of ``pathway/gate_opens``, ``gate_targets`` and ``gate_requirements``.

A danger opens the gate at once, and nothing of the pain rules is asked. Otherwise a structural target that agrees with
the examination is needed, and everything that blocks has to be met. What protects the cord is never held up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.knowledge.conditions import Condition
from spinecourse.knowledge.rules import Rule, rules
from spinecourse.knowledge.tables import Row, load
from spinecourse.pathway.handed import Planes
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.rows import condition_of

PURPOSES: Final = ("decompress", "stabilise", "relieve_pain")
"""What a planned operation may be for, the strongest reason first; ``protect`` stands apart."""


@dataclass(frozen=True, slots=True)
class Needed:
    """One row of ``pathway/gate_requirements``: asked unless ``applies`` is known to fail."""

    row: Row
    purposes: tuple[str, ...]
    blocks: bool
    applies: Condition | None
    met: Condition


@dataclass(frozen=True, slots=True)
class GatePlanes:
    """For whom the gate stands how, a bit a patient; the five standings exclude each other.

    ``purpose`` has for every purpose the patients with a target for it, ``open_for_all`` everybody for whom nothing
    holds an operation up.
    """

    at_once: int
    open: int
    later: int
    unknown: int
    not_indicated: int
    purpose: dict[str, int]

    @property
    def open_for_all(self) -> int:
        """The patients for whom the gate is open, at once or for a decision."""
        return self.at_once | self.open


@cache
def openings(opens: str) -> tuple[Rule, ...]:
    """The rows that open the gate ``at_once`` or leave it ``open`` without more being asked."""
    return tuple(rule for rule in rules("pathway/gate_opens", "when") if rule.row["opens"] == opens)


@cache
def targets() -> tuple[Rule, ...]:
    """The rows that say what a structural target is."""
    return rules("pathway/gate_targets", "when")


@cache
def requirements_of(purpose: str) -> tuple[Needed, ...]:
    """What is asked before an operation for a purpose."""
    return tuple(entry for entry in _requirements() if purpose in entry.purposes)


@cache
def _requirements() -> tuple[Needed, ...]:
    found = []
    for row in load("pathway/gate_requirements"):
        met = condition_of(row, "met_when")
        assert met is not None
        applies = condition_of(row, "applies_when")
        found.append(Needed(row, row.items_of("purposes"), row["blocks"] == "yes", applies, met))
    return tuple(found)


def gate_planes(asked: Asked) -> GatePlanes:
    """The gate for every patient of the batch."""
    at_once = _any(openings("at_once"), asked)[0]
    opened = _any(openings("open"), asked)[0] & ~at_once
    target = {name: _any([rule for rule in targets() if rule.row["purpose"] == name], asked) for name in PURPOSES}
    passed = failed = waiting = aimed = 0
    for name in PURPOSES:
        mine = target[name][0] & ~aimed
        aimed |= mine
        met, unmet = _asked_for(name, asked)
        passed, failed, waiting = passed | (mine & met), failed | (mine & unmet), waiting | (mine & ~met & ~unmet)
    left = asked.everyone & ~at_once & ~opened
    nothing = asked.everyone
    for name in PURPOSES:
        nothing &= target[name][1]
    return GatePlanes(
        at_once=at_once,
        open=opened | (passed & left),
        later=failed & left,
        unknown=left & (waiting | (asked.everyone & ~aimed & ~nothing)),
        not_indicated=left & nothing,
        purpose={name: planes[0] for name, planes in target.items()},
    )


def _asked_for(purpose: str, asked: Asked) -> Planes:
    """For whom everything that blocks is met, and for whom something is known to be missing."""
    met, unmet = asked.everyone, 0
    for entry in requirements_of(purpose):
        if entry.blocks:
            here, missing = requirement_planes(entry, asked)
            met, unmet = met & here, unmet | missing
    return met, unmet


def requirement_planes(entry: Needed, asked: Asked) -> Planes:
    """For whom a requirement is met or does not apply, and for whom it is known to be missing."""
    holds, fails = asked.of(entry.met)
    applies, exempt = asked.of(entry.applies)
    return holds | exempt, fails & applies


def _any(chosen: Sequence[Rule], asked: Asked) -> Planes:
    true, false = 0, asked.everyone
    for rule in chosen:
        holds, fails = asked.of(rule.condition)
        true, false = true | holds, false & fails
    return true, false
