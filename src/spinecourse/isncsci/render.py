"""A classification as a page of text: the worksheet's boxes first, then every step with its reason."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from spinecourse.isncsci.model import Classification, Decision, Subtotals
from spinecourse.isncsci.standard import grades, rule

WIDTH: Final = 100
_LABEL: Final = 30
_TOTALS: Final = {
    "upper_extremity": "upper extremity motor", "lower_extremity": "lower extremity motor", "motor": "motor",
    "light_touch": "light touch", "pin_prick": "pin prick",
}  # fmt: skip


def render(classification: Classification) -> str:
    """The classification as a page of text, ending in a line break."""
    lines = [*_boxes(classification), "", *_totals(classification), "", *_steps(classification)]
    if classification.notes:
        lines += ["", "Notes", *(line for note in classification.notes for line in _wrapped(note, "  "))]
    return "\n".join(lines) + "\n"


def _boxes(found: Classification) -> Iterator[str]:
    whose = f" of {found.id}" if found.id else ""
    yield f"ISNCSCI classification{whose}, revision {found.revision}"
    yield ""
    yield _box("ASIA Impairment Scale", f"{found.impairment_scale.text}  ({_grade(found.impairment_scale)})")
    yield _box("Neurological level of injury", found.neurological_level.text)
    yield _box("Completeness", found.completeness.text)
    yield ""
    yield _box("", f"{'right':<{_LABEL - 1}} left")
    for step in ("sensory_level", "motor_level", "sensory_zone", "motor_zone"):
        right, left = (getattr(side, step).text for side in (found.right, found.left))
        yield _box(_heading(step), f"{right:<{_LABEL - 1}} {left}")


def _box(label: str, text: str) -> str:
    return f"  {label:<{_LABEL - 1}} {text}"


def _heading(step: str) -> str:
    return rule(step)["heading"].replace("zone of partial", "partial")


def _grade(scale: Decision) -> str:
    return " or ".join(dict.fromkeys(grades()[grade] for grade in scale.values))


def _totals(found: Classification) -> Iterator[str]:
    yield f"  {'Subtotals, as examined':<{_LABEL}}{'right':>8}{'left':>8}{'both':>8}"
    parts = (found.right.subtotals, found.left.subtotals, found.totals)
    for name, label in _TOTALS.items():
        yield f"  {label:<{_LABEL}}{''.join(f'{_sum(part, name):>8}' for part in parts)}"


def _sum(part: Subtotals, name: str) -> str:
    value: int | None = getattr(part, name)
    return "ND" if value is None else str(value)


def _steps(found: Classification) -> Iterator[str]:
    yield "Why"
    for decision in found.decisions:
        side = f", {decision.side}" if decision.side else ""
        yield f"  {rule(decision.step)['heading']}{side}: {decision.text}"
        for reason in decision.because:
            yield from _wrapped(reason, "    - ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))
