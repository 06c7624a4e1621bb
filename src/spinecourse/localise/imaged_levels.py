"""What a lesion seen at one level of the spine says about the site: which roots and segments it can explain.

Tables: ``anatomy/levels`` (which root leaves and which crosses a disc, what lies opposite a vertebra) and
``model/imaging_relations`` (how often a lesion is seen where it explains the site, and where it explains nothing).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import Column
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.tables import load
from spinecourse.localise.curves import Probabilities
from spinecourse.localise.hypotheses import hypotheses, involving

SACRAL_TIP = 7
"""The segments S1 to Co, of which the conus and epiconus consist."""


def imaged_states(column: Column) -> list[Probabilities]:
    """A lesion seen at one motion segment: common where it would explain the hypothesis, now and then elsewhere."""
    fitting = np.zeros(len(hypotheses()), dtype=np.float32)
    for part, relation in _explained(column.name).items():
        members = involving().get(part)
        if members is not None:
            fitting[members] = np.maximum(fitting[members], _imaging_rate(relation))
    counts = (fitting > 0) & _on_side(column.side)
    present = np.where(counts, fitting, np.float32(_imaging_rate("elsewhere")))
    return [1 - present, present]


@cache
def _on_side(side: str) -> NDArray[np.bool_]:
    """The hypotheses of a side, those of both sides included; every one where no side is given."""
    return np.array([not side or hypothesis.side in ("both", side) for hypothesis in hypotheses()])


@cache
def _imaging_rate(relation: str) -> float:
    return next(float(row["p"]) for row in load("model/imaging_relations") if row["relation"] == relation)


@cache
def _explained(level: str) -> dict[str, str]:
    """The sites that a lesion at a motion segment can explain, with how: crossing, exiting, cord or cauda equina."""
    if level in anatomy.vertebrae():
        return _explained_by_vertebra(level)
    row = anatomy.motion_segments()[level]
    found = {f"root:{row['root_exiting']}": "exiting_root", f"root:{row['root_paracentral']}": "crossing_root"}
    upper = anatomy.vertebrae().get(_upper_vertebra(level))
    opposite = upper["cord_segment_opposite"] or upper["vertebra_opposite"] if upper else ""
    if row["region"] == "lumbar":
        return found | {"cauda_equina": "cauda_equina"}
    return found | {f"cord:{segment}": "cord" for segment in _span(opposite)}


def _explained_by_vertebra(vertebra: str) -> dict[str, str]:
    """The sites opposite a vertebra that is broken, infected or invaded."""
    row = anatomy.vertebrae()[vertebra]
    opposite = row["cord_segment_opposite"] or row["vertebra_opposite"]
    found = {f"cord:{segment}": "cord" for segment in _span(opposite)} | {"vertebra": "vertebra"}
    if opposite == "cauda_equina":
        found["cauda_equina"] = "cauda_equina"
    if any(segment in anatomy.segments()[-SACRAL_TIP:] for segment in _span(opposite)):
        found["conus"] = "cord"
    return found


def _upper_vertebra(level: str) -> str:
    return level.partition("/")[0]


def _span(text: str) -> tuple[str, ...]:
    """Segments written as one (C6) or as a range (C7-C8), with the next below."""
    segments = anatomy.segments()
    ends = [part for part in text.split("-") if part in segments]
    if not ends:
        return ()
    return segments[segments.index(ends[0]) : segments.index(ends[-1]) + 2]
