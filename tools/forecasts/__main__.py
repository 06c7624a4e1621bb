# ruff: noqa: E501 - the page below is prose, one sentence a line.
"""``python -m forecasts FOLDER`` with tools on the path: the validation page; ``--fit`` prints the fits.

The sets are not in the repository. The page says who was foretold from what, and how that compares with a regression.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from forecasts.cross_validate import Result, Task, all_results, process_rows
from forecasts.fit import fit
from forecasts.tasks import tasks

from spinecourse.trajectory import scale

PAGE = Path(__file__).resolve().parents[2] / "docs" / "validation" / "forecasts.md"

HEAD = """# Forecasts, cross-validated

Written by `make forecasts` from the patient-level sets beside the repository; the sets themselves are not in it.
Machine: {machine}, Python {python}, one core.

Every person is foretold by `spinecourse.expect.forecasting.forecast` with the population's process and means fitted without that person: 10 folds, 3 times, for the trials; 5 folds for the registry.
The other populations stay as the tables have them, so the forecast does not know which set a person comes from.
CRPS is twice the mean quantile loss over the nineteen levels that the forecast gives, for both columns; a perfect forecast has 0.
The regression knows the set and the arm: a normal around a line through the visits and the arm, cut to the range, on the same folds.
Its CRPS in the sets' own descriptions is that of the continuous normal and therefore two to five per cent lower.

| set | foretold | known | people | CRPS | CRPS of the regression | inside the 80 % interval | regression | absolute error |
|---|---|---|---|---|---|---|---|---|
"""

TAIL = """
## What it shows

- With the treatment on record the forecast is better than the regression for disability at one year, at every step, and for pain at five years; for disability at five years it is as good.
- It improves with each visit.
- Without it the forecast must average over what may have been done, and is as good as a regression that knows the arm, or a few per cent worse.
- Pain of a pain clinic is foretold as well as by the regression fitted there, and better with two PROMIS scores.
- The intervals hold about what they promise.

## What it does not show

- The populations' shares and cues are judgements, set with these sets in view; only the populations' parameters are refitted in each fold.
- The published means of one trial at one month and one year stay in its folds.
- Other countries, other measures and the years between one and five are not tested.
"""

FORETOLD = {
    "stops_odi": "ODI at week 52",
    "boulder_prt pain_avg": "pain at five years",
    "boulder_prt odi": "ODI at five years",
    "port_body_map": "pain at three months",
}


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0])
    every = tasks(folder)
    if "--fit" in arguments:
        print_fits(every)
        return
    lines = [row(task, result) for task, result in all_results(every, lambda line: print(line, file=sys.stderr))]
    machine = f"{platform.system()} {platform.machine()}"
    head = HEAD.format(machine=machine, python=platform.python_version())
    PAGE.write_text(head + "\n".join(lines) + "\n" + TAIL, encoding="utf-8")


def row(task: Task, result: Result) -> str:
    cells = (
        task.known.name, FORETOLD[task.known.name], task.given, str(result.people), f"{result.crps:.3f}",
        f"{result.regression_crps:.3f}", f"{result.coverage80:.1%}", f"{result.regression_coverage80:.1%}",
        f"{result.absolute_error:.2f}",
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def print_fits(every: list[Task]) -> None:
    """The parameters for ``trajectory/processes`` and the middles for ``forecast/courses``, set by set."""
    for known in {task.known.name: task for task in every}.values():
        measured = scale(known.known.measure)
        fitted = fit(known.known, measured, known.centres)
        print(known.known.name, {name: round(value, 3) for name, value in process_rows(fitted.how).items()})
        print("  calm_factor", round(fitted.calm_factor, 2))
        for name, means in zip(known.known.arm_names, fitted.means, strict=True):
            print(" ", name, [round(100 * float(mean) ** (1 / measured.power), 1) for mean in means])


if __name__ == "__main__":
    main(sys.argv[1:])
