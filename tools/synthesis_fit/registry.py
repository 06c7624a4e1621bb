"""The registry beside the synthesis: real patients, not trial patients.

For every operation of every diagnosis of the Swedish registry: its published shares at average inputs a year after,
and ours for the same average patient, whose scores are the registry's means where they are printed and the usual ones
where not. Prints a table and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from spinecourse.course.model import Course, Fact, Patient
from spinecourse.expect.calculators import Calculator, calculated, calculators
from spinecourse.expect.expectation_answer import Expectation
from spinecourse.expect.expecting import expected
from spinecourse.expect.option_course import usual_start
from spinecourse.expect.second_opinion import gone_or_much_better
from spinecourse.knowledge.tables import Row, by_column, load

HEADING = (
    "| diagnosis, people | operation | outcome, start | completely gone / 0 or 1 of 10 "
    "| gone or much better / much better | better at all / better | worse / worse | certainty of ours |"
)


def main() -> None:
    """Print the table, and the mean differences."""
    rows = list(compared())
    print(HEADING)
    print("|" + "---|" * (HEADING.count("|") - 1))
    for chosen, row in rows:
        print(line(chosen, row))
    for name, at in (("gone", 0), ("much better", 1), ("better", 2), ("worse", 3)):
        away = [pairs(chosen, row)[at] for chosen, row in rows]
        apart = [100 * (ours - theirs) for theirs, ours in away if ours is not None]
        print(f"{name}: ours minus the registry's, mean {sum(apart) / len(apart):+.0f}, from {min(apart):+.0f} to "
              f"{max(apart):+.0f} of 100")  # fmt: skip


def compared() -> Iterator[tuple[Calculator, Expectation]]:
    """Every model of pain with our answer for each condition and operation it speaks for; refused ones are left out."""
    for chosen in calculators():
        outcome = chosen.row["outcome"]
        for condition in chosen.row.items_of("conditions") if outcome else ():
            course = average_patient(chosen, condition)
            months = [chosen.row.number("months") or 12.0]
            told = expected(course, condition, chosen.row.items_of("treatments"), months, [outcome])
            yield from ((chosen, row) for row in told.expectation if row.median is not None and not row.going_on_as_now)


def average_patient(chosen: Calculator, condition: str) -> Course:
    """Somebody with the registry's mean scores and age, and the usual score of the outcome where no mean is printed."""
    inputs = by_column(load("calculators/inputs"), "term")
    means = {inputs[row["term"]]["names"]: row for row in printed_means(chosen) if row["term"] in inputs}
    age = means.pop("age_years", None)
    scores = {
        name: row.number("input_mean") or 0.0 for name, row in means.items() if inputs[row["term"]]["kind"] == "measure"
    }
    scores.setdefault(chosen.row["outcome"], round(usual_start(condition, chosen.row["outcome"])))
    facts = tuple(Fact("measure", name, 0, value=float(round(value))) for name, value in scores.items())
    return Course(Patient("average", age.number("input_mean") if age else None), facts)


def printed_means(chosen: Calculator) -> list[Row]:
    """Inputs of the diagnosis with their means; its other models are about the same people, and come first."""
    same = [each for each in calculators() if each.row["population"] == chosen.row["population"]]
    terms = [row for each in [*(e for e in same if e is not chosen), chosen] for _, rows in each.terms for row in rows]
    return [row for row in terms if row["level"] == "per_sd"]


def pairs(chosen: Calculator, row: Expectation) -> list[tuple[float, float | None]]:
    """The registry's share and ours: gone, much better with it, better with both, worse."""
    shares = calculated(chosen, None).shares
    gone, much = shares["completely gone"], gone_or_much_better(shares)
    ours = (row.symptom_free, row.much_better, row.better, row.worse)
    return list(zip((gone, much, much + shares["somewhat better"], shares["worse"]), ours, strict=True))


def line(chosen: Calculator, row: Expectation) -> str:
    """One row of the table, in whole numbers of 100 people."""
    cells = [f"{100 * theirs:.0f} / {100 * (ours or 0.0):.0f}" for theirs, ours in pairs(chosen, row)]
    names = [f"{row.condition}, {chosen.row['people']}", row.treatment, f"{row.outcome} {row.baseline:g}"]
    return f"| {' | '.join([*names, *cells, row.certainty])} |"


if __name__ == "__main__":
    main()
