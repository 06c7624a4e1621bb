"""*Is this right for me?* in the browser: answerable by anybody, told back, and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from talk_clinic import SILENT, clinic_of, demo_course

from spinecourse.assess.procedure import ask_procedure
from spinecourse.pathway import treatments
from spinecourse.store import Store
from spinecourse.web.procedure import NOBODY, answered


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, httpx.Client]]:
    with clinic_of(tmp_path_factory.mktemp("clinic"), demo_course("years-05"), SILENT) as found:
        yield found


def questions_of(page: str) -> list[str]:
    return re.findall(r'name="(q\d+)" value="yes"', page)


@pytest.mark.parametrize("procedure", ["prp", "interspinous_spacer", "spinal_cord_stimulation", "facet_rfa",
                                       "epidural_steroid", "Epidural-Steroid"])  # fmt: skip
def test_every_procedure_asks_a_patient_without_a_record(clinic: tuple[Store, httpx.Client], procedure: str) -> None:
    page = clinic[1].get(f"/right-for-me/{procedure}").text
    name = procedure.lower().replace("-", "_")
    assert treatments()[name]["whom"] in page
    assert len(questions_of(page)) > 2
    assert page.count("I do not know") == len(questions_of(page))
    assert "Without your record we give no numbers" in page


def test_a_procedure_that_does_not_exist_is_said(clinic: tuple[Store, httpx.Client]) -> None:
    assert clinic[1].get("/right-for-me/snake_oil").status_code == 404


@pytest.mark.parametrize("treatment", list(treatments()))
def test_silence_is_never_a_yes(treatment: str) -> None:
    """Whatever nobody answered stays open, for every treatment of the tables."""
    found = ask_procedure(NOBODY, treatment)
    assert {entry.means for entry in answered(found, {})} <= {"open"}
    assert {entry.means for entry in answered(found, {"q0": "", "q1": "perhaps"})} <= {"open"}


def test_an_answer_speaks_for_or_against_as_its_rule_says() -> None:
    found = ask_procedure(NOBODY, "epidural_steroid")
    for number, question in enumerate(found.questions):
        for answer in ("yes", "no"):
            means = answered(found, {f"q{number}": answer})[number].means
            assert means == ("for" if answer == question.wanted else "against")


def test_no_answer_against_it_is_not_called_a_yes(clinic: tuple[Store, httpx.Client]) -> None:
    page = clinic[1].post("/right-for-me/epidural_steroid", data={}).text
    assert "That is not a yes" in page
    assert "0 answers speak for it" in page


def test_an_answer_against_it_stands_first(clinic: tuple[Store, httpx.Client]) -> None:
    asked = clinic[1].get("/right-for-me/epidural_steroid").text
    number = re.search(r"bleeding disorder that is not corrected.*?name=\"(q\d+)\"", asked, re.DOTALL)
    assert number is not None
    page = clinic[1].post("/right-for-me/epidural_steroid", data={number[1]: "yes"}).text
    assert page.index("Talk about this first") < page.index("bleeding disorder that is not corrected")
    assert page.index("bleeding disorder that is not corrected") < page.index("What it can realistically do")


def test_answers_are_not_stored(clinic: tuple[Store, httpx.Client]) -> None:
    store, client = clinic
    before = store.revisions(), [store.record(patient) for patient in store.ids()], store.drafts()
    client.post("/right-for-me/epidural_steroid", data={"q0": "yes", "q3": "no"})
    client.post("/patient/years-05/right-for-me/decompression", data={"q0": "yes", "q3": "no"})
    assert (store.revisions(), [store.record(patient) for patient in store.ids()], store.drafts()) == before
    again = client.get("/right-for-me/epidural_steroid")
    assert "What your answers mean" not in again.text
    assert "set-cookie" not in again.headers


def test_the_record_answers_what_it_can_and_says_so(clinic: tuple[Store, httpx.Client]) -> None:
    page = clinic[1].get("/patient/years-05/right-for-me/decompression").text
    assert "says your record" in page
    assert "of 100" in page
    assert "We give no numbers" in clinic[1].get("/patient/silent/right-for-me/decompression").text


def test_what_a_clinician_has_to_answer_is_not_asked_of_the_patient(clinic: tuple[Store, httpx.Client]) -> None:
    mine, _, theirs = clinic[1].get("/right-for-me/epidural_steroid").text.partition("What somebody else has to answer")
    assert "Ask: your clinician" not in mine
    assert "Ask: your clinician" in theirs
    assert 'type="radio"' not in theirs
