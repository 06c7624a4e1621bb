"""Drawing the likely lesion sites over the anatomy, hatched by probability and never by colour alone."""

from __future__ import annotations

from spinecourse.pictures import geometry
from spinecourse.pictures.bones import root_path
from spinecourse.pictures.geometry import Point, half_width_at
from spinecourse.pictures.lesions import Group, Lesion, shading
from spinecourse.pictures.svg import at, element, outline, pair, smooth

_SIDES = {"right": (-1,), "left": (1,)}
"""Seen from the front the patient's right is at the viewer's left (-1)."""


def sides_of(side: str | None) -> tuple[int, ...]:
    """The sides of the picture to draw on; both where the side is both, or is not known."""
    return _SIDES.get(side or "", (-1, 1))


def hatching(probability: float) -> str:
    """The name of the hatching for a probability."""
    if probability >= shading("dense"):
        return "sc-dense"
    return "sc-medium" if probability >= shading("medium") else "sc-light"


def draw(lesion: Lesion) -> str:
    """One likely site: a length of cord, the conus, the cauda equina, or a root from its canal to its end."""
    if lesion.place == "root":
        return "".join(_root(lesion, side) for side in sides_of(lesion.side))
    return filled(_area(lesion), lesion)


def anchor(group: Group, side: int) -> Point:
    """Where a callout on this side of the picture points: a root's end, or the edge of what is shaded."""
    first, last = group.lesions[0], group.lesions[-1]
    if first.place == "root":
        root = geometry.roots()[first.name]
        return at(root.end[0] + 4, root.end[1] + 1, side)
    middle = (extent(first)[0] + extent(last)[1]) / 2
    return at(_half_width(first, middle) + (_BRACKET if len(group.lesions) > 1 else 0), middle, side)


_BRACKET = 4.0
"""How far a bracket stands off the cord."""


def bracket(group: Group) -> str:
    """Brackets at both sides of several segments that are named together; nothing for a single structure."""
    if len(group.lesions) == 1:
        return ""
    top, bottom = extent(group.lesions[0])[0] + 1, extent(group.lesions[-1])[1] - 1
    upper, lower = (_half_width(group.lesions[0], height) + _BRACKET for height in (top, bottom))
    paths = "".join(
        f"M{pair(at(upper - 2.5, top, side))}L{pair(at(upper, top, side))}L{pair(at(lower, bottom, side))}"
        f"L{pair(at(lower - 2.5, bottom, side))}"
        for side in (-1, 1)
    )
    return element("path", d=paths, class_="sc-lesion-line", stroke="#a8201a", stroke_width=1, fill="none")


def extent(lesion: Lesion) -> tuple[float, float]:
    """Upper and lower height of a likely site in cord or canal."""
    if lesion.place == "conus":
        return geometry.conus_extent()
    if lesion.place == "cauda_equina":
        return geometry.cauda_equina_extent()
    return geometry.cord_segments()[lesion.name]


def _half_width(lesion: Lesion, height: float) -> float:
    profile = geometry.canal_profile() if lesion.place == "cauda_equina" else geometry.cord_profile()
    return max(half_width_at(profile, height) + (-2.0 if lesion.place == "cauda_equina" else 1.6), 1.0)


def _area(lesion: Lesion) -> str:
    """The outline of a length of cord or canal; only one half of it where the lesion has a side."""
    top, bottom = extent(lesion)
    heights = [top + (bottom - top) * step / 6 for step in range(7)]
    profile = [(_half_width(lesion, height), height) for height in heights]
    sides = sides_of(lesion.side)
    if len(sides) == 2:
        return outline(profile)
    edge = smooth([at(width, height, sides[0]) for width, height in profile])
    return f"M{pair(at(0, top, 1))}L{edge[1:]}L{pair(at(0, bottom, 1))}Z"


def filled(path: str, lesion: Lesion) -> str:
    """An area hatched by the probability of its site."""
    return (
        element("path", d=path, class_="sc-paper", fill="#ffffff", fill_opacity=0.55)
        + element("path", d=path, fill=f"url(#{hatching(lesion.probability)})", stroke="#a8201a",
                  class_="sc-lesion-line", stroke_width=_weight(lesion), stroke_linejoin="round")
    )  # fmt: skip


def _weight(lesion: Lesion) -> float:
    """Stroke width of an outline: 0.8 for the unlikely up to 2 for the certain."""
    return 0.8 + 1.2 * lesion.probability


def _root(lesion: Lesion, side: int) -> str:
    """A root's sheath around its course outside the canal, the wider the likelier."""
    root = geometry.roots()[lesion.name]
    path, width = root_path(root, side, from_foramen=True), 4.5 + 4.5 * lesion.probability
    layers = [
        ("sc-lesion-line", "#a8201a", width),
        ("sc-halo", "#ffffff", width - 1.8),
        ("sc-hatched", f"url(#{hatching(lesion.probability)})", width - 1.4),
    ]
    return "".join(
        element("path", d=path, class_=name, stroke=stroke, stroke_width=wide, fill="none", stroke_linecap="round")
        for name, stroke, wide in layers
    )
