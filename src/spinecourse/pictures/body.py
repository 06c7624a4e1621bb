"""The body map: front and back, dermatomes or nerves or drawing regions, with pain, numbness and weakness drawn in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from spinecourse.course.model import Fact
from spinecourse.pictures import body_shapes
from spinecourse.pictures.body_geometry import VIEWS, Layer, View, areas
from spinecourse.pictures.body_hands import HAND, HEIGHT, Filling, hands
from spinecourse.pictures.body_legend import FILLED, legend, sentences, tick
from spinecourse.pictures.body_marks import BodyMark, Place, body_marks
from spinecourse.pictures.body_words import area_words
from spinecourse.pictures.captions import Caption
from spinecourse.pictures.page import document
from spinecourse.pictures.style import body_patterns
from spinecourse.pictures.svg import Style, element, text

WIDTH: Final = 400.0
"""Width of one view."""
SCALE: Final = 1.55
TOP: Final = 62.0
BOTTOM: Final[dict[View, float]] = {"front": TOP + 528 * SCALE, "back": TOP + 568 * SCALE}
"""Where each view ends; from behind the perineum stands below the feet."""
_PREFIX: Final = "sc"
"""How the names of shapes begin; the document makes them its own."""
Shown = Literal["front", "back", "both", "hands"]


def draw_body(
    facts: Iterable[Fact], *, title: str, layer: Layer = "dermatome", view: Shown = "both", interactive: bool = False
) -> str:
    """The body map as an SVG document: from the front the patient's right is on the viewer's left, from behind on the
    viewer's right.

    ``layer`` chooses what the fine lines part: dermatomes, areas of cutaneous nerves (``skin``), or the regions on
    which a patient draws. ``interactive`` gives every area a name, a role and a place in the order of the keyboard, and
    leaves it to the page to answer; without it the picture is one image. The view ``hands`` enlarges both hands and is
    never interactive. What is not known of a patient is not drawn.
    """
    marks = body_marks(facts)
    views = _views(view)
    wide = 1 if view == "hands" else len(views)
    drawn = {place: None for mark in marks if mark.kind in FILLED for place in mark.places if place.view in views}
    shapes = [body_shapes.definitions(layer, shown, _PREFIX) for shown in views]
    shapes += [body_shapes.definition(place.layer, place.view, place.area, _PREFIX)
               for place in drawn if place.layer != layer]  # fmt: skip
    shapes += [body_shapes.line_definitions(layer, shown, _PREFIX) for shown in views]
    body = [element("defs", *shapes), body_patterns()]
    if view == "hands":
        body += hands(layer, _in_hand(marks, layer, _PREFIX), _PREFIX)
    else:
        body += [_one_view(marks, layer, shown, WIDTH * (index + 0.5), wide, _PREFIX, interactive)
                 for index, shown in enumerate(views)]  # fmt: skip
    bottom = HEIGHT if view == "hands" else max(BOTTOM[shown] for shown in views) + 10 * wide
    below, height = legend(marks, bottom, WIDTH * wide, wide)
    svg = document(f"body-{view}", title, sentences(marks, views), [*body, below], WIDTH * wide, height)
    return svg.replace('role="img"', 'role="group"', 1) if interactive else svg


def describe_body(facts: Iterable[Fact], *, view: Shown = "both") -> list[str]:
    """Everything the body map shows, as sentences: the text alternative."""
    return sentences(body_marks(facts), _views(view))


def _views(view: Shown) -> tuple[View, ...]:
    return (view,) if view == "front" or view == "back" else VIEWS


def _in_hand(marks: Sequence[BodyMark], layer: Layer, prefix: str) -> Filling:
    """What the enlarged hands are filled with: the areas of the layer that reach the hand, and all marks."""

    def filling(view: View, side: str) -> Iterator[str]:
        only = frozenset(area.name for area in areas(layer, view) if area.patch in HAND)
        return _content(marks, layer, view, side, prefix, False, only)

    return filling


def side_sign(view: View, side: str) -> int:
    """On which side of the picture a side of the patient lies: -1 at the viewer's left."""
    return (1 if side == "left" else -1) * (1 if view == "front" else -1)


def _half(view: View, side: str, middle: float, *children: str) -> str:
    move = f"translate({middle:g} {TOP:g}) scale({side_sign(view, side) * SCALE:g} {SCALE:g})"
    return element("g", *children, transform=move)


def _one_view(
    marks: Sequence[BodyMark], layer: Layer, view: View, middle: float, wide: int, prefix: str, interactive: bool
) -> str:
    """One view: the tinted areas, the marks, the lines, the names."""
    halves = [
        _half(view, side, middle, *_content(marks, layer, view, side, prefix, interactive))
        for side in ("right", "left")
    ]
    badges = _badges(marks, view, middle, wide)
    names = _names(layer, view, middle, wide, badges) if layer == "dermatome" else ""
    signs = "".join(badge(mark, x, y, wide) for mark, x, y in badges)
    return "".join(halves) + names + signs + _captions(view, middle, wide)


def _content(
    marks: Sequence[BodyMark], layer: Layer, view: View, side: str, prefix: str, interactive: bool,
    only: frozenset[str] | None = None,
) -> Iterator[str]:  # fmt: skip
    """One half of a view in the coordinates of the half body; ``only`` names the areas of the layer to be drawn."""
    line: Style = {"fill": "none", "class_": "sc-line", "stroke": "#8d8778", "pointer_events": "none"}
    yield from _base(layer, view, side, prefix, interactive, only)
    yield from (_mark(mark, place, prefix) for mark, place in _on(marks, view, side))
    yield element("use", href=f"#{prefix}-{view}-borders", **line, stroke_width=0.45)
    yield element("use", href=f"#{prefix}-{view}-details", **line, stroke_width=0.7, opacity=0.8)
    yield element("use", href=f"#{prefix}-{view}-outline", fill="none", class_="sc-body-line", stroke="#596267",
                  stroke_width=0.5 if only else 1.1, stroke_linejoin="round", pointer_events="none")  # fmt: skip


def _base(
    layer: Layer, view: View, side: str, prefix: str, interactive: bool, only: frozenset[str] | None
) -> Iterator[str]:
    """Every area once, faintly tinted; named for the page and for a screen reader where it is interactive."""
    for name in body_shapes.outlines(layer, view):
        if only is not None and name not in only:
            continue
        tone = f"sc-skin-{name[0].lower()}" if layer == "dermatome" and name[0] in "CTLS" else "sc-skin"
        attributes: dict[str, str | float] = {
            "href": f"#{prefix}-{layer}-{view}-{name}", "class_": f"sc-area {tone}", "fill": "#f4efe8",
        }  # fmt: skip
        words = f"{area_words(layer, view, name)}, {side}, {view}"
        if interactive:
            attributes |= {
                "id": f"{prefix}-{name}-{view}-{side}", "data_area": name, "data_layer": layer, "data_view": view,
                "data_side": side, "role": "checkbox", "tabindex": "0", "aria_checked": "false", "aria_label": words,
            }  # fmt: skip
        yield element("use", element("title", text(words)), **attributes)


def _on(marks: Sequence[BodyMark], view: View, side: str) -> Iterator[tuple[BodyMark, Place]]:
    """The marks with an area to fill on one side of a view; a mark without a side is on both."""
    for mark in marks:
        if mark.kind in FILLED and mark.side in {side, "both", "midline", None}:
            for place in mark.places:
                if place.view == view:
                    yield mark, place


def _mark(mark: BodyMark, place: Place, prefix: str) -> str:
    return element(
        "use", href=f"#{prefix}-{place.layer}-{place.view}-{place.area}", fill=f"url(#sc-body-{mark.kind})",
        class_=f"sc-body-{mark.kind}", stroke_width=0.9, stroke_dasharray="3 2" if mark.vague else "none",
        pointer_events="none", opacity=0.75 if mark.vague else 1,
    )  # fmt: skip


def _place_xy(place: Place, side: str, middle: float) -> tuple[float, float]:
    (x, y), _ = body_shapes.label_place(place.layer, place.view, place.area)
    return middle + side_sign(place.view, side) * x * SCALE, TOP + y * SCALE


_Badge = tuple[BodyMark, float, float]


def _badges(marks: Sequence[BodyMark], view: View, middle: float, wide: int) -> list[_Badge]:
    """Where the grade of every weak movement stands, and the tick of what was examined and found normal."""
    placed: list[_Badge] = []
    step = 17.0 if wide == 1 else 27.0
    for mark in marks:
        if mark.kind in FILLED:
            continue
        for place in [place for place in mark.places if place.view == view][:1]:
            for side in ("right", "left") if mark.side not in {"left", "right"} else (mark.side,):
                x, y = _place_xy(place, side, middle)
                while any(abs(x - x0) < step and abs(y - y0) < step for _, x0, y0 in placed):
                    y += 2
                placed.append((mark, x, y))
    return placed


def badge(mark: BodyMark, x: float, y: float, wide: int) -> str:
    """A filled square with the grade for weakness; an open circle with a tick for a normal examination."""
    size = 8.0 if wide == 1 else 13.0
    if mark.kind == "weak":
        grade = f"{mark.grade:g}" if mark.grade is not None else "w"
        box = element("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, rx=3, class_="sc-mend sc-halo",
                      fill="#3d4a52", stroke="#ffffff", stroke_width=1)  # fmt: skip
        return box + element("text", text(grade), x=x, y=y + size * 0.55, text_anchor="middle", font_weight=700,
                             font_size=size * 1.55, class_="sc-paper", fill="#ffffff")  # fmt: skip
    return tick(x, y, size * 0.8)


def _names(layer: Layer, view: View, middle: float, wide: int, badges: Sequence[_Badge]) -> str:
    """Dermatome names where they touch neither each other nor a badge, on the viewer's left half and on the trunk."""
    size = 12.5 if wide == 1 else 22.0
    boxes = [(x, y) for _, x, y in badges]
    shown = []
    for name in body_shapes.outlines(layer, view):
        (x, y), depth = body_shapes.label_place(layer, view, name)
        if name == "face" or depth * SCALE < size * 0.42:
            continue
        at = (middle - x * SCALE if (x > 8 and not name.startswith("T")) or x > 30 else middle, TOP + y * SCALE)
        if all(abs(at[0] - x0) > size * 2.1 or abs(at[1] - y0) > size * 1.15 for x0, y0 in boxes):
            boxes.append(at)
            shown.append(element("text", text(name), x=at[0], y=at[1] + size * 0.35, text_anchor="middle",
                                 font_size=size, class_="sc-soft sc-halo", fill="#596267", stroke="#ffffff",
                                 stroke_width=size * 0.2, paint_order="stroke", stroke_linejoin="round"))  # fmt: skip
    return element("g", *shown, pointer_events="none")


def _captions(view: View, middle: float, wide: int) -> str:
    """The name of the view, and which side is which."""
    size = 1.0 if wide == 1 else 1.75
    entries: list[Caption] = [(middle, 22 * size, 15 * size, 700, "middle", view)]
    for side in ("right", "left"):
        x = middle + side_sign(view, side) * (WIDTH / 2 - 8)
        align = "start" if side_sign(view, side) < 0 else "end"
        entries.append((x, 26 * size, 22 * size, 700, align, side[0].upper()))
        if wide == 1:
            entries.append((x, 43, 12.5, 400, align, f"patient’s {side}"))
    if view == "back":
        entries += _insets(middle, 12.5 if wide == 1 else 22.0)
    return "".join(
        element("text", text(words), x=x, y=y, font_size=font, font_weight=weight, text_anchor=align,
                class_="sc-ink" if weight > 400 else "sc-soft", fill="#1d2326")
        for x, y, font, weight, align, words in entries
    )  # fmt: skip


def _insets(middle: float, size: float) -> list[Caption]:
    """Names of what is drawn beside and below the body seen from behind."""
    below = TOP + 541 * SCALE
    return [
        (middle + 70 * SCALE, TOP + 455 * SCALE, size, 400, "middle", "sole"),
        (middle + 33 * SCALE, below, size, 400, "start", "perineum"),
        (middle + 33 * SCALE, below + size * 1.25, size, 400, "start", "back above"),
    ]
