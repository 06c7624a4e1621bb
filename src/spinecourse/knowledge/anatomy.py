"""The nervous system as a graph: cord segment, root, plexus, nerve; then muscle, skin and reflex arc.

Every *leaf* (a movement, an area of skin, a reflex) is supplied by strands. A strand starts at one root and reaches
the leaf through one nerve; its weight is the share of the leaf's supply that it carries. A lesion at a node takes
from the leaf the summed weight of the strands that run through that node.

Tables: ``anatomy/muscles``, ``movements``, ``skin``, ``reflexes``, ``plexus``, ``nerves``, ``levels``; groups of
leaves from ``vocabulary/groups``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from spinecourse.knowledge.tables import Row, by_column, load


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Something an examiner tests, with what supplies it.

    ``kind`` is power, sensation or reflex. ``shares`` gives for every node (``root:L5``, ``nerve:sciatic``,
    ``plexus:sacral``) the part of the supply, 0 to 1, that runs through it; ``roots`` the same for the roots alone,
    by segment.
    """

    kind: str
    name: str
    shares: dict[str, float]
    roots: dict[str, float]


@cache
def segments() -> tuple[str, ...]:
    """The segments of the cord from C1 to Co, from the head downwards."""
    rows = [row for row in load("anatomy/levels") if row["kind"] == "cord_segment"]
    return tuple(row["name"] for row in sorted(rows, key=lambda row: int(row["order"])))


@cache
def motion_segments() -> dict[str, Row]:
    """The rows of the motion segments (``L4/5``), from the head downwards."""
    return by_column([row for row in load("anatomy/levels") if row["kind"] == "motion_segment"], "name")


@cache
def vertebrae() -> dict[str, Row]:
    """The rows of the vertebrae (``L4``), from the head downwards."""
    return by_column([row for row in load("anatomy/levels") if row["kind"] == "vertebra"], "name")


@cache
def nerves() -> dict[str, Row]:
    """The rows of nerves and plexus parts that can be a lesion site, by name."""
    return by_column(load("anatomy/nerves"), "nerve")


@cache
def _edges() -> dict[str, tuple[str, ...]]:
    """Constant connections upwards: from each node to the nodes that feed it. Variants are left out."""
    feeders: dict[str, list[str]] = defaultdict(list)
    for row in load("anatomy/plexus"):
        if row["constancy"] == "constant" and not row["from"].startswith(("cord:", "cauda", "conus")):
            feeders[row["to"]].append(row["from"])
    return {node: tuple(found) for node, found in feeders.items()}


@cache
def _paths(root: str, node: str) -> tuple[tuple[str, ...], ...]:
    """Every path from a root down to a node, as the nodes passed, both ends included."""
    if node == root:
        return ((node,),)
    return tuple((*path, node) for feeder in _edges().get(node, ()) for path in _paths(root, feeder))


def _ancestors(node: str) -> tuple[str, ...]:
    """The node and its parents by the nerve table, for strands the plexus table does not connect."""
    found = [node]
    while (name := found[-1].partition(":")[2]) in nerves():
        found.append(nerves()[name]["parent"])
    return tuple(part for part in found if not part.startswith(("root:", "cord:")))


def strand(root: str, nerve: str) -> dict[str, float]:
    """For one strand, every node it runs through with the part of its paths that does."""
    node = f"nerve:{nerve}"
    paths = _paths(f"root:{root}", node) or ((f"root:{root}", *_ancestors(node)),)
    passed: dict[str, float] = defaultdict(float)
    for path in paths:
        for part in path:
            passed[part] += 1 / len(paths)
    if "plexus:lumbar" in passed or "plexus:sacral" in passed:
        passed["plexus:lumbosacral"] = 1.0
    return passed


def _leaf(kind: str, name: str, strands: list[tuple[float, str, str]]) -> Leaf:
    """A leaf from its strands (weight, root, nerve); the weights are brought to a sum of 1."""
    total = sum(weight for weight, _, _ in strands) or 1.0
    shares: dict[str, float] = defaultdict(float)
    roots: dict[str, float] = defaultdict(float)
    for weight, root, nerve in strands:
        roots[root] += weight / total
        for node, part in strand(root, nerve).items():
            shares[node] += part * weight / total
    return Leaf(kind, name, dict(shares), dict(roots))


@cache
def movements() -> dict[str, Leaf]:
    """Every movement as a leaf: its muscles by contribution, each with its roots and its nerve."""
    muscles = by_column(load("anatomy/muscles"), "muscle")
    strands: dict[str, list[tuple[float, str, str]]] = defaultdict(list)
    for row in load("anatomy/movements"):
        muscle = muscles[row["muscle"]]
        contribution = row.number("contribution") or 0.0
        for root, weight in muscle.weights("root_weights").items():
            strands[row["movement"]].append((contribution * weight, root, muscle["nerve"]))
    for (kind, group), members in groups("mean").items():
        if kind == "power":
            strands[group] = [strand for member in members for strand in strands[member]]
    return {name: _leaf("power", name, found) for name, found in strands.items()}


@cache
def reflexes() -> dict[str, Leaf]:
    """Every spinal reflex as a leaf; the jaw jerk, which no spinal root serves, is left out."""
    return {
        row["reflex"]: _leaf(
            "reflex",
            row["reflex"],
            [(weight, root, row.items_of("nerve")[0]) for root, weight in row.weights("root_weights").items()],
        )
        for row in load("anatomy/reflexes")
        if row["root_weights"]
    }


def _area_strands(row: Row) -> list[tuple[float, str, str]]:
    serving = row.items_of("cutaneous_nerve")
    return [
        (weight / len(serving), root, nerve)
        for root, weight in row.weights("dermatome_weights").items()
        for nerve in serving
    ]


@cache
def _skin_strands() -> dict[str, list[tuple[float, str, str]]]:
    """The strands of every way to name skin: an area, a dermatome, a nerve's skin, a group of areas."""
    areas = {row["area"]: _area_strands(row) for row in load("anatomy/skin")}
    found = dict(areas)
    for segment in segments():
        found[segment] = [
            (weight, root, nerve) for strands in areas.values() for weight, root, nerve in strands if root == segment
        ]
    for name, row in nerves().items():
        territory = [area for area in row.items_of("skin_territory") if area in areas]
        if territory and name not in found:
            found[name] = [strand for area in territory for strand in areas[area]]
    for row in load("vocabulary/groups"):
        if row["kind"] == "sensation" and row["reading"] == "mean":
            found[row["group"]] = [strand for member in row.items_of("members") for strand in found[member]]
    return found


@cache
def skin() -> dict[str, Leaf]:
    """Every named part of the skin as a leaf: areas, dermatomes, nerves' skin and groups of areas."""
    return {name: _leaf("sensation", name, strands) for name, strands in _skin_strands().items() if strands}


@cache
def leaves() -> dict[tuple[str, str], Leaf]:
    """Every leaf by kind and name."""
    found = [*movements().values(), *skin().values(), *reflexes().values()]
    return {(leaf.kind, leaf.name): leaf for leaf in found}


@cache
def groups(reading: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Groups of names by kind and group: ``each`` speaks for every member, ``mean`` for the members together."""
    return {
        (row["kind"], row["group"]): row.items_of("members")
        for row in load("vocabulary/groups")
        if row["reading"] == reading
    }
