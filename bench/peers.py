"""The urgency by the red-flag rules as other engines find it; a peer that is not installed says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinecourse.triage.rules import ROUTINE
from written import PYTHON, SQL, Language, columns_asked, elm_library, levels

CQL = Path(__file__).parent / "cql"

States = NDArray[np.int8]
Levels = NDArray[np.int64]


class Missing(Exception):
    """A peer that is not installed; the message says how to install it."""


def python_loop() -> Callable[[States], Levels]:
    """The rules as one Python expression, evaluated patient by patient."""
    text = "".join(f"{level} if {rule} else " for level, rule in levels(PYTHON)) + str(ROUTINE)
    urgency: Callable[[list[int]], int] = eval(f"lambda s: {text}")

    def run(states: States) -> Levels:
        return np.array([urgency(row) for row in states.tolist()])

    return run


def duckdb_sql(states: States) -> Callable[[], Levels]:
    """The rules as one SQL query over a table of the states, one thread."""
    if find_spec("duckdb") is None:
        raise Missing("duckdb is not installed: make bench installs it, or pip install 'spinecourse[bench]'")
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    table = _columns(states)
    connection.register("given", table)
    connection.execute("CREATE TABLE patients AS SELECT * FROM given")
    whens = " ".join(f"WHEN {rule} THEN {level}" for level, rule in levels(SQL))
    query = f"SELECT CASE {whens} ELSE {ROUTINE} END AS level FROM patients ORDER BY number"

    def run() -> Levels:
        return np.asarray(connection.execute(query).fetchnumpy()["level"]).astype(np.int64)

    return run


def polars_expressions(states: States) -> Callable[[], Levels]:
    """The rules as expressions over a Polars frame, one thread."""
    if find_spec("polars") is None:
        raise Missing("polars is not installed: make bench installs it, or pip install 'spinecourse[bench]'")
    import polars as pl

    frame = pl.DataFrame(_columns(states))
    say = Language(
        state=lambda column, state: pl.col(f"c{column}") == state,
        all_of=lambda parts: pl.all_horizontal(parts),
        any_of=lambda parts: pl.any_horizontal(parts),
        negated=lambda part: ~part,
        at_least=lambda count, parts: pl.sum_horizontal([part.cast(pl.UInt8) for part in parts]) >= count,
    )
    level: Any = pl.lit(ROUTINE)
    for number, rule in reversed(levels(say)):
        level = pl.when(rule).then(pl.lit(number)).otherwise(level)
    lazy = frame.lazy().select(level.alias("level"))

    def run() -> Levels:
        return np.asarray(lazy.collect()["level"].to_numpy()).astype(np.int64)

    return run


def cql_execution(states: States) -> tuple[float, Levels]:
    """Seconds of processor time and the urgencies by cql-execution, given the states as parameters."""
    node = shutil.which("node")
    if node is None or not (CQL / "node_modules" / "cql-execution").is_dir():
        raise Missing("cql-execution is not installed: make bench installs it with npm, or npm ci in bench/cql")
    meaning = {0: None, 1: False, 2: True}
    rows = [{f"c{column}": meaning[int(row[column])] for column in columns_asked()} for row in states]
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.json"
        given.write_text(json.dumps({"library": elm_library(), "patients": rows}), encoding="utf-8")
        done = subprocess.run([node, str(CQL / "run.cjs"), str(given)], check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    return float(answer["seconds"]), np.array(answer["levels"])


def _columns(states: States) -> dict[str, NDArray[Any]]:
    named: dict[str, NDArray[Any]] = {
        f"c{column}": np.ascontiguousarray(states[:, column]) for column in columns_asked()
    }
    return {"number": np.arange(len(states)), **named}
