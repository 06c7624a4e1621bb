"""What the tables say of one thing: every key has a page that fits a terminal, and the pages say what they must."""

from __future__ import annotations

import difflib

import pytest

from spinecourse.errors import NotFound
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.page_parts import Line, Source, build, percent
from spinecourse.knowledge.page_text import render
from spinecourse.knowledge.pages import page, page_keys, whole_page
from spinecourse.knowledge.tables import Row, load

ABOUT_A_SCREEN = 90
"""Lines of a short page at 100 columns, sources included."""

SAID = [
    ("root:L5", ["paracentral disc at L4/5", "great toe extension 75 %", "against common fibular nerve", "T11-T12"]),
    ("root:C7", ["elbow extension", "triceps 70 %", "against median nerve", "C6/7"]),
    ("nerve:ulnar", ["cubital tunnel", "finger abduction 100 %", "C8 root", "tinel elbow"]),
    ("nerve:common_fibular", ["ankle dorsiflexion 100 %", "hip abduction"]),
    ("cord:T10", ["opposite T7-T8", "below the level", "syndrome:thoracic_myelopathy"]),
    ("cauda_equina", ["post void residual ml: over 200: 83 %", "syndrome:cauda_equina"]),
    ("danger:cauda_equina_syndrome", ["emergency", "saddle", "19 % (7.5 % to 28 %)", "LR+ 6.2, LR- 0.73"]),
    ("sign:hoffmann", ["sensitivity 0.44", "lr_plus 2.2", "myelopathy (soon)"]),
    ("level:L4/5", ["root leaving here: L4", "a paracentral disc hits L5", "cauda equina"]),
    ("power:ankle_dorsiflexion", ["tibialis anterior", "key movement of L4", "common fibular 100 %"]),
    ("muscle:tibialis_anterior", ["roots L5 60 %", "deep fibular"]),
    ("reflex:ankle", ["reduced: S1 root", "lesion above S1", "23 % of healthy adults"]),
    ("sensation:L5", ["key point", "great toe dorsum"]),
    ("syndrome:brown_sequard", ["contralateral", "ipsilateral"]),
    ("mechanism:neuropathic", ["DN4", "dermatome", "sensitivity 0.75"]),
    ("facet:C5/6", ["neck"]),
    ("root:L4+root:L5", ["two neighbouring lumbosacral roots"]),
]


@pytest.mark.parametrize("width", [80, 100])
def test_every_page_says_something_and_fits(width: int) -> None:
    for key in page_keys():
        lines = render(page(key), width).splitlines()
        assert len(lines) > 3, f"{key} says nothing"
        assert max(map(len, lines)) <= width, f"{key} is wider than {width} columns"


def test_a_short_page_is_about_a_screen() -> None:
    long = {key: len(render(page(key), 100).splitlines()) for key in page_keys()}
    assert {key: lines for key, lines in long.items() if lines > ABOUT_A_SCREEN} == {}


@pytest.mark.parametrize(("key", "said"), SAID, ids=[key for key, _ in SAID])
def test_pages_say_what_a_clinician_looks_for(key: str, said: list[str]) -> None:
    text = " ".join(render(page(key), 100).split())
    assert [phrase for phrase in said if phrase not in text] == []


def test_every_site_of_the_model_has_a_page() -> None:
    sites = {row["site"] for row in load("model/site_weights")}
    assert sites <= set(page_keys())


def test_every_name_of_the_vocabulary_has_a_page() -> None:
    assert {f"{kind}:{name}" for kind, name in vocabulary.names()} <= set(page_keys())


@pytest.mark.parametrize(
    "table", ["anatomy/finding_likelihoods", "anatomy/signs", "anatomy/muscles", "clinical/priors"]
)
def test_every_row_stands_on_a_page(table: str) -> None:
    shown = {row for key in page_keys() for row in whole_page(key).rows}
    assert [row.line for row in load(table) if row not in shown] == []


def test_the_whole_page_has_the_lines_left_out() -> None:
    short, whole = page("root:L5"), page("all:root:L5")
    assert set(short.rows) < set(whole.rows)
    assert "spinecourse knowledge show all:root:L5" in render(short, 100)
    assert "Answers when the root is stimulated" in render(whole, 100)
    assert whole_page("root:L5").left_out > 0


@pytest.mark.parametrize(
    ("key", "kept"),
    [("level:L4-L5", "level:L4/5"), ("level:L5-S1", "level:L5/S1"), ("sign:patrick_faber", "sign:faber"),
     ("sign:lhermitte", "symptom:lhermitte"), (" root:L5 ", "root:L5")],
)  # fmt: skip
def test_other_spellings_lead_to_the_page(key: str, kept: str) -> None:
    assert page(key).key == kept


@pytest.mark.parametrize(
    ("key", "offered"),
    [("root:L9", "root:L"), ("nerve:peroneal", "nerve:"), ("sign:hofmann", "sign:hoffmann"), ("L5", "root:L5"),
     ("", "keys look like"), ("?", "keys look like"), ("all:root:L99", "root:L")],
)  # fmt: skip
def test_an_unknown_key_is_answered_with_the_nearest(key: str, offered: str) -> None:
    with pytest.raises(NotFound) as caught:
        page(key)
    assert offered in str(caught.value)


def test_a_line_that_nobody_verified_says_so() -> None:
    recalled = Row("test/page", 2, {"checked": "recalled", "source": "Yoss 1957", "source_url": "https://a.org/b"})
    read = Row("test/page", 3, {"checked": "read", "source": "Levin 1996", "source_url": "https://c.org/d"})
    made = build("root:X", "a root", [("Found", [Line("weak", (recalled,)), Line("numb", (recalled, read))], 9)])
    text = render(made, 80)
    assert "weak (recalled) [1]" in text
    assert "numb [1-2]" in text
    assert "1 recalled: Yoss 1957, https://a.org/b" in text
    assert Line("", (recalled, read)).checked == "recalled"
    assert Line("", (read,)).sources == (Source("Levin 1996", "read", "https://c.org/d"),)


def test_shares_are_written_as_one_would() -> None:
    written = {0.0004: "0.04 %", 0.003: "0.3 %", 0.036: "3.6 %", 0.05: "5 %", 0.144: "14 %", 1.0: "100 %", 0.0: "0 %"}
    assert {share: percent(share) for share in written} == written


def test_no_two_keys_differ_by_spelling_alone() -> None:
    plain = [key.lower().replace("-", "_") for key in page_keys()]
    twice = sorted({key for key in plain if plain.count(key) > 1})
    assert twice == [], difflib.get_close_matches(twice[0] if twice else "", plain)
