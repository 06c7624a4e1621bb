"""The drawing's own style: colours for light, dark and paper, and the hatchings that carry the probability.

Every shape also has plain presentation attributes, so that a renderer without style sheets shows the light version.
The text of ``STYLE`` is fixed, so that a page's content security policy can allow it by its hash.
"""

from __future__ import annotations

from typing import Final

from spinecourse.pictures.svg import element

STYLE: Final = """
.sc-picture{--sc-ink:#1d2326;--sc-soft:#596267;--sc-bone:#f4f0e7;--sc-edge:#8d8778;--sc-disc:#cfdde2;--sc-canal:#fff;
--sc-cord:#eadf9f;--sc-nerve:#8a7a2f;--sc-lesion:#a8201a;--sc-image:#1c5a94;--sc-mend:#3d4a52;--sc-paper:#fff;
--sc-skin:#f6f2ec;--sc-skin-c:#e3edf3;--sc-skin-t:#f4efe0;--sc-skin-l:#e5f0e4;--sc-skin-s:#f1e6ef}
@media (prefers-color-scheme:dark){.sc-picture{--sc-ink:#e8ebec;--sc-soft:#a9b2b7;--sc-bone:#3a3d40;--sc-edge:#8b9197;
--sc-disc:#2b4450;--sc-canal:#181b1e;--sc-cord:#8f8440;--sc-nerve:#b9a955;--sc-lesion:#ff8f80;--sc-image:#8cc4ff;
--sc-mend:#c6d0d6;--sc-paper:#14171a;--sc-skin:#2a2c2e;--sc-skin-c:#22303a;--sc-skin-t:#33302a;--sc-skin-l:#25332a;
--sc-skin-s:#352b35}}
@media print{.sc-picture{--sc-ink:#000;--sc-soft:#333;--sc-bone:#fff;--sc-edge:#666;--sc-disc:#e4e4e4;--sc-canal:#fff;
--sc-cord:#e2e2e2;--sc-nerve:#555;--sc-lesion:#000;--sc-image:#000;--sc-mend:#000;--sc-paper:#fff;--sc-skin:#fff;--sc-skin-c:#fff;--sc-skin-t:#f1f1f1;--sc-skin-l:#fff;
--sc-skin-s:#f1f1f1}}
.sc-bone{fill:var(--sc-bone);stroke:var(--sc-edge)}.sc-disc{fill:var(--sc-disc)}.sc-line{stroke:var(--sc-edge)}
.sc-hole{fill:var(--sc-paper);stroke:var(--sc-edge)}
.sc-canal{fill:var(--sc-canal);stroke:var(--sc-edge)}.sc-cord{fill:var(--sc-cord);stroke:var(--sc-nerve)}
.sc-root{stroke:var(--sc-nerve)}.sc-nerve-core{stroke:var(--sc-cord)}.sc-ink{fill:var(--sc-ink)}.sc-soft{fill:var(--sc-soft)}
.sc-ink-line{stroke:var(--sc-ink)}.sc-halo{stroke:var(--sc-paper)}.sc-rule{stroke:var(--sc-soft)}
.sc-lesion{fill:var(--sc-lesion)}.sc-lesion-line{stroke:var(--sc-lesion)}
.sc-image{fill:var(--sc-image)}.sc-image-line{stroke:var(--sc-image)}
.sc-mend{fill:var(--sc-mend)}.sc-mend-line{stroke:var(--sc-mend)}.sc-paper{fill:var(--sc-paper)}
.sc-skin{fill:var(--sc-skin)}.sc-skin-c{fill:var(--sc-skin-c)}.sc-skin-t{fill:var(--sc-skin-t)}
.sc-skin-l{fill:var(--sc-skin-l)}.sc-skin-s{fill:var(--sc-skin-s)}.sc-body-line{stroke:var(--sc-soft)}
.sc-body-pain,.sc-body-more{stroke:var(--sc-lesion)}.sc-body-numb,.sc-body-tingle{stroke:var(--sc-image)}
.sc-area[role]{cursor:pointer}.sc-area:focus-visible{outline:none;stroke:var(--sc-ink);stroke-width:2.4}
.sc-area[aria-checked=true]{fill:var(--sc-lesion);fill-opacity:.55}
"""


def hatchings() -> str:
    """Three hatchings, the denser the likelier, and two stipples: told apart without colour."""
    return element(
        "defs",
        _hatching("sc-dense", 3.2, 1.9, crossed=True),
        _hatching("sc-medium", 4.0, 1.5),
        _hatching("sc-light", 6.0, 1.1),
        _hatching("sc-dense-dark", 3.2, 1.9, crossed=True, tone=_DARK),
        _hatching("sc-light-dark", 5.0, 1.1, tone=_DARK),
        _dots("sc-seen", "sc-image", "#1c5a94"),
        _dots("sc-done", "sc-mend", "#3d4a52"),
    )


def _dots(name: str, tone: str, colour: str) -> str:
    """A stipple for what fills a bone or disc: growth seen on imaging, cement or metal put in."""
    dots = (element("circle", cx=x, cy=y, r=0.85, class_=tone, fill=colour) for x, y in ((1, 1), (2.8, 2.8)))
    return element("pattern", *dots, id=name, width=3.6, height=3.6, patternUnits="userSpaceOnUse")


def body_patterns() -> str:
    """Patterns of the body map: stripes for pain, dots for less feeling, crosses for tingling, both for too much."""
    red, blue = {"class_": "sc-lesion-line", "stroke": "#a8201a"}, {"class_": "sc-image-line", "stroke": "#1c5a94"}
    dot = {"class_": "sc-image", "fill": "#1c5a94"}
    stripes = element("path", d="M0 0V3.4", stroke_width=1.7, **red)
    dots = "".join(element("circle", cx=x, cy=y, r=0.95, **dot) for x, y in ((1.1, 1.1), (3.3, 3.3)))
    crosses = element("path", d="M1.2 2.6H4M2.6 1.2V4", stroke_width=0.75, fill="none", **blue)
    rings = element("circle", cx=2.2, cy=2.2, r=1.2, fill="none", stroke_width=0.8, **red)
    return element(
        "defs", _pattern("sc-body-pain", 3.4, stripes, "rotate(45)"), _pattern("sc-body-numb", 4.4, dots),
        _pattern("sc-body-tingle", 5.2, crosses), _pattern("sc-body-more", 4.4, rings),
    )  # fmt: skip


def _pattern(name: str, size: float, content: str, turn: str = "") -> str:
    turned = {"patternTransform": turn} if turn else {}
    return element("pattern", content, id=name, width=size, height=size, patternUnits="userSpaceOnUse", **turned)


_RED: Final = {"class_": "sc-lesion-line", "stroke": "#a8201a"}
_DARK: Final = {"class_": "sc-mend-line", "stroke": "#3d4a52"}


def _hatching(name: str, step: float, width: float, *, crossed: bool = False, tone: dict[str, str] = _RED) -> str:
    line = element("path", d=f"M0 0V{step:g}", stroke_width=width, **tone)
    across = element("path", d=f"M0 0H{step:g}", stroke_width=width * 0.6, **tone)
    return element(
        "pattern", line, across if crossed else "",
        id=name, width=step, height=step, patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
    )  # fmt: skip
