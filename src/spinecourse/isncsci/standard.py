"""The facts of the standard, read from their tables: levels in order, key muscles, thresholds and rules.

Levels are handled as places in one order from C1 (0) to S4-5; ``intact`` is the place after the last, for a level
that was not found because everything is normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from spinecourse.knowledge.tables import Row, by_column, load

SIDES: Final[tuple[Literal["right"], Literal["left"]]] = ("right", "left")
INTACT: Final = "INT"
"""How a level is written where every segment is normal."""
NOT_APPLICABLE: Final = "NA"
"""How a zone of partial preservation is written where there is sparing in S4-5."""


@dataclass(frozen=True, slots=True)
class Standard:
    """Levels and thresholds, and for each level what its motor function is read from."""

    levels: tuple[str, ...]
    dermatomes: tuple[str, ...]
    key_muscles: dict[str, str]
    upper: tuple[str, ...]
    lower: tuple[str, ...]
    motor_function: int
    antigravity: int
    normal_power: int
    preserved_sensation: int
    normal_sensation: int
    levels_below_motor_level: int
    share_antigravity: float

    @property
    def intact(self) -> int:
        """The place after the last level."""
        return len(self.levels)

    @property
    def sacral(self) -> int:
        """The place of S4-5."""
        return len(self.levels) - 1

    def place(self, level: str) -> int:
        """The place of a level in the order."""
        return self.levels.index(level)

    def name(self, place: int) -> str:
        """The level at a place, INT for the place after the last."""
        return INTACT if place == self.intact else self.levels[place]

    def key_muscles_below(self, place: int) -> int:
        """How many key muscles of one side lie below a level."""
        return sum(self.place(level) > place for level in self.key_muscles)


@cache
def standard() -> Standard:
    """The standard as the tables have it."""
    rows = sorted(load("isncsci/levels"), key=lambda row: row.number("order") or 0)
    values = {name: row.number("value") or 0 for name, row in by_column(load("isncsci/thresholds"), "name").items()}
    whole = {name: int(value) for name, value in values.items() if name != "share_antigravity"}
    keys = [row for row in rows if row["motor_from"] == "key_muscle"]
    return Standard(
        levels=tuple(row["level"] for row in rows),
        dermatomes=tuple(row["level"] for row in rows if row["dermatome"] == "yes"),
        key_muscles={row["level"]: row["key_muscle"] for row in keys},
        upper=tuple(row["level"] for row in keys if row["extremity"] == "upper"),
        lower=tuple(row["level"] for row in keys if row["extremity"] == "lower"),
        share_antigravity=values["share_antigravity"],
        **whole,
    )


@cache
def scores(modality: Literal["motor", "sensation"]) -> dict[int, str]:
    """The scores of a modality and what each means."""
    return {int(row["score"]): row["meaning"] for row in load("isncsci/scores") if row["modality"] == modality}


@cache
def non_key_movements() -> dict[str, str]:
    """The movements of muscles other than the key muscles, by the level they stand for."""
    return {row["level"]: row["movements"] for row in load("isncsci/non_key_muscles")}


@cache
def grades() -> dict[str, str]:
    """The grades of the impairment scale by letter, with the name of each."""
    return {row["grade"]: row["name"] for row in load("isncsci/grades")}


@cache
def rule(step: str) -> Row:
    """The rule behind a named step, with its source."""
    return by_column(load("isncsci/steps"), "step")[step]
