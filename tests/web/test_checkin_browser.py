"""The check-in in a real browser on a phone: taps and time, a lost connection, a closed browser, three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from web_server import serving

from spinecourse.assess import assess_course
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.store import CHECKIN, Person, Store, open_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MOST_TAPS = 25
MOST_SECONDS = 120.0
WORDS_A_SECOND = 238 / 60
"""Silent reading of English by adults (Brysbaert 2019, doi:10.1016/j.jml.2019.104047)."""
SECONDS_A_TAP = 1.0
SMALLEST_TARGET = 44
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/clinic.db")) as opened:
        known = Course(Patient("a-1", 54.0, "female"), (Fact("symptom", "back_pain", -30),))
        opened.add_course(known, person=Person("Elder E."), presented_on=date.today() - timedelta(days=30))
        yield opened


@pytest.fixture
def address(store: Store) -> Iterator[str]:
    with serving(store, assess_course) as found:
        yield f"{found}/checkin/{store.start_draft('a-1', {'form': CHECKIN})}"


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """The form on a phone; the test fails where the browser complains."""
    page = browser.new_page(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    yield page
    page.close()
    assert [text for text in complaints if "ERR_FAILED" not in text] == []


def tap(page: Page, item: str, value: str) -> None:
    page.locator(f"[data-item={item}] label:has(input[value='{value}'])").tap()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).locator("visible=true").tap()


def saved(page: Page) -> None:
    page.wait_for_selector("#state[data-state=saved]")


def read(page: Page) -> int:
    """The words to read on the page: notices, questions, the ends of scales; finding an answer is part of the tap."""
    texts = page.locator("form :is(h1, p, legend > span[aria-hidden], legend:not(:has(span)))").locator("visible=true")
    return sum(len(re.findall(r"[A-Za-z']+", text)) for text in set(texts.all_inner_texts()))


def kept(store: Store) -> dict[str, str]:
    (draft,) = store.drafts(CHECKIN)
    return {name.removeprefix("answer."): value for name, value in draft.content.items() if name.startswith("answer.")}


def test_two_pains_and_no_danger_take_few_taps_and_less_than_two_minutes(phone: Page, store: Store) -> None:
    scales = [(f"pain_{site}_{which}", value) for site in ("back", "leg") for which, value in
              (("now", "4"), ("worst", "6"), ("least", "2"))]  # fmt: skip
    pages = [
        [("pain_back", "yes"), ("pain_leg", "left"), "No to all the others", *scales, ("pain_trend", "better"), "Next"],
        [("function", "4"), ("sleep", "3"), ("mood", "2"), "Next"],
        [("medicine", "as_agreed"), ("medicine_help", "some"), "No to all the others", "Next"],
        ["No to all the others", "Next"],
        ["Send"],
    ]
    taps, words = 0, 0
    for page in pages:
        for each in page:
            if isinstance(each, str) and each in ("Next", "Send"):
                words += read(phone)
            press(phone, each) if isinstance(each, str) else tap(phone, *each)
            taps += 1
    phone.wait_for_selector(".reply")
    assert taps <= MOST_TAPS
    assert words / WORDS_A_SECOND + taps * SECONDS_A_TAP <= MOST_SECONDS, (words, taps)
    names = {entry.fact.name for entry in store.record("a-1")}
    assert {"nrs_back", "nrs_leg", "checkin_sleep", "saddle_numbness"} <= names


def test_answers_survive_a_lost_connection_and_a_closed_browser(phone: Page, address: str, store: Store) -> None:
    tap(phone, "pain_back", "yes")
    saved(phone)
    phone.route("**/save", lambda route: route.abort())
    tap(phone, "pain_back_now", "7")
    phone.wait_for_selector("#state[data-state=unsent]")
    assert kept(store) == {"pain_back": "yes"}
    phone.unroute("**/save")
    phone.goto("about:blank")
    phone.goto(address)
    saved(phone)
    assert kept(store) == {"pain_back": "yes", "pain_back_now": "7"}
    assert phone.locator("[data-item=pain_back_now] input[value='7']").is_checked()


def test_a_second_tap_takes_an_answer_back(phone: Page, store: Store) -> None:
    for _ in range(2):
        tap(phone, "pain_neck", "yes")
    tap(phone, "pain_back", "no")
    saved(phone)
    assert kept(store) == {"pain_back": "no"}


def test_a_danger_is_met_at_once(phone: Page, address: str) -> None:
    phone.goto(f"{address}?step=4")
    tap(phone, "saddle", "yes")
    tap(phone, "cannot_pee", "yes")
    phone.wait_for_selector("#danger", state="visible")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_for_everybody(phone: Page, address: str, language: str, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    phone.goto(f"{address}?language={language}")
    tap(phone, "pain_back", "yes")
    for step in range(1, 6):
        phone.goto(f"{address}?language={language}&step={step}")
        violations = Axe().run(phone).response["violations"]
        assert [each["id"] for each in violations if each["impact"] in ("serious", "critical")] == []
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        heights = (
            phone.locator("label span, form button")
            .locator("visible=true")
            .evaluate_all("found => found.map(each => each.getBoundingClientRect().height)")
        )
        assert min(heights, default=SMALLEST_TARGET) >= SMALLEST_TARGET
