"""The posterior draws the package ships, and what they are draws of (``posterior/synthesis.npz`` with its manifest)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any, Final

import numpy as np

from spinecourse.expect.scales import Array
from spinecourse.expect.synthesis_model import BLOCKS, SHIPPED, Layout

_SEED: Final = 20261122
"""Of the standard normal deviates that stand for *another study like these*; fixed, so that answers repeat."""

PARTS_OF_A_STUDY: Final = ("start_study", "start_series", "study", "arm", "series", "row", "sampling")
"""What differs from study to study, each with its own fixed deviates."""

OF_THE_PLACE: Final = ("start_study", "study")
"""Deviates that belong to a draw: a clinic's own outcomes tell which of them fit its place."""


@dataclass(frozen=True)
class Draws:
    """Posterior draws: effects (draws x coefficients), parameters (by name, draws first), and deviates of a new study.

    ``names`` gives the order of conditions, groups, treatments, classes, outcomes and families in the effects.
    """

    effects: Array
    parameters: Mapping[str, Array]
    names: Mapping[str, Sequence[str]]
    layout: Layout
    manifest: Mapping[str, Any]
    deviates: Mapping[str, Array]

    @property
    def count(self) -> int:
        """The number of draws."""
        return len(self.effects)

    def first(self, count: int) -> Draws:
        """The first so many draws (they are in no order)."""
        return self.chosen(np.arange(min(count, self.count)))

    def chosen(self, at: np.ndarray[Any, np.dtype[np.int64]]) -> Draws:
        """Some draws, by place; a draw may occur more than once."""
        return Draws(
            self.effects[at], {k: v[at] for k, v in self.parameters.items()}, self.names, self.layout, self.manifest,
            {k: v[at] if k in OF_THE_PLACE else v[: len(at)] for k, v in self.deviates.items()},
        )  # fmt: skip


@cache
def shipped() -> Draws:
    """The draws in the package."""
    folder = files("spinecourse.expect").joinpath("posterior")
    return read_draws(folder.joinpath("synthesis.npz"), folder.joinpath("synthesis.json"))


def read_draws(numbers: Traversable, manifest: Traversable) -> Draws:
    """Draws with their manifest."""
    told = json.loads(manifest.read_text(encoding="utf-8"))
    with np.load(BytesIO(numbers.read_bytes())) as arrays:
        found = {name: arrays[name].astype(np.float64) for name in arrays.files}
    effects = found.pop("effects")
    return Draws(effects, found, told["names"], layout_for(told["names"]), told, deviates(len(effects)))


def layout_for(names: Mapping[str, Sequence[str]]) -> Layout:
    """Where the shipped blocks stand."""
    n = {key: len(values) for key, values in names.items()}
    sizes = (
        n["outcomes"], n["conditions"] * n["families"], n["classes"], 1, n["groups"], n["conditions"], 1, n["classes"],
        n["treatments"], n["classes"] * n["conditions"], n["classes"] * n["families"], 1, n["classes"], 1, 1,
        n["outcomes"],
    )  # fmt: skip
    return Layout.of(dict(zip(BLOCKS[:SHIPPED], sizes, strict=True)))


def deviates(count: int) -> dict[str, Array]:
    """The fixed deviates for so many draws."""
    generator = np.random.default_rng(_SEED)
    return {name: generator.standard_normal(count) for name in PARTS_OF_A_STUDY}
