"""What to expect, as a patient reads it: one denominator, counts that sum, refusals said, words that are easy."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from talk_clinic import SILENT, UNSCORED, clinic_of, demo_course

from readability import reading_age
from spinecourse.assess import assess_course
from spinecourse.course.model import Course, Fact
from spinecourse.expect.plain import counts_of_100, people_of_100
from spinecourse.pictures.hundred import counts
from spinecourse.web import realistic

IDS = ("years-05", "years-12", "years-14")
AGE = 12.5
"""Years; the measure errs by about half a year."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    courses = [*(demo_course(patient) for patient in IDS), SILENT, UNSCORED]
    with clinic_of(tmp_path_factory.mktemp("clinic"), *courses) as (_, visitor):
        yield visitor


def options_of(course: Course) -> list[realistic.Shown]:
    return realistic.options(course, assess_course(course))


@pytest.mark.parametrize("patient", IDS)
def test_counts_sum_to_a_hundred_and_words_agree_with_figures(client: httpx.Client, patient: str) -> None:
    page = client.get(f"/patient/{patient}/expect").text
    shown = re.findall(r"<b>(\d+) better</b>, (\d+) about the same, <b>(\d+) worse</b>", page)
    assert len(shown) > 2
    assert {sum(map(int, three)) for three in shown} == {100}
    for option in options_of(demo_course(patient)):
        if option.main and option.main.people:
            people = option.main.people
            assert option.main.at is not None
            assert people == people_of_100(option.main.at)
            assert counts([count / 100 for count in people.values()]) == list(people.values())


@pytest.mark.parametrize("patient", IDS)
def test_going_on_as_now_stands_first_and_is_drawn_with_every_option(client: httpx.Client, patient: str) -> None:
    options = options_of(demo_course(patient))
    assert options[0].as_now
    assert [option.as_now for option in options].count(True) == 1
    outcome = options[0].told[0].outcome
    svg = client.get(f"/patient/{patient}/expect/course/{outcome}.svg").text
    drawn = [option for option in options if option.first and option.of(outcome)]
    assert len(drawn) > 1
    assert svg.count('stroke-dasharray="5 4"') == len(drawn), "in each other panel, and in the legend"
    ElementTree.fromstring(svg)


def test_the_hope_is_marked_and_stands_first(client: httpx.Client) -> None:
    options = options_of(demo_course("years-05"))
    assert options[1].key == "decompression"
    svg = client.get("/patient/years-05/expect/course/nrs_leg.svg").text
    assert "what the patient hopes for" in svg


def test_the_gap_is_said_in_people_out_of_a_hundred(client: httpx.Client) -> None:
    page = client.get("/patient/years-05/expect").text
    assert re.search(r"Decompression: \d+ of 100 people like you reach it in 12 months\. That is unlikely\.", page)
    assert re.search(r"Going on as now: .*? of 100 people like you reach it", page)


def test_an_own_goal_is_compared_under_every_option() -> None:
    course = demo_course("years-05")
    facts = tuple(fact for fact in course.facts if fact.kind != "expectation")
    own = Fact("expectation", "own_goal", 0, value=20.0, measure="odi", months=12.0)
    wished = replace(course, facts=(*facts, own))
    options = options_of(wished)
    (hope,) = realistic.hopes(wished, options)
    assert len(hope.gap) == sum(option.first for option in options)
    assert all("of 100 people like you" in text for text in hope.gap)


def test_a_hope_for_what_is_not_open_is_said() -> None:
    course = demo_course("years-05")
    hope = Fact("expectation", "disc_replacement", 0, value=1.0, measure="nrs_leg", months=12.0)
    wished = replace(course, facts=(*course.facts, hope))
    told = [found for found in realistic.hopes(wished, options_of(wished)) if found.treatment == "disc_replacement"]
    assert "not among the options that are open" in told[0].gap[0]


def test_a_refusal_is_shown_as_a_refusal(client: httpx.Client) -> None:
    refused = [option for option in options_of(demo_course("years-14")) if option.refused]
    assert refused
    page = client.get("/patient/years-14/expect").text
    assert page.count("So we give no numbers") == len(refused)
    for option in refused:
        assert client.get(f"/patient/years-14/expect/hundred/{option.key}.svg").status_code == 404


def test_nothing_is_told_of_whom_nothing_is_known(client: httpx.Client) -> None:
    page = client.get("/patient/silent/expect").text
    assert "of 100 people" not in page
    assert "Nothing on record says which condition this is" in page
    assert client.get("/patient/silent/expect/course/odi.svg").status_code == 404
    assert client.get("/patient/silent/talk").status_code == 200


def test_without_a_score_nobody_is_counted_as_better(client: httpx.Client) -> None:
    page = client.get("/patient/unscored/expect").text
    assert "We do not know your score now" in page
    assert "better</b>" not in page


def test_a_harm_that_nobody_counted_is_not_none(client: httpx.Client) -> None:
    page = client.get("/patient/years-05/expect").text
    assert "No study on record counted what goes wrong here. That does not mean that nothing does." in page
    uncounted = page.split("We have no numbers for these:")[1]
    assert "Pain that stays in spite of the operation" in uncounted[:400]


def read_aloud(page: str) -> str:
    """What a patient reads on a page: no sources, no addresses, each block a sentence of its own."""
    body = page[page.index("<main") : page.index("</main>")]
    body = re.sub(r'<details class="not-printed">.*?</details>|<details>.*?</details>', " ", body, flags=re.DOTALL)
    body = re.sub(r"</?(?:p|li|h\d|label|legend|option|summary|figure|div|ul|section)\b[^>]*>", "\n", body)
    text = re.sub(r"<[^>]*>", " ", body)
    return "\n".join(line.strip() for line in text.splitlines() if len(line.split()) > 3)


def paragraphs(page: str) -> list[str]:
    """Every paragraph of more than five words, each alone; sources and what stands behind a fold are for others."""
    body = re.sub(r"<details.*?</details>", "", page[page.index("<main") : page.index("</main>")], flags=re.DOTALL)
    found = [text for text in re.findall(r"<p\b[^>]*>(.*?)</p>", body, re.DOTALL) if "<label" not in text]
    told = [re.sub(r"<[^>]*>", "", text) for text in found]
    return [" ".join(text.split()) for text in told if len(text.split()) > 5]


@pytest.mark.parametrize("path", ["/patient/years-05/expect", "/patient/years-12/expect", "/patient/years-05/talk",
                                  "/right-for-me/epidural_steroid"])  # fmt: skip
def test_the_words_are_read_with_ease_at_about_twelve(client: httpx.Client, path: str) -> None:
    page = client.get(path).text
    assert reading_age(read_aloud(page)) <= AGE - 3, "lists and labels count as sentences, so the whole is easier"
    assert [text for text in paragraphs(page) if reading_age(text) > AGE] == []


def test_what_a_registry_foretells_stands_beside_our_own_answer(client: httpx.Client) -> None:
    """For whom a published calculator speaks; its shares are those of the assessment."""
    patient = next(patient for patient in IDS if assess_course(demo_course(patient)).second_opinions)
    opinions = assess_course(demo_course(patient)).second_opinions
    page = client.get(f"/patient/{patient}/expect").text
    section = html.unescape(page[page.index('id="others-say"') : page.index("How sure, and where")])
    for opinion in opinions:
        for level, people in counts_of_100(opinion.theirs).items():
            row = f'<th scope="row">{level[:1].upper()}{level[1:]}</th><td>{people}</td>'
            assert row in section
    assert any(f"Beside ours: {opinion.apart}." in section for opinion in opinions if opinion.apart)


def test_nobody_is_asked_about_people_it_does_not_know(client: httpx.Client) -> None:
    assert assess_course(UNSCORED).second_opinions == []
    assert "What others foretell" not in client.get("/patient/unscored/expect").text
