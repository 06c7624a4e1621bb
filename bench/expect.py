"""Time what is realistic for one person, for a cohort, and forecasts of a file, beside limits measured in the same run.

The limit beside each figure is the time of the same number of multivariate normal solves in plain NumPy, which no
program that conditions on visits can undercut by much.
"""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable
from time import perf_counter

import numpy as np

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.expect.expecting import cohort, expected
from spinecourse.expect.forecasting import forecast
from spinecourse.expect.synthesis import options
from spinecourse.trajectory import quantiles, scale

CONDITION = "lumbar_radiculopathy"
MONTHS = (3.0, 12.0, 24.0)
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
PEOPLE = 20_000
RUNS = 30


def median_seconds(run: Callable[[], object], runs: int = RUNS) -> float:
    """The median of several runs after one that warms up."""
    run()
    times = []
    for _ in range(runs):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return statistics.median(times)


def person(number: int) -> Course:
    """An invented person with two scores at presentation."""
    random = np.random.default_rng(number)
    facts = (
        Fact("measure", "odi", 0, value=float(2 * random.integers(5, 40))),
        Fact("measure", "nrs_leg", 0, value=float(random.integers(1, 11))),
        Fact("history", "smoking", 0, present=bool(random.integers(2))),
    )
    return Course(Patient(str(number), float(random.integers(20, 85))), facts)


def solves(number: int) -> float:
    """Seconds for so many conditionings of four values on three, one after the other in one array call."""
    matrices = np.tile(np.eye(3) + 0.3, (number, 1, 1))
    return median_seconds(lambda: np.linalg.solve(matrices, np.ones((number, 3, 1))), 10)


def main() -> None:
    """Print one line a figure."""
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}")
    twelve = options(CONDITION)[1:13]
    one = person(1)
    seconds = median_seconds(lambda: expected(one, CONDITION, twelve, MONTHS, ["nrs_leg", "odi"]))
    rows = len(expected(one, CONDITION, twelve, MONTHS, ["nrs_leg", "odi"]).expectation)
    print(
        f"one person, {len(twelve)} options and going on, 3 horizons, 2 outcomes: {1000 * seconds:.1f} ms ({rows} rows)"
    )
    people = [person(number) for number in range(PEOPLE)]
    odi = scale("odi")
    seconds = median_seconds(lambda: quantiles(odi, cohort(people, CONDITION, "discectomy", "odi", MONTHS), LEVELS), 3)
    print(f"cohort of {PEOPLE}, one option, 3 horizons: {PEOPLE / seconds:,.0f} people a second")
    seconds = median_seconds(lambda: forecast(people, "odi", 364), 3)
    print(f"forecasts of {PEOPLE} courses: {PEOPLE / seconds:,.0f} people a second")
    print(f"limit, {PEOPLE} solves of three by three: {PEOPLE / solves(PEOPLE):,.0f} a second")


if __name__ == "__main__":
    main()
