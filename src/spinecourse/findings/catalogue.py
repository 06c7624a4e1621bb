"""The columns of a batch: every finding the reasoners read, on each side, with the states it can take.

State 0 is always *unknown*; state 1 is always normal, absent or false. What the other states mean depends on the
kind and stands in ``vocabulary/grades``. Columns of kind ``condition`` hold the truth of one atom of a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.rules import rule_atoms
from spinecourse.knowledge.tables import load

UNKNOWN: Final = 0
NORMAL: Final = 1
PRESENT: Final = 2

FULL_STRENGTH: Final = 5
"""The grade of a muscle of full strength on the scale of the Medical Research Council (1976), from 0 to 5."""

TRACTS: Final = ("spinothalamic", "dorsal_column")
"""Kinds of columns for feeling tested by one modality: pin and temperature, or vibration and position."""

GRADED: Final = ("power", "sensation", "reflex", *TRACTS)
"""Kinds whose findings have grades; those of all others are absent or present."""

SLOTS: Final = {"paired": ("left", "right", ""), "single": ("",), "none": ("",)}
"""The columns of one name: left, right and *side not given*, or one alone."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a finding of one kind at one slot, and the names of its states from 1 upwards.

    ``side`` is left or right, or empty where the finding has no side or none was given.
    """

    number: int
    kind: str
    name: str
    side: str
    states: tuple[str, ...]

    @property
    def text(self) -> str:
        """The finding as a person would say it, such as ``power hip_abduction left``."""
        return " ".join(part for part in (self.kind, self.name, self.side) if part)


@cache
def states_of(kind: str) -> tuple[str, ...]:
    """The names of the states of a kind, normal first."""
    wanted = "sensation" if kind in TRACTS else kind if kind in GRADED else "presence"
    return tuple(row["state"] for row in load("vocabulary/grades") if row["kind"] == wanted)


def _levels() -> list[str]:
    """Motion segments and vertebrae, at which imaging, a diagnosis or a treatment may place a lesion."""
    return [*anatomy.motion_segments(), *anatomy.vertebrae()]


def _names() -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Kind, name, slots and states of every finding, in the order of the vocabulary."""
    grouped = anatomy.groups("each")
    found = [
        (entry.kind, entry.name, SLOTS[entry.side], states_of(entry.kind))
        for entry in vocabulary.names().values()
        if (entry.kind, entry.name) not in grouped and entry.kind not in vocabulary.WISHES
    ]
    skin_names = [name for kind, name in vocabulary.names() if kind == "sensation" and (kind, name) not in grouped]
    found += [("area", name, SLOTS["paired"], states_of("presence")) for name in skin_names]
    found += [("imaged_level", level, SLOTS["paired"], states_of("presence")) for level in _levels()]
    tested = [*anatomy.groups("any")["sensation", "any_dermatome"], "saddle", "perianal", "S3", "S4", "S5"]
    paired = {name: entry.side for (kind, name), entry in vocabulary.names().items() if kind == "sensation"}
    found += [(tract, name, SLOTS[paired[name]], states_of(tract)) for tract in TRACTS for name in tested]
    found.append(("sensory_level", "trunk_or_limb", ("",), anatomy.segments()))
    found += [("condition", str(atom), ("",), ("false", "true")) for atom in rule_atoms()]
    return found


@cache
def catalogue() -> dict[tuple[str, str, str], Column]:
    """Every column by kind, name and side."""
    found: dict[tuple[str, str, str], Column] = {}
    for kind, name, slots, states in _names():
        for side in slots:
            found[kind, name, side] = Column(len(found), kind, name, side, states)
    return found


@cache
def columns() -> tuple[Column, ...]:
    """Every column in the order of their numbers."""
    return tuple(catalogue().values())
