"""Set the boundaries of following by simulation, and write ``follow/boundaries``.

    python tools/calibrate_follow.py [PEOPLE]

Of boundaries that run from a chance at the start to one at the horizon by the square root of time, the one with the
longest lead whose false alarms keep a margin below the promise on simulated patients. The false alarms that are
written down are counted on other patients than those it was chosen on.
"""

from __future__ import annotations

import csv
import sys
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from spinecourse.assess.follow_evaluation import Method, measured
from spinecourse.assess.follow_truth import Judged, judged
from spinecourse.course import Course, check_course
from spinecourse.follow.parameters import parameter
from spinecourse.knowledge.tables import load
from spinecourse.simulate.followed import followed_documents, simulate_followed

PEOPLE: Final = 6000
CHOSEN_ON, COUNTED_ON = 101, 202
MARGIN: Final = 0.9
STARTS: Final = tuple(np.round(np.arange(0.6, 1.0, 0.02), 2))
ENDS: Final = tuple(np.round(np.arange(0.4, 0.9, 0.02), 2))
TABLE = Path(__file__).resolve().parents[1] / "src/spinecourse/knowledge/tables/follow/boundaries.csv"


def simulated(people: int, seed: int) -> Judged:
    found, _ = judged(_course(document) for document in followed_documents(simulate_followed(people, seed)))
    assert found is not None
    return found


def _course(document: dict[str, object]) -> Course:
    reading = check_course(document, file="simulated")
    assert reading.course is not None
    return reading.course


def alarms(known: Judged, starts: float, ends: float, relapses: NDArray[np.bool_]) -> NDArray[np.bool_]:
    passed = np.sqrt(np.clip(known.days / known.review[:, None], 0.0, 1.0))
    with np.errstate(invalid="ignore"):
        return (known.days >= parameter("least_days")) & (
            (known.chance >= starts + passed * (ends - starts)) | relapses
        )


def relapses_of(known: Judged) -> NDArray[np.bool_]:
    """The alarms of the tables as they are that no boundary explains: relapses."""
    row = load("follow/boundaries")[0]
    nothing = np.zeros_like(known.alarm)
    return known.alarm & ~alarms(known, float(row["at_start"]), float(row["at_horizon"]), nothing)


def chosen(known: Judged, promised: float) -> tuple[float, float]:
    relapses, best = relapses_of(known), (-1.0, 0.0, 0.0)
    for starts, ends in product(STARTS, ENDS):
        found = measured(known, "", alarms(known, starts, ends, relapses))
        if found.false_alarms_per_year <= MARGIN * promised:
            best = max(best, (found.median_lead_days + found.mean_lead_days, starts, ends))
    return best[1], best[2]


def write(starts: float, ends: float, found: Method, promised: float, people: int) -> None:
    source = f"tools/calibrate_follow.py on {people:,} simulated patients; false alarms counted on as many others"
    with TABLE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(load("follow/boundaries")[0].cells)
        rate = f"{found.false_alarms_per_year:.3f}"
        writer.writerow(["any", "any", f"{starts:g}", f"{ends:g}", rate, f"{promised:g}", source, "fitted"])


def main(people: int) -> None:
    row = load("follow/boundaries")[0]
    promised = float(row["promised_per_year"])
    starts, ends = chosen(simulated(people, CHOSEN_ON), promised)
    other = simulated(people, COUNTED_ON)
    found = measured(other, "following", alarms(other, starts, ends, relapses_of(other)))
    print(f"from {starts:g} at the start to {ends:g} at the horizon: {found}")
    write(starts, ends, found, promised, people)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
