"""The drawing's own style: colours for light, dark and paper, and the hatchings that carry the probability.

Every shape also has plain presentation attributes, so that a renderer without style sheets shows the light version.
The text of ``STYLE`` is fixed, so that a page's content security policy can allow it by its hash.
"""

from __future__ import annotations

from typing import Final

from spinecourse.pictures.svg import element

STYLE: Final = """
.sc-spine{--sc-ink:#1d2326;--sc-soft:#596267;--sc-bone:#f4f0e7;--sc-edge:#8d8778;--sc-disc:#cfdde2;--sc-canal:#fff;
--sc-cord:#eadf9f;--sc-nerve:#8a7a2f;--sc-lesion:#a8201a;--sc-image:#1c5a94;--sc-mend:#3d4a52;--sc-paper:#fff}
@media (prefers-color-scheme:dark){.sc-spine{--sc-ink:#e8ebec;--sc-soft:#a9b2b7;--sc-bone:#3a3d40;--sc-edge:#8b9197;
--sc-disc:#2b4450;--sc-canal:#181b1e;--sc-cord:#8f8440;--sc-nerve:#b9a955;--sc-lesion:#ff8f80;--sc-image:#8cc4ff;
--sc-mend:#c6d0d6;--sc-paper:#14171a}}
@media print{.sc-spine{--sc-ink:#000;--sc-soft:#333;--sc-bone:#fff;--sc-edge:#666;--sc-disc:#e4e4e4;--sc-canal:#fff;
--sc-cord:#e2e2e2;--sc-nerve:#555;--sc-lesion:#000;--sc-image:#000;--sc-mend:#000;--sc-paper:#fff}}
.sc-bone{fill:var(--sc-bone);stroke:var(--sc-edge)}.sc-disc{fill:var(--sc-disc)}.sc-line{stroke:var(--sc-edge)}
.sc-hole{fill:var(--sc-paper);stroke:var(--sc-edge)}
.sc-canal{fill:var(--sc-canal);stroke:var(--sc-edge)}.sc-cord{fill:var(--sc-cord);stroke:var(--sc-nerve)}
.sc-root{stroke:var(--sc-nerve)}.sc-ink{fill:var(--sc-ink)}.sc-soft{fill:var(--sc-soft)}
.sc-halo{stroke:var(--sc-paper)}.sc-rule{stroke:var(--sc-soft)}
.sc-lesion{fill:var(--sc-lesion)}.sc-lesion-line{stroke:var(--sc-lesion)}
.sc-image{fill:var(--sc-image)}.sc-image-line{stroke:var(--sc-image)}
.sc-mend{fill:var(--sc-mend)}.sc-mend-line{stroke:var(--sc-mend)}.sc-paper{fill:var(--sc-paper)}
"""


def hatchings() -> str:
    """Three hatchings, the denser the likelier: told apart without colour."""
    return element(
        "defs",
        _hatching("sc-dense", 3.2, 1.9, crossed=True),
        _hatching("sc-medium", 4.0, 1.5),
        _hatching("sc-light", 6.0, 1.1),
    )


def _hatching(name: str, step: float, width: float, *, crossed: bool = False) -> str:
    line = element("path", d=f"M0 0V{step:g}", stroke_width=width, class_="sc-lesion-line", stroke="#a8201a")
    across = element("path", d=f"M0 0H{step:g}", stroke_width=width * 0.6, class_="sc-lesion-line", stroke="#a8201a")
    return element(
        "pattern", line, across if crossed else "",
        id=name, width=step, height=step, patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
    )  # fmt: skip
