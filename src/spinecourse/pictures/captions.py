"""The words around the drawing: names of vertebrae and roots, the sides, the lists below, the legend."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

from spinecourse.pictures import levels
from spinecourse.pictures.description import listed
from spinecourse.pictures.geometry import MIDLINE, Point, Vertebra, roots, vertebrae
from spinecourse.pictures.labels import SIZE
from spinecourse.pictures.marks import MarkKind, Marks
from spinecourse.pictures.svg import at, element, number, text

_FOOT: Final = 862.0
_FOOT_CHARACTERS: Final = 54
_MEANINGS: Final[tuple[tuple[MarkKind, str], ...]] = (
    ("imaging", "seen on imaging"),
    ("operation", "operated"),
    ("injection", "injected"),
)


def level_names(marks: Marks) -> str:
    """Vertebrae named at their right side, roots at their left end unless a callout names them."""
    named = {group.range for group in marks.groups if group.place == "root" and group.side != "right"}
    bones = [small_name(bone.name, at(_beside(bone), bone.centre + 3, -1), "end", 650) for bone in vertebrae().values()]
    ends = [
        small_name(root.name, at(root.end[0] + 3, root.end[1] + 3.5, 1), "start", 400)
        for root in roots().values()
        if root.name not in named
    ]
    return haloed(bones + ends)


def _beside(bone: Vertebra) -> float:
    """How far from the midline a vertebra's name begins: beside its body, for the sacrum on the bone."""
    return bone.canal_width / 2 + 17 if bone.region == "sacral" else max(bone.width / 2 + 4, 27)


def small_name(name: str, where: Point, align: str, weight: int) -> str:
    """A small name, to stand among others with a halo."""
    tone, colour = ("sc-ink", "#1d2326") if weight > 400 else ("sc-soft", "#596267")
    return element(
        "text", text(name), x=where[0], y=where[1], text_anchor=align, font_weight=weight, font_size=10.5, class_=tone,
        fill=colour,
    )  # fmt: skip


def haloed(names: Iterable[str]) -> str:
    """Small names with the halo that keeps them readable over what lies below."""
    return element("g", *names, class_="sc-halo", stroke="#ffffff", stroke_width=2.4, paint_order="stroke",
                   stroke_linejoin="round")  # fmt: skip


Caption = tuple[float, float, float, int, str, str]
"""Place, size, weight, alignment and words of a caption."""

_SIDES: Final[tuple[Caption, ...]] = (
        (8, 30, 26, 700, "start", "R"), (8, 46, 11, 400, "start", "patient’s right"),
        (2 * MIDLINE - 8, 30, 26, 700, "end", "L"), (2 * MIDLINE - 8, 46, 11, 400, "end", "patient’s left"),
        (MIDLINE, 16, 11, 400, "middle", "seen from the front"),
        (MIDLINE - 30, 34, 10.5, 650, "end", "vertebra"), (MIDLINE + 48, 34, 10.5, 400, "start", "root"),
    )  # fmt: skip


def sides() -> str:
    """Which side is which, and what the two columns of names are."""
    return captions(_SIDES)


def captions(entries: Iterable[Caption]) -> str:
    """Fixed words of a picture."""
    return "".join(
        element("text", text(words), x=x, y=y, font_size=size, font_weight=weight, text_anchor=align,
                class_="sc-ink" if weight > 400 else "sc-soft", fill="#1d2326" if weight > 400 else "#596267")
        for x, y, size, weight, align, words in entries
    )  # fmt: skip


def foot(marks: Marks, unlabelled: int) -> tuple[str, float]:
    """What has no place on the spine, then the legend; and the height the whole drawing needs."""
    y = _FOOT
    shown: list[str] = []
    for heading, rows in listed(marks, unlabelled):
        shown.append(_line(heading, 8, y, 650))
        y += 18
        for row in rows:
            shown.append(element("circle", cx=13, cy=y - 4, r=2.6, class_="sc-mend", fill="#3d4a52"))
            for line in textwrap.wrap(row, _FOOT_CHARACTERS):
                shown.append(_line(line, 22, y, 400))
                y += 17
        y += 6
    legend, y = _legend(marks, y + 14)
    return "".join(shown) + legend, y + 2


def _line(words: str, x: float, y: float, weight: int) -> str:
    return element("text", text(words), x=x, y=y, font_weight=weight, font_size=SIZE, class_="sc-ink", fill="#1d2326")


def _legend(marks: Marks, y: float) -> tuple[str, float]:
    """The meaning of the hatchings and symbols in use, and the height below it; nothing where none is."""
    used = [(kind, words) for kind, words in _MEANINGS if any(mark.kind == kind for mark in marks.levels)]
    shown: list[str] = []
    if marks.groups or used:
        rule = f"M8 {number(y - 24)}H{number(2 * MIDLINE - 8)}"
        shown.append(element("path", d=rule, class_="sc-rule", stroke="#596267", stroke_width=0.5))
    if marks.groups:
        shown += [_swatches(y), _line("likely site: the denser, the likelier", 80, y, 400)]
        y += 21
    x = 8.0
    for kind, words in used:
        shown += [levels.symbol(kind, (x + 7, y - 4.5)), _line(words, x + 20, y, 400)]
        x += 32 + 7.4 * len(words)
    return "".join(shown), y + (17 if used else 0)


def _swatches(y: float) -> str:
    return "".join(
        element("rect", x=8 + 22 * index, y=y - 10, width=18, height=12, fill=f"url(#{name})", stroke="#a8201a",
                class_="sc-lesion-line", stroke_width=0.9)
        for index, name in enumerate(("sc-light", "sc-medium", "sc-dense"))
    )  # fmt: skip
