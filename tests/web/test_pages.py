"""The demonstration clinic as a client without a browser meets it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import urlsplit

import httpx
import pytest

from spinecourse.store.demo import demo_people
from spinecourse.triage.rules import URGENCIES

PATIENTS = list(demo_people())
PARTS = (
    *(f'id="{part}"' for part in ("urgency", "concerns", "open", "where", "next", "mechanism")),
    *(f'id="{part}"' for part in ("what-next", "expect", "follow", "record")),
    "<svg xmlns", "Invented patient",
)  # fmt: skip


def test_everybody_is_on_the_worklist_once(clinic: str) -> None:
    page = httpx.get(clinic).text
    assert sorted(re.findall(r'href="/patient/([^"]+)"', page)) == PATIENTS


def test_groups_stand_in_order_of_urgency(clinic: str) -> None:
    page = httpx.get(clinic).text
    places = [page.index(f'id="group-{urgency}"') for urgency in URGENCIES]
    assert places == sorted(places)


@pytest.mark.parametrize("urgency", URGENCIES)
def test_the_filter_shows_one_class_and_agrees_with_the_assessments(clinic: str, urgency: str) -> None:
    page = httpx.get(clinic, params={"urgency": urgency}).text
    shown = re.findall(r'href="/patient/([^"]+)"', page)
    answers = {patient: httpx.get(f"{clinic}/patient/{patient}.json").json() for patient in shown[:4]}
    assert {answer["triage"]["urgency"] for answer in answers.values()} <= {urgency}
    assert [other for other in URGENCIES if f'id="group-{other}"' in page] == [urgency]


def test_a_filter_that_does_not_exist_is_said(clinic: str) -> None:
    answer = httpx.get(clinic, params={"urgency": "<b>whenever</b>"})
    assert answer.status_code == 400
    assert "There is no urgency “&lt;b&gt;whenever&lt;/b&gt;”" in answer.text
    assert len(re.findall(r'href="/patient/([^"]+)"', answer.text)) == len(PATIENTS)


@pytest.mark.parametrize("patient", PATIENTS)
def test_every_patient_has_a_page_with_verdict_reasons_spine_and_record(clinic: str, patient: str) -> None:
    answer = httpx.get(f"{clinic}/patient/{patient}")
    assert answer.status_code == 200
    assert len(answer.content) < 150_000
    for part in PARTS:
        assert part in answer.text, part
    assert [word for word in visible(answer.text).split() if "_" in word] == []


def visible(page: str) -> str:
    """The page's words without tags, addresses and sources: names of the vocabulary stand there in plain words."""
    body = page[page.index("<main") :]
    for pattern in (
        r"<(style|title|desc)>.*?</\1>",
        r'<details class="sources">.*?</details>',
        r"<[^>]*>",
        r"https?:\S+",
    ):
        body = re.sub(pattern, " ", body, flags=re.DOTALL)
    return body


def test_the_drawing_stands_alone(clinic: str) -> None:
    answer = httpx.get(f"{clinic}/patient/{PATIENTS[0]}/spine.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert ElementTree.fromstring(answer.text).tag.endswith("svg")


DRAWINGS = ("spine", "side", "body", "chances", "supply", "segment", "timeline")


@pytest.mark.parametrize("patient", [PATIENTS[0], PATIENTS[26], PATIENTS[-12]])
def test_every_drawing_a_page_names_is_there_and_keeps_its_place(clinic: str, patient: str) -> None:
    page = httpx.get(f"{clinic}/patient/{patient}").text
    loaded = dict(re.findall(r'src="/patient/[^"]+/(\w+)\.svg" width="(\d+)"', page))
    assert {"side", "body"} <= loaded.keys() <= set(DRAWINGS)
    for name in DRAWINGS:
        answer = httpx.get(f"{clinic}/patient/{patient}/{name}.svg", timeout=60)
        assert answer.status_code == (200 if name in loaded or name == "spine" else 404), name
        if name in loaded:
            assert f'viewBox="0 0 {loaded[name]} ' in answer.text
    assert httpx.get(f"{clinic}/patient/{patient}/nothing.svg").status_code == 404


@pytest.mark.parametrize("path", ["/", "/about", "/static/clinic.css", "/static/intake.js", "/intake",
                                  "/healthz", "/patient/demo-01", "/patient/demo-01.json",
                                  "/patient/demo-01/spine.svg", "/nowhere", "/patient/unknown-9"])  # fmt: skip
def test_every_answer_carries_the_security_headers(clinic: str, path: str) -> None:
    headers = httpx.get(clinic + path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert re.search(r"script-src ([^;]*)", policy)[1] == "'self'"  # type: ignore[index]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:{port}", 200), ("localhost:{port}", 200), ("localhost", 200), ("evil.example", 421),
     ("127.0.0.1.evil.example", 421), ("evil.example:127.0.0.1", 421), ("", 421)],
)  # fmt: skip
def test_only_our_own_names_are_answered(clinic: str, host: str, status: int) -> None:
    host = host.format(port=urlsplit(clinic).port)
    answer = httpx.get(clinic, headers={"host": host})
    assert answer.status_code == status
    assert ("Juniper" in answer.text) == (status == 200)


MISSING = ("/nowhere", "/patient/unknown-9", "/patient/unknown-9.json", "/patient/unknown-9/spine.svg", "/patient/",
           "/patient/..%2f..%2fetc%2fpasswd")  # fmt: skip


@pytest.mark.parametrize("path", MISSING)
def test_what_does_not_exist_is_said_plainly(clinic: str, path: str) -> None:
    answer = httpx.get(clinic + path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "unknown-9" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"origin": "{clinic}"}, 405), ({"origin": "{clinic}", "sec-fetch-site": "same-origin"}, 405), ({}, 403),
     ({"origin": "null"}, 403), ({"origin": "http://evil.example"}, 403),
     ({"origin": "{clinic}", "sec-fetch-site": "cross-site"}, 403), ({"sec-fetch-site": "same-origin"}, 403)],
)  # fmt: skip
def test_only_our_own_pages_may_change_anything(clinic: str, headers: dict[str, str], status: int) -> None:
    sent = {name: value.format(clinic=clinic) for name, value in headers.items()}
    assert httpx.post(clinic, data={"urgency": "soon"}, headers=sent).status_code == status
    if status == 403:
        begun = httpx.get(f"{clinic}/intake").text
        assert httpx.post(f"{clinic}/intake/new", headers=sent).status_code == 403
        assert httpx.get(f"{clinic}/intake").text == begun


def test_a_search_keeps_who_fits_and_says_how_many(clinic: str) -> None:
    page = httpx.get(clinic, params={"q": "cauda equina", "unasked": "1"}).text
    shown = re.findall(r'href="/patient/([^"]+)"', page)
    assert 0 < len(shown) < len(PATIENTS)
    assert f"{len(shown)} of {len(PATIENTS)} shown" in page
    assert 'value="cauda equina"' in page
    assert "Nobody fits this search" in httpx.get(clinic, params={"q": "zzz"}).text
