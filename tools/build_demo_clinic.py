"""Make the demonstration clinic's files anew from the development cases, which stand beside the repository.

Needed only when the cases change; the product reads the files this writes and never the cases:

    .venv/bin/python tools/build_demo_clinic.py

Patients are invented: neutral ids in an order that tells nothing about a case, names that nobody bears. The facts are
those of published reports, restated in the vocabulary; each report is named beside its patient.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT.parent / "shared" / "cases" / "dev.jsonl"
DEMO = ROOT / "src" / "spinecourse" / "store" / "demo"
COLUMNS = ("id", "name", "source_title", "source_url")


def main() -> None:
    """Write clinic.jsonl and people.csv."""
    if not CASES.exists():
        sys.exit(f"The development cases are not at {CASES}: nothing was written.")
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines() if line.strip()]
    cases.sort(key=neutral_order)
    names = {sex: list(of_sex(sex)) for sex in ("female", "male", None)}
    courses, people = [], []
    for number, case in enumerate(cases, start=1):
        invented = f"demo-{number:02d}"
        courses.append(json.dumps(course_of(case, invented), ensure_ascii=False))
        people.append((invented, named(names, case, number), title_of(case), case["source"]["url"]))
    (DEMO / "clinic.jsonl").write_text("\n".join(courses) + "\n", encoding="utf-8")
    with (DEMO / "people.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *people])
    print(f"{len(courses)} invented patients written to {DEMO}")


def neutral_order(case: dict[str, Any]) -> str:
    """A place that depends on the report's address alone."""
    return sha256(json.dumps(case["source"], sort_keys=True).encode()).hexdigest()


def of_sex(sex: str | None) -> Iterator[str]:
    """Names from our list, in its order."""
    with (DEMO / "names.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["name"] for row in csv.DictReader(file) if row["sex"] == (sex or "any"))


def named(names: dict[str | None, list[str]], case: dict[str, Any], number: int) -> str:
    """The next name that fits the sex, with an initial."""
    sex = case["course"]["patient"].get("sex")
    return f"{names[sex].pop(0)} {'ABCDEFGHIJKLMNOPRSTUVW'[number * 7 % 22]}."


def course_of(case: dict[str, Any], invented: str) -> dict[str, Any]:
    """The course under its invented id, without what became known later."""
    course = case["course"]
    facts = [fact for fact in course["facts"] if not fact.get("after")]
    return {"course": course["course"], "patient": {**course["patient"], "id": invented}, "facts": facts}


def title_of(case: dict[str, Any]) -> str:
    """The report's title, with its year where it is known."""
    source = case["source"]
    return f"{source['title']} ({source['year']})" if source["year"] else str(source["title"])


if __name__ == "__main__":
    main()
