"""Plain words for the areas of the body map."""

from __future__ import annotations

from functools import cache

from spinecourse.knowledge.tables import load
from spinecourse.pictures.body_geometry import Layer, View
from spinecourse.pictures.words import plain


@cache
def _regions() -> dict[tuple[str, str], str]:
    return {(row["view"], row["region"]): row["words"] for row in load("pictures/body_regions")}


def area_words(layer: Layer, view: View, name: str) -> str:
    """An area as one says it: ``L5 dermatome``, ``hollow of the knee``, ``lateral forearm``."""
    if layer == "region":
        return _regions()[view, name]
    if layer == "dermatome" and name != "face":
        return f"{name} dermatome"
    return plain(name)
