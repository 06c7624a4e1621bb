"""The drugs behind a class of drugs: doses, how long a trial takes, and the cautions that apply to this patient."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from spinecourse.knowledge.tables import Row, load
from spinecourse.pathway.answer import Drug
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.rows import condition_of, source_text

CAUTIONED: Final = ("age", "renal", "pregnancy")
"""Columns of ``pathway/medications`` with a caution and the condition it applies under."""


@cache
def _rows(treatment: str) -> tuple[Row, ...]:
    """The drugs of a treatment; rows about the class as a whole are left out."""
    return tuple(
        row
        for row in load("pathway/medications")
        if row["treatment"] == treatment and row["drug"] not in ("any", "rule")
    )


def drugs(treatment: str, held: frozenset[str], asked: Asked, row: int) -> list[Drug]:
    """The drugs of a class for the conditions held; all of the class where none of its rows is for one of them."""
    mine = [entry for entry in _rows(treatment) if held & set(entry.items_of("conditions"))]
    return [_drug(entry, asked, row) for entry in mine or _rows(treatment)]


def _drug(entry: Row, asked: Asked, row: int) -> Drug:
    return Drug(
        drug=entry["drug"],
        start_dose=entry["start_dose"],
        usual_dose=entry["usual_dose"],
        max_dose=entry["max_dose"],
        trial_weeks=entry.number("trial_weeks"),
        cautions=list(_cautions(entry, asked, row)),
        note=entry["note"],
        source=source_text(entry),
    )


def _cautions(entry: Row, asked: Asked, row: int) -> Iterator[str]:
    if entry["cautions"]:
        yield entry["cautions"]
    for name in CAUTIONED:
        when = condition_of(entry, f"{name}_when")
        state = asked.state(when, row) if when is not None else False
        if state is not False:
            yield f"{entry[f'{name}_caution']}" + ("" if state else f" ({name} not known)")
