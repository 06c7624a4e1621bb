"""The page *How to add a treatment*, followed: its rows are added to a copy of the package, which is then asked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "add-treatment.md"
ROWS = re.compile(r"^ {4}```(\S+\.csv)\n((?: {4}.*\n)+?) {4}```$", re.MULTILINE)
COURSE = """
course: 1
patient: {{id: a, age_years: 50}}
facts:
  - {{day: -400, symptom: back_pain, nrs: 5}}
  - {{day: 0, symptom: leg_pain, present: false}}
  - {more}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the rows of the page."""
    folder = tmp_path_factory.mktemp("with_yoga")
    shutil.copytree(ROOT / "src" / "spinecourse", folder / "spinecourse", ignore=shutil.ignore_patterns("__pycache__"))
    added = ROWS.findall(PAGE.read_text(encoding="utf-8"))
    assert len(added) == 5
    for table, rows in added:
        path = folder / "spinecourse" / "knowledge" / "tables" / table
        with path.open("a", encoding="utf-8") as stream:
            stream.writelines(line.removeprefix("    ") + "\n" for line in rows.splitlines())
    return folder


def run(package: Path, *words: str) -> str:
    command = [sys.executable, "-m", "spinecourse.cli.main", *words]
    environment = os.environ | {"PYTHONPATH": str(package)}
    ran = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def yoga(package: Path, folder: Path, more: str) -> dict[str, Any]:
    """The option of a course of chronic low back pain with one more fact."""
    course = folder / "course.yaml"
    course.write_text(COURSE.format(more=more), encoding="utf-8")
    answer = json.loads(run(package, "pathway", "show", str(course), "--format", "json"))
    found: dict[str, Any] = next(option for option in answer["options"] if option["treatment"] == "yoga")
    return found


def test_the_tables_stay_in_order(package: Path) -> None:
    assert ", 0 problems" in run(package, "knowledge", "check")


def test_the_treatment_is_proposed_where_its_row_speaks(package: Path, tmp_path: Path) -> None:
    option = yoga(package, tmp_path, "{day: 0, symptom: fever, present: false}")
    assert option["standing"] == "recommended"
    assert "ACP 2017" in option["sources"][0]


def test_it_is_not_proposed_again_after_an_adequate_trial(package: Path, tmp_path: Path) -> None:
    tried = "{day: -200, treatment: yoga, until_day: -100, sessions: 14, response: none}"
    assert yoga(package, tmp_path, tried)["standing"] == "not_indicated"


def test_its_caution_forbids_it(package: Path, tmp_path: Path) -> None:
    assert yoga(package, tmp_path, "{day: 0, imaging: unstable_fracture}")["standing"] == "contraindicated"


def test_it_can_be_asked_about(package: Path) -> None:
    assert "yoga taught by somebody" in run(package, "pathway", "ask", "yoga")
