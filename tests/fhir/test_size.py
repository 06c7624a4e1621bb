"""A Bundle of 20,000 entries in bounded time and memory, measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fhir_documents import write, write_lines

ENTRIES = 20_000
MEGABYTES = 500
"""The bound on memory; how long it takes is measured in bench/."""

MEASURE = """
import sys
from pathlib import Path
from spinecourse.fhir import read_fhir

result = read_fhir(Path(sys.argv[1]))
status = Path("/proc/self/status").read_text()
peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
print(peak, sum(len(course.facts) for course in result.courses))
"""


def resources() -> list[dict[str, object]]:
    patient: dict[str, object] = {"resourceType": "Patient", "id": "p", "gender": "male", "birthDate": "1950-01-01"}
    return [patient, *(observation(number) for number in range(1, ENTRIES))]


def observation(number: int) -> dict[str, object]:
    return {
        "resourceType": "Observation", "id": f"o{number}", "status": "final", "subject": {"reference": "Patient/p"},
        "meta": {"lastUpdated": "2024-01-01T00:00:00Z", "tag": [{"system": "https://x.example", "code": "a"}]},
        "category": [{"coding": [{"system": "http://x.example", "code": "survey"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "72514-3", "display": "Pain severity"}]},
        "effectiveDateTime": f"20{number % 20 + 10}-{number % 12 + 1:02}-{number % 28 + 1:02}T08:00:00+01:00",
        "valueQuantity": {"value": number % 11, "unit": "{score}", "code": "{score}"},
        "text": {"status": "generated", "div": "<div>" + "narrative " * 60 + "</div>"},
        "invented": number,
    }  # fmt: skip


pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the memory of a process is read from Linux's /proc"
)


def measured(path: Path) -> tuple[float, int]:
    ran = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    megabytes, facts = ran.stdout.split()
    return float(megabytes), int(facts)


def test_a_bundle_of_20000_entries(tmp_path: Path) -> None:
    entries = [{"fullUrl": f"https://x.example/{r['resourceType']}/{r['id']}", "resource": r} for r in resources()]
    path = write(tmp_path / "large.json", {"resourceType": "Bundle", "type": "searchset", "entry": entries})
    del entries
    megabytes, facts = measured(path)
    assert facts > 10_000
    assert megabytes < MEGABYTES


def test_the_same_as_ndjson_needs_no_more(tmp_path: Path) -> None:
    megabytes, facts = measured(write_lines(tmp_path / "large.ndjson", resources()))
    assert facts > 10_000
    assert megabytes < MEGABYTES


def test_ndjson_memory_does_not_follow_the_size_of_what_is_not_kept(tmp_path: Path) -> None:
    """A hundred megabytes of documents nobody reads go by line by line."""
    path = tmp_path / "large.ndjson"
    patient = json.dumps(resources()[0])
    with path.open("w", encoding="utf-8") as stream:
        stream.write(patient + "\n")
        for number in range(100):
            document = {"resourceType": "Binary", "id": f"b{number}", "data": "A" * (1 << 20)}
            stream.write(json.dumps(document) + "\n")
    megabytes, _ = measured(path)
    assert megabytes < 120
