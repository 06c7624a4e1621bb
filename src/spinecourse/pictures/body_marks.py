"""What of a patient is drawn on the body: pain, numbness, tingling and weakness, each with its place and side.

Nothing is drawn where nobody asked or examined. What was examined and found normal has a mark of its own, and what has
no place on the body is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from spinecourse.course.model import Fact
from spinecourse.findings.catalogue import NORMAL
from spinecourse.findings.cells import Cell
from spinecourse.findings.current import Current
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.tables import Row, by_column, load
from spinecourse.pictures.body_geometry import VIEWS, Layer, View, areas
from spinecourse.pictures.words import plain

MarkKind = Literal["pain", "numb", "tingle", "more", "normal", "weak", "strong"]

WORDS: Final[dict[MarkKind, str]] = {
    "pain": "pain", "numb": "less feeling", "tingle": "tingling", "more": "more feeling than normal",
    "normal": "feeling examined: normal", "weak": "weak", "strong": "power examined: full",
}  # fmt: skip
_GRADES: Final[dict[str, MarkKind]] = {"normal": "normal", "reduced": "numb", "absent": "numb", "increased": "more"}
_LARGEST_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """One area of one layer in one view."""

    layer: Layer
    view: View
    area: str


@dataclass(frozen=True, slots=True)
class BodyMark:
    """One thing to draw.

    ``side`` is None where the record does not say; such a mark is drawn on both sides and its words say so. It is
    ``midline`` for what has no side, such as the saddle.
    ``vague`` means that the record names the limb and not the place in it. ``grade`` is the MRC grade of a movement.
    Without ``places`` the mark is listed only.
    """

    kind: MarkKind
    words: str
    side: str | None
    places: tuple[Place, ...]
    vague: bool = False
    grade: float | None = None


def body_marks(facts: Iterable[Fact]) -> list[BodyMark]:
    """The marks of one patient from what holds now of the facts; denied symptoms have none."""
    known = [fact for fact in facts if not fact.after]
    marks = (mark for cell in Current(known).cells.values() for mark in _marks(cell))
    return _joined(sorted(marks, key=lambda mark: (tuple(WORDS).index(mark.kind), mark.words, mark.side or "")))


def _joined(marks: Iterable[BodyMark]) -> list[BodyMark]:
    """The same mark on the left and on the right as one on both sides."""
    found: dict[BodyMark, list[str | None]] = {}
    for mark in marks:
        found.setdefault(replace(mark, side=None), []).append(mark.side)
    return [
        replace(mark, side="both" if {"left", "right"} <= set(sides) else side)
        for mark, sides in found.items()
        for side in (sides[:1] if {"left", "right"} <= set(sides) else dict.fromkeys(sides))
    ]


def _marks(cell: Cell) -> Iterator[BodyMark]:
    fact, side = cell.fact, _side(cell)
    if cell.kind == "symptom" and cell.state != NORMAL and cell.name in _symptoms():
        yield _symptom(fact, cell.name, side)
    elif fact.kind == "sensation" and fact.grade in _GRADES:
        modality = f" ({plain(fact.modality)})" if fact.modality else ""
        yield BodyMark(_GRADES[fact.grade], f"{plain(cell.name)} {fact.grade}{modality}", side, places_of(cell.name))
    elif cell.kind == "power":
        kind: MarkKind = "strong" if cell.state == NORMAL else "weak"
        grade = f"{fact.mrc:g}/5" if fact.mrc is not None else "without a grade"
        yield BodyMark(kind, f"{plain(cell.name)} {grade}", side, _weakness_places(cell.name), grade=fact.mrc)


def _side(cell: Cell) -> str | None:
    """The side of a cell; ``midline`` for a name that has none, None where it has one that nobody told."""
    if cell.side in ("left", "right"):
        return cell.side
    entry = vocabulary.find(cell.kind, cell.name)
    return None if entry is not None and entry.side == "paired" else "midline"


@cache
def _symptoms() -> dict[str, Row]:
    return by_column(load("pictures/symptom_places"), "symptom")


def _symptom(fact: Fact, name: str, side: str | None) -> BodyMark:
    """A symptom where the record says it is felt; over its whole limb, marked as vague, where it does not."""
    row = _symptoms()[name]
    told = tuple(place for area in fact.area for place in places_of(area))
    severity = f" {fact.nrs:g}/10" if fact.nrs is not None else ""
    where = f" ({', '.join(plain(area) for area in fact.area)})" if fact.area else ""
    kind = next(kind for kind in WORDS if kind == row["mark"])
    return BodyMark(kind, f"{plain(name)}{where}{severity}", side, told or _places(row["places"]), vague=not told)


def _places(cell: str) -> tuple[Place, ...]:
    """Places written ``front:thigh;back:thigh;skin:coccyx``: a region of one view, or an area of skin in both."""
    found: list[Place] = []
    for part in cell.split(";"):
        where, _, name = part.strip().partition(":")
        if where == "skin":
            found += _in_layer("skin", name)
        elif where in VIEWS:
            found.append(Place("region", "front" if where == "front" else "back", name))
    return tuple(found)


@cache
def _names(layer: Layer, view: View) -> frozenset[str]:
    return frozenset(area.name for area in areas(layer, view))


def _in_layer(layer: Layer, name: str) -> list[Place]:
    return [Place(layer, view, name) for view in VIEWS if name in _names(layer, view)]


@cache
def places_of(name: str) -> tuple[Place, ...]:
    """The areas that a name of the vocabulary covers: a dermatome, an area of skin, a nerve, a group, a body area.

    Empty for a name that has no place on the drawing.
    """
    own = by_column(load("pictures/area_places"), "area").get(name)
    if own:
        return _places(own["places"])
    found = _in_layer("dermatome", name) or _in_layer("skin", name)
    if not found and name in anatomy.nerves():
        found = [place for area in territory(name) for place in _in_layer("skin", area)]
    if not found:
        found = [place for member in _members(name) for place in places_of(member)]
    return tuple(dict.fromkeys(found))


@cache
def territory(nerve: str) -> tuple[str, ...]:
    """The areas of skin of which a nerve, its branches included, carries at least half the supply."""
    node = f"nerve:{nerve}"
    return tuple(
        row["area"]
        for row in load("anatomy/skin")
        if row["isncsci_key_point"] == "no" and anatomy.skin()[row["area"]].shares.get(node, 0.0) >= _LARGEST_SHARE
    )


def _members(name: str) -> Sequence[str]:
    """The parts of a group of sensation or of a body area."""
    for reading in ("each", "mean"):
        if ("sensation", name) in anatomy.groups(reading):
            return anatomy.groups(reading)["sensation", name]
    row = by_column(load("vocabulary/areas"), "area").get(name)
    return [part for part in row.items_of("covers") if part != name] if row else ()


@cache
def _weakness_places(movement: str) -> tuple[Place, ...]:
    """Where the grade of a movement is written; nowhere for movements of the pelvic floor, which are listed."""
    regions = {row["movement"]: row["region"] for row in load("anatomy/movements")}
    places = by_column(load("pictures/weakness_places"), "region")
    region = regions.get(movement, movement)
    for member in anatomy.groups("mean").get(("power", movement), ()) or anatomy.groups("each").get(
        ("power", movement), ()
    ):
        region = regions.get(member, region)
    return _places(places[region]["place"]) if region in places else ()
