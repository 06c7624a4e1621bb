"""Time one assessment in process, and a cold start of the command line, on a given file."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from time import perf_counter

from spinecourse.assess import assess_course
from spinecourse.course import Course, read_courses
from spinecourse.findings import build_batch
from spinecourse.localise import site_posterior
from spinecourse.mechanism import mechanism_batch
from spinecourse.triage import triage_batch

WARM_UP = 20
"""Calls left out of the figure, because they load the tables."""


def seconds_of(run: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    start = perf_counter()
    run()
    return perf_counter() - start


def describe(seconds: Sequence[float], unit: str, factor: float) -> str:
    """Median and spread in the given unit."""
    values = sorted(second * factor for second in seconds)
    tenth = len(values) // 10
    spread = f"{values[tenth]:.2f} to {values[-1 - tenth]:.2f} {unit}"
    return f"median {statistics.median(values):.2f} {unit} (middle four fifths {spread}, {len(values)} runs)"


def reason_about(course: Course) -> None:
    """Urgency, sites and mechanism of one course, from its facts, by the code of a whole registry; no reasons."""
    batch = build_batch([course])
    triage_batch(batch)
    site_posterior(batch)
    mechanism_batch(batch)


def time_in_process(run: Callable[[Course], object], path: Path, repeats: int) -> str:
    """The time of one course, over the courses of the file in turn."""
    courses = cycle(reading.course for reading in read_courses(path) if reading.course is not None)
    for _ in range(WARM_UP):
        run(next(courses))
    return describe([seconds_of(lambda: run(next(courses))) for _ in range(repeats)], "ms", 1000)


def time_cold_start(path: Path, starts: int) -> str:
    """The time of a whole run of the command line, from start to exit."""
    program = Path(sysconfig.get_path("scripts")) / "spinecourse"
    command = [str(program), "assess", str(path), "--format", "json"]

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return describe([seconds_of(run) for _ in range(starts)], "s", 1)


def processor() -> str:
    """The processor's name where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def main() -> None:
    """Print command, data, machine and the three figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--repeats", type=int, default=300)
    parser.add_argument("--starts", type=int, default=5)
    given = parser.parse_args()
    count = sum(1 for _ in read_courses(given.file))
    print(f"command    {' '.join(['bench/assess_one.py', *sys.argv[1:]])}")
    print(f"data       {given.file.name}: {count} courses, {given.file.stat().st_size} bytes")
    print(f"machine    {processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    print(f"reasoners  {time_in_process(reason_about, given.file, given.repeats)} a course, without reasons")
    print(f"in process {time_in_process(assess_course, given.file, given.repeats)} an assessment, with every reason")
    print(f"cold start {time_cold_start(given.file, given.starts)} a file")


if __name__ == "__main__":
    main()
