"""Files named on the command line to courses: course files, case sets and FHIR, told apart by their content."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spinecourse.course import Course, read_courses
from spinecourse.errors import SpinecourseError, UserError
from spinecourse.fhir import read_fhir

LINES_SHOWN = 20
"""Lines of the import report shown on the terminal."""

FIRST_BYTES = 4096
"""How much of a file is looked at to tell FHIR from a course file."""


@dataclass(slots=True)
class Outcome:
    """The exit code so far: that of the last input that could not be accepted, 0 where all were."""

    code: int = 0


def read_inputs(
    files: list[Path], keep_going: bool, outcome: Outcome, import_report: Path | None = None
) -> Iterator[Course]:
    """Every course of every file, in order. Problems go to standard error, as does the beginning of the import report
    of FHIR documents; ``import_report`` takes the whole of it.

    Without ``keep_going`` the first file that cannot be accepted raises; with it the others are still read and
    ``outcome`` remembers the code.
    """
    for path in files:
        try:
            if _looks_like_fhir(path):
                yield from _read_fhir(path, import_report)
            else:
                yield from _read_courses(path, keep_going, outcome)
        except UserError as error:
            if not keep_going:
                raise
            _complain(error, outcome)


def _read_courses(path: Path, keep_going: bool, outcome: Outcome) -> Iterator[Course]:
    for reading in read_courses(path, keep_going=keep_going):
        if reading.course is not None:
            yield reading.course
        else:
            for problem in reading.problems:
                print(problem, file=sys.stderr)
            outcome.code = 3


def _read_fhir(path: Path, import_report: Path | None) -> Iterator[Course]:
    found = read_fhir(path)
    report = found.report.text()
    lines = report.splitlines()
    if import_report is not None:
        with import_report.open("a", encoding="utf-8") as stream:
            stream.write(f"{path}\n{report}\n")
    elif len(lines) > LINES_SHOWN:
        lines = [*lines[:LINES_SHOWN], f"... and {len(lines) - LINES_SHOWN} more lines: --import-report FILE keeps all"]
    if import_report is None:
        print("\n".join(lines), file=sys.stderr)
    yield from found.courses


def _complain(error: SpinecourseError, outcome: Outcome) -> None:
    print(error, file=sys.stderr)
    outcome.code = error.exit_code


def _looks_like_fhir(path: Path) -> bool:
    """Whether a file is FHIR: a folder of NDJSON, or JSON whose beginning names a resource type."""
    if path.is_dir():
        return True
    if str(path) == "-" or path.suffix.lower() in {".yaml", ".yml"} or not path.is_file():
        return False
    with path.open("rb") as stream:
        beginning = stream.read(FIRST_BYTES)
    return b'"resourceType"' in beginning or (path.suffix.lower() == ".json" and _says_resource(path))


def _says_resource(path: Path) -> bool:
    """For JSON whose resource type does not stand at the beginning; a file that is no JSON is no FHIR."""
    if path.stat().st_size > LARGEST_SNIFFED:
        return False
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "resourceType" in document


LARGEST_SNIFFED = 1 << 26
"""Files above this size are not parsed only to see what they are."""
