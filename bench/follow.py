"""Time following many patients: how they stand after each report, and the chance of ending without improvement.

    python bench/follow.py [--most 1000000]

Patients are made and followed in chunks of constant size, so memory does not grow with their number; only following is
timed. One core.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from spinecourse.follow.expected import expected, shape
from spinecourse.follow.model import OFF_COURSE, Episodes, boundary, follow_batch
from spinecourse.trajectory import Seen, scale

CHUNK: Final = 16_384
VISITS: Final = np.array([14.0, 42.0, 70.0, 90.0, 120.0, 182.0, 270.0, 365.0])
ANSWERED: Final = 0.8
LIMIT_SECONDS: Final = 60.0
SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)


def chunks(patients: int) -> Iterator[Episodes]:
    """Patients after physiotherapy with eight check-ins, four of five of them answered."""
    measured, generator = scale("odi"), np.random.default_rng(0)
    for start in range(0, patients, CHUNK):
        size = min(CHUNK, patients - start)
        baseline = np.round(generator.uniform(30, 70, size) / 2) * 2
        days = np.where(generator.random((size, len(VISITS))) < ANSWERED, VISITS, np.nan)
        scores = np.round(generator.uniform(0.2, 1.0, days.shape) * baseline[:, None] / 2) * 2
        full = np.full(size, 1.0)
        yield Episodes(
            measured, expected(measured, [shape("rehabilitation", "disability")] * size, baseline, 0 * full),
            Seen(days, np.where(np.isnan(days), np.nan, scores)), baseline, 10 * full, 0 * full, 84 * full, 365 * full,
            [boundary("rehabilitation", "disability")] * size,
        )  # fmt: skip


def timed(patients: int) -> tuple[float, float]:
    """Seconds of following so many patients, and the share that is off course at the end."""
    seconds, off = 0.0, 0
    for episodes in chunks(patients):
        begun = time.perf_counter()
        history = follow_batch(episodes)
        seconds += time.perf_counter() - begun
        off += int((history.status[:, -1] >= OFF_COURSE).sum())
    return seconds, off / patients


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="largest number of patients")
    most = parser.parse_args().most
    timed(CHUNK)
    print(f"{'patients':>10}{'visits':>8}{'seconds':>10}{'us/visit':>10}{'peak MB':>9}{'off course':>12}")
    for patients in (size for size in SIZES if size <= most):
        seconds, off = timed(patients)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        each = 1e6 * seconds / patients / len(VISITS)
        print(f"{patients:>10,}{len(VISITS):>8}{seconds:>10.2f}{each:>10.2f}{peak:>9.0f}{off:>12.1%}")
        if patients == SIZES[-1]:
            print(f"limit {LIMIT_SECONDS:.0f} s: {'kept' if seconds < LIMIT_SECONDS else 'BROKEN'}")


if __name__ == "__main__":
    main()
