"""The patient-level sets as scores by visit and as course files, the way a clinic would have written them down."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spinecourse.course.model import Course, Fact, Patient

Array = NDArray[np.float64]
Rows = list[dict[str, str]]

WEEKS = (0, 5, 10, 26, 52)
STOPS_ARMS = ("individualised_physiotherapy", "advice")
BOULDER_ARMS = ("usual_care", "placebo", "pain_reprocessing")
BOULDER_NAMES = {"usual_care": "usual_care", "placebo": "placebo", "prt": "pain_reprocessing"}


@dataclass(frozen=True)
class Set:
    """Scores (people, visits) with NaN for none, the arm of each person by number, and what else is known of them.

    ``others`` are facts for the record; ``beside`` (people, any) numbers for the regression alone, none missing.
    """

    name: str
    measure: str
    days: Array
    scores: Array
    arms: NDArray[np.int_]
    arm_names: tuple[str, ...]
    patients: tuple[Patient, ...]
    others: tuple[tuple[Fact, ...], ...]
    beside: Array

    def part(self, keep: NDArray[np.bool_]) -> Set:
        """The people who are kept."""
        chosen = np.flatnonzero(keep)
        return Set(
            self.name, self.measure, self.days, self.scores[keep], self.arms[keep], self.arm_names,
            tuple(self.patients[each] for each in chosen), tuple(self.others[each] for each in chosen),
            self.beside[keep],
        )  # fmt: skip


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float(text) if text else float("nan")


def stops(folder: Path) -> Set:
    by: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for row in read(folder / "stops_odi" / "data.csv"):
        by[row["patient"], row["arm"]][int(row["week"])] = number(row["odi"])
    scores = np.array([[visits.get(week, np.nan) for week in WEEKS] for visits in by.values()])
    arms = np.array([0 if arm == "individualised_physio" else 1 for _, arm in by])
    people = tuple(Patient(name) for name, _ in by)
    days = np.array(WEEKS, dtype=float) * 7
    return Set("stops_odi", "odi", days, scores, arms, STOPS_ARMS, people, tuple(() for _ in people), _nothing(people))


def boulder(folder: Path, column: str = "pain_avg", measure: str = "nrs_back") -> Set:
    by: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in read(folder / "boulder_prt" / "data.csv"):
        by[row["patient"]][row["months"]] = row
    first = [visits["0"] for visits in by.values()]
    scores = np.array(
        [[number(visits.get(month, {}).get(column, "")) for month in ("0", "60")] for visits in by.values()]
    )
    arms = np.array([BOULDER_ARMS.index(BOULDER_NAMES[row["arm"]]) for row in first])
    people = tuple(_patient(row) for row in first)
    days = np.array([0.0, 1826.0])
    others = tuple(() for _ in people)
    return Set(f"boulder_prt {column}", measure, days, scores, arms, BOULDER_ARMS, people, others, _nothing(people))


def port(folder: Path) -> Set:
    rows = [row for row in read(folder / "port_body_map" / "data.csv") if row["pain"]]
    scores = np.array([[number(row["pain"]), number(row["pain_3_months"])] for row in rows])
    names = {
        "physical_function": "promis_physical_function",
        "pain_interference": "promis_pain_interference",
        "sleep_disturbance": "promis_sleep_disturbance",
    }
    others = tuple(
        tuple(measured(0, name, float(row[column])) for column, name in names.items() if row[column]) for row in rows
    )
    people = tuple(_patient(row) for row in rows)
    arms, days = np.zeros(len(rows), int), np.array([0.0, 91.0])
    return Set("port_body_map", "nrs_pain", days, scores, arms, ("all",), people, others, _beside(rows))


BESIDE = ("physical_function", "pain_interference", "depression", "anxiety", "sleep_disturbance", "age_years")


def _beside(rows: Rows) -> Array:
    """Five PROMIS scores, age and the number of areas, as the set's description has them; the mean where one lacks."""
    columns = [[number(row[name]) for row in rows] for name in BESIDE]
    columns.append([float(len(row["areas"].split())) for row in rows])
    found = np.array(columns).T
    return np.where(np.isnan(found), np.nanmean(found, axis=0), found)


def _nothing(people: Sequence[Patient]) -> Array:
    return np.empty((len(people), 0))


def _patient(row: Mapping[str, str]) -> Patient:
    return Patient(row["patient"], number(row["age_years"]), "female" if row["sex"] == "female" else "male")


def measured(day: float, name: str, value: float) -> Fact:
    return Fact("measure", name, round(day), value=value)


def treated(name: str, sessions: int | None = None) -> tuple[Fact, ...]:
    return (Fact("treatment", name, 0, sessions=sessions),)


Writer = Callable[[Set, int], Sequence[Fact]]


def courses(known: Set, visits: Sequence[int], also: Writer = lambda known, person: ()) -> list[Course]:
    """The courses with the scores of some visits, and whatever else a writer adds of each person."""
    return [
        Course(
            patient,
            (
                *(
                    measured(known.days[visit], known.measure, known.scores[person, visit])
                    for visit in visits
                    if not np.isnan(known.scores[person, visit])
                ),
                *also(known, person),
            ),
        )
        for person, patient in enumerate(known.patients)
    ]
