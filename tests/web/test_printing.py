"""Letters from the patient's page: web page and PDF, each to its reader, and nothing that was said in confidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from talk_clinic import clinic_of, demo_course

PATIENT = "/patient/years-05"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with clinic_of(tmp_path_factory.mktemp("clinic"), demo_course("years-05")) as (_, visitor):
        yield visitor


@pytest.mark.parametrize("letter", ["patient", "colleague", "payer/decompression"])
def test_every_letter_is_a_page_and_a_pdf(client: httpx.Client, letter: str) -> None:
    page = client.get(f"{PATIENT}/letter/{letter}.html")
    assert page.status_code == 200
    assert "<h1>" in page.text
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
    printed = client.get(f"{PATIENT}/letter/{letter}.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")


@pytest.mark.parametrize("letter", ["landlord.html", "patient.docx", "payer/happiness.html", "colleague.exe"])
def test_a_letter_that_does_not_exist_is_said(client: httpx.Client, letter: str) -> None:
    assert client.get(f"{PATIENT}/letter/{letter}").status_code == 404


def test_the_pages_link_to_the_letters(client: httpx.Client) -> None:
    assert 'href="/patient/years-05/letter/patient.html"' in client.get(PATIENT).text
    page = client.get(f"{PATIENT}/right-for-me/decompression").text
    assert 'href="/patient/years-05/letter/payer/decompression.pdf"' in page


def test_what_was_said_in_the_talk_is_in_no_letter_and_no_export(tmp_path: Path) -> None:
    with clinic_of(tmp_path, demo_course("years-05")) as (store, client):
        client.post(f"{PATIENT}/talk", data={"day": "5", "said": "xylophone", "reasons": "marimba"})
        assert store.course("years-05").facts[-1].name == "expectations_discussed"
        for path in (
            "letter/patient.html",
            "letter/colleague.html",
            "letter/payer/decompression.html",
            "talk",
            "expect",
        ):
            page = client.get(f"{PATIENT}/{path}").text
            assert "xylophone" not in page
            assert "marimba" not in page
        assert "xylophone" not in client.get(f"{PATIENT}.json").text
        assert "xylophone" in client.get(PATIENT).text, "the record itself tells it"
