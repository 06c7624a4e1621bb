"""What is realistic, on the terminal: one line an option in an assessment, a page of its own for ``expect patient``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from spinecourse.expect.expectation_answer import Expectation, Harm, Realistic, SecondOpinion, TreatmentRisks
from spinecourse.expect.plain import in_plain_words, people_of_100

SHOWN_MONTHS: Final = 12.0
"""The horizon shown where there is one line for an option."""

MOST_HARMS: Final = 4


def expectation_part(expectations: Sequence[Expectation], why: str) -> Iterator[RenderableType]:
    """A line for every open option at twelve months; the JSON form has every horizon, the risks and the sources."""
    yield Text("What is realistic", style="bold")
    rows = [row for row in expectations if row.months == SHOWN_MONTHS]
    if rows:
        yield Padding(_table(rows), (0, 0, 0, 2))
    yield Padding(Text(why), (0, 0, 0, 2))


def realistic_page(found: Realistic) -> Iterator[RenderableType]:
    """Everything of one course: every option, outcome and horizon, the hope beside it, risks, and plain words."""
    yield Text(f"{found.id}: what is realistic ({(found.condition or 'no condition').replace('_', ' ')})", style="bold")
    answered = [row for row in found.expectation if row.months is not None]
    if answered:
        yield Padding(_table(answered), (0, 0, 0, 2))
    harms = {each.treatment: each for each in found.risks}
    for treatment, rows in groupby(found.expectation, key=lambda row: row.treatment):
        yield from _option(treatment, list(rows), harms.get(treatment))
    for opinion in found.second_opinions:
        yield from _opinion(opinion)
    yield Text(found.why)


def _opinion(opinion: SecondOpinion) -> Iterator[RenderableType]:
    yield Text(f"Second opinion: {opinion.calculator} on {opinion.treatment.replace('_', ' ')}", style="bold")
    shares = ", ".join(f"{level} {100 * share:.0f}" for level, share in opinion.theirs.items())
    lines = [
        f"of 100 after {opinion.months:g} months: {shares} ({opinion.population}, {opinion.people} people)",
        f"taken as average there: {', '.join(opinion.inputs_average) or 'nothing'}",
        opinion.apart,
        f"validated: {'; '.join(opinion.validation)}",
    ]
    yield Padding(Text("\n".join(line for line in lines if line)), (0, 0, 0, 4))


def _option(treatment: str, rows: list[Expectation], risks: TreatmentRisks | None) -> Iterator[RenderableType]:
    first = rows[0]
    yield Text(f"{_name(first)}: certainty {first.certainty}", style="bold")
    lines = [first.why] if first.months is None else [*first.because, *first.warnings]
    lines += [_hope(row) for row in rows if row.patient_expects is not None]
    if risks is not None:
        lines += [_harm(harm) for harm in risks.harms[:MOST_HARMS]]
        if risks.not_counted:
            lines.append(f"not counted by any study on record: {', '.join(risks.not_counted)}")
    lines += [f"source: {source}" for source in first.sources]
    yield Padding(Text("\n".join(line for line in lines if line)), (0, 0, 0, 4))
    told = min((row for row in rows if row.months is not None), key=_away, default=None)
    if told is not None:
        yield Padding(Text("For the patient: " + " ".join(in_plain_words(told)), style="italic"), (0, 0, 0, 4))


def _away(row: Expectation) -> float:
    """How far a row lies from the horizon that is told in words."""
    return abs((row.months or 0.0) - SHOWN_MONTHS)


def _table(rows: Sequence[Expectation]) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    headings = (
        "option",
        "outcome",
        "months",
        "now",
        "median",
        "8 of 10",
        "of 100: better/same/worse",
        "nearly free",
        "comes anyway",
    )
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < 2 else "right")
    for row in rows:
        table.add_row(*_cells(row))
    return table


def _cells(row: Expectation) -> tuple[str, ...]:
    assert row.median is not None
    assert row.interval80 is not None
    people = people_of_100(row)
    said = f"{people['much_better'] + people['better']}/{people['same']}/{people['worse']}" if people else "not known"
    return (
        _name(row), row.outcome, f"{row.months:g}", "?" if row.baseline is None else f"{row.baseline:g}",
        f"{row.median:.3g}", f"{row.interval80[0]:.3g} to {row.interval80[1]:.3g}", said,
        "?" if row.symptom_free is None else f"{100 * row.symptom_free:.0f}",
        _anyway(row),
    )  # fmt: skip


def _name(row: Expectation) -> str:
    return "going on as now" if row.going_on_as_now else row.treatment.replace("_", " ")


def _anyway(row: Expectation) -> str:
    if row.comes_anyway is None:
        return "" if row.going_on_as_now else "?"
    return f"{row.comes_anyway:.0%}"


def _hope(row: Expectation) -> str:
    assert row.chance_of_that is not None
    hoped = f"the patient hopes for {row.outcome} {row.patient_expects:g}"
    return f"{hoped}: {100 * row.chance_of_that:.0f} of 100 reach it by {row.months:g} months"


def _harm(harm: Harm) -> str:
    when = f" {harm.period}" if harm.period else ""
    sure = f"95 % interval {harm.low:.2g} to {harm.high:.2g}; {harm.directness}"
    return f"{harm.of_100:.2g} of 100 {harm.label}{when} ({sure})"
