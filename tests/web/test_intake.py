"""The intake as a client without JavaScript meets it: drafts, entering, refusing, correcting, undoing."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from handmade import HOSTILE
from web_server import serving

from spinecourse.assess import assess_course
from spinecourse.course.model import Course, Fact, Patient
from spinecourse.knowledge.tables import load
from spinecourse.store import Person, Store, open_store
from spinecourse.web.intake import layout
from spinecourse.web.intake.others import find
from spinecourse.web.intake.reading import read_form

KNOWN = Course(Patient("a-1", 54.0, "female"), (Fact("symptom", "back_pain", -3), Fact("symptom", "fever", 0, False)))
TODAY = date.today()
NEW = {"person.name": "Alder A.", "patient.id": "n-1", "examined_on": TODAY.isoformat()}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/clinic.db")) as opened:
        opened.add_course(KNOWN, person=Person("Elder E."), presented_on=TODAY - timedelta(days=30))
        yield opened


@pytest.fixture
def client(store: Store) -> Iterator[httpx.Client]:
    with (
        serving(store, assess_course) as address,
        httpx.Client(base_url=address, headers={"origin": address}, follow_redirects=True, timeout=60) as visitor,
    ):
        yield visitor


def begin(client: httpx.Client, at: str = "/intake/new") -> str:
    """The address of a new draft."""
    return client.post(at).url.path


def hidden(client: httpx.Client, draft: str) -> dict[str, str]:
    """The fields that a browser would send along."""
    return dict(re.findall(r'type="hidden" name="(revision|window)" value="([^"]*)"', client.get(draft).text))


def send(client: httpx.Client, draft: str, action: str, **fields: str) -> httpx.Response:
    named = {name.replace("__", ":"): value for name, value in fields.items()}
    return client.post(draft, data={**hidden(client, draft), **named, "action": action})


def facts_of(store: Store, patient: str) -> list[str]:
    return [fact.text for fact in store.course(patient).facts]


def test_a_new_patient_is_entered_and_assessed(store: Store, client: httpx.Client) -> None:
    draft = begin(client)
    answers = {"symptom.back_pain": "yes", "symptom.back_pain:since": "2 w", "symptom.back_pain:nrs": "7",
               "symptom.urinary_retention": "yes", "symptom.saddle_numbness": "no", "symptom.leg_pain": "left",
               "power.ankle_dorsiflexion.left": "3", "power.ankle_dorsiflexion.right": "5",
               "symptom.leg_pain:area": "l5, Lateral foot",
               "reflex.ankle.left": "absent", "sign.babinski.right": "no", "history.cancer": "no",
               "sensation.L5.left": "reduced", "modality": "pinprick"}  # fmt: skip
    page = send(
        client, draft, "enter", **NEW, **{"patient.age_years": "54", "patient.sex": "male", "by": "AB"}, **answers
    )
    assert page.url.path == "/patient/n-1"
    assert "Entered into the record:" in page.text
    assert "Alder A." in page.text
    assert client.get("/patient/n-1.json").json()["triage"]["urgency"] == "emergency"
    assert sorted(facts_of(store, "n-1")) == sorted([
        "day -14 symptom back_pain", "day 0 symptom back_pain NRS 7", "day 0 symptom urinary_retention",
        "day 0 symptom saddle_numbness denied", "day 0 symptom leg_pain left in L5, lateral_foot",
        "day 0 power ankle_dorsiflexion left MRC 3", "day 0 power ankle_dorsiflexion right MRC 5",
        "day 0 reflex ankle left absent", "day 0 sign babinski not found right", "day 0 history cancer denied",
        "day 0 sensation L5 left reduced pinprick",
    ])  # fmt: skip
    assert store.course("n-1").patient == Patient("n-1", 54.0, "male")
    assert store.entry("n-1").presented_on == TODAY
    assert {recorded.signature.by for recorded in store.record("n-1") if recorded.signature} == {"AB"}


def test_a_known_patient_is_examined_again_on_the_day_it_was(store: Store, client: httpx.Client) -> None:
    draft = begin(client, "/patient/a-1/examine")
    page = send(client, draft, "enter", **{"symptom.leg_pain": "right", "symptom.leg_pain:since": "10 days"})
    assert page.url.path == "/patient/a-1"
    assert facts_of(store, "a-1")[2:] == ["day 20 symptom leg_pain right"]
    assert begin(client, "/patient/a-1/examine") != draft


def test_a_draft_begun_is_gone_on_with(client: httpx.Client) -> None:
    assert begin(client, "/patient/a-1/examine") == begin(client, "/patient/a-1/examine")


def test_what_nobody_answered_makes_no_fact() -> None:
    empty = {cell.field: "" for row in layout.rows().values() for cell in row.cells}
    reading = read_form(NEW | empty, None, None, TODAY)
    assert reading.facts == ()
    assert reading.wrong == ()


@pytest.mark.parametrize("row", list(layout.rows().values()), ids=lambda row: row.id)
def test_every_answer_of_every_row_is_read_as_it_says(row: layout.Row) -> None:
    for cell in row.cells:
        for answer in row.answers:
            reading = read_form(NEW | {cell.field: answer.value}, None, None, TODAY)
            assert reading.wrong == ()
            (fact,) = reading.facts
            assert (fact.kind, fact.name, fact.day) == (row.kind, row.name, 0)
            assert fact.side == (cell.side or (answer.value if answer.value in ("left", "right", "both") else None))
            known_normal = not fact.present or fact.grade == "normal" or fact.mrc == 5
            assert known_normal == (answer.state != "abnormal")


def test_every_examination_that_may_be_proposed_has_a_row() -> None:
    asked = [(row["kind"], row["name"]) for row in load("model/examinations")]
    assert [finding for finding in asked if finding not in layout.rows()] == []


BAD = [
    ({"patient.age_years": "old"}, "patient age years", "age_years"),
    ({"examined_on": "yesterday"}, "examined on", "should be a date"),
    ({"examined_on": (TODAY + timedelta(days=1)).isoformat()}, "examined on", "future"),
    ({"symptom.fever": "yes", "symptom.fever:since": "long"}, "symptom fever since", "span of time"),
    ({"symptom.back_pain": "yes", "symptom.back_pain:nrs": "11"}, "symptom back pain", "from 0 to 10"),
    ({"power.hip_flexion.left": "7"}, "power hip flexion left", "does not offer"),
    ({"power.wings.left": "5"}, "power wings left", "no field of this form"),
    ({"other.1": "imaging bulge"}, "further finding 1", "not a known imaging"),
    ({"other.1": "imaging disc_herniation", "other.1.level": "X9"}, "further finding 1", "should be a vertebra"),
    ({"other.1": HOSTILE}, "further finding 1", "names no finding"),
]


@pytest.mark.parametrize(("fields", "where", "what"), BAD, ids=lambda value: value if isinstance(value, str) else None)
def test_what_cannot_be_read_is_said_and_nothing_entered(
    store: Store, client: httpx.Client, fields: dict[str, str], where: str, what: str
) -> None:
    draft = begin(client)
    page = send(client, draft, "enter", **{**NEW, "symptom.leg_pain": "left", **fields})
    assert page.status_code == 422
    notice = page.text[page.text.index("Nothing was entered") : page.text.index("</ul>")]
    assert where in notice
    assert what in notice
    assert store.ids() == ["a-1"]
    kept = store.draft(draft.rpartition("/")[2]).content
    assert {**NEW, **fields}.items() <= kept.items()
    assert "<script>alert" not in page.text


def test_a_patient_needs_a_name_and_an_id_of_its_own(store: Store, client: httpx.Client) -> None:
    answers = {**NEW, "symptom.leg_pain": "left"}
    assert "is needed" in send(client, begin(client), "enter", **{**answers, "person.name": " "}).text
    taken = send(client, begin(client), "enter", **{**answers, "patient.id": "a-1"})
    assert taken.status_code == 409
    assert "in the store already" in taken.text
    assert "There is nothing in the form" in send(client, begin(client), "enter", **NEW).text
    assert store.ids() == ["a-1"]


def test_a_draft_is_on_no_page_of_the_record(store: Store, client: httpx.Client) -> None:
    before = client.get("/patient/a-1.json").json()
    draft = begin(client, "/patient/a-1/examine")
    saved = send(client, draft, "save", **{"symptom.urinary_retention": "yes", "symptom.saddle_numbness": "yes"})
    assert saved.url.path == draft
    assert client.get("/patient/a-1.json").json() == before
    assert 'value="yes" checked' in client.get(draft).text
    assert "1 draft" in client.get("/").text
    assert "Elder E." in client.get("/intake").text


def test_the_refreshed_assessment_is_that_of_the_record_with_the_form(store: Store, client: httpx.Client) -> None:
    draft = begin(client, "/patient/a-1/examine")
    sent = {**hidden(client, draft), "symptom.urinary_retention": "yes", "symptom.saddle_numbness": "yes"}
    beside = client.post(f"{draft}/refresh", data=sent)
    assert beside.headers["x-revision"] == "2"
    assert "Emergency" in beside.text
    assert "Cauda equina syndrome" in beside.text
    assert store.draft(draft.rpartition("/")[2]).content["symptom.saddle_numbness"] == "yes"


def test_what_cannot_be_read_counts_for_nothing_while_typing(client: httpx.Client) -> None:
    draft = begin(client, "/patient/a-1/examine")
    sent = {**hidden(client, draft), "power.hip_flexion.left": "seven"}
    beside = client.post(f"{draft}/refresh", data=sent).text
    assert "Cannot be read yet, and counts for nothing" in beside
    assert "power hip flexion left" in beside


def test_another_window_is_told(client: httpx.Client) -> None:
    draft = begin(client, "/patient/a-1/examine")
    one, other = hidden(client, draft), hidden(client, draft)
    assert client.post(f"{draft}/refresh", data={**one, "symptom.fever": "no"}).status_code == 200
    late = client.post(f"{draft}/refresh", data={**other, "symptom.fever": "yes"})
    assert late.status_code == 409
    assert "changed in another window" in late.text
    page = client.post(draft, data={**other, "symptom.fever": "yes", "action": "enter"})
    assert page.status_code == 409
    assert "What you sent stands below and is not saved" in page.text


def test_a_discarded_draft_is_kept_and_opened_again(client: httpx.Client) -> None:
    draft = begin(client)
    page = send(client, draft, "discard", **NEW, **{"symptom.fever": "no"})
    assert "This draft was discarded" in page.text
    page = client.post(f"{draft}/reopen")
    assert "Alder A." in page.text


def test_an_entry_is_undone_from_the_patients_page(store: Store, client: httpx.Client) -> None:
    draft = begin(client, "/patient/a-1/examine")
    page = send(client, draft, "enter", **{"symptom.leg_pain": "right"})
    address = re.search(r'action="(/patient/a-1/undo/\d+)"', page.text)
    assert address is not None
    page = client.post(address[1])
    assert facts_of(store, "a-1") == [fact.text for fact in KNOWN.facts]
    assert "<s>leg pain right</s>" in page.text
    assert 'value="right" checked' in client.get(draft).text


def test_a_fact_is_corrected_with_a_reason(store: Store, client: httpx.Client) -> None:
    number = store.record("a-1")[1].id
    address = f"/patient/a-1/fact/{number}"
    assert "Correct a fact" in client.get(address).text
    refused = client.post(address, data={"day": "0", "present": "true", "action": "replace"})
    assert refused.status_code == 422
    assert "needs a reason" in refused.text
    same = client.post(address, data={"day": "0", "present": "false", "why": "x", "action": "replace"})
    assert "says the same" in same.text
    wrong = client.post(address, data={"day": "soon", "present": "true", "why": "x", "action": "replace"})
    assert "Day should be a number" in wrong.text
    page = client.post(
        address, data={"day": "-1", "present": "true", "why": "misheard", "by": "AB", "action": "replace"}
    )
    assert facts_of(store, "a-1") == ["day -3 symptom back_pain", "day -1 symptom fever"]
    assert "<s>fever denied</s>" in page.text
    assert "misheard" in page.text
    assert client.get("/patient/a-1/fact/999").status_code == 404
    assert "no longer counts" in client.get(address).text


def test_name_age_and_sex_are_corrected_with_a_reason(store: Store, client: httpx.Client) -> None:
    address = "/patient/a-1/details"
    assert 'value="Elder E."' in client.get(address).text
    given = {"name": "Elder F.", "age_years": "45", "sex": "", "by": "AB"}
    assert "needs a reason" in client.post(address, data=given).text
    assert "should be a number" in client.post(address, data={**given, "age_years": "old", "why": "x"}).text
    page = client.post(address, data={**given, "why": "misread"})
    assert "Elder F." in page.text
    assert "45 years, sex not known" in page.text
    assert store.course("a-1").patient == Patient("a-1", 45.0, None)
    assert "misread" in page.text


def test_anything_else_is_found_and_added_without_javascript(store: Store, client: httpx.Client) -> None:
    draft = begin(client, "/patient/a-1/examine")
    page = send(client, draft, "find", find="herniation")
    assert 'name="add" value="imaging disc_herniation"' in page.text
    page = client.post(draft, data={**hidden(client, draft), "add": "imaging disc_herniation"})
    assert 'name="other.1" value="imaging disc_herniation"' in page.text
    added = {"other.1": "imaging disc_herniation", "other.1.level": "L4-5", "other.1.side": "left",
             "other.1.modality": "mri", "other.1.since": "2d"}  # fmt: skip
    send(client, draft, "enter", **added)
    assert facts_of(store, "a-1")[2:] == ["day 28 imaging disc_herniation left L4/5 mri"]


def test_the_search_knows_levels_words_and_rows() -> None:
    assert find("t4")[0].name == "below T4"
    assert find("slipped disc")
    assert next(found for found in find("back pain") if found.kind == "symptom").row == "row-symptom-back_pain"
    assert find("  ") == []


def test_a_form_that_is_too_large_or_no_form_is_refused(client: httpx.Client) -> None:
    draft = begin(client)
    assert client.post(draft, content=b"a=" + b"x" * 300_000).status_code == 413
    assert client.post(draft, content=b"\xff\xfe").status_code == 400
    assert client.post("/intake/nowhere", data={"a": "1"}).status_code == 404


def test_no_page_names_an_answer_as_given_that_was_not(client: httpx.Client) -> None:
    """Every cell of a new form says that nobody examined or asked, in words."""
    page = client.get(begin(client)).text
    body = page[page.index('id="history"') : page.index('id="other"')]
    assert body.count("not asked") == body.count('value="" checked') == sum(row.asked for row in layout.rows().values())
    assert body.count('class="u">not examined') == sum(
        len(row.cells) for row in layout.rows().values() if not row.asked
    )
    assert re.findall(r'<option value="[^"]+" class="[nda]" selected', body) == []
