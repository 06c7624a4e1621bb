"""What holds for every picture: well-formed, titled, readable in both themes, on paper and at 320 pixels."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import gallery
from spinecourse.pictures import STYLE

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
SVG = "{http://www.w3.org/2000/svg}"
NAMES = list(gallery.PICTURES)
SMALLEST = 8.0
"""No text is smaller than this many pixels where the picture is 320 pixels wide."""


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return {name: draw() for name, draw in gallery.PICTURES.items()}


@pytest.mark.parametrize("name", NAMES)
def test_is_well_formed_and_titled(drawn: dict[str, str], name: str) -> None:
    svg = ElementTree.fromstring(drawn[name])
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert description is not None
    assert len(description.text or "") > 40
    assert svg.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    ids = [piece.get("id") for piece in svg.iter() if piece.get("id")]
    assert len(ids) == len(set(ids))
    assert svg.find(f"{SVG}style").text == STYLE, "one style sheet, allowed by its hash"
    assert all("style" not in piece.attrib for piece in svg.iter())


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_leads_to_a_part_of_the_same_picture(drawn: dict[str, str], name: str) -> None:
    svg = drawn[name]
    named = set(re.findall(r' id="([^"]+)"', svg))
    referred = set(re.findall(r"url\(#([^)]+)\)", svg)) | set(re.findall(r' href="#([^"]+)"', svg))
    assert referred <= named


def test_pictures_on_one_page_share_no_names(drawn: dict[str, str]) -> None:
    """``chances`` stands in the gallery twice, in two styles, and counts once."""
    names = [
        found
        for name, svg in drawn.items()
        if name != "chances-bars.svg"
        for found in re.findall(r' id="([^"]+)"', svg)
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_too_small_on_a_telephone(drawn: dict[str, str], name: str) -> None:
    svg = ElementTree.fromstring(drawn[name])
    width = float(svg.get("viewBox").split()[2])
    sizes = {
        text.text: float(text.get("font-size", svg.get("font-size"))) * 320 / width for text in svg.iter(f"{SVG}text")
    }
    assert min(sizes.values()) >= SMALLEST - 0.05, min(sizes, key=lambda words: sizes[words])


def variables(theme: str) -> dict[str, str]:
    """The colours of a theme by name, those of light where it does not change them."""
    light, dark, paper = re.findall(r"\.sc-picture\{([^}]*)\}", STYLE)
    found = dict(re.findall(r"--sc-([a-z-]+):(#[0-9a-f]+)", light))
    return found | dict(re.findall(r"--sc-([a-z-]+):(#[0-9a-f]+)", {"light": "", "dark": dark, "paper": paper}[theme]))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
@pytest.mark.parametrize("tone", ["ink", "soft", "lesion", "image", "mend"])
def test_text_and_signs_stand_out_from_the_ground(theme: str, tone: str) -> None:
    colours = variables(theme)
    for ground in ("paper", "bone", "skin", "skin-c", "skin-t", "skin-l", "skin-s"):
        if tone in {"ink", "mend"} or ground == "paper":
            assert contrast(colours[tone], colours[ground]) >= 4.5, (tone, ground)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_root_names_stand_out_from_their_pills(theme: str) -> None:
    assert contrast(variables(theme)["ink"], variables(theme)["cord"]) >= 3.0


def test_pictures_of_the_docs_are_current() -> None:
    assert gallery.stale(write=False) == []


@pytest.fixture(scope="module")
def browser() -> Any:
    if not CHROMIUM.exists():
        pytest.skip("no chromium at /usr/bin/chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())
        yield opened
        opened.close()


BOXES = """[...document.querySelectorAll('tspan, text:not(:has(tspan))')].map(text => {
    const box = text.getBoundingClientRect()
    return [text.textContent, box.left, box.top, box.right, box.bottom]})"""


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_overlaps_another_or_leaves_the_picture(
    browser: Any, drawn: dict[str, str], name: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.set_content(f"<!doctype html><body style='margin:0'>{drawn[name]}")
    boxes = page.evaluate(BOXES)
    page.close()
    assert boxes
    slack = 2.5 * width / 320
    for words, left, _, right, _ in boxes:
        assert left >= -1, words
        assert right <= width + 1, words
    for (one, left, top, right, bottom), (other, left2, top2, right2, bottom2) in combinations(boxes, 2):
        apart = right - slack <= left2 or right2 <= left + slack or bottom - slack <= top2 or bottom2 <= top + slack
        assert apart, (one, other)
