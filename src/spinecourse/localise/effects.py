"""What each lesion does to each leaf: loss of supply at the leaf, and release from the corticospinal tract.

For a root, plexus part or nerve the loss is the share of the leaf's supply that runs through the node, times how
much of the node is lost. For the cord it is the share of the segment at the level of the lesion; below it movements
lose their command and reflexes their restraint. Conus and cauda equina take the roots that end there. Diffuse
disease takes by body region (``model/diffuse_effects``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from spinecourse.findings.catalogue import TRACTS
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.anatomy import Leaf
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.localise.hypotheses import Hypothesis, hypotheses

SIDES = ("left", "right")

Loss = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Effects:
    """What every hypothesis does to every leaf, each array of shape (leaves, sides, hypotheses), from 0 to 1.

    ``loss`` is loss of supply to the leaf itself, ``release`` the effect of a lesion of the corticospinal tract
    (weakness of a movement, briskness of a reflex), ``territory`` the part of the supply that runs through the site
    whether it is lost or not: pain and tingling are felt there. ``tract`` is the loss of feeling to one modality, by
    kind of column; it differs from ``loss`` for lesions of the cord alone, where one tract has crossed.
    """

    leaves: tuple[Leaf, ...]
    number: dict[tuple[str, str], int]
    loss: Loss
    release: Loss
    territory: Loss
    tract: dict[str, Loss]


@cache
def effects() -> Effects:
    """The effects of all hypotheses, computed once."""
    leaves = tuple(anatomy.leaves().values())
    number = {(leaf.kind, leaf.name): index for index, leaf in enumerate(leaves)}
    shape = (len(leaves), len(SIDES), len(hypotheses()))
    loss, release, territory = (np.zeros(shape, dtype=np.float32) for _ in range(3))
    for index, hypothesis in enumerate(hypotheses()):
        own, above, diffuse = _reach(hypothesis)
        fraction, below = _fraction(hypothesis.variant), _below(hypothesis, above)
        released = _released(hypothesis, leaves) * above
        spared = _spared(hypothesis, leaves)
        for side, strength in enumerate(_sides(hypothesis)):
            territory[:, side, index] = strength * np.maximum(own, above) * spared
            loss[:, side, index] = np.maximum(strength * own * fraction * spared, strength * diffuse[0])
            loss[:, side, index] = np.maximum(loss[:, side, index], strength * below)
            release[:, side, index] = np.maximum(strength * released, strength * diffuse[1])
    return Effects(leaves, number, loss, release, territory, {tract: _by_tract(tract, loss) for tract in TRACTS})


def _by_tract(tract: str, loss: Loss) -> Loss:
    """The loss of feeling that one tract carries; a lesion of half the cord takes pin on the other side."""
    result = loss.copy()
    feels = np.array([leaf.kind == "sensation" for leaf in anatomy.leaves().values()])
    rows = by_column(load("model/cord_tracts"), "variant")
    for index, hypothesis in enumerate(hypotheses()):
        if not hypothesis.site_class.startswith("cord"):
            continue
        own, below, _ = _reach(hypothesis)
        spared = 1 - parameter("localise_sacral_sparing") * _sacral()
        lost = np.maximum(own, below * spared) * float(rows[hypothesis.variant["variant"]][tract])
        strengths = _sides(hypothesis)
        crossed = strengths[::-1] if tract == "spinothalamic" else strengths
        for side, strength in enumerate(crossed):
            result[feels, side, index] = (strength * lost)[feels]
    return result


@cache
def _matrix() -> tuple[dict[str, int], Loss, Loss, tuple[str, ...]]:
    """Leaves against nodes and leaves against segments: the shares of supply as matrices."""
    leaves = tuple(anatomy.leaves().values())
    nodes = {node: index for index, node in enumerate(dict.fromkeys(node for leaf in leaves for node in leaf.shares))}
    through = np.zeros((len(leaves), len(nodes)), dtype=np.float32)
    segments = anatomy.segments()
    at = np.zeros((len(leaves), len(segments)), dtype=np.float32)
    for row, leaf in enumerate(leaves):
        for node, share in leaf.shares.items():
            through[row, nodes[node]] = min(share, 1.0)
        for root, share in leaf.roots.items():
            at[row, segments.index(root)] = share
    return nodes, through, at, segments


def _reach(hypothesis: Hypothesis) -> tuple[Loss, Loss, tuple[Loss, Loss]]:
    """For every leaf: the share at the site, the share below a cord site, and diffuse loss and release."""
    return _reach_of(hypothesis.site, hypothesis.site_class, hypothesis.variant["variant"])


@cache
def _reach_of(site: str, site_class: str, variant: str) -> tuple[Loss, Loss, tuple[Loss, Loss]]:
    nodes, through, at, segments = _matrix()
    nothing = np.zeros(len(through), dtype=np.float32)
    diffuse = _diffuse(site, variant)
    own, below = nothing.copy(), nothing
    for part in site.split("+"):
        if part in nodes:
            own = own + through[:, nodes[part]]
        elif site_class.startswith("cord"):
            level = segments.index(part.partition(":")[2])
            width = _segments_at_level(variant)
            own, below = at[:, level : level + width].sum(axis=1), at[:, level + 1 :].sum(axis=1)
        elif part in ("conus", "cauda_equina"):
            own = own + at @ _taken(part, variant, segments)
    return np.minimum(own, 1.0), below, diffuse


@cache
def _segments_at_level(variant: str) -> int:
    """Over how many segments from the level downwards a cord lesion takes the grey matter itself."""
    return int(by_column(load("model/cord_tracts"), "variant")[variant]["segments_at_level"])


@cache
def _taken(site: str, variant: str, segments: tuple[str, ...]) -> Loss:
    """How much of each segment's roots a lesion of conus or cauda equina takes (``model/sacral_reach``)."""
    taken = np.zeros(len(segments), dtype=np.float32)
    for row in load("model/sacral_reach"):
        if (row["site"], row["variant"]) == (site, variant):
            taken[segments.index(row["segment"])] = float(row["share"])
    return taken


def _below(hypothesis: Hypothesis, below: Loss) -> Loss:
    """Loss of feeling below a cord lesion, and of reflexes below an acute one."""
    if not hypothesis.site_class.startswith("cord"):
        return np.zeros_like(below)
    spared = 1 - parameter("localise_sacral_sparing") * _sacral()
    return below * spared * _fraction_below(hypothesis.variant)


@cache
def _fraction(variant: Row) -> Loss:
    """For every leaf how much of its function a variant takes."""
    lost = {"power": "motor", "sensation": "sensory", "reflex": "reflex"}
    return _by_kind({kind: float(variant[column]) for kind, column in lost.items()})


@cache
def _fraction_below(variant: Row) -> Loss:
    """For every leaf below a cord lesion how much of its function a variant takes."""
    shocked = variant["variant"] == "shock"
    return _by_kind({"sensation": float(variant["sensory"]), "reflex": float(variant["reflex"]) if shocked else 0.0})


def _by_kind(fractions: dict[str, float]) -> Loss:
    """A number a leaf from a number a kind of leaf."""
    return np.array([fractions.get(leaf.kind, 0.0) for leaf in anatomy.leaves().values()], dtype=np.float32)


@cache
def _sacral() -> Loss:
    """For every leaf the share of its supply that comes from the sacral roots below S2."""
    _, _, at, segments = _matrix()
    share: Loss = at[:, segments.index("S3") :].sum(axis=1)
    return share


@cache
def _pyramidal() -> dict[str, float]:
    return {row["movement"]: float(row["weight"]) for row in load("model/pyramidal_pattern")}


def _released(hypothesis: Hypothesis, leaves: tuple[Leaf, ...]) -> Loss:
    """Weakness of each movement and briskness of each reflex wholly below the lesion."""
    weak, brisk = float(hypothesis.variant["upper_motor"]), float(hypothesis.variant["brisk"])
    return _release_of(weak, brisk, leaves)


@cache
def _release_of(weak: float, brisk: float, leaves: tuple[Leaf, ...]) -> Loss:
    pattern = _pyramidal()
    amounts = [_amount(leaf, weak, brisk, pattern) for leaf in leaves]
    return np.array(amounts, dtype=np.float32)


def _amount(leaf: Leaf, weak: float, brisk: float, pattern: dict[str, float]) -> float:
    """Complete paralysis spares no movement; partial weakness follows the pyramidal pattern."""
    if leaf.kind == "power":
        return float(weak ** (1 / pattern.get(leaf.name, pattern["default"])))
    return brisk if leaf.kind == "reflex" else 0.0


def _spared(hypothesis: Hypothesis, leaves: tuple[Leaf, ...]) -> Loss | float:
    if not hypothesis.spared:
        return 1.0
    return np.array([(leaf.kind, leaf.name) not in hypothesis.spared for leaf in leaves], dtype=np.float32)


@cache
def _asymmetry() -> dict[str, float]:
    """For sites with a leading side, how much of the effect the other side takes (``model/asymmetry``)."""
    return {row["class"]: float(row["other_side"]) for row in load("model/asymmetry")}


def _sides(hypothesis: Hypothesis) -> tuple[float, float]:
    """The strength of the effect on the left and on the right."""
    if hypothesis.side == "both":
        return 1.0, 1.0
    other = _asymmetry().get(hypothesis.site_class, 0.0)
    return (1.0, other) if hypothesis.side == "left" else (other, 1.0)


@cache
def _leaf_regions() -> tuple[dict[str, float], ...]:
    """For every leaf the body regions it lies in, with shares that sum to 1."""
    regions = {("power", row["movement"]): {row["region"]: 1.0} for row in load("anatomy/movements")}
    muscles = {row["muscle"]: row["region"] for row in load("anatomy/muscles")}
    regions |= {("reflex", row["reflex"]): {muscles.get(row["muscle"], ""): 1.0} for row in load("anatomy/reflexes")}
    areas = {row["area"]: row for row in load("anatomy/skin")}
    members = anatomy.groups("mean")
    for leaf in anatomy.leaves().values():
        if leaf.kind == "sensation":
            named = members.get(("sensation", leaf.name)) or _areas_of(leaf.name, areas)
            regions["sensation", leaf.name] = _shares([areas[area]["body_region"] for area in named if area in areas])
    return tuple(_renamed(leaf.kind, regions.get((leaf.kind, leaf.name), {})) for leaf in anatomy.leaves().values())


def _renamed(kind: str, regions: dict[str, float]) -> dict[str, float]:
    """Body regions as the anatomy tables call them to those of ``model/diffuse_effects``."""
    names = {row["region"]: row["diffuse_region"] for row in load("model/regions") if row["kind"] == kind}
    found: dict[str, float] = defaultdict(float)
    for region, share in regions.items():
        found[names.get(region, region)] += share
    return dict(found)


def _areas_of(name: str, areas: dict[str, Row]) -> list[str]:
    """The areas of a dermatome or of a nerve's skin; an area is its own."""
    if name in areas:
        return [name]
    if name in anatomy.nerves():
        return list(anatomy.nerves()[name].items_of("skin_territory"))
    return [
        area
        for area, row in areas.items()
        if row.weights("dermatome_weights").get(name, 0.0) >= parameter("localise_main_dermatome_share")
    ]


def _shares(names: list[str]) -> dict[str, float]:
    counted: dict[str, float] = defaultdict(float)
    for name in names:
        counted[name] += 1 / len(names)
    return dict(counted)


@cache
def _diffuse(site: str, variant: str) -> tuple[Loss, Loss]:
    """Loss and release by body region for a diffuse site; zeros for every other."""
    rows = {
        row["region"]: row for row in load("model/diffuse_effects") if (row["site"], row["variant"]) == (site, variant)
    }
    leaves = tuple(anatomy.leaves().values())
    lost = {"power": "motor", "sensation": "sensory", "reflex": "reflex"}
    freed = {"power": "upper_motor", "reflex": "brisk"}
    loss, release = np.zeros(len(leaves), dtype=np.float32), np.zeros(len(leaves), dtype=np.float32)
    for index, (leaf, regions) in enumerate(zip(leaves, _leaf_regions(), strict=True)):
        for region, share in regions.items():
            if region in rows:
                loss[index] += share * float(rows[region][lost[leaf.kind]])
                release[index] += share * float(rows[region][freed[leaf.kind]]) if leaf.kind in freed else 0.0
    return loss, release
