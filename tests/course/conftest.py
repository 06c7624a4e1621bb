"""Shared by the tests of course files: reading a text as a file, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from spinecourse.course import CourseReading, read_courses

TODAY = date(2024, 6, 30)
CASES = Path(__file__).parents[3] / "shared" / "cases" / "dev.jsonl"

Read = Callable[..., list[CourseReading]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes a file of that ending and reads it."""

    def reading(text: str | bytes, ending: str = ".yaml", *, keep_going: bool = True) -> list[CourseReading]:
        path = tmp_path / f"course{ending}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return list(read_courses(path, keep_going=keep_going, today=TODAY))

    return reading


@pytest.fixture
def case_set() -> Path:
    """The project's development cases, where they are at hand."""
    if not CASES.exists():
        pytest.skip("the development cases are not beside this checkout")
    return CASES
