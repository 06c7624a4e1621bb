"""Facts to cells: which finding, on which side, in which state; what wins, and what is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinecourse.course import Course, Fact
from spinecourse.findings import UNKNOWN, Batch, build_batch, catalogue
from spinecourse.findings.catalogue import NORMAL, PRESENT, columns
from written import Written, bare, course_of, fact_of, state_number, vignette_course, vignettes

CELLS = vignettes(Path(__file__).with_name("cells.yaml"))


def state(course: Course, kind: str, name: str, side: str = "") -> int:
    return int(build_batch([course]).states[0, catalogue()[kind, name, side].number])


def place(text: str) -> tuple[str, str, str]:
    kind, name, side = text.split(" ")
    return kind, name, "" if side == "unsided" else side


@pytest.mark.parametrize("entry", CELLS, ids=lambda entry: entry["name"])
def test_facts_fill_the_cells_they_speak_of(entry: Written) -> None:
    course = vignette_course(entry)
    for text, expected in entry["cells"].items():
        assert state(course, *place(text)) == state_number(*place(text), expected), text


@pytest.mark.parametrize("entry", CELLS, ids=lambda entry: entry["name"])
def test_what_was_said_both_ways_is_noted_and_nothing_else(entry: Written) -> None:
    notes = build_batch([vignette_course(entry)]).notes[0]
    wanted = entry.get("notes", [])
    assert len(notes) == len(wanted), notes
    for parts in wanted:
        assert any(all(part in note for part in parts) for note in notes), (parts, notes)


def test_an_unknown_course_knows_nothing_at_all() -> None:
    """Unknown is kept apart from absent in every column of every kind."""
    assert not build_batch([bare()]).states.any()


@pytest.mark.parametrize("kind", ["symptom", "sign", "imaging", "history", "diagnosis", "event"])
def test_present_denied_and_unknown_are_three_states(kind: str) -> None:
    names = {column.name for column in columns() if column.kind == kind and not column.name.startswith("weak_")}
    for name in names:
        asked = build_batch([bare(Fact(kind, name, 0)), bare(Fact(kind, name, 0, present=False)), bare()])
        assert named_states(asked, kind, name) == [PRESENT, NORMAL, UNKNOWN], name


def named_states(batch: Batch, kind: str, name: str) -> list[int]:
    """The state of a finding whose side was not given, row by row."""
    return [int(row[catalogue()[kind, name, ""].number]) for row in batch.states]


def test_a_fact_says_nothing_of_other_findings() -> None:
    batch = build_batch([bare(Fact("symptom", "cough", 0))])
    known = [column.text for column in columns() if batch.states[0, column.number] and column.kind != "condition"]
    assert known == ["symptom cough"]


def test_a_course_without_a_finding_leaves_its_conditions_unknown() -> None:
    batch = build_batch([bare(Fact("symptom", "cough", 0))])
    known = [column.name for column in columns() if column.kind == "condition" and batch.states[0, column.number]]
    assert known == []


def test_power_bands_cover_every_grade() -> None:
    ordered = [state_number("power", "elbow_flexion", "left", name) for name in (
        "flicker_or_none", "gravity_eliminated", "antigravity", "moderate", "mild", "slight", "normal",
    )]  # fmt: skip
    for mrc, expected in zip((1, 2, 3, 3.7, 4, 4.3, 5), ordered, strict=True):
        assert (
            state(course_of({"power": "elbow_flexion", "side": "left", "mrc": mrc}), "power", "elbow_flexion", "left")
            == expected
        )
    for tenth in range(51):
        assert state(
            bare(Fact("power", "elbow_flexion", 0, side="left", mrc=tenth / 10)), "power", "elbow_flexion", "left"
        )


def test_an_inverted_reflex_looked_for_and_not_found_may_still_be_absent() -> None:
    """Nobody said that the reflex is normal."""
    fact = Fact("reflex", "brachioradialis", 0, present=False, side="left", grade=None)
    assert state(bare(fact), "reflex", "brachioradialis", "left") == UNKNOWN


def test_a_reflex_without_a_grade_is_unknown() -> None:
    assert state(bare(Fact("reflex", "knee", 0, side="left")), "reflex", "knee", "left") == UNKNOWN


def test_what_became_known_after_the_first_assessment_is_left_out() -> None:
    later = Fact("imaging", "epidural_abscess", 5, after=True)
    assert not build_batch([bare(later)]).states.any()


def test_the_deciding_fact_is_remembered() -> None:
    older, newer = (
        fact_of(reflex="knee", side="left", grade="normal", day=-3),
        fact_of(reflex="knee", side="left", grade="absent"),
    )
    batch = build_batch([bare(older, newer)])
    assert batch.deciding[0][catalogue()["reflex", "knee", "left"].number] == (newer,)


@pytest.mark.parametrize(("undated", "dated", "holds"), [
    ("absent", "reduced", "absent"), ("normal", "reduced", "reduced"), ("reduced", "normal", "reduced"),
])  # fmt: skip
def test_a_fact_without_a_day_may_be_older_or_newer(undated: str, dated: str, holds: str) -> None:
    """It is settled as if it were of the same day: the more abnormal word holds, and the doubt is noted."""
    facts = (
        Fact("reflex", "knee", None, side="left", grade=undated),
        Fact("reflex", "knee", -9, side="left", grade=dated),
    )
    for course in (bare(*facts), bare(*reversed(facts))):
        assert state(course, "reflex", "knee", "left") == state_number("reflex", "knee", "left", holds)
        assert len(build_batch([course]).notes[0]) == 1
