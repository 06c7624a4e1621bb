"""The examination that is classified, and the classification with the reason for every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Answer = Literal["yes", "no", "NT"]
SideName = Literal["right", "left"]


class Side(Struct, frozen=True):
    """One side of the body: a score, as text, for each key muscle and each dermatome.

    ``lowest_non_key_muscle`` is the level of the lowest muscle other than the key muscles that has any motor function;
    None where none was found or none was looked for, which the standard treats alike.
    """

    motor: Mapping[str, str]
    light_touch: Mapping[str, str]
    pin_prick: Mapping[str, str]
    lowest_non_key_muscle: str | None = None


class Examination(Struct, frozen=True):
    """One examination by the International Standards, both sides and the anorectal examination.

    Every score must be there: what was not tested is ``NT``. ``comments`` is not read by the classification.
    """

    right: Side
    left: Side
    voluntary_anal_contraction: Answer
    deep_anal_pressure: Answer
    id: str | None = None
    comments: str | None = None


class Decision(Struct, frozen=True):
    """What one named step decided, and why.

    ``values`` holds one value, or, where scores that were not testable leave several open, each value that is possible
    and no other. ``tagged`` says that the value rests on an assumption about a condition other than the cord injury:
    with the scores as examined it would be different.
    """

    step: str
    side: SideName | None
    values: list[str]
    tagged: bool
    because: list[str]

    @property
    def determined(self) -> bool:
        """Whether there is one value only."""
        return len(self.values) == 1

    @property
    def text(self) -> str:
        """The value as it is written on the worksheet, such as ``C5``, ``T6*`` or ``ND (C5 or C6)``."""
        if self.determined:
            return self.values[0] + ("*" if self.tagged else "")
        return f"ND ({', '.join(self.values[:-1])} or {self.values[-1]})"


class Subtotals(Struct, frozen=True):
    """Sums of scores as examined; None, not determinable, where a score in the sum was not testable."""

    upper_extremity: int | None
    lower_extremity: int | None
    motor: int | None
    light_touch: int | None
    pin_prick: int | None


class SideResult(Struct, frozen=True):
    """The decisions and subtotals of one side."""

    sensory_level: Decision
    motor_level: Decision
    sensory_zone: Decision
    motor_zone: Decision
    subtotals: Subtotals


class Classification(Struct, frozen=True):
    """The classification of one examination.

    ``revision`` is that of the standard; ``totals`` are both sides together, in which the standard has no sum of all
    motor scores, so ``motor`` there is the sum of the two motor subtotals; ``notes`` say what the examiner should know
    before the result is used.
    """

    id: str | None
    revision: str
    right: SideResult
    left: SideResult
    neurological_level: Decision
    completeness: Decision
    impairment_scale: Decision
    totals: Subtotals
    notes: list[str]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision in the order in which the standard takes them."""
        return (
            self.right.sensory_level, self.left.sensory_level, self.right.motor_level, self.left.motor_level,
            self.neurological_level, self.completeness, self.impairment_scale,
            self.right.sensory_zone, self.left.sensory_zone, self.right.motor_zone, self.left.motor_zone,
        )  # fmt: skip
