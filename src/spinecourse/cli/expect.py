"""``spinecourse expect``: what is realistic, for arms of studies and for patients."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter

from spinecourse.errors import UserError
from spinecourse.expect.evaluation import EvidenceScore, evaluate_evidence
from spinecourse.expect.evidence import read_evidence
from spinecourse.expect.new_study import ArmPrediction, predict_arms
from spinecourse.expect.update import local_draws
from spinecourse.expect.update import update as local_update

COLUMNS = tuple(ArmPrediction.__dataclass_fields__)


def arms(
    folder: Annotated[Path, Parameter(help="A folder with studies.csv, arms.csv and outcomes.csv.")],
    /,
    *,
    format: Annotated[Literal["csv", "json"], Parameter(help="How to print it.")] = "csv",
    local: Annotated[
        Path | None, Parameter(help="Local versions, as `expect update` keeps them, to answer with.")
    ] = None,
) -> None:
    """Predict the mean that each arm will report, by outcome and month, with 50 and 90 % intervals.

    Figures at month 0 are used where there are any; later figures are never read. An arm that cannot be answered
    for has empty figures and says why.
    """
    found = predict_arms(read_evidence(folder), local_draws(local) if local else None)
    if format == "json":
        for prediction in found:
            print(msgspec.json.encode(prediction).decode())
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for prediction in found:
        writer.writerow(_cell(value) for value in asdict(prediction).values())


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def update(
    folder: Annotated[Path, Parameter(help="The clinic's own outcomes, in the layout of the evidence tables.")],
    /,
    *,
    into: Annotated[Path, Parameter(help="The folder that keeps the local versions; it is made where there is none.")],
    on: Annotated[date | None, Parameter(help="The date of the version; today unless given.")] = None,
) -> int:
    """Weigh the draws by a clinic's own outcomes and keep the result as a version.

    Prints the version as one JSON object. Where the outcomes lie too far from what the draws foretell, the version is
    kept but not used, and the command says that a refit is needed and fails.
    """
    made = local_update(folder, into, on=on or date.today())
    print(msgspec.json.encode(made).decode())
    if not made.accepted:
        print(made.why, file=sys.stderr)
        return UserError.exit_code
    return 0


def evidence(
    folder: Annotated[Path, Parameter(help="A folder with studies.csv, arms.csv and outcomes.csv, figures filled in.")],
    /,
) -> None:
    """Compare predicted means of arms with the reported ones; the last line is one JSON object."""
    result = evaluate_evidence(read_evidence(folder))
    print(_text(result))
    print(msgspec.json.encode(result).decode())


def _text(result: EvidenceScore) -> str:
    if not result.rows:
        return "no row has both a prediction and a reported mean"
    lines = [
        f"{result.rows} reported means of {result.studies} studies; {result.refused} rows refused",
        f"{result.seen} of them are of studies the synthesis was fitted to"
        if result.seen
        else "none of them was fitted to",
        f"  inside the 50 % interval   {result.coverage50:.1%}",
        f"  inside the 90 % interval   {result.coverage90:.1%}",
        f"  mean absolute error        {result.mean_absolute_error:.3f} of the scale",
        f"    pooled mean of the class {result.pooled_mean_absolute_error:.3f}",
        f"  interval score (90 %)      {result.interval_score90:.3f}",
        f"    pooled mean of the class {result.pooled_interval_score90:.3f}",
    ]
    if result.carried_rows:
        lines += [
            f"  on the {result.carried_rows} rows with a baseline: ours {result.absolute_error_beside_carried:.3f},"
            f" baseline carried forward {result.carried_absolute_error:.3f}"
        ]
    return "\n".join(lines)
