"""The tree of supply as data: leaves examined or not, the strands to them, and where each node stands.

Everything comes from the anatomy graph (``knowledge.anatomy``). Only the layout is ours: ``pictures/supply_columns``
gives the parts of the plexus their column and ``pictures/supply_leaves`` names what is always shown of a limb.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, Literal

from spinecourse.course.model import Fact
from spinecourse.findings.catalogue import NORMAL
from spinecourse.findings.current import Current
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.pictures.words import plain

Limb = Literal["arm", "leg"]
State = Literal["weak", "normal", "unexamined"]
LAST: Final = 5
"""The column of the leaves; roots stand in column 0."""
_LEAST_SHARE: Final = 0.05
"""A strand that carries less of a leaf than this is left out, for legibility."""


@dataclass(frozen=True, slots=True)
class TreeLeaf:
    """A movement or reflex at the end of the tree; ``grade`` is what was found, empty where nobody examined it."""

    kind: str
    name: str
    state: State
    grade: str

    @property
    def node(self) -> str:
        """The leaf's name among the nodes."""
        return f"{self.kind}:{self.name}"

    @property
    def words(self) -> str:
        """In plain words, such as ``ankle dorsiflexion`` or ``ankle reflex``."""
        return plain(self.name) + (" reflex" if self.kind == "reflex" else "")


@dataclass(frozen=True, slots=True)
class Strand:
    """A line between two nodes: the share of all leaves' supply it carries, by what was found at them."""

    start: str
    end: str
    shares: dict[State, float]

    @property
    def state(self) -> State:
        """What the line is drawn as: weak where it serves anything weak, unexamined where nothing was examined."""
        if self.shares.get("weak"):
            return "weak"
        return "normal" if self.shares.get("normal") else "unexamined"


@dataclass(frozen=True, slots=True)
class Tree:
    """A limb's tree: leaves from the top down, strands, and the height of every node in rows of leaves."""

    limb: Limb
    side: str
    leaves: tuple[TreeLeaf, ...]
    strands: tuple[Strand, ...]
    rows: dict[str, float]


@cache
def columns() -> dict[str, Row]:
    """The parts of the plexus that are shown."""
    return by_column(load("pictures/supply_columns"), "node")


def column(node: str, limb: Limb) -> int | None:
    """The column of a node; None for one that is passed over."""
    group, _, name = node.partition(":")
    if group == "root":
        return 0
    if group == "plexus":
        row = columns().get(node)
        return int(row["column"]) if row and row["limb"] == limb else None
    if group == "nerve":
        return min(_depth(name) + (2 if limb == "arm" else 1), LAST - 1)
    return LAST


def _depth(nerve: str) -> int:
    """How many nerves one passes to the end of this one, itself counted."""
    parent = anatomy.nerves()[nerve]["parent"] if nerve in anatomy.nerves() else ""
    return 1 + _depth(parent.partition(":")[2]) if parent.startswith("nerve:") else 1


def supply_tree(facts: Iterable[Fact], limb: Limb | None = None, side: str | None = None) -> Tree:
    """The tree of one limb of one side; by default of the limb with the most weak movements.

    A weak movement whose side the record does not tell counts for neither side; full power without a side counts for
    both, because nobody finds one unnamed side strong.
    """
    states = _states(facts)
    chosen_limb, chosen_side = _worst(states)
    limb, side = limb or chosen_limb, side or chosen_side
    found = _leaves(states, limb, side)
    lines = _strands(found, limb)
    ordered = sorted(found, key=lambda leaf: _order(leaf, limb))
    kept = tuple(leaf for leaf in ordered if any(line.end == leaf.node for line in lines))
    return Tree(limb, side, kept, lines, _rows(kept, lines, limb))


_States = dict[tuple[str, str, str], tuple[State, str]]


def _states(facts: Iterable[Fact]) -> _States:
    """State and grade of every movement and reflex examined, by kind, name and side."""
    found: _States = {}
    for (kind, name, side), cell in Current(fact for fact in facts if not fact.after).cells.items():
        if kind in {"power", "reflex"} and side in {"left", "right"}:
            grade = f"{cell.fact.mrc:g}" if cell.fact.mrc is not None else (cell.fact.grade or "w")
            weak = cell.state != NORMAL and cell.fact.grade not in {"brisk", "clonus"}
            found[kind, name, side] = ("weak" if weak else "normal", grade)
    return found


def limb_of(kind: str, name: str) -> Limb | None:
    """The limb a leaf belongs to by its roots; None for the trunk and for names that are no leaf."""
    leaf = anatomy.leaves().get((kind, name))
    if leaf is None or not leaf.roots:
        return None
    order = anatomy.segments()
    main = order.index(max(leaf.roots, key=lambda root: leaf.roots[root]))
    if order.index("C4") <= main <= order.index("T1"):
        return "arm"
    return "leg" if order.index("L1") <= main <= order.index("S2") else None


def _worst(states: _States) -> tuple[Limb, str]:
    """Limb and side with the most weak movements, the leg and the right where nothing decides."""
    counts: dict[tuple[Limb, str], tuple[int, int]] = {}
    for (kind, name, side), (state, _) in states.items():
        limb = limb_of(kind, name)
        if limb:
            weak, seen = counts.get((limb, side), (0, 0))
            counts[limb, side] = (weak + (state == "weak"), seen + 1)
    return max(counts, key=lambda key: (counts[key], key), default=("leg", "right"))


def _leaves(states: _States, limb: Limb, side: str) -> list[TreeLeaf]:
    """The usual leaves of a limb, and whatever else was examined there on its own."""
    usual = [(row["kind"], row["name"]) for row in load("pictures/supply_leaves") if row["limb"] == limb]
    examined = [(kind, name) for kind, name, at in states if at == side and limb_of(kind, name) == limb]
    groups = anatomy.groups("mean").keys()
    names = dict.fromkeys([*usual, *(key for key in examined if key not in groups)])
    return [TreeLeaf(kind, name, *states.get((kind, name, side), ("unexamined", ""))) for kind, name in names]


def _paths(leaf: TreeLeaf, limb: Limb) -> Iterator[tuple[float, list[str]]]:
    """Every strand of a leaf with its share, as the shown nodes from the root outwards."""
    for weight, root, nerve in _sources(leaf):
        shown = [(place, node) for node in anatomy.strand(root, nerve) if (place := column(node, limb)) is not None]
        yield weight, [node for _, node in sorted(shown)] + [leaf.node]


def _sources(leaf: TreeLeaf) -> Iterator[tuple[float, str, str]]:
    """Share, root and nerve of every strand of a movement or reflex."""
    if leaf.kind == "reflex":
        row = by_column(load("anatomy/reflexes"), "reflex")[leaf.name]
        for root, weight in row.weights("root_weights").items():
            yield weight, root, row.items_of("nerve")[0]
        return
    muscles = by_column(load("anatomy/muscles"), "muscle")
    for row in load("anatomy/movements"):
        if row["movement"] == leaf.name:
            muscle = muscles[row["muscle"]]
            for root, weight in muscle.weights("root_weights").items():
                yield (row.number("contribution") or 0.0) * weight, root, muscle["nerve"]


def _strands(leaves: Sequence[TreeLeaf], limb: Limb) -> tuple[Strand, ...]:
    shares: dict[tuple[str, str], dict[State, float]] = defaultdict(dict)
    for leaf in leaves:
        whole = sum(weight for weight, _, _ in _sources(leaf)) or 1.0
        carried: dict[tuple[str, ...], float] = defaultdict(float)
        for weight, path in _paths(leaf, limb):
            carried[tuple(path)] += weight / whole
        for nodes, weight in carried.items():
            for line in pairwise(nodes) if weight >= _LEAST_SHARE else ():
                shares[line][leaf.state] = shares[line].get(leaf.state, 0.0) + weight
    return tuple(Strand(start, end, found) for (start, end), found in shares.items())


def _order(leaf: TreeLeaf, limb: Limb) -> tuple[float, ...]:
    """A key that puts leaves of one nerve together, the higher roots first."""
    order = anatomy.segments()
    paths = [(weight, path) for weight, path in _paths(leaf, limb)]
    main = max(paths, key=lambda found: found[0])[1]
    chain = [_height(node) for node in main[1:-1] if node.startswith("nerve:")]
    mean = sum(order.index(path[0].partition(":")[2]) * weight for weight, path in paths)
    return (*chain[:2], mean / (sum(weight for weight, _ in paths) or 1.0))


@cache
def _height(node: str) -> float:
    """The mean root of everything a nerve moves, counted down the cord."""
    order = anatomy.segments()
    served = [leaf for leaf in anatomy.movements().values() if leaf.shares.get(node, 0.0) > 0]
    means = [sum(order.index(root) * share for root, share in leaf.roots.items()) for leaf in served]
    return sum(means) / len(means) if means else 0.0


def _rows(leaves: Sequence[TreeLeaf], strands: Sequence[Strand], limb: Limb) -> dict[str, float]:
    """Heights: leaves in their order, every other node at the mean of what it serves, kept apart in its column."""
    rows = {leaf.node: float(number) for number, leaf in enumerate(leaves)}
    for place in range(LAST - 1, -1, -1):
        nodes = {line.start for line in strands if column(line.start, limb) == place}
        wishes = {node: _wish(node, strands, rows) for node in nodes}
        key = _root_number if place == 0 else wishes.__getitem__
        rows |= _apart(sorted(nodes, key=key), wishes, len(leaves))
    return rows


def _root_number(node: str) -> float:
    return float(anatomy.segments().index(node.partition(":")[2]))


def _wish(node: str, strands: Sequence[Strand], rows: dict[str, float]) -> float:
    found = [(sum(line.shares.values()), rows[line.end]) for line in strands if line.start == node and line.end in rows]
    return sum(weight * row for weight, row in found) / (sum(weight for weight, _ in found) or 1.0)


def _apart(nodes: Sequence[str], wishes: dict[str, float], count: int, gap: float = 1.4) -> dict[str, float]:
    """Nodes of one column in order, each near its wish, none nearer than ``gap`` rows to the next."""
    gap = min(gap, (count - 1) / max(len(nodes) - 1, 1))
    placed: list[float] = []
    for number, node in enumerate(nodes):
        lowest = placed[-1] + gap if placed else 0.0
        highest = count - 1 - gap * (len(nodes) - 1 - number)
        placed.append(min(max(wishes[node], lowest), max(highest, lowest)))
    return dict(zip(nodes, placed, strict=True))
