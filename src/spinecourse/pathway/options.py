"""The standing of every treatment for a whole batch: rows for and against, cautions, and what was tried in vain.

A treatment is *contraindicated* where one of its rows says so. It is *recommended* where a guideline speaks for it and
none against, *possible* where sources differ or only a payer, a label or weak evidence speaks for it, *later* where it
waits for something known to be missing, *unknown* where facts are missing, and *not indicated* otherwise. What was
tried long enough without effect is not indicated again. An operation is never further than the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from spinecourse.pathway.gate import GatePlanes
from spinecourse.pathway.handed import Planes
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.rows import OptionRule, cautions, not_again_when, rules_of, treatments

EVERYBODY: Final = "any"
"""The condition of rows that hold for everybody with pain: it points to no treatment."""

GATED: Final = ("surgery",)
"""Kinds of treatment that wait for the gate."""


@dataclass(frozen=True, slots=True)
class StandingPlanes:
    """For one treatment the patients of each standing, a bit a patient; every patient is in exactly one.

    ``in_question`` has those with a condition the treatment is for or against.
    """

    recommended: int
    possible: int
    later: int
    unknown: int
    not_indicated: int
    contraindicated: int
    in_question: int


STANDINGS: Final = tuple(entry.name for entry in fields(StandingPlanes) if entry.name != "in_question")


@dataclass(slots=True)
class _Voices:
    """What the rows about one treatment say: for whom which of them speak."""

    recommended: int = 0
    possible: int = 0
    uncertain: int = 0
    against: int = 0
    waiting: int = 0
    open: int = 0
    weak_waiting: int = 0
    weak_open: int = 0
    in_question: int = 0


def option_planes(asked: Asked, held: Mapping[str, Planes], gate: GatePlanes) -> dict[str, StandingPlanes]:
    """The standing of every treatment over the batch."""
    return {name: _standing(name, asked, held, gate) for name in treatments()}


def _standing(name: str, asked: Asked, held: Mapping[str, Planes], gate: GatePlanes) -> StandingPlanes:
    voices, row = _Voices(), treatments()[name]
    for rule in rules_of(name):
        _hear(rule, asked, held, voices)
    forbidden, deferred = (_warned(name, weight, asked) for weight in ("contraindicated", "defer"))
    in_vain = asked.of(again)[0] if (again := not_again_when(name)) is not None else 0
    left = asked.everyone & ~forbidden & ~in_vain
    recommended = voices.recommended & ~voices.against
    possible = (voices.recommended & voices.against) | voices.possible | (voices.uncertain & ~voices.against)
    # A source against it in a condition that is there weighs more than one that is in doubt, and than a condition
    # nobody has asked about.
    ready, waiting = recommended | possible, voices.waiting | (voices.weak_waiting & ~voices.against)
    open_ = voices.open | (voices.weak_open & ~voices.against)
    if row["kind"] in GATED and row["bleeding"] != "emergency":
        waiting, open_ = waiting | (ready & gate.later), open_ | (ready & gate.unknown)
        ready &= gate.open_for_all
    waiting |= ready & deferred
    ready &= left & ~deferred
    later = waiting & left & ~ready
    unknown = open_ & left & ~ready & ~later
    settled = ready | later | unknown
    return StandingPlanes(
        recommended=ready & recommended,
        possible=ready & possible & ~recommended,
        later=later,
        unknown=unknown,
        not_indicated=asked.everyone & ~forbidden & ~settled,
        contraindicated=forbidden,
        in_question=voices.in_question,
    )


def _hear(rule: OptionRule, asked: Asked, held: Mapping[str, Planes], voices: _Voices) -> None:
    base, required = held[rule.condition], asked.of(rule.requires)
    met = base[0] & required[0]
    if rule.condition != EVERYBODY:
        voices.in_question |= base[0]
    if rule.direction == "against":
        voices.against |= met
    elif rule.supports:
        _hear_support(rule, base, required, asked, voices)


def _hear_support(rule: OptionRule, base: Planes, required: Planes, asked: Asked, voices: _Voices) -> None:
    after = asked.of(rule.after)
    met = base[0] & required[0]
    ready, waiting = met & after[0], met & after[1]
    undecided = asked.everyone & ~(base[1] | required[1]) & ~ready & ~waiting
    if rule.direction == "uncertain":
        voices.uncertain |= ready
        voices.weak_waiting |= waiting
        voices.weak_open |= undecided
        return
    if rule.supports == "recommended":
        voices.recommended |= ready
    else:
        voices.possible |= ready
    voices.waiting |= waiting
    voices.open |= undecided & base[0]
    voices.weak_open |= undecided & ~base[0]


def _warned(name: str, weight: str, asked: Asked) -> int:
    found = 0
    for caution in cautions().get(name, ()):
        if caution.weight == weight:
            found |= asked.of(caution.condition)[0]
    return found
