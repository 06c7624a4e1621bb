"""Scoring of questionnaires: answers a second on one core, beside the bare NumPy reduction of the same answers.

The bare reduction adds up the columns of each form and does nothing else: no ranges, no missing answers, no reasons.
Forms are drawn at random with a fixed seed, complete and with one answer in ten missing.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

os.environ.update({name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")})

import numpy as np
from numpy.typing import NDArray

from assess_one import processor
from spinecourse.measures import instrument, score
from spinecourse.measures.banks import BankItem
from spinecourse.measures.graded_response import score_bank

SEED = 20_264
MISSING = 0.1
PROMISED = 2_000_000
"""Answers a second on one core."""
INSTRUMENTS = ("odi", "pcs", "tsk17", "promis_pi", "srs22", "rmdq")


def forms(name: str, count: int, missing: float) -> NDArray[np.float64]:
    """Random answers that the questions allow."""
    random = np.random.default_rng(SEED)
    chosen = instrument(name)
    answers = np.empty((count, chosen.form_items))
    for part in chosen.parts(""):
        for items in part.items:
            allowed = items.answers or tuple(np.arange(items.lowest, items.highest + 1))
            for place in items.places:
                answers[:, place] = random.choice(allowed, count)
    answers[random.uniform(size=answers.shape) < missing] = np.nan
    return answers


def seconds(run: Callable[[], object], runs: int) -> float:
    """The median processor time of a run, the first left out."""
    run()
    times = []
    for _ in range(runs):
        began = process_time()
        run()
        times.append(process_time() - began)
    return median(times)


def line(name: str, count: int, missing: float, runs: int) -> float:
    """One line of the table; gives the answers a second."""
    answers = forms(name, count, missing)
    ours = seconds(lambda: score(name, answers), runs)
    bare = seconds(lambda: np.nansum(answers, axis=1) if missing else answers.sum(axis=1), runs)
    rate = answers.size / ours
    print(f"{name:<12}{missing:>8.0%}{rate / 1e6:>14.1f}{answers.size / bare / 1e6:>14.1f}{ours / bare:>10.1f}")
    return rate


def bank_line(count: int, runs: int) -> float:
    """One line on an invented bank of 20 items with five answers each; gives the answers a second."""
    random = np.random.default_rng(SEED)
    bank = [BankItem(f"q{n}", 2.0, 1, tuple(sorted(random.uniform(-2, 2, 4).tolist()))) for n in range(20)]
    answers = random.integers(1, 6, (count, len(bank))).astype(float)
    took = seconds(lambda: score_bank(bank, answers), runs)
    print(f"item bank of 20: {count / took:,.0f} forms/s, {answers.size / took:,.0f} answers/s")
    return answers.size / took


def main() -> int:
    """Print the table; exit code 1 where the promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    print(f"{processor()}, {platform.system()}, Python {platform.python_version()}, NumPy {np.__version__}")
    print(
        f"{' '.join(sys.argv)}: {arguments.forms:,} forms, median of {arguments.runs} runs, "
        f"processor time, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{'instrument':<12}{'missing':>8}{'M answers/s':>14}{'bare NumPy':>14}{'ratio':>10}")
    rates = [line(name, arguments.forms, missing, arguments.runs) for name in INSTRUMENTS for missing in (0.0, MISSING)]
    rates.append(bank_line(arguments.forms // 10, arguments.runs))
    kept = min(rates) >= PROMISED
    said = "kept" if kept else "NOT KEPT"
    print(f"slowest {min(rates) / 1e6:.1f} million answers/s; promised {PROMISED / 1e6:.0f}: {said}")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
