"""The pathway of a whole batch: conditions, the gate, and the standing of every treatment, without explanations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings import Batch
from spinecourse.pathway.conditions import held_planes
from spinecourse.pathway.gate import GatePlanes, gate_planes
from spinecourse.pathway.handed import Handed, Planes
from spinecourse.pathway.options import STANDINGS, StandingPlanes, option_planes
from spinecourse.pathway.planes import Asked


@dataclass(frozen=True, slots=True)
class PathwayBatch:
    """The pathway of a batch. Planes are whole numbers with a bit a patient, the first patient in the lowest bit."""

    asked: Asked
    held: dict[str, Planes]
    gate: GatePlanes
    options: dict[str, StandingPlanes]

    def standings(self) -> NDArray[np.int8]:
        """The standing of every treatment as its place in ``STANDINGS``, shape (treatments, patients)."""
        patients = len(self.asked.batch.states)
        found = np.zeros((len(self.options), patients), dtype=np.int8)
        for number, planes in enumerate(self.options.values()):
            for place, name in enumerate(STANDINGS):
                found[number] += place * _bits(getattr(planes, name), patients)
        return found


def pathway_batch(batch: Batch, handed: Handed | None = None) -> PathwayBatch:
    """Conditions, gate and options of every patient; ``handed`` is what other reasoners found, else unknown."""
    asked = Asked(batch, handed or Handed())
    held, gate = held_planes(asked), gate_planes(asked)
    return PathwayBatch(asked, held, gate, option_planes(asked, held, gate))


def _bits(plane: int, patients: int) -> NDArray[np.int8]:
    data = np.frombuffer(plane.to_bytes((patients + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(data, count=patients, bitorder="little").astype(np.int8)
