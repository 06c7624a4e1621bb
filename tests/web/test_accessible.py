"""What every page must be to everybody: axe finds nothing serious, nothing moves while a page loads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from spinecourse.store.demo import demo_people

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATIENTS = list(demo_people())
PATHS = (
    "/",
    "/?q=cauda",
    "/about",
    "/follow",
    "/nowhere",
    "/intake",
    "/patient/{0}",
    "/patient/{1}",
    "form",
    "correct",
)
VIEWS = {
    "light 1440": (1440, "light", 100), "dark 1440": (1440, "dark", 100),
    "light 360": (360, "light", 100), "large text": (1440, "light", 200),
}  # fmt: skip
SHIFTS = """() => new Promise(done => {
    let sum = 0
    new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value }))
        .observe({type: 'layout-shift', buffered: true})
    setTimeout(() => done(sum), 300)
})"""


@pytest.fixture(scope="module")
def paths(browser: Browser, clinic: str) -> dict[str, str]:
    """The addresses of the pages, a form and the correction of a fact among them."""
    page = browser.new_page()
    page.goto(f"{clinic}/patient/{PATIENTS[3]}")
    fact = page.locator(".entries a").first.get_attribute("href")
    page.locator("form[action$='/examine'] button").click()
    page.wait_for_selector("#intake")
    named = {"form": page.url, "correct": f"{clinic}{fact}"}
    page.close()
    return {path: named.get(path) or clinic + path.format(PATIENTS[0], PATIENTS[-1]) for path in PATHS}


def check_at_ease(page: Page, text: int) -> None:
    """Nothing moves while it loads; with all open and text so large axe finds nothing serious, and nothing is cut."""
    assert page.evaluate(SHIFTS) < 0.01
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
    found = [
        (violation["id"], [node["html"][:120] for node in violation["nodes"][:3]])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(params=list(VIEWS))
def viewed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, int]]:
    width, scheme, text = VIEWS[request.param]
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    yield page, text
    page.close()


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_serious_and_nothing_moves(
    viewed: tuple[Page, int], paths: dict[str, str], path: str
) -> None:
    page, text = viewed
    page.goto(paths[path])
    check_at_ease(page, text)
