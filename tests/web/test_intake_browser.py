"""The intake form in a real browser: by keyboard, by mouse, while the server is away, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from web_server import serving

from spinecourse.assess import assess_course
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.store import Person, Store, open_store
from spinecourse.web.intake import layout

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MOST_KEYS = 120
"""Keystrokes of a normal neurological examination."""
EXAMINED = [row for block in layout.blocks() if block.part == "examination" for row in block.rows]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/clinic.db")) as opened:
        known = Course(Patient("a-1", 54.0, "female"), (Fact("symptom", "back_pain", -3),))
        opened.add_course(known, person=Person("Elder E."), presented_on=date.today())
        yield opened


@pytest.fixture
def address(store: Store) -> Iterator[str]:
    with serving(store, assess_course) as found:
        yield found


@pytest.fixture
def form(browser: Browser, address: str) -> Iterator[Page]:
    """The form of the known patient; the test fails where the browser complains."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/patient/a-1")
    page.get_by_role("button", name="Examine now").click()
    page.wait_for_selector("#intake")
    yield page
    page.close()
    assert [text for text in complaints if "ERR_FAILED" not in text] == []


def settled(page: Page) -> None:
    """Wait until what was entered is saved and the assessment beside it is of that."""
    page.wait_for_selector("#saved[data-state=saved]")


def kept(store: Store) -> dict[str, str]:
    (draft,) = store.drafts()
    return {field: value for field, value in draft.content.items() if layout.cell_of(field)}


def test_a_normal_neurological_examination_takes_few_keys(form: Page, store: Store) -> None:
    keys = ["e", *["n"] * len(EXAMINED)]
    assert len(keys) <= MOST_KEYS
    for key in keys:
        form.keyboard.press(key)
    settled(form)
    wanted = {cell.field: row.normal.value for row in EXAMINED for cell in row.cells}
    assert kept(store) == wanted


def test_the_rest_of_a_block_is_normal_only_where_nothing_was_answered(form: Page, store: Store) -> None:
    for key in ("e", "4", "3", "N"):
        form.keyboard.press(key)
    settled(form)
    answers = kept(store)
    assert answers["power.neck_extension"] == "4"
    assert answers["power.shoulder_abduction.right"] == "3"
    assert answers["power.shoulder_abduction.left"] == answers["power.thumb_abduction.left"] == "5"
    assert not any(field.startswith("power.hip") for field in answers)
    assert "23 set to normal" in form.locator("#done").inner_text()
    form.keyboard.press("u")
    settled(form)
    assert kept(store) == {"power.neck_extension": "4", "power.shoulder_abduction.right": "3"}


def test_one_key_grades_one_side_and_moves_on(form: Page, store: Store) -> None:
    form.locator("[name='power.hip_flexion.right']").focus()
    for key in ("+", "-", "3", "n", "x", "ArrowUp", "x"):
        form.keyboard.press(key)
    settled(form)
    assert kept(store) == {
        "power.hip_flexion.right": "4.3", "power.hip_flexion.left": "3.7", "power.hip_extension.left": "5",
    }  # fmt: skip
    form.locator("[name='sensation.L5.right']").focus()
    for key in ("1", "2"):
        form.keyboard.press(key)
    settled(form)
    assert kept(store)["sensation.L5.right"] == "reduced"
    assert kept(store)["sensation.L5.left"] == "normal"


def test_history_is_answered_by_keys_too(form: Page, store: Store) -> None:
    form.locator("[name='symptom.leg_pain']").first.focus()
    for key in ("l", "n", "b", "1"):
        form.keyboard.press(key)
    settled(form)
    assert kept(store) == {
        "symptom.leg_pain": "left", "symptom.thigh_pain": "no", "symptom.buttock_pain": "both",
        "symptom.groin_pain": "yes",
    }  # fmt: skip


def test_the_assessment_follows_and_the_next_examination_is_a_key_away(form: Page) -> None:
    assert "Emergency" not in form.locator("#beside").inner_text()
    form.locator("#row-symptom-urinary_retention .a input").check()
    form.locator("#row-symptom-saddle_numbness .a input").check()
    form.wait_for_selector("#beside .verdict.emergency")
    assert "Cauda equina syndrome" in form.locator("#said").inner_text()
    settled(form)
    best = form.locator("#beside [data-go]").first.get_attribute("data-go")
    form.keyboard.press("g")
    assert form.evaluate("document.activeElement.closest('.row').id") == best


def test_typing_in_a_text_field_answers_nothing(form: Page, store: Store) -> None:
    form.locator("input[name='by']").fill("")
    form.locator("input[name='by']").press_sequentially("nNx5gu")
    settled(form)
    assert kept(store) == {}
    assert store.drafts()[0].content["by"] == "nNx5gu"


STATES = """field => [...document.querySelectorAll(`[name="${field}"]`)].map(select => {
    const style = getComputedStyle(select)
    return [select.selectedOptions[0].textContent, style.borderTopStyle, style.fontWeight, style.fontStyle]
})[0]"""


def test_unexamined_normal_absent_and_abnormal_differ_in_more_than_colour(form: Page) -> None:
    form.locator("[name='power.hip_flexion.right']").select_option("5")
    form.locator("[name='power.hip_extension.right']").select_option("3")
    form.locator("[name='sign.babinski.right']").select_option("no")
    fields = (
        "power.hip_adduction.right",
        "power.hip_flexion.right",
        "sign.babinski.right",
        "power.hip_extension.right",
    )
    unexamined, normal, absent, abnormal = (form.evaluate(STATES, field) for field in fields)
    assert unexamined[:2] == ["not examined", "dashed"]
    assert normal[:2] == ["5 ✓", "solid"]
    assert absent[:2] == ["no ✕", "solid"]
    assert abnormal[:2] == ["3", "solid"]
    assert unexamined[3] == "italic"
    assert len({tuple(state) for state in (unexamined, normal, absent, abnormal)}) == 4


def test_a_draft_survives_a_closed_lid_and_a_server_that_is_away(form: Page, store: Store) -> None:
    form.route("**/refresh", lambda route: route.abort())
    form.locator("[name='power.hip_flexion.right']").select_option("3")
    form.get_by_text("Not saved: the server does not answer").wait_for()
    assert kept(store) == {}
    form.unroute("**/refresh")
    settled(form)
    assert kept(store) == {"power.hip_flexion.right": "3"}
    form.reload()
    assert form.locator("[name='power.hip_flexion.right']").input_value() == "3"


def test_anything_else_is_searched_while_typing(form: Page) -> None:
    form.keyboard.press("/")
    assert form.evaluate("document.activeElement.id") == "find"
    form.keyboard.type("herniation")
    form.get_by_role("button", name="Add").nth(2).wait_for()
    with form.expect_navigation():
        form.locator("button[value='imaging disc_herniation']").click()
    assert form.locator("fieldset.other legend").inner_text() == "imaging: disc herniation"


def test_the_form_is_filled_in_and_entered_without_javascript(browser: Browser, address: str, store: Store) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/intake")
    page.get_by_role("button", name="New patient").click()
    page.get_by_label("Name").fill("Alder A.")
    page.locator("#row-symptom-leg_pain .a input[value=left]").check(force=True)
    page.locator("[name='power.ankle_dorsiflexion.left']").select_option("3")
    assert not page.locator("button.rest").first.is_visible()
    page.locator("form#intake button.main").click()
    page.wait_for_url("**/patient/**")
    assert page.locator("h1").inner_text() == "Alder A."
    (patient,) = set(store.ids()) - {"a-1"}
    assert [fact.text for fact in store.course(patient).facts] == [
        "day 0 symptom leg_pain left", "day 0 power ankle_dorsiflexion left MRC 3",
    ]  # fmt: skip
    context.close()
