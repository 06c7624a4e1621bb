"""What is foretold and what a record says beside the scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from forecasts.cross_validate import Task
from forecasts.sets import Set, boulder, port, stops, treated

from spinecourse.course.model import Fact

CENTRES: Final[dict[str, dict[str, float]]] = {
    "stops_odi": {"noise_sd": 0.06},
    "boulder_prt pain_avg": {"level_sd": 0.12, "response_sd": 0.18, "drift_sd": 0.1, "noise_sd": 0.09},
    "boulder_prt odi": {"response_days": 57, "drift_sd": 0.07, "drift_days": 108, "noise_sd": 0.08},
    "port_body_map": {"level_sd": 0.15, "response_sd": 0.12, "drift_sd": 0.1, "noise_sd": 0.09},
}
"""What two visits cannot tell apart is held near these values."""

_NAMED = {
    "individualised_physiotherapy": "physiotherapy",
    "advice": "education",
    "pain_reprocessing": "cognitive_behavioural_therapy",
    "placebo": "spinal_injection",
    "usual_care": "medication",
}


def nothing(known: Set, person: int) -> Sequence[Fact]:
    return ()


def named(known: Set, person: int) -> Sequence[Fact]:
    return treated(_NAMED[known.arm_names[known.arms[person]]])


def counted(known: Set, person: int) -> Sequence[Fact]:
    return treated("physiotherapy", 10 if known.arms[person] == 0 else 2)


def others(known: Set, person: int) -> Sequence[Fact]:
    return known.others[person]


def tasks(folder: Path) -> list[Task]:
    """Every task of the validation page, each with records that say more and that say less."""
    physio, clinic = stops(folder), port(folder)
    trial, trial_odi = boulder(folder), boulder(folder, "odi", "odi")
    first, second, third = [0], [0, 1], [0, 1, 2]
    found = [
        Task(physio, "physiotherapy_trial", visits, f"{when}, {how}", writer, CENTRES[physio.name], published=published)
        for visits, when, published in (
            (first, "baseline", 6.4), (second, "baseline, week 5", 5.6), (third, "baseline, weeks 5 and 10", 5.2)
        )
        for how, writer in (("treatment named", named), ("sessions counted", counted), ("no treatment", nothing))
    ]  # fmt: skip
    for known, published in ((trial, 1.14), (trial_odi, None)):
        for how, writer in (("treatment named", named), ("no treatment", nothing)):
            centres = CENTRES[known.name]
            found.append(
                Task(known, "chronic_back_trial", first, f"baseline, {how}", writer, centres, published=published)
            )
    for measure in ("nrs_pain", "nrs_back"):
        for how, writer, beside, best in (("", nothing, False, 1.0), (", PROMIS", others, True, 0.99)):
            given, centres = f"baseline, as {measure}{how}", CENTRES[clinic.name]
            found.append(
                Task(clinic, "pain_clinic", first, given, writer, centres, measure, beside=beside, published=best)
            )
    return found
