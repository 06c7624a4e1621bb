"""The tables of the FHIR room: every target is a name of the vocabulary, every row can be reached, none disagrees."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

import spinecourse.fhir
from spinecourse.fhir.codes import rows_of, systems
from spinecourse.fhir.element import Element, why_ignored
from spinecourse.fhir.limits import limit
from spinecourse.fhir.read import READERS
from spinecourse.fhir.report import ACTIONS, ReportBuilder, reasons
from spinecourse.fhir.texts import normalise, wordings
from spinecourse.knowledge.tables import SURENESS, Row, load, table_names
from spinecourse.knowledge.vocabulary import find, grades, keys_of

TABLES = [name for name in table_names() if name.startswith("fhir/")]
CODE_KINDS = {"unused", "panel", "assertion"}
SOURCE = "".join(path.read_text(encoding="utf-8") for path in Path(spinecourse.fhir.__file__).parent.glob("*.py"))


def targets(row: Row) -> list[tuple[str, str]]:
    by_site = [part.partition(":")[2] for part in row.items_of("by_site")] if "by_site" in row else []
    return [(row["kind"], name) for name in (by_site or [row["name"]])]


@pytest.mark.parametrize("table", ["codes", "medicines", "questionnaires"])
def test_every_target_is_a_name_of_the_vocabulary(table: str) -> None:
    rows = [row for row in load(f"fhir/{table}") if row["kind"] not in CODE_KINDS]
    assert rows
    unknown = [(row.line, target) for row in rows for target in targets(row) if find(*target) is None]
    assert unknown == []


def test_every_wording_has_a_target_of_the_vocabulary() -> None:
    for row in load("fhir/contexts"):
        assert wordings(row["context"])
        for phrase, (kind, name, _) in wordings(row["context"]).items():
            assert find(kind, name), phrase
    for row in load("fhir/texts"):
        assert "{name}" in row["text"] or normalise(row["text"]) == row["text"], row.line


@pytest.mark.parametrize("table", [name for name in TABLES if load(name)[0].cells.get("checked") is not None])
def test_every_row_says_how_sure_it_is_and_whence(table: str) -> None:
    for row in load(table):
        assert row["checked"] in SURENESS, row.line
        assert row["source"], row.line


def test_every_code_is_found_under_a_system_we_know() -> None:
    for row in load("fhir/codes"):
        assert row["system"] in systems().values(), row.line
        assert row["match"] in {"exact", "prefix"}, row.line
        assert row in rows_of(row["system"], row["code"]), row.line


def test_no_code_means_the_same_thing_twice() -> None:
    keys = [(r["system"], r["code"], r["match"], r["context"], r["kind"], r["name"]) for r in load("fhir/codes")]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_sides_levels_grades_and_severities_are_those_of_the_course() -> None:
    for row in [*load("fhir/codes"), *load("fhir/sites")]:
        assert row["side"] in {"", "left", "right", "both", "midline"}, row.line
    for row in load("fhir/answers"):
        kinds = row.items_of("kinds")
        assert not row["grade"] or any(row["grade"] in grades(kind) for kind in kinds), row.line
    assert {row["severity"] for row in load("fhir/severities")} <= set(keys_of("symptom")["severity"].choices)
    assert {row["response"] for row in load("fhir/outcomes")} <= set(keys_of("treatment")["response"].choices)
    assert {row["modality"] for row in load("fhir/modalities")} <= set(keys_of("imaging")["modality"].choices)


def test_every_unit_leads_to_one_the_vocabulary_uses() -> None:
    used = {row["unit"] for row in load("vocabulary/names")}
    for row in load("fhir/units"):
        assert row["to"] in used | {"deg"}, row.line
        assert row.number("factor"), row.line


def test_every_reason_is_given_somewhere_and_has_an_action() -> None:
    for code, (action, meaning) in reasons().items():
        assert action in ACTIONS
        assert meaning
        assert f'"{code}"' in SOURCE, code


def test_every_reason_in_the_code_is_in_the_table() -> None:
    calls = [node for node in ast.walk(ast.parse(SOURCE.replace("from __future__ import annotations", "")))
             if isinstance(node, ast.Call)]  # fmt: skip
    named = {call.args[0].value for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "note"
             and call.args and isinstance(call.args[0], ast.Constant)}  # fmt: skip
    assert named
    assert named <= set(reasons())


def test_every_limit_is_used() -> None:
    for row in load("fhir/limits"):
        assert f'limit("{row["name"]}")' in SOURCE
        assert limit(row["name"])


def test_every_status_row_belongs_to_a_resource_that_is_read() -> None:
    handlings = {"read", "care", "ended", "denied", "set_aside", "left_out"}
    for row in load("fhir/statuses"):
        assert row["resource"] in READERS
        assert row["handling"] in handlings


def test_elements_are_used_or_passed_over_but_not_both() -> None:
    keys = Counter((row["resource"], row["path"]) for row in load("fhir/elements"))
    assert [key for key, count in keys.items() if count > 1] == []
    for row in load("fhir/elements"):
        if row["handling"] == "used":
            assert why_ignored(f"{row['resource']}.{row['path']}") is None, row.line
            last = row["path"].rpartition(".")[2]
            parts = ("DateTime", "Period", "String", "Age", "Range", "Timing", "Instant")
            stems = [last.removesuffix(part) for part in parts if last.endswith(part)]
            values = ["value"] if last.startswith("value") else []
            assert any(f'"{name}"' in SOURCE for name in [last, *stems, *values]), row.line
        else:
            assert row["why"], row.line


def test_an_element_outside_the_table_is_reported() -> None:
    report = ReportBuilder()
    element = Element.resource({"resourceType": "Patient", "name": [], "shoeSize": 42}, "")
    element.report_rest(report)
    built = report.build(0, 0)
    assert [(entry.path, entry.code) for entry in built.entries] == [("Patient.shoeSize", "element_unknown")]
    assert [(item.element, item.count) for item in built.ignored] == [("Patient.name", 1)]


def test_a_reason_that_the_table_lacks_cannot_be_given() -> None:
    with pytest.raises(KeyError):
        ReportBuilder().note("because", "Patient", "Patient")
