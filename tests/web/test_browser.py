"""The pages in a real browser: reading without JavaScript, small screens, contrast, structure, keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from spinecourse.store.demo import demo_people

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PATIENTS = list(demo_people())
SHOWN = ("/", "/?urgency=emergency", "/about", "/nowhere", f"/patient/{PATIENTS[0]}", f"/patient/{PATIENTS[3]}")

CONTRAST = """() => {
    const channel = value =>
        value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
    const parse = colour => colour.match(/[\\d.]+/g).map(Number)
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor)
            if (colour.length === 3 || colour[3] > 0.99) return colour
        }
        return parse(getComputedStyle(document.body).backgroundColor)
    }
    const poor = []
    for (const element of document.querySelectorAll('body *')) {
        const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
        const drawn = element.closest('svg')
        if (!own || !element.getClientRects().length || (drawn && !element.closest('text'))) continue
        const style = getComputedStyle(element)
        const front = light(parse(drawn ? style.fill : style.color)), back = light(behind(drawn || element))
        const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)
        if (ratio < 4.5) poor.push([element.tagName, element.textContent.trim().slice(0, 30), ratio])
    }
    return poor
}"""

STRUCTURE = """() => {
    const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(heading => Number(heading.tagName[1]))
    const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
    return {
        levels, lang: document.documentElement.lang, mains: document.querySelectorAll('main').length,
        banners: document.querySelectorAll('body > header').length,
        footers: document.querySelectorAll('body > footer').length,
        repeated: ids.filter((id, index) => ids.indexOf(id) !== index),
        missing: [...document.querySelectorAll('[aria-labelledby]')].flatMap(element =>
            element.getAttribute('aria-labelledby').split(' ')).filter(id => !document.getElementById(id)),
        unnamed: [...document.querySelectorAll('a,summary')].filter(element => !element.textContent.trim()).length,
        scripts: document.querySelectorAll('script').length,
        styled: document.querySelectorAll('[style]').length,
    }
}"""


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param == "with JavaScript")
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Page]:
    """A page that fails the test where the browser complains, as it does when the content policy blocks something."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert [complaint for complaint in complaints if "404" not in complaint] == []


def follow(page: Page, link: Locator) -> None:
    """Click a link and wait for the page behind it, which a click alone does not."""
    with page.expect_navigation():
        link.click()


def test_every_line_leads_to_a_patient_with_a_spine(page: Page, clinic: str) -> None:
    page.goto(clinic)
    names = page.locator(".lines .c-who a").all_inner_texts()
    assert len(names) == len(PATIENTS)
    for index in range(0, len(names), 9):
        page.goto(clinic)
        follow(page, page.locator(".lines .c-who a").nth(index))
        assert page.locator("h1").inner_text() == names[index]
        assert page.locator("svg.sc-spine").is_visible()
        assert page.locator(".verdict .chip").is_visible()


def test_every_patient_page_draws_a_spine_at_its_full_size(watched: Page, clinic: str) -> None:
    for patient in PATIENTS[::5]:
        watched.goto(f"{clinic}/patient/{patient}")
        box = watched.locator("svg.sc-spine").bounding_box()
        assert box is not None
        assert box["height"] > 1.8 * box["width"] > 500


def test_the_filter_survives_a_reload(page: Page, clinic: str) -> None:
    page.goto(clinic)
    follow(page, page.locator(".filter a", has_text="Emergency"))
    before = page.locator(".lines .c-who a").all_inner_texts()
    assert before
    page.reload()
    assert page.locator(".lines .c-who a").all_inner_texts() == before
    assert page.locator(".filter [aria-current]").inner_text().startswith("Emergency")


def test_sources_open_without_javascript(page: Page, clinic: str) -> None:
    page.goto(f"{clinic}/?urgency=emergency")
    follow(page, page.locator(".lines .c-who a").first)
    sources = page.locator(".concern details.sources").first
    assert not sources.locator("li").first.is_visible()
    sources.locator("summary").click()
    assert sources.locator("li").first.is_visible()


OPEN_ALL = "document.querySelectorAll('details').forEach(details => details.open = true)"


@pytest.mark.parametrize("path", SHOWN)
def test_no_page_scrolls_sideways(watched: Page, clinic: str, path: str) -> None:
    watched.goto(clinic + path)
    watched.evaluate(OPEN_ALL)
    for width in (1280, 768, 390, 320):
        watched.set_viewport_size({"width": width, "height": 800})
        assert watched.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize("path", SHOWN)
def test_contrast_is_enough(watched: Page, clinic: str, path: str) -> None:
    watched.goto(clinic + path)
    watched.evaluate(OPEN_ALL)
    for scheme in ("light", "dark"):
        watched.emulate_media(color_scheme=scheme)
        assert watched.evaluate(CONTRAST) == [], scheme


@pytest.mark.parametrize("path", SHOWN)
def test_structure(watched: Page, clinic: str, path: str) -> None:
    watched.goto(clinic + path)
    found = watched.evaluate(STRUCTURE)
    assert found["lang"] == "en-GB"
    assert (found["mains"], found["banners"], found["footers"]) == (1, 1, 1)
    assert found["levels"].count(1) == 1
    assert found["levels"][0] == 1
    assert all(later - earlier <= 1 for earlier, later in zip(found["levels"], found["levels"][1:], strict=False))
    assert found["repeated"] == found["missing"] == []
    assert (found["unnamed"], found["scripts"], found["styled"]) == (0, 0, 0)


def test_the_keyboard_reaches_a_patient_and_shows_where_it_is(watched: Page, clinic: str) -> None:
    watched.goto(clinic)
    watched.keyboard.press("Tab")
    assert watched.evaluate("document.activeElement.textContent") == "Skip to the content"
    for _ in range(20):
        watched.keyboard.press("Tab")
        shown = watched.evaluate(
            "() => [document.activeElement, document.activeElement.closest('li')].filter(Boolean)"
            ".some(element => getComputedStyle(element).outlineStyle !== 'none')"
        )
        assert shown
        if watched.evaluate("document.activeElement.closest('.lines') !== null"):
            break
    watched.keyboard.press("Enter")
    watched.wait_for_url("**/patient/**")


def test_large_text_does_not_break_the_page(browser: Browser, clinic: str) -> None:
    page = browser.new_page(viewport={"width": 640, "height": 900})
    page.goto(f"{clinic}/patient/{PATIENTS[0]}")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.close()


def test_urgency_is_told_by_shape_and_word(watched: Page, clinic: str) -> None:
    watched.goto(clinic)
    marks = {}
    for urgency in ("emergency", "urgent", "soon", "routine"):
        chip = watched.locator(f"section.{urgency} .chip")
        assert chip.inner_text().strip() == urgency.capitalize()
        marks[urgency] = chip.locator("svg").inner_html()
    assert len(set(marks.values())) == 4
