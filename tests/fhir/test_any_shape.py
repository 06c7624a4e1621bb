"""However wrongly a document is built: an answer, never an exception of another kind, never a changed neighbour."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir_documents import DATA, write, write_lines
from hypothesis import given, settings
from hypothesis import strategies as st

from spinecourse.errors import FhirError
from spinecourse.fhir import read_fhir

TODAY = date(2024, 6, 1)
CASES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((DATA / "cases").glob("*.json"))
    if ".expected" not in path.name
}
WRONG: list[Any] = [None, True, 0, -1e308, 10**40, "", "x", "2024-02-30", [], {}, [None], [[]], [{}], {"a": {}}]
HALF = "\ud800"
"""Half a character: JSON may write it, no text may hold it."""


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The places of everything inside a JSON value, the whole apart."""
    found = [path] if path else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        found += places(part, (*path, key))
    return found


@pytest.mark.parametrize("name", CASES)
@settings(derandomize=True, max_examples=80, deadline=None)
@given(data=st.data())
def test_a_wrong_part_anywhere_is_answered(name: str, data: st.DataObject) -> None:
    document = json.loads(json.dumps(CASES[name]))
    *way, last = data.draw(st.sampled_from(places(document)))
    target = document
    for step in way:
        target = target[step]
    target[last] = data.draw(st.sampled_from([*WRONG, HALF]))
    with tempfile.TemporaryDirectory() as folder:
        answered(write(Path(folder) / "record.json", document))
        resources = [entry.get("resource") for entry in listed(document) if isinstance(entry, dict)]
        answered(write_lines(Path(folder) / "record.ndjson", resources))


def listed(document: dict[str, Any]) -> list[Any]:
    entries = document.get("entry")
    return entries if isinstance(entries, list) else [{"resource": document}]


def answered(path: Path) -> None:
    """Fails with any exception but a refusal that names the file, and with a report that cannot be written."""
    refusal = None
    try:
        report = read_fhir(path, today=TODAY).report
    except FhirError as error:
        refusal = str(error)
    if refusal is not None:
        assert str(path) in refusal
        return
    assert report.text().encode()
    assert json.dumps(report.data())


@pytest.mark.parametrize("name", ["conditions", "observations", "treatments"])
@settings(derandomize=True, max_examples=60, deadline=None)
@given(data=st.data())
def test_a_wrong_resource_leaves_the_others_as_they_were(name: str, data: st.DataObject) -> None:
    """Only the facts of the broken resource may differ; days may shift together where it decided presentation."""
    document = json.loads(json.dumps(CASES[name]))
    at = data.draw(st.integers(1, len(document["entry"]) - 1))
    resource = document["entry"][at]["resource"]
    key = data.draw(st.sampled_from(sorted(set(resource) - {"resourceType"})))
    resource[key] = data.draw(st.sampled_from(WRONG))
    with tempfile.TemporaryDirectory() as folder:
        before = read_fhir(write(Path(folder) / "before.json", CASES[name]), today=TODAY)
        after = read_fhir(write(Path(folder) / "after.json", document), today=TODAY)
    here = f"Bundle.entry[{at}].resource"
    kept = [
        sorted((fact.kind, fact.name, fact.origin) for fact in result.courses[0].facts
               if fact.origin and not fact.origin.startswith(here))
        for result in (before, after)
    ]  # fmt: skip
    assert kept[0] == kept[1] or resource["resourceType"] == "Medication"


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name]["resourceType"] == "Bundle"])
@settings(derandomize=True, max_examples=60, deadline=None)
@given(data=st.data())
def test_no_resource_passes_in_silence(name: str, data: st.DataObject) -> None:
    """However one part is broken, each clinical resource either makes a fact or stands in the report."""
    document = json.loads(json.dumps(CASES[name]))
    within = data.draw(st.integers(0, len(document["entry"]) - 1))
    target: Any = document["entry"][within]
    *way, last = data.draw(st.sampled_from(places(target)))
    for step in way:
        target = target[step]
    target[last] = data.draw(st.sampled_from(WRONG))
    with tempfile.TemporaryDirectory() as folder:
        try:
            result = read_fhir(write(Path(folder) / "record.json", document), today=TODAY)
        except FhirError:
            return
    said = [fact.origin or "" for course in result.courses for fact in course.facts]
    said += [entry.path for entry in result.report.entries]
    spoken = {path.partition("]")[0] for path in said}
    silent = [at for at in range(len(document["entry"])) if f"Bundle.entry[{at}" not in spoken]
    assert [at for at in silent if not is_quiet_by_right(document["entry"][at])] == []


def is_quiet_by_right(entry: Any) -> bool:
    """A patient who was simply read, or a medicine that an order or statement was read by."""
    resource = entry.get("resource") if isinstance(entry, dict) else None
    return isinstance(resource, dict) and resource.get("resourceType") in {"Patient", "Medication"}
