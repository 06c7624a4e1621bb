"""The pages of the talk in a real browser: for every eye, by keyboard, without scripts, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from talk_clinic import clinic_of, demo_course
from test_accessible import check_at_ease

from spinecourse.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATHS = ("/patient/years-05/talk", "/patient/years-14/expect", "/patient/years-05/right-for-me/decompression",
         "/right-for-me/prp")  # fmt: skip
VIEWS = {"light 1280": (1280, "light", 100), "dark 390": (390, "dark", 100), "large text": (1280, "light", 200)}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str]]:
    courses = [demo_course("years-05"), demo_course("years-14")]
    with clinic_of(tmp_path_factory.mktemp("clinic"), *courses) as (store, client):
        yield store, str(client.base_url)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_serious_and_nothing_moves(
    browser: Browser, clinic: tuple[Store, str], path: str, view: str
) -> None:
    width, scheme, text = VIEWS[view]
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(clinic[1] + path)
    check_at_ease(page, text)
    assert complaints == []
    page.close()


def test_the_talk_is_held_by_keyboard_and_without_scripts(browser: Browser, clinic: tuple[Store, str]) -> None:
    store, address = clinic
    before = len(store.course("years-05").facts)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/patient/years-05")
    page.get_by_role("link", name="Hold the talk before the decision").press("Enter")
    page.get_by_label("I want to walk or stand longer").press("Space")
    page.get_by_label("Day of the talk, counted from presentation").fill("9")
    page.get_by_label("Clinician").fill("AB")
    with page.expect_navigation():
        page.get_by_label("Clinician").press("Enter")
    assert page.get_by_text("Entered into the record:").is_visible()
    context.close()
    assert [fact.text for fact in store.course("years-05").facts][before:] == [
        "day 9 event expectations_discussed",
        "day 9 goal walk_further",
    ]


def test_the_pages_go_on_paper_without_what_only_a_screen_needs(browser: Browser, clinic: tuple[Store, str]) -> None:
    page = browser.new_page()
    page.goto(f"{clinic[1]}/patient/years-05/talk")
    page.emulate_media(media="print")
    assert page.get_by_text("What matters most to you?").is_visible()
    assert page.locator(".signature").is_visible()
    assert not page.get_by_role("button", name="The talk was held").is_visible()
    assert not page.locator(".back").is_visible()
    page.close()
