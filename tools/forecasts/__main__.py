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

Every person is foretold as `spinecourse forecast` does it, with the population's process and means fitted without that person: 10 folds, 3 times, for the trials; 5 folds for the registry.
The other populations stay as the tables have them, so the forecast does not know which set a person comes from.
The regression knows the set and the arm: a normal around a line through the visits and the arm, on the same folds; with PROMIS it is given five PROMIS scores, age and the number of painful areas, the forecast three of the scores.

## At the nineteen levels that a forecast gives

Twice the mean quantile loss over the levels 0.05 to 0.95, for both; a perfect forecast has 0.
The regression's quantiles are cut to the range of the score; in a second column they are also drawn towards the steps in which people answer, as the forecast's are.

| set | foretold | known | people | forecast | regression | regression near steps | inside the 80 % interval | regression | absolute error |
|---|---|---|---|---|---|---|---|---|---|
"""

CONTINUOUS = """
## As continuous distributions

The continuous ranked probability score (CRPS), which is what the descriptions of the sets give for the regression.
It is three to five per cent below twice the mean loss at nineteen levels, because the levels beyond 0.05 and 0.95 have little loss: figures of the two kinds must not be compared with each other.
*Whole*: the whole predictive distribution. *Nineteen, straight on*: the distribution that the nineteen quantiles describe, linear between them, with tails that go straight on and are cut at the ends of the score; *to the ends*: tails that go straight to those ends.
The regression is a normal that is not cut, by the closed formula; *description* is its figure in the description of the set, so that one sees that like is compared with like.
*As aimed*: no worse than the regression at the nineteen levels (its plain column), as a whole and straight on, and 76 to 84 % inside the interval of 80 %.

| set | foretold | known | whole | nineteen, straight on | nineteen, to the ends | regression | description | as aimed |
|---|---|---|---|---|---|---|---|---|
"""

TAIL = """
## What it shows

- The regressions of the descriptions are reproduced.
- With the treatment on record the forecast is better than the regression for disability at one year, at every step, and for pain at five years, counted either way.
- Pain of a pain clinic is foretold a little better than by the regression fitted there. At the nineteen levels most of that comes from the steps: a regression drawn towards them is almost as good.
- With three PROMIS scores the forecast is better than the plain regression that has five of them, age and the painful areas, and as good as that regression drawn towards the steps.
- The forecast improves with each visit.
- Disability at five years is foretold better as a whole distribution, and as well at the nineteen levels, with the treatment on record.
- Without the treatment on record the forecast must average over what may have been done; it is then about as good as a regression that knows the arm, and worse by three in a hundred for disability at five years.
- Pain recorded as back pain is taken to be less surely that of a pain clinic, which costs about one per cent where it is one and leaves it level with the regression.
- The intervals hold what they promise within four in a hundred, and how the tails are drawn moves the continuous figures by one per cent at most.

## What it does not show

- The populations' shares and cues are judgements, set with these sets in view; only the populations' parameters are refitted in each fold; of the trial with 56 people at five years not the shape of the scatter. What PROMIS scores add was fitted on all of the registry.
- How near the quantiles stand to the steps of a score was chosen with these sets in view; it rests on people answering in steps and moves the loss by one per cent for pain and less for disability.
- The published means of one trial at one month and one year stay in its folds.
- Set against the descriptions' continuous figures, which would not be like with like, losses at nineteen levels are lower for disability from the baseline and from week 5, and higher by one to four per cent for the other aims.
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
    found = list(all_results(every, lambda line: print(line, file=sys.stderr)))
    machine = f"{platform.system()} {platform.machine()}"
    head = HEAD.format(machine=machine, python=platform.python_version())
    first, second = (
        "".join(line(task, write(task, result)) for task, result in found) for write in (at_levels, continuous)
    )
    PAGE.write_text(head + first + CONTINUOUS + second + TAIL, encoding="utf-8")


def line(task: Task, cells: list[str]) -> str:
    return "| " + " | ".join((task.known.name, FORETOLD[task.known.name], task.given, *cells)) + " |\n"


def at_levels(task: Task, result: Result) -> list[str]:
    return [
        str(result.people), f"{result.nineteen:.3f}", f"{result.regression_nineteen:.3f}", f"{result.regression_near_steps:.3f}", f"{result.inside:.1%}",
        f"{result.regression_inside:.1%}", f"{result.absolute_error:.2f}",
    ]  # fmt: skip


def continuous(task: Task, result: Result) -> list[str]:
    figures = (result.whole, result.straight, result.to_ends, result.regression_whole)
    published = "" if task.published is None else f"{task.published:g}"
    return [*(f"{figure:.3f}" for figure in figures), published, "yes" if as_aimed(result) else "no"]


def as_aimed(result: Result) -> bool:
    continuous = max(result.whole, result.straight) <= result.regression_whole
    return result.nineteen <= result.regression_nineteen and continuous and 0.76 <= result.inside <= 0.84


def print_fits(every: list[Task]) -> None:
    """The parameters for ``trajectory/processes`` and the middles for ``forecast/courses``, set by set."""
    for known in {task.known.name: task for task in every}.values():
        measured = scale(known.known.measure)
        fitted = fit(known.known, measured, known.centres)
        print(known.known.name, {name: round(value, 3) for name, value in process_rows(fitted.how).items()})
        print("  calm_factor", "as in the table" if fitted.calm_factor is None else round(fitted.calm_factor, 2))
        for name, means in zip(known.known.arm_names, fitted.means, strict=True):
            print(" ", name, [round(100 * float(mean) ** (1 / measured.power), 1) for mean in means])


if __name__ == "__main__":
    main(sys.argv[1:])
