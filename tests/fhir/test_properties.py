"""What must hold of every document: order, packing and unknown parts change no fact."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir_documents import DATA, SAMPLES, facts_of, write, write_lines
from hypothesis import given, settings
from hypothesis import strategies as st

from spinecourse.fhir import FhirImport, ImportReport, read_fhir
from spinecourse.fhir.element import why_ignored

TODAY = date(2024, 6, 1)
REPEATABLE = settings(derandomize=True, max_examples=40, deadline=None)
PACKED = ("conditions", "observations", "treatments", "report_and_form", "do_not_trust", "systems", "times")
"""Cases whose resources find each other without the addresses that only a Bundle has."""
CASES = {name: json.loads((DATA / "cases" / f"{name}.json").read_text(encoding="utf-8")) for name in PACKED}


def read(document: object) -> FhirImport:
    with tempfile.TemporaryDirectory() as folder:
        return read_fhir(write(Path(folder) / "record.json", document), today=TODAY)


def objects(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The places of all objects inside a JSON value, contained resources and extensions apart."""
    found = [path] if isinstance(value, dict) else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        if key not in {"contained", "extension", "modifierExtension", "meta"}:
            found += objects(part, (*path, key))
    return found


@pytest.mark.parametrize("name", PACKED)
@REPEATABLE
@given(data=st.data())
def test_the_order_of_entries_does_not_matter(name: str, data: st.DataObject) -> None:
    document = CASES[name]
    shuffled = document | {"entry": data.draw(st.permutations(document["entry"]))}
    one, other = read(document), read(shuffled)
    assert facts_of(other.courses) == facts_of(one.courses)
    assert other.report.counts == one.report.counts


@pytest.mark.parametrize("name", PACKED)
def test_a_bundle_as_ndjson_gives_the_same_course(name: str, tmp_path: Path) -> None:
    resources = [entry["resource"] for entry in CASES[name]["entry"]]
    whole = read(CASES[name])
    lines = read_fhir(write_lines(tmp_path / "all.ndjson", resources), today=TODAY)
    folder = tmp_path / "export"
    folder.mkdir()
    for kind in {resource["resourceType"] for resource in resources}:
        write_lines(folder / f"{kind}.ndjson", [one for one in resources if one["resourceType"] == kind])
    apart = read_fhir(folder, today=TODAY)
    assert facts_of(lines.courses) == facts_of(apart.courses) == facts_of(whole.courses)
    assert lines.report.counts == apart.report.counts == whole.report.counts


@pytest.mark.parametrize("name", PACKED)
@REPEATABLE
@given(data=st.data(), key=st.from_regex(r"x[a-z]{3,12}", fullmatch=True), value=st.sampled_from([1, "a", {}, [{}]]))
def test_an_unknown_element_changes_no_fact_and_is_reported(
    name: str, data: st.DataObject, key: str, value: object
) -> None:
    """It is in the report itself, or what it stands in was passed over or set aside, which is in the report."""
    document = json.loads(json.dumps(CASES[name]))
    at = data.draw(st.integers(0, len(document["entry"]) - 1))
    place = data.draw(st.sampled_from(objects(document["entry"][at]["resource"])))
    target = document["entry"][at]["resource"]
    for step in place:
        target = target[step]
    target[key] = value
    before, after = read(CASES[name]), read(document)
    assert facts_of(after.courses) == facts_of(before.courses)
    reported = any(entry.path.endswith(f".{key}") for entry in after.report.of("element_unknown"))
    assert reported or not_read(before.report, at) or passed_over(document["entry"][at]["resource"], place)


def not_read(report: ImportReport, at: int) -> bool:
    """Whether the resource, or something in it, was set aside or not read."""
    here = [entry for entry in report.entries if entry.path.startswith(f"Bundle.entry[{at}].")]
    return any(entry.action != "read_with_care" for entry in here)


def passed_over(resource: dict[str, Any], place: tuple[str | int, ...]) -> bool:
    """Whether the place lies in an element that the table passes over whole."""
    name = resource["resourceType"]
    for step in place:
        name = name if isinstance(step, int) else f"{name}.{step}"
        if why_ignored(name) is not None:
            return True
    return False


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample bundles in ../shared are not here")
@pytest.mark.parametrize("number", range(1, 7))
def test_samples_in_any_packing(number: int, tmp_path: Path) -> None:
    path = SAMPLES / f"r4-{number:02}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    whole = read_fhir(path, today=TODAY)
    assert len(whole.courses) == 1
    assert len(whole.courses[0].facts) > 10
    assert not whole.report.of("element_unknown")
    assert not whole.report.of("structure")
    resources = [entry["resource"] for entry in reversed(document["entry"])]
    lines = read_fhir(write_lines(tmp_path / "all.ndjson", resources), today=TODAY)
    assert facts_of(lines.courses) == facts_of(whole.courses)
    assert lines.report.counts == whole.report.counts


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample bundles in ../shared are not here")
def test_whiplash_and_chronic_pain_are_found_in_the_samples() -> None:
    found = {}
    for number in range(1, 7):
        facts = read_fhir(SAMPLES / f"r4-{number:02}.json", today=TODAY).courses[0].facts
        found[number] = {fact.name for fact in facts if fact.kind == "diagnosis"}
    assert all("whiplash" in found[number] for number in (1, 2, 3, 4))
    assert all("chronic_pain" in found[number] for number in (5, 6))
