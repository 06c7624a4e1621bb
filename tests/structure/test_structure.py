"""What imaging showed: grades from names and numbers, motion against limits, what lies at a level, how common it is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given

from spinecourse.course import Course, Fact, Patient
from spinecourse.course.checking import check_course
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.tables import load
from spinecourse.structure import (
    Finding,
    Structure,
    grade_named,
    grade_of_measure,
    prevalence_without_pain,
    reached,
    read_structure,
)
from strategies import courses

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    """The cases of one file of this folder."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def case_name(value: object) -> str:
    return " ".join(filter(None, value.values())) if isinstance(value, dict) else ""


def seen(*facts: Fact) -> Structure:
    return read_structure(Course(Patient("A1"), facts))


def one(structure: Structure) -> Finding:
    findings = [finding for level in structure.levels for finding in level.findings]
    assert len(findings) == 1
    return findings[0]


def image(name: str, day: int = 0, **more: object) -> Fact:
    return Fact("imaging", name, day, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", rows("reach"), ids=case_name)
def test_what_a_finding_reaches_at_its_level(case: dict[str, str]) -> None:
    found = reached(case["finding"], case["zone"] or None, case["level"] or None, case["severe"] == "yes")
    assert {entry.site: entry.strength for entry in found}.get(case["site"], "") == case["strength"]


@pytest.mark.parametrize("case", rows("grades"), ids=case_name)
def test_measurements_give_grades(case: dict[str, str]) -> None:
    fact = image(case["measure"], level=case["level"] or None, value=float(case["value"]))
    finding = one(seen(fact))
    assert (finding.finding, finding.grade, finding.severity) == (case["finding"], case["grade"], case["severity"])
    assert (finding.value, finding.because) == (float(case["value"]), [fact.text])
    assert finding.sources
    assert finding.checked


@pytest.mark.parametrize("case", rows("named"), ids=case_name)
def test_named_grades(case: dict[str, str]) -> None:
    finding = one(seen(image(case["finding"], level="L4/5", grade=case["grade"])))
    assert ((finding.severity or ""), (finding.zone or "")) == (case["severity"], case["zone"])
    assert finding.grade == (None if case["zone"] else case["grade"])


@pytest.mark.parametrize("case", rows("motion"), ids=case_name)
def test_motion_against_limits(case: dict[str, str]) -> None:
    structure = seen(image(case["measure"], level=case["level"], value=float(case["value"])))
    assert structure.levels[0].stability == case["stability"]
    assert structure.levels[0].motion[0].limit == float(case["limit"])
    assert ("moves beyond" in structure.why) == (case["stability"] == "unstable")


@pytest.mark.parametrize("case", rows("prevalence"), ids=case_name)
def test_prevalence_without_pain(case: dict[str, str]) -> None:
    age = float(case["age"]) if case["age"] else None
    found = prevalence_without_pain(case["finding"], case["region"], age, case["severity"] or None)
    assert (found is None) == (not case["lowest"])
    if found:
        assert (found.lowest, found.highest) == (float(case["lowest"]), float(case["highest"]))
        assert found.sources


def test_a_slip_and_its_grade_lead_to_each_other() -> None:
    for number in range(1, 201):
        grade = grade_of_measure("slip_percent", float(number), "lumbar")
        assert grade is not None
        assert grade.holds(number)
        assert grade_named(grade.name) == grade
        assert grade.name == f"meyerding {min(-(-number // 25), 5)}"


def test_nobody_measured_motion_is_not_stable() -> None:
    assert seen(image("spondylolisthesis", level="L4/5")).levels[0].stability is None


def test_the_newest_word_on_a_finding_holds() -> None:
    old, new = image("disc_herniation", -200, level="L4/5", side="left"), image("disc_herniation", -5, level="L4/5")
    gone = image("disc_herniation", -5, level="L4/5", side="left", present=False)
    assert not seen(old, gone).levels
    assert [entry.because for entry in seen(gone, old).clear] == [[gone.text]]
    assert len(seen(old, new).levels[0].findings) == 2


def test_a_slip_of_nothing_is_a_denied_slip() -> None:
    structure = seen(image("slip_percent", level="L4/5", value=0.0))
    assert not structure.levels
    assert structure.clear[0].finding == "spondylolisthesis"


def test_named_and_measured_grades_that_differ_are_both_told() -> None:
    named = image("spondylolisthesis", level="L4/5", grade="meyerding 1")
    structure = seen(named, image("slip_percent", level="L4/5", value=30.0))
    assert one(structure).grade == "meyerding 2"
    assert "meyerding 1 and meyerding 2" in structure.notes[0]


def test_a_grade_and_a_zone_of_one_herniation_are_one_finding() -> None:
    zone = image("disc_herniation", level="L4/5", side="left", grade="zone far_lateral")
    finding = one(seen(zone, image("disc_herniation", level="L4/5", side="left", severity="severe")))
    assert (finding.zone, finding.severity) == ("far_lateral", "severe")


def test_midline_is_the_central_zone() -> None:
    assert one(seen(image("disc_herniation", level="L4/5", side="midline"))).zone == "central"


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (image("disc_herniation", level="L4/5", grade="schizas C"), "says nothing of disc_herniation"),
        (image("slip_percent", level="L4/5"), "without its number"),
        (image("disc_herniation", level="L4/5", value=8.0), "no meaning for disc_herniation"),
        (image("translation_mm", value=5.0), "needs a motion segment"),
        (image("translation_mm", level="L4", value=5.0), "needs a motion segment"),
        (image("canal_diameter_mm", value=9.0), "needs a level"),
    ],
)
def test_what_does_not_belong_is_told(fact: Fact, said: str) -> None:
    assert said in seen(fact).notes[0]


def test_facts_known_later_are_left_out() -> None:
    assert not seen(image("disc_herniation", level="L4/5", after=True)).levels


def test_no_imaging_is_not_a_normal_spine() -> None:
    structure = seen(Fact("symptom", "back_pain", 0))
    assert (structure.levels, structure.clear) == ([], [])
    assert "not the same as normal" in structure.why


def test_levels_come_from_the_head_downwards() -> None:
    facts = [image("disc_degeneration", level=level) for level in ("L5/S1", None, "C5/6", "T12", "T12/L1", "C5")]
    assert [level.level for level in seen(*facts).levels] == ["C5", "C5/6", "T12", "T12/L1", "L5/S1", None]


@pytest.mark.parametrize(
    "fact",
    [
        {"imaging": "central_stenosis", "level": "L4/5", "grade": "schizas C"},
        {"imaging": "slip_percent", "level": "L5/S1", "value": 30, "unit": "%"},
        {"imaging": "translation_mm", "level": "L4/5", "value": 5, "unit": "mm"},
        {"imaging": "angulation_deg", "level": "L4/5", "value": 12, "unit": "°"},
        {"imaging": "canal_diameter_mm", "level": "L4/5", "value": 9},
    ],
)
def test_a_course_may_say_so(fact: dict[str, object]) -> None:
    document = {"course": 1, "patient": {"id": "A1"}, "facts": [{"day": 0, **fact}]}
    reading = check_course(document, file="course.yaml")
    assert reading.problems == ()
    assert reading.course is not None
    assert not read_structure(reading.course).notes


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"imaging": "central_stenosis", "grade": "schizas E"}, "did you mean schizas"),
        ({"imaging": "slip_percent", "value": 250}, "should be from 0 to 200 %"),
        ({"imaging": "slip_percent", "value": 12, "unit": "mm"}, "should be %"),
        ({"imaging": "disc_herniation", "unit": "mm"}, "has no meaning for disc_herniation"),
    ],
)
def test_a_course_may_not_say_so(fact: dict[str, object], said: str) -> None:
    document = {"course": 1, "patient": {"id": "A1"}, "facts": [{"day": 0, **fact}]}
    assert said in str(check_course(document, file="course.yaml").problems)


def test_the_vocabulary_has_every_grade_and_no_other() -> None:
    named = {f"{row['grading']} {row['grade']}" for row in load("structure/gradings")}
    assert set(vocabulary.grades("imaging")) == named


def test_every_compressive_finding_has_a_rule() -> None:
    ruled = {row["finding"] for row in load("structure/compression")}
    assert set(anatomy.groups("any")["imaging", "compressive"]) <= ruled


@pytest.mark.parametrize("table", ["gradings", "instability", "compression", "prevalence_without_pain"])
def test_rows_name_findings_of_the_vocabulary(table: str) -> None:
    column = {"gradings": "findings", "instability": "measure"}.get(table, "finding")
    names = {name for row in load(f"structure/{table}") for name in row.items_of(column)}
    assert {name for name in names if vocabulary.find("imaging", name) is None} == set()


def test_grades_of_a_measure_neither_overlap_nor_leave_gaps() -> None:
    graded = [row for row in load("structure/gradings") if row["measure"]]
    for place in {(row["measure"], row["regions"]) for row in graded}:
        bounds = [(row["above"], row["up_to"]) for row in graded if (row["measure"], row["regions"]) == place]
        assert [upper for _, upper in bounds[:-1]] == [lower for lower, _ in bounds[1:]]
        assert (bounds[0][0], bounds[-1][1]) == ("0", "")


@given(courses())
def test_every_imaging_fact_is_somewhere_in_the_answer(course: Course) -> None:
    structure = read_structure(course)
    told = str(structure)
    for fact in course.facts:
        if fact.kind == "imaging" and not fact.after:
            newer = [f for f in course.facts if f.kind == "imaging" and (f.name, f.level) == (fact.name, fact.level)]
            assert any(other.text in told for other in newer), fact.text
