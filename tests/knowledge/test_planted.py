"""Every rule of ``knowledge check`` finds the mistake it is for, and finds nothing in the tables as they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

import spinecourse
from spinecourse.assess.table_check import check_all, check_known, check_rates, check_spared, idle
from spinecourse.errors import Problem
from spinecourse.findings.derived import DERIVED
from spinecourse.knowledge import check_sums
from spinecourse.knowledge.check_columns import Column, check_cells, check_header
from spinecourse.knowledge.check_conditions import check_conditions
from spinecourse.knowledge.check_names import check_findings, check_vocabulary_names, name_sets
from spinecourse.knowledge.checks import check_tables
from spinecourse.knowledge.tables import Row

HERE = Path(__file__).parent
Planted = dict[str, Any]
PLANTED: dict[str, list[Planted]] = yaml.safe_load((HERE / "planted_rows.yaml").read_text(encoding="utf-8"))
IN_TABLES: list[Planted] = yaml.safe_load((HERE / "planted_in_tables.yaml").read_text(encoding="utf-8"))


def rows_of(cells: Iterable[dict[str, str]]) -> list[Row]:
    """Rows of a table that exists only here, from line 2 on."""
    return [Row("test/planted", number, dict(row)) for number, row in enumerate(cells, start=2)]


def columns_of(planted: Planted) -> list[Column]:
    """The columns a planted table should have; a text column may be empty where it is not the point."""
    parts = [(name, *holds.partition(":")[::2]) for name, holds in planted["holds"].items()]
    return [Column("test/planted", name, holds, of, may_be_empty=len(parts) > 1) for name, holds, of in parts]


CHECKS: dict[str, Callable[[Planted], Iterable[Problem]]] = {
    "cells": lambda planted: check_cells(rows_of(planted["rows"]), columns_of(planted), name_sets()),
    "header": lambda planted: check_header("test/planted", rows_of(planted["rows"]), columns_of(planted)),
    "sum": lambda planted: check_sums.check_sum(rows_of(planted["rows"]), "g", "p", planted.get("at_most", False)),
    "circles": lambda planted: check_sums.check_no_circles(rows_of(planted["rows"])),
    "ratios": lambda planted: check_sums.check_ratios(rows_of(planted["rows"])),
    "ranges": lambda planted: check_sums.check_ranges(rows_of(planted["rows"]), "low", "high"),
    "sources": lambda planted: check_sums.check_sources(rows_of(planted["rows"])),
    "findings": lambda planted: check_findings(rows_of(planted["rows"]), "kind", "name"),
    "conditions": lambda planted: check_conditions(rows_of(planted["rows"]), "finding", frozenset(DERIVED)),
    "parents": lambda planted: check_sums.check_parents(rows_of(planted["nerves"]), rows_of(planted["plexus"])),
    "rates": lambda planted: check_rates(rows_of(planted["rows"]), {"any", "root:L5"}, {("symptom", "leg_pain")}),
    "spared": lambda planted: check_spared(rows_of(planted["rows"]), {("power", "ankle_dorsiflexion")}),
}
CASES = [(kind, planted) for kind, cases in PLANTED.items() for planted in cases]


@pytest.mark.parametrize(
    ("kind", "planted"), CASES, ids=lambda value: value["name"] if isinstance(value, dict) else value
)
def test_a_planted_mistake_is_found_where_it_is(kind: str, planted: Planted) -> None:
    found = list(CHECKS[kind](planted))
    saying = [problem for problem in found if planted["says"] in problem.message]
    assert saying, f"found only {[str(problem) for problem in found]}"
    assert planted.get("line", saying[0].line) in {problem.line for problem in saying}
    assert all(problem.file == "test/planted.csv" for problem in saying)


def test_names_of_the_anatomy_must_be_in_the_vocabulary() -> None:
    rows = rows_of([{"movement": "ankle_dorsiflexion"}, {"movement": "foot_lift"}])
    assert [problem.line for problem in check_vocabulary_names(rows, "power", "movement")] == [3]


def test_an_unknown_finding_of_the_model_is_found() -> None:
    rows = rows_of([{"kind": "sign", "name": "hoffmann"}, {"kind": "sign", "name": "hofmann"}])
    assert [problem.line for problem in check_known(rows, {("sign", "hoffmann")})] == [3]


def test_a_row_neither_shown_nor_reached_is_idle() -> None:
    shown, reached, forgotten = rows_of([{"name": "shown"}, {"name": "reached"}, {"name": "forgotten"}])
    found = idle([shown, reached, forgotten], {shown}, lambda row: row["name"] == "reached")
    assert [problem.line for problem in found] == [forgotten.line]


def test_sound_rows_are_left_alone() -> None:
    """The checks are not merely always unhappy."""
    sound = {"p": "0.3", "ci": "0.1-0.5", "w": "L4:0.3;L5:0.7", "checked": "read", "nerve": "ulnar"}
    holds = {"p": "probability", "ci": "interval:p", "w": "weights", "checked": "sureness", "nerve": "name:nerve"}
    assert list(check_cells(rows_of([sound]), columns_of({"holds": holds}), name_sets())) == []
    asks = [{"finding": "all(symptom:leg_pain[side=both]; not(derived:pain_days>42); reflex:ankle[grade=absent])"}]
    assert list(check_conditions(rows_of(asks), "finding", frozenset(DERIVED))) == []


def test_the_tables_as_they_are_have_no_problem() -> None:
    assert [str(problem) for problem in check_all()] == []


def test_without_the_reasoners_the_tables_have_no_problem_either() -> None:
    assert [str(problem) for problem in check_tables()] == []


@pytest.fixture(scope="module")
def check_of_a_spoilt_copy(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """``spinecourse knowledge check`` run on a copy of the package with all mistakes planted in its tables."""
    copy = tmp_path_factory.mktemp("copy") / "spinecourse"
    shutil.copytree(Path(spinecourse.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for planted in IN_TABLES:
        table = copy / "knowledge" / "tables" / f"{planted['file']}.csv"
        text = table.read_text(encoding="utf-8")
        assert planted["old"] in text, f"{planted['file']} no longer holds {planted['old']!r}"
        table.write_text(text.replace(planted["old"], planted["new"], 1), encoding="utf-8")
    command = [sys.executable, "-m", "spinecourse.cli.main", "knowledge", "check"]
    environment = os.environ | {"PYTHONPATH": str(copy.parent)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("planted", IN_TABLES, ids=lambda planted: f"{planted['file']}: {planted['says']}")
def test_the_command_names_file_and_line(
    planted: Planted, check_of_a_spoilt_copy: subprocess.CompletedProcess[str]
) -> None:
    said = check_of_a_spoilt_copy.stderr.splitlines()
    assert any(line.startswith(f"{planted['file']}.csv:") and planted["says"] in line for line in said), said


def test_the_command_fails_on_a_spoilt_copy(check_of_a_spoilt_copy: subprocess.CompletedProcess[str]) -> None:
    assert check_of_a_spoilt_copy.returncode == 6
    assert "Traceback" not in check_of_a_spoilt_copy.stderr
