"""Shared by all tests: repeatable generated cases, the helpers of this folder, and the development cases."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

from spinecourse.course import Case, read_cases

CASES = Path(__file__).parents[2] / "shared" / "cases" / "dev.jsonl"

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def dev_cases() -> tuple[Case, ...]:
    """The project's development cases, where they are at hand."""
    if not CASES.exists():
        pytest.skip("the development cases are not beside this checkout")
    return tuple(read_cases(CASES))
