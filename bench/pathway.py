"""Time the pathway of many patients, beside the same rows as one SQL query in DuckDB, and of one patient with reasons.

Batches are drawn beforehand and every condition is evaluated anew in each run; what triage, localise and mechanism
found is handed in, as ``assess`` does. Both engines have to find the same standing of every treatment for every
patient, or the program stops. Prints a table and writes nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from assess_one import processor
from pathway_sql import columns_asked, query
from spinecourse import localise, mechanism, triage
from spinecourse.assess import assess_course
from spinecourse.assess.assessing import planned_courses
from spinecourse.assess.handing import handed_over
from spinecourse.course import Course, read_cases
from spinecourse.findings import Batch
from spinecourse.findings.catalogue import catalogue
from spinecourse.pathway import Handed, Pathway, PathwayBatch, explain, pathway_batch
from spinecourse.pathway.handed import assessed_planes
from spinecourse.pathway.rows import cautions, rules_of, treatments
from spinecourse.simulate import simulate_batch

SEED = 20_261
States = NDArray[np.int8]


def handed_for(batch: Batch) -> Handed:
    """What the other reasoners find for simulated patients; nobody was imaged and compared."""
    triaged, kinds = triage.triage_batch(batch), mechanism.mechanism_batch(batch)
    found = handed_over(batch, triaged, localise.posterior(batch), kinds, [])
    return replace(found, image_explains=None)


def with_handed(states: States, handed: Handed) -> States:
    """The states with the columns of ``assessed:`` atoms filled, so that another engine can read them."""
    filled = states.copy()
    for atom, (true, false) in assessed_planes(handed).items():
        column = catalogue().get(("condition", str(atom), ""))
        if column is not None:
            filled[:, column.number] = 2 * _bits(true, len(states)) + _bits(false, len(states))
    return filled


def _bits(plane: int, patients: int) -> States:
    data = np.frombuffer(plane.to_bytes((patients + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(data, count=patients, bitorder="little").astype(np.int8)


def duckdb_run(states: States) -> Callable[[], States]:
    import duckdb

    text = query()
    connection = duckdb.connect(config={"threads": 1})
    given = {"number": np.arange(len(states))} | {
        f"c{column}": np.ascontiguousarray(states[:, column]) for column in columns_asked(text)
    }
    connection.register("given", given)
    connection.execute("CREATE TABLE patients AS SELECT * FROM given")

    def run() -> States:
        found = connection.execute(text).fetchnumpy()
        return np.array([found[f"s_{name}"] for name in treatments()]).astype(np.int8)

    return run


def timed(run: Callable[[], object], runs: int) -> tuple[float, float]:
    """Processor and wall-clock seconds of the median run, after one that is not counted."""
    run()
    found = []
    for _ in range(runs):
        cpu, wall = process_time(), perf_counter()
        run()
        found.append((process_time() - cpu, perf_counter() - wall))
    return statistics.median(cpu for cpu, _ in found), statistics.median(wall for _, wall in found)


def one_patient(path: Path, runs: int) -> None:
    courses = [case.course for case in read_cases(path)]
    planned = [planned_courses([course]) for course in courses]
    alone = [
        timed(partial(_again, found, course), runs)[0] * 1000 for found, course in zip(planned, courses, strict=True)
    ]
    whole = [timed(partial(assess_course, course), runs)[0] * 1000 for course in courses]
    print(f"\none patient, {len(courses)} courses of {path.name}, processor milliseconds, median and largest")
    print(f"  pathway with every reason        {statistics.median(alone):8.2f} {max(alone):8.2f}")
    print(f"  the whole assessment             {statistics.median(whole):8.2f} {max(whole):8.2f}")


def _again(found: PathwayBatch, course: Course) -> Pathway:
    return explain(pathway_batch(replace(found.asked.batch), found.asked.handed), course.facts, 0)


def rate(word: str, patients: int, taken: tuple[float, float]) -> None:
    cpu, wall = taken
    print(f"  {word:<12} {patients / cpu:>12,.0f} patients/s of processor time, {patients / wall:>12,.0f} by the clock")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cases", type=Path, help="a case set, to time one patient with every reason")
    parser.add_argument("--no-peer", action="store_true", help="leave DuckDB out")
    asked = parser.parse_args()
    batch = simulate_batch(asked.patients, SEED).batch
    handed = handed_for(batch)
    rows = sum(len(rules_of(name)) + len(cautions().get(name, ())) for name in treatments())
    print(f"{' '.join(sys.argv)}\n{processor()}; {asked.patients} simulated patients")
    print(f"  {len(treatments())} treatments, {rows} rows about them")
    ours = timed(lambda: pathway_batch(replace(batch), handed), asked.runs)
    rate("bit planes", asked.patients, ours)
    if not asked.no_peer:
        run = duckdb_run(with_handed(batch.states, handed))
        if not (run() == pathway_batch(replace(batch), handed).standings()).all():
            print("the engines differ", file=sys.stderr)
            return 1
        theirs = timed(run, asked.runs)
        rate("DuckDB SQL", asked.patients, theirs)
        print(f"  ratio {theirs[0] / ours[0]:.1f} by processor time; every standing the same")
    if asked.cases:
        one_patient(asked.cases, asked.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
