"""``spinecourse evaluate``: what the system says beside known answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from spinecourse.assess.evaluation import Evaluation, evaluate
from spinecourse.assess.follow_evaluation import FollowEvaluation, evaluate_follow
from spinecourse.assess.follow_truth import read_visits
from spinecourse.assess.mechanism_evaluation import evaluate_mechanism
from spinecourse.course import Course, read_cases, read_courses


def evaluate_cases(
    path: Annotated[Path, Parameter(help="A case set: one case a line with its course and the gold answer.")],
    /,
    *,
    with_later_facts: Annotated[
        bool, Parameter(negative="", help="Also use the facts marked `after`, learned after the first assessment.")
    ] = False,
) -> None:
    """Compare urgency, localisation and condition with the answers of a case set; the last line is one JSON object.

    Cases are told apart by their line alone: neither the case's id nor the patient's reaches a reasoner.
    """
    result = evaluate(list(read_cases(path)), with_later_facts=with_later_facts)
    print(_text(result))
    print(msgspec.json.encode(result).decode())


def evaluate_mechanisms(
    path: Annotated[Path, Parameter(help="A CSV with a column a criterion (1, 0 or empty) and a column mechanism.")], /
) -> None:
    """Compare the kind of pain with clinicians' verdicts: accuracy and log loss; the last line is one JSON object."""
    result = evaluate_mechanism(path)
    print(f"{result.patients} patients: accuracy {result.accuracy:.4f}, log loss {result.log_loss:.4f}")
    print("rows are the verdict, columns what was said")
    for verdict, row in result.confusion.items():
        print(f"  {verdict:12}" + "".join(f"{name:>13} {count:3}" for name, count in row.items()))
    print(msgspec.json.encode(result).decode())


def _text(result: Evaluation) -> str:
    names = list(result.confusion)
    lines = [f"{result.cases} cases", "", "urgency: rows are the answer, columns what was said"]
    lines.append(" " * 12 + "".join(f"{name:>11}" for name in names))
    lines += [
        f"{gold:12}" + "".join(f"{count:>11}" for count in row.values()) for gold, row in result.confusion.items()
    ]
    lines += ["", "localisation"]
    lines += [
        f"  right site first          {result.site_first:.1%}",
        f"  among the first three     {result.site_first_three:.1%}",
        f"  side right where first    {result.side_right:.1%}",
        f"  Brier score of the first  {result.brier_first:.3f}",
    ]
    figures = result.conditions
    lines += ["", f"condition, where the tables carry the diagnosis ({figures.carried} cases)"]
    lines += [f"  among those named         {figures.named:.1%}", f"  named first               {figures.first:.1%}"]
    lines += [f"  {text}" for text in figures.misses]
    lines += ["", "misses", *(f"  line {miss.line}: {miss.text}" for miss in result.misses), ""]
    return "\n".join(lines)


def evaluate_following(
    path: Annotated[
        Path, Parameter(help="Course files with later truth inside, or a CSV with columns patient, arm, week, odi.")
    ],
    /,
    *,
    known_until_day: Annotated[
        int, Parameter(help="Day since the start up to which the forecast of the end may look.")
    ] = 70,
) -> None:
    """Compare how early following sees that a treatment fails with simpler ways; the last line is one JSON object.

    The end of a course is its scores at the horizon of the treatment, those marked `after` included; all earlier ones
    are shown to the follower one by one.
    """
    courses = read_visits(path) if path.suffix == ".csv" else _courses(path)
    result = evaluate_follow(courses, known_until_day)
    print(_following(result))
    print(msgspec.json.encode(result).decode())


def _courses(path: Path) -> Iterator[Course]:
    """Courses of a file or folder; a case's course without its gold."""
    paths = sorted(found for found in path.iterdir() if found.suffix in SUFFIXES) if path.is_dir() else [path]
    for each in paths:
        if _is_case_set(each):
            yield from (case.course for case in read_cases(each))
        else:
            yield from (reading.course for reading in read_courses(each) if reading.course is not None)


def _is_case_set(path: Path) -> bool:
    """Whether a file holds cases, whose courses stand under a key of their own."""
    with path.open(encoding="utf-8") as stream:
        first = stream.readline()
    try:
        document = msgspec.json.decode(first)
    except msgspec.DecodeError:
        return False
    return isinstance(document, dict) and isinstance(document.get("course"), dict)


SUFFIXES = (".yaml", ".yml", ".json", ".jsonl")


def _following(result: FollowEvaluation) -> str:
    lines = [
        f"{result.courses} courses, {result.judged} with a known end, {result.failed:.1%} failed",
        f"promised: at most {result.promised_per_year:g} false alarms a patient-year",
        "",
        f"{'':58}{'false/yr':>9}{'sens.':>7}{'prec.':>7}{'median lead':>13}{'mean lead':>11}",
    ]
    lines += [
        f"{each.name:58}{each.false_alarms_per_year:>9.3f}{each.sensitivity:>7.1%}{each.precision:>7.1%}"
        f"{each.median_lead_days:>13.0f}{each.mean_lead_days:>11.0f}"
        for each in result.methods
    ]
    lines += [f"skipped: {reason}" for reason in result.skipped]
    if result.longer_lead is not None:
        lines.append(f"median lead against the best other that kept the promise: {result.longer_lead:+.0%}")
    found = result.forecast
    if found is not None:
        lines += ["", f"known on day {found.day} of {found.patients} patients, {found.failed:.1%} of whom failed:"]
        lines.append(
            f"  following            AUC {found.auc:.3f}, Brier {found.brier:.3f}, log loss {found.log_loss:.3f}"
        )
        lines.append(
            f"  logistic regression  AUC {found.logistic_auc:.3f}, Brier {found.logistic_brier:.3f}, "
            f"log loss {found.logistic_log_loss:.3f} (cross-validated)"
        )
        lines.append("  chance said, share that failed, patients")
        lines += [f"  {said:>11.2f} {seen:>17.2f} {count:>9}" for said, seen, count in found.calibration]
    return "\n".join(lines)
