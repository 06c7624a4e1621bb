"""Pain drawn on the body in a real browser: by mouse, by keyboard, and as a list without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from talk_clinic import clinic_of, demo_course

from spinecourse.course.model import Fact
from spinecourse.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WHERE = "/patient/years-05/draw"


@pytest.fixture
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str]]:
    with clinic_of(tmp_path_factory.mktemp("clinic"), demo_course("years-05")) as (store, client):
        yield store, str(client.base_url)


def entered(store: Store, before: tuple[Fact, ...]) -> list[tuple[str, str | None]]:
    return [(fact.name, fact.side) for fact in store.course("years-05").facts if fact not in before]


def test_a_stroke_marks_every_area_it_crosses_and_they_become_facts(
    browser: Browser, clinic: tuple[Store, str]
) -> None:
    store, address = clinic
    before = store.course("years-05").facts
    page = browser.new_page(viewport={"width": 900, "height": 1400})
    page.goto(address + WHERE)
    boxes = [
        page.locator(f"[data-area={area}][data-view=back][data-side=left]").bounding_box() for area in ("thigh", "calf")
    ]
    (from_x, from_y), (to_x, to_y) = [
        (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box
    ]
    page.mouse.move(from_x, from_y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=30)
    page.mouse.up()
    assert "calf" in page.locator("#told").inner_text()
    page.get_by_role("button", name="Enter it").click()
    page.wait_for_url("**/patient/years-05?entered=*")
    assert ("calf_pain", "left") in entered(store, before)
    assert {side for _, side in entered(store, before)} == {"left"}
    page.close()


def test_the_keyboard_marks_and_takes_away_and_an_empty_picture_enters_nothing(
    browser: Browser, clinic: tuple[Store, str]
) -> None:
    store, address = clinic
    before = store.course("years-05").facts
    page = browser.new_page()
    page.goto(address + WHERE)
    thigh = page.locator("[data-area=thigh][data-view=front][data-side=right]")
    for expected in ("true", "false"):
        thigh.press("Space")
        assert thigh.get_attribute("aria-checked") == expected
    page.get_by_role("button", name="Enter it").click()
    assert "does not say that nothing hurts" in page.get_by_role("alert").inner_text()
    assert entered(store, before) == []
    page.close()


def test_the_list_does_the_same_without_scripts(browser: Browser, clinic: tuple[Store, str]) -> None:
    store, address = clinic
    before = store.course("years-05").facts
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + WHERE)
    page.get_by_text("The same as a list to tick").click()
    page.get_by_role("group", name="On the back").get_by_label("low back, left").check()
    page.get_by_role("button", name="Enter it").click()
    assert entered(store, before) == [("back_pain", None)]
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing_serious(browser: Browser, clinic: tuple[Store, str], width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(clinic[1] + WHERE)
    page.locator("summary").first.click()
    found = [
        entry["id"] for entry in Axe().run(page).response["violations"] if entry["impact"] in ("serious", "critical")
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
