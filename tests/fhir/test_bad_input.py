"""Documents that cannot be read, as a whole or in one line: a clear answer each, never a traceback or a patient."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir_documents import SAMPLES, write, write_lines

from spinecourse.errors import FhirError
from spinecourse.fhir import is_fhir, read_fhir

PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1980-01-01"}
PAIN: dict[str, Any] = {
    "resourceType": "Condition",
    "id": "c1",
    "subject": {"reference": "Patient/p1"},
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.50"}]},
    "onsetDateTime": "2024-01-01",
}
BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": PATIENT}, {"resource": PAIN}],
}
TEXT = json.dumps(BUNDLE, indent=1)
RULED = '{"modifierExtension": [{"url": "http://x"}], "resource": {"resourceType": "Condition"}}'


def bundle_of(*resources: dict[str, Any]) -> bytes:
    return json.dumps(BUNDLE | {"entry": [{"resource": resource} for resource in resources]}).encode()


SECRET = "Mueller-Luedenscheidt"
"""A name that stands in every refused document and must never come back in a message."""

REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n ", "empty"),
    "truncated": (TEXT[: len(TEXT) // 2].encode(), "breaks off"),
    "utf-16": (TEXT.encode("utf-16"), "UTF-16"),
    "utf-16 without mark": (TEXT.encode("utf-16-le"), "UTF-16"),
    "utf-32": (TEXT.encode("utf-32"), "UTF-32"),
    "latin-1": (TEXT.replace("Mueller", "M\xfcller").replace("p1", "\xfc").encode("latin-1"), "not UTF-8"),
    "xml": (b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>', "XML"),
    "not json": (b'{"resourceType": "Bundle", oops}', "not JSON"),
    "two documents": (f"{TEXT}\n{TEXT}".encode(), ".ndjson"),
    "not fhir": (b'{"course": 1}', "resourceType"),
    "a list": (json.dumps([PATIENT]).encode(), "not a FHIR resource"),
    "a number": (b"42", "not a FHIR resource"),
    "deep": (b'{"resourceType":"Bundle","type":"collection","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deep"),
    "deep patient": (b'{"resourceType":"Patient","x":' + b"[" * 900 + b"]" * 900 + b"}", "deep"),
    "entry no list": (b'{"resourceType":"Bundle","type":"collection","entry":{}}', "list"),
    "no type": (b'{"resourceType":"Bundle"}', "Bundle.type"),
    "unknown type": (b'{"resourceType":"Bundle","type":"subscription-notification"}', "Bundle.type"),
    "rules of its own": (b'{"resourceType":"Bundle","type":"batch","implicitRules":"http://x"}', "implicitRules"),
    "key twice": (b'{"resourceType":"Bundle","type":"batch","entry":[],"entry":[{}]}', "twice"),
    "escaped key twice": (rb'{"resourceType":"Bundle","a\\\"b":"}","type":"batch","type":"batch"}', "twice"),
    "DSTU2": (bundle_of(PATIENT, {"resourceType": "MedicationOrder"}), "DSTU2"),
    "R5": (bundle_of({"resourceType": "Procedure", "occurrenceDateTime": "2024"}), "R5"),
    "profile of STU3": (bundle_of(PAIN | {"meta": {"profile": ["http://hl7.org/fhir/STU3/condition.html"]}}), "STU3"),
    "fhirVersion": (b'{"resourceType":"CapabilityStatement","fhirVersion":"3.0.2"}', "STU3"),
    "one id for two people": (bundle_of(PATIENT, PATIENT | {"birthDate": "1933-01-01"}), "share one id"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    data, message = REFUSED[name]
    path = tmp_path / "record.json"
    path.write_bytes(data.replace(b"p1", SECRET.encode()))
    with pytest.raises(FhirError) as caught:
        read_fhir(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("depth", [101, 500, 900, 960, 990, 1000, 3000])
def test_a_deeply_nested_entry_is_set_aside(depth: int, tmp_path: Path) -> None:
    deep = json.dumps(PAIN)[:-1] + ', "x": ' + "[" * depth + "]" * depth + "}"
    bundled = TEXT.replace('"entry": [', f'"entry": [{{"resource": {deep}}},')
    for name, text in (("a.json", bundled), ("a.ndjson", "\n".join([json.dumps(PATIENT), deep, json.dumps(PAIN)]))):
        path = tmp_path / name
        path.write_text(text + "\n", encoding="utf-8")
        facts, said = outcome(path)
        assert "deep" in said
        assert facts in {1, None}


def outcome(path: Path) -> tuple[int | None, str]:
    """The number of facts and the report, or None and the refusal."""
    try:
        result = read_fhir(path)
    except FhirError as error:
        return None, str(error)
    return len(result.courses[0].facts), result.report.text()


def test_truncation_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(TEXT[:-5], encoding="utf-8")
    with pytest.raises(FhirError, match=rf"record.json:{TEXT[:-5].count(chr(10)) + 1}: "):
        read_fhir(path)


def test_missing_file_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(FhirError, match="no such file"):
        read_fhir(tmp_path / "none.json")
    with pytest.raises(FhirError, match=r"no \.ndjson file"):
        read_fhir(tmp_path)


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(FhirError, match="NDJSON"):
        read_fhir(path)


def test_byte_order_mark_is_skipped_and_said(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    result = read_fhir(path)
    assert len(result.courses[0].facts) == 1
    assert result.report.of("byte_order_mark")


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ('{"resource": {"resourceType": "Condition", "id": "x", "id": "y"}}', "json_duplicate_key"),
        ('{"resource": {"resourceType": "Condition", "onsetAge": {"value": NaN}}}', None),
        ('{"resource": [1]}', "structure"),
        ('{"resource": {"id": "x"}}', "structure"),
        ('"text"', "structure"),
        (RULED, "modifier_extension"),
    ],
)
def test_a_bad_entry_is_set_aside_and_the_rest_read(entry: str, code: str | None, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    good = ", ".join(json.dumps(item) for item in BUNDLE["entry"])
    path.write_text(f'{{"resourceType": "Bundle", "type": "batch", "entry": [{entry}, {good}]}}', encoding="utf-8")
    if code is None:
        with pytest.raises(FhirError, match="not JSON"):
            read_fhir(path)
        return
    result = read_fhir(path)
    assert len(result.courses[0].facts) == 1
    assert [item.path for item in result.report.of(code) if item.path.startswith("Bundle.entry[0]")]


def test_one_resource_of_another_release_among_many(tmp_path: Path) -> None:
    stray = {"resourceType": "Procedure", "notDone": True, "subject": {"reference": "Patient/p1"}}
    bundle = BUNDLE | {"entry": [*BUNDLE["entry"], {"resource": PAIN | {"id": "c2"}}, {"resource": stray}]}
    result = read_fhir(write(tmp_path / "record.json", bundle))
    assert len(result.courses[0].facts) == 2
    assert [entry.path for entry in result.report.of("other_release")] == ["Bundle.entry[3].resource/Procedure"]


def test_ndjson_lines_that_are_bad_are_named_and_the_rest_read(tmp_path: Path) -> None:
    path = tmp_path / "all.ndjson"
    lines = [json.dumps(PATIENT).encode(), b"{oops}", b"", b'"text"', '{"x": "\xfc"}'.encode("latin-1")]
    path.write_bytes(b"\n".join([*lines, json.dumps(PAIN).encode(), json.dumps(PAIN).encode()[:40]]))
    result = read_fhir(path)
    assert len(result.courses[0].facts) == 1
    places = {entry.code: entry.path for entry in result.report.entries if entry.code.startswith("line_")}
    assert places == {
        "line_not_json": "all.ndjson:2",
        "line_not_fhir": "all.ndjson:4",
        "line_encoding": "all.ndjson:5",
        "line_truncated": "all.ndjson:7",
    }
    assert result.courses[0].facts[0].origin == "all.ndjson:6/Condition.code"


def test_a_line_beyond_the_limit_is_skipped_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "all.ndjson"
    with path.open("wb") as stream:
        stream.write(json.dumps(PATIENT).encode() + b"\n")
        stream.write(b'{"resourceType":"Binary","data":"' + b"A" * (40 << 20) + b'"}\n')
        stream.write(json.dumps(PAIN).encode() + b"\n")
    result = read_fhir(path)
    assert [entry.path for entry in result.report.of("line_too_long")] == ["all.ndjson:2"]
    assert result.courses[0].facts[0].origin == "all.ndjson:3/Condition.code"


@pytest.mark.parametrize("data", [b"\n\n", b"{\n", TEXT.encode(), TEXT.encode("utf-16")])
def test_ndjson_without_a_single_resource_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "all.ndjson"
    path.write_bytes(data)
    with pytest.raises(FhirError):
        read_fhir(path)


def test_a_folder_of_ndjson_reports_the_files_it_leaves(tmp_path: Path) -> None:
    write_lines(tmp_path / "Patient.ndjson", [PATIENT])
    write_lines(tmp_path / "Condition.ndjson", [PAIN])
    (tmp_path / "manifest.txt").write_text("x", encoding="utf-8")
    result = read_fhir(tmp_path)
    assert result.courses[0].facts[0].origin == "Condition.ndjson:1/Condition.code"
    assert [entry.path for entry in result.report.of("file_not_read")] == ["manifest.txt"]


def test_no_report_line_repeats_free_text_or_values(tmp_path: Path) -> None:
    """A patient's words may stand anywhere; the report shows codes and paths only."""
    concept = {"coding": [{"system": SECRET, "code": f"{SECRET} {SECRET}", "display": SECRET}], "text": SECRET}
    quantity = {"value": 3, "unit": f"{SECRET}, aged 4", "code": f"({SECRET})"}
    unit = {"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/p1"}}
    esr = {"coding": [{"system": "http://loinc.org", "code": "30341-2"}]}
    resources = [
        PATIENT | {"name": [{"text": SECRET}], f"{SECRET} and more": 1},
        PAIN | {"id": "2", "code": concept, "bodySite": [concept], "severity": concept, "note": [{"text": SECRET}]},
        PAIN | {"id": "3", "onsetString": SECRET, "onsetDateTime": SECRET},
        unit | {"code": esr, "valueQuantity": quantity, "effectiveDateTime": SECRET},
        unit | {"code": concept, "valueString": SECRET},
        unit | {"code": esr, "valueString": SECRET, "dataAbsentReason": concept},
        unit | {"status": "cancelled", "code": concept, "subject": {"reference": "Patient/p1", "display": SECRET}},
        PAIN | {"id": "4", "subject": {"reference": SECRET}},
    ]
    bundle = BUNDLE | {"entry": [{"resource": resource} for resource in resources]}
    report = read_fhir(write(tmp_path / "record.json", bundle), today=date(2024, 6, 1)).report
    assert len(report.entries) > 8
    assert SECRET not in report.text()
    assert SECRET not in json.dumps(report.data())


def test_is_fhir() -> None:
    assert is_fhir(PATIENT)
    assert not is_fhir({"course": 1})
    assert not is_fhir([PATIENT])
    assert not is_fhir({"resourceType": 1})


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample bundles in ../shared are not here")
@pytest.mark.parametrize("number", range(7, 13))
def test_the_stu3_samples_are_refused_by_name(number: int) -> None:
    with pytest.raises(FhirError, match="looks like FHIR STU3, not R4"):
        read_fhir(SAMPLES / f"stu3-proms-{number:02}.json")
