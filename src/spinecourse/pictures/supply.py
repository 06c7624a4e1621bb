"""The tree of supply: from the roots through plexus and nerve to what was examined, with the likely lesion marked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from spinecourse.course.model import Fact
from spinecourse.pictures import shading
from spinecourse.pictures.body_legend import tick
from spinecourse.pictures.lesions import LikelySite
from spinecourse.pictures.lesions import shading as limit
from spinecourse.pictures.page import document
from spinecourse.pictures.style import hatchings
from spinecourse.pictures.supply_tree import LAST, Limb, State, Strand, Tree, TreeLeaf, column, columns, supply_tree
from spinecourse.pictures.svg import element, pair, text
from spinecourse.pictures.words import parts_of, plain, probability, site_words

WIDTH: Final = 400.0
_TOP: Final = 92.0
_ROW: Final = 31.0
_COLUMNS: Final = (22.0, 74.0, 128.0, 184.0, 238.0, 282.0)
_WORDS: Final[dict[State, str]] = {"weak": "lost or weak", "normal": "examined: normal", "unexamined": "not examined"}


class _Stage:
    """Places and text of one drawing, mirrored where the page is read from right to left."""

    def __init__(self, tree: Tree, right_to_left: bool) -> None:
        self.tree = tree
        self._mirrored = right_to_left

    def x(self, x: float) -> float:
        return WIDTH - x if self._mirrored else x

    def place(self, node: str) -> tuple[float, float]:
        where = column(node, self.tree.limb)
        return self.x(_COLUMNS[LAST if where is None else where]), _TOP + self.tree.rows[node] * _ROW

    def text(
        self, words: str, x: float, y: float, *, align: str = "start", size: float = 12.5, weight: int = 400,
        soft: bool = False,
    ) -> str:  # fmt: skip
        turned = {"start": "end", "end": "start"}.get(align, align) if self._mirrored else align
        return element(
            "text", text(words), x=self.x(x), y=y, text_anchor=turned, font_size=size, font_weight=weight,
            class_=("sc-soft" if soft else "sc-ink") + " sc-halo", fill="#596267" if soft else "#1d2326",
            stroke="#ffffff", stroke_width=2.6, paint_order="stroke", stroke_linejoin="round",
        )  # fmt: skip


def draw_supply(
    facts: Iterable[Fact], sites: Iterable[LikelySite] = (), *, title: str, limb: Limb | None = None,
    side: str | None = None, right_to_left: bool = False,
) -> str:  # fmt: skip
    """The supply of one limb on one side as an SVG document; by default of the limb with most weakness.

    ``sites`` are likely lesion sites with side and probability; those of the other side, or without a place in this
    tree, are listed below. What nobody examined is drawn dotted and never as normal.
    """
    tree = supply_tree(facts, limb, side)
    likely, elsewhere = _likely(sites, tree)
    stage = _Stage(tree, right_to_left)
    bottom = _TOP + (len(tree.leaves) - 1) * _ROW
    words, height = _foot(stage, elsewhere, bottom + 48)
    body = [
        hatchings(),
        *_captions(stage),
        *(_strand(strand, stage) for strand in sorted(tree.strands, key=lambda line: line.state != "unexamined")),
        *(_node(node, likely.get(node), stage) for node in tree.rows if column(node, tree.limb) != LAST),
        *(_leaf(leaf, stage) for leaf in tree.leaves),
        *words,
    ]
    return document(f"supply-{tree.side}-{tree.limb}", title, _sentences(tree, likely, elsewhere), body, WIDTH, height)


def describe_supply(
    facts: Iterable[Fact], sites: Iterable[LikelySite] = (), *, limb: Limb | None = None, side: str | None = None
) -> list[str]:
    """Everything the tree shows, as sentences."""
    tree = supply_tree(facts, limb, side)
    return _sentences(tree, *_likely(sites, tree))


def _likely(sites: Iterable[LikelySite], tree: Tree) -> tuple[dict[str, float], list[str]]:
    """The probability of the nodes in this tree, and the sites elsewhere in words."""
    inside: dict[str, float] = {}
    outside: list[str] = []
    for site, side, value in sites:
        if value < limit("least_drawn"):
            continue
        parts = [part for part in parts_of(site) if part in tree.rows and side in {tree.side, "both", None}]
        for part in parts:
            inside[part] = min(inside.get(part, 0.0) + value, 1.0)
        if len(parts) < len(parts_of(site)):
            outside.append(f"{site_words(site)}{f', {side}' if side else ''} {probability(value)}")
    return inside, outside[: int(limit("most_drawn"))]


def _sentences(tree: Tree, likely: dict[str, float], elsewhere: Sequence[str]) -> list[str]:
    lines = [f"The supply of the {tree.side} {tree.limb} from the roots to what is examined."]
    for state, words in _WORDS.items():
        named = [leaf.words + (f" {leaf.grade}" if leaf.grade else "") for leaf in tree.leaves if leaf.state == state]
        if named:
            lines.append(f"{words.capitalize()}: {', '.join(named)}.")
    for node, value in sorted(likely.items(), key=lambda found: -found[1]):
        lines.append(f"Likely site: {site_words(node)} {probability(value)}.")
    return lines + [f"Not in this tree: {words}." for words in elsewhere]


_HEADS: Final = {
    "arm": ("roots", "trunks", "cords", "nerves", "branches"),
    "leg": ("roots", "plexus", "nerves", "branches", ""),
}


def _captions(stage: _Stage) -> Iterable[str]:
    tree = stage.tree
    yield stage.text(f"{tree.side.capitalize()} {tree.limb}", 8, 24, size=17, weight=700)
    for x, words in zip(_COLUMNS, _HEADS[tree.limb], strict=False):
        if words:
            yield stage.text(words, x, 48, align="middle", size=12, soft=True)
    yield stage.text("examined", _COLUMNS[LAST] + 14, 48, size=12, soft=True)


def _strand(strand: Strand, stage: _Stage) -> str:
    """A line as wide as its share; dark where it serves something weak, dotted where nothing was examined."""
    (x0, y0), (x1, y1) = stage.place(strand.start), stage.place(strand.end)
    bend = (x0 + x1) / 2
    width = 1.0 + 2.6 * min(sum(strand.shares.values()), 2.0)
    tone, colour, dash = {
        "weak": ("sc-ink-line", "#1d2326", "none"), "normal": ("sc-rule", "#596267", "none"),
        "unexamined": ("sc-rule", "#596267", "1.5 3"),
    }[strand.state]  # fmt: skip
    return element(
        "path", d=f"M{pair((x0, y0))}C{pair((bend, y0))} {pair((bend, y1))} {pair((x1, y1))}", class_=tone, fill="none",
        stroke=colour, stroke_width=width if strand.state == "weak" else min(width, 1.6), stroke_dasharray=dash,
        opacity=1 if strand.state == "weak" else 0.75,
    )  # fmt: skip


def _node(node: str, likely: float | None, stage: _Stage) -> str:
    """A root, part of the plexus or nerve; ringed and hatched where the lesion may be."""
    x, y = stage.place(node)
    ring = ""
    if likely is not None and node.startswith("root:"):
        ring = _halo(x, y, likely)
    elif likely is not None:
        radius = 9.0 + 5 * likely
        lesion = {"class_": "sc-lesion-line", "stroke": "#a8201a"}
        ring = element("circle", cx=x, cy=y, r=radius, class_="sc-paper", fill="#ffffff")
        ring += element(
            "circle", cx=x, cy=y, r=radius, fill=f"url(#{shading.hatching(likely)})", stroke_width=2, **lesion
        )
    if node.startswith("root:"):
        mark = element("rect", x=x - 13, y=y - 8.5, width=26, height=17, rx=8.5, class_="sc-cord", fill="#eadf9f",
                       stroke="#8a7a2f", stroke_width=1)  # fmt: skip
        name = element("text", text(node[5:]), x=x, y=y + 4.4, text_anchor="middle", font_size=12.5, font_weight=700,
                       class_="sc-ink", fill="#1d2326")  # fmt: skip
        return ring + mark + name
    dot = element("circle", cx=x, cy=y, r=3.6, class_="sc-cord", fill="#eadf9f", stroke="#8a7a2f", stroke_width=1.2)
    rows = textwrap.wrap(_name(node), 11, break_long_words=False)
    lift = 8 if likely is None else 12 + 5 * likely
    names = [stage.text(row, stage.x(x), y - lift - 11.5 * (len(rows) - 1 - index), align="middle", size=11.5)
             for index, row in enumerate(rows)]  # fmt: skip
    return ring + dot + "".join(names)


def _halo(x: float, y: float, likely: float) -> str:
    """The hatched edge around a root's name."""
    wide = 4 + 3 * likely
    box = {"x": x - 13 - wide, "y": y - 8.5 - wide, "width": 26 + 2 * wide, "height": 17 + 2 * wide, "rx": 8.5 + wide}
    return element("rect", class_="sc-paper", fill="#ffffff", **box) + element(
        "rect",
        fill=f"url(#{shading.hatching(likely)})",
        class_="sc-lesion-line",
        stroke="#a8201a",
        stroke_width=2,
        **box,
    )


def _name(node: str) -> str:
    row = columns().get(node)
    return row["label"] if row else plain(node.partition(":")[2])


def _leaf(leaf: TreeLeaf, stage: _Stage) -> str:
    x, y = stage.place(leaf.node)
    lines = textwrap.wrap(leaf.words, 13)
    start = y + 4.4 - 6.5 * (len(lines) - 1)
    names = [stage.text(line, _COLUMNS[LAST] + 14, start + 13 * index, weight=650 if leaf.state == "weak" else 400)
             for index, line in enumerate(lines)]  # fmt: skip
    return _sign(leaf.state, leaf.grade, x, y) + "".join(names)


def _sign(state: State, grade: str, x: float, y: float) -> str:
    """A filled square with the grade, a circle with a tick, or an empty dotted circle."""
    if state == "normal":
        return tick(x, y, 7.5)
    if state == "unexamined":
        return element("circle", cx=x, cy=y, r=6.5, class_="sc-paper sc-rule", fill="#ffffff", stroke="#596267",
                       stroke_width=1, stroke_dasharray="2 2")  # fmt: skip
    shown = grade if len(grade) <= 3 else {"absent": "0", "reduced": "−"}.get(grade, "!")
    box = element("rect", x=x - 9, y=y - 8.5, width=18, height=17, rx=3, class_="sc-mend", fill="#3d4a52")
    if not shown:
        return box
    return box + element(
        "text", text(shown), x=x, y=y + 4.4, text_anchor="middle", font_size=12 if len(shown) < 3 else 10.5,
        font_weight=700, class_="sc-paper", fill="#ffffff",
    )  # fmt: skip


def _foot(stage: _Stage, elsewhere: Sequence[str], y: float) -> tuple[list[str], float]:
    shown: list[str] = []
    for state, words in _WORDS.items():
        shown += [_sign(state, "", stage.x(18), y - 4.4), stage.text(words, 36, y, size=13.5)]
        y += 23
    shown.append(element("circle", cx=stage.x(18), cy=y - 4.4, r=8, fill="url(#sc-medium)", class_="sc-lesion-line",
                         stroke="#a8201a", stroke_width=2))  # fmt: skip
    shown.append(stage.text("likely site: the denser, the likelier", 36, y, size=13.5))
    y += 23
    if elsewhere:
        shown.append(stage.text("Likely sites not in this tree", 8, y, size=13.5, weight=650))
    for words in elsewhere:
        for row in textwrap.wrap(words, 50):
            y += 18
            shown.append(stage.text(row, 22, y, size=13.5))
    return shown, y + 14
