"""Time the reasoners on simulated patients, on one core, beside the bare arithmetic and other engines.

Batches are drawn beforehand and conditions are evaluated anew in every run. Prints a table and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

import limits
import peers
from assess_one import processor
from spinecourse.findings import Batch
from spinecourse.findings.catalogue import columns
from spinecourse.knowledge.conditions import Condition
from spinecourse.localise import scoring
from spinecourse.localise.arithmetic import PLAIN, WORTH_LOADING, fastest
from spinecourse.localise.likelihood import likelihood
from spinecourse.localise.model import MANY, site_posterior
from spinecourse.mechanism import mechanism_batch
from spinecourse.simulate import simulate_batch, simulate_batches
from spinecourse.triage import triage_batch
from spinecourse.triage.rules import ROUTINE, red_flags

SEED = 20_260
CHUNK = 16_384
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
"""Settings that libraries read as they are loaded; each is 1 here."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Processor and wall-clock seconds of the fastest run, and how many patients it took in."""

    cpu: float
    wall: float
    patients: int

    @property
    def rate(self) -> float:
        """Patients a second of processor time."""
        return self.patients / self.cpu

    @property
    def text(self) -> str:
        """The rate, the time a patient, and the wall clock beside it."""
        each, wall = self.cpu / self.patients * 1e6, self.wall / self.patients * 1e6
        return f"{self.rate:>12,.0f} {each:>12,.2f} {wall:>12,.2f}"


def timed(run: Callable[[], object], patients: int, runs: int) -> Timing:
    """The fastest of several runs, after one that is not counted: what other programs disturb is not the program's."""
    run()
    found = []
    for _ in range(runs):
        cpu, wall = process_time(), perf_counter()
        run()
        found.append((process_time() - cpu, perf_counter() - wall))
    return Timing(min(cpu for cpu, _ in found), min(wall for _, wall in found), patients)


def timed_once(run: Callable[[], object]) -> float:
    """Seconds of processor time of the first run, with what has to be loaded and compiled."""
    started = process_time()
    run()
    return process_time() - started


def fresh(batch: Batch) -> Batch:
    """The same batch with its conditions not yet evaluated."""
    return replace(batch)


def reason(batch: Batch) -> int:
    """All three reasoners over one batch, as a registry would: urgencies, sites and mechanisms."""
    level = triage_batch(batch).level
    sites = site_posterior(batch)
    kinds = mechanism_batch(batch).probability
    return len(level) + len(sites) + len(kinds)


def streamed(patients: int, part: int = 0) -> Timing:
    """Patients drawn and reasoned about chunk by chunk; only the reasoning is timed."""
    cpu = wall = 0.0
    for simulated in simulate_batches(patients, SEED + part, CHUNK):
        started, clock = process_time(), perf_counter()
        reason(simulated.batch)
        cpu, wall = cpu + process_time() - started, wall + perf_counter() - clock
    return Timing(cpu, wall, patients)


def urgency(batch: Batch, rules: Sequence[Condition]) -> NDArray[np.int64]:
    """The urgency by the rules alone, without probabilities: what the other engines are asked for."""
    fired = batch.conditions.holds(rules)
    level = np.full(fired.shape[1], ROUTINE)
    for number in reversed(range(ROUTINE)):
        level[fired[[flag.level == number for flag in red_flags()]].any(axis=0)] = number
    return level


def peak_megabytes() -> float:
    """The most memory this process ever held."""
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def row(name: str, timing: Timing, base: Timing | None = None) -> None:
    """One line: name, patients a second, microseconds a patient, wall clock, and the ratio of ours to it."""
    ratio = f"{base.rate / timing.rate:>10,.2f}" if base else ""
    print(f"{name:<44}{timing.text} {ratio}")


def heading(title: str, ratio: str = "") -> None:
    """The head of a part of the table."""
    print(f"\n{title:<44}{'patients/s':>12} {'us each':>12} {'us wall':>12} {ratio:>10}")


def bench_growth(sizes: Sequence[int]) -> None:
    """All three reasoners over more and more patients, and the memory they took."""
    loading = timed_once(lambda: reason(simulate_batch(WORTH_LOADING, SEED).batch))
    reason(simulate_batch(MANY, SEED).batch)
    heading(f"all three, streamed in constant memory, after {loading:.1f} s of loading")
    for size in sizes:
        row(f"{size:,} patients", streamed(size))
    print(f"peak memory {peak_megabytes():,.0f} MB, drawing the patients included")


def bench_reasoners(batch: Batch, runs: int) -> dict[str, Timing]:
    """Each reasoner alone, with the evaluation of its conditions, and all together."""
    many = len(batch.ids)
    rules = [flag.condition for flag in red_flags()]
    found = {
        "rules": timed(lambda: urgency(fresh(batch), rules), many, runs),
        "localise": timed(lambda: site_posterior(batch), many, runs),
        "localise with NumPy alone": timed(lambda: scoring.site_probabilities(batch.states, PLAIN), many, runs),
        "triage": timed(lambda: triage_batch(fresh(batch)), many, runs),
        "mechanism": timed(lambda: mechanism_batch(fresh(batch)), many, runs),
        "together": timed(lambda: reason(fresh(batch)), many, runs),
    }
    heading(f"reasoners, {many:,} patients")
    for name, timing in found.items():
        row(name, timing)
    return found


def bench_limits(batch: Batch, ours: Timing, runs: int) -> None:
    """Localise beside the bare arithmetic on the same rows."""
    few = batch.states[: min(len(batch.states), 4096)]
    heading("localise beside the bare arithmetic", "ours is x")
    for name, run in limits.of(few).items():
        row(name, timed(run, len(few), runs), ours)
    handful = batch.states[:8]
    row("plain Python loop over the same rows", timed(limits.plain_loop(handful), len(handful), 1), ours)


def bench_peers(batch: Batch, ours: Timing, runs: int) -> None:
    """Triage beside other engines on the red-flag rules alone; every peer must find the same urgencies."""
    states, wanted = batch.states, triage_batch(batch).level
    few = states[: min(len(states), 5000)]
    check("the rules alone", urgency(batch, [flag.condition for flag in red_flags()]), wanted)
    heading("rules alone beside other engines", "ours is x")
    loop = peers.python_loop()
    check("plain Python", loop(few), wanted)
    row("plain Python loop over the same rules", timed(lambda: loop(few), len(few), runs), ours)
    for name, build in (
        ("DuckDB, SQL, one thread", peers.duckdb_sql),
        ("Polars, one thread", peers.polars_expressions),
    ):
        try:
            run = build(states)
        except peers.Missing as missing:
            print(f"{name:<44}skipped: {missing}")
            continue
        check(name, run(), wanted)
        row(name, timed(run, len(states), runs), ours)
    try:
        seconds, levels = peers.cql_execution(states[:500])
    except peers.Missing as missing:
        print(f"{'cql-execution':<44}skipped: {missing}")
        return
    check("cql-execution", levels, wanted)
    row("cql-execution, given parameters", Timing(seconds, seconds, len(levels)), ours)


def check(name: str, found: peers.Levels, wanted: peers.Levels) -> None:
    """A peer that answers otherwise is no peer."""
    if not np.array_equal(found, wanted[: len(found)]):
        raise SystemExit(f"{name} finds other urgencies: {int((found != wanted[: len(found)]).sum())} differ")


def bench_cores(patients: int, cores: int) -> None:
    """The patients shared among processes; the time is that of the slowest one's reasoning."""
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(streamed, [patients // cores] * cores, range(cores)))
    slowest = max(parts, key=lambda part: part.wall)
    print(f"\n{patients:,} patients on {cores} processes: {slowest.wall:.1f} s by the clock, {slowest.cpu:.1f} s each")


def describe(batch: Batch) -> None:
    """Command, data and machine."""
    findings = np.array([column.kind != "condition" for column in columns()])
    known, rows = (batch.states[:, findings] > 0).sum(axis=1).mean(), limits.rows_known(batch.states[:2048])
    shape = likelihood().log.shape
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"command  {' '.join(['bench/reasoners.py', *sys.argv[1:]])}")
    print(f"data     simulated, seed {SEED}: {known:.0f} findings known of {len(columns()):,} columns")
    print(f"         select {rows:.0f} rows of a likelihood of {shape[0]:,} rows by {shape[1]:,} hypotheses")
    print(f"machine  {processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}")
    print(f"sums     of localise by {fastest().name}")
    print(f"load     {load} (other programs running make the figures worse)")


def start_on_one_core() -> None:
    """Start this program anew with one thread a library, unless it was started so."""
    if any(os.environ.get(name) != "1" for name in THREADS):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | dict.fromkeys(THREADS, "1"))


def main() -> None:
    """Print the table."""
    start_on_one_core()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="up to a million patients, and two processes")
    parser.add_argument("--patients", type=int, default=16_384, help="patients of the comparisons")
    parser.add_argument("--runs", type=int, default=5, help="runs of which the fastest is told")
    given = parser.parse_args()
    batch = simulate_batch(given.patients, SEED).batch
    describe(batch)
    bench_growth((1_000, 10_000, 100_000, 1_000_000) if given.full else (1_000, 10_000, 50_000))
    ours = bench_reasoners(batch, given.runs)
    bench_limits(batch, ours["localise"], given.runs)
    bench_peers(batch, ours["rules"], given.runs)
    if given.full:
        bench_cores(1_000_000, 2)


if __name__ == "__main__":
    main()
