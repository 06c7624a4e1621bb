"""What is realistic, on the terminal: one line an option in an assessment, a page of its own for ``expect patient``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from spinecourse.expect.expectation_answer import Expectation, Harm, Realistic, SecondOpinion, TreatmentRisks
from spinecourse.expect.plain import in_plain_words, outcome_words, people_of_100
from spinecourse.trajectory import scale

SHOWN_MONTHS: Final = 12.0
"""The horizon shown where there is one line for an option."""

MOST_HARMS: Final = 4

NARROW: Final = 2
"""Scales no wider than this are told in hundredths."""

WIDE: Final = 30
"""Scales wider than this are told in whole points."""


def expectation_part(expectations: Sequence[Expectation], why: str) -> Iterator[RenderableType]:
    """A line for every open option at twelve months; the JSON form has every horizon, the risks and the sources."""
    yield Text("What is realistic", style="bold")
    rows = [row for row in expectations if row.months == SHOWN_MONTHS]
    yield from _tables(rows)
    yield Padding(Text(why), (0, 0, 0, 2))


def realistic_page(found: Realistic) -> Iterator[RenderableType]:
    """Everything of one course: every option, outcome and horizon, the hope beside it, risks, and plain words."""
    yield Text(f"{found.id}: what is realistic ({(found.condition or 'no condition').replace('_', ' ')})", style="bold")
    yield from _tables([row for row in found.expectation if row.months is not None])
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


def _tables(rows: Sequence[Expectation]) -> Iterator[RenderableType]:
    """A table for each outcome: a line an option, a column a horizon, and what it means for a hundred such people."""
    for outcome in dict.fromkeys(row.outcome for row in rows):
        of_outcome = [row for row in rows if row.outcome == outcome]
        yield Padding(Text(_what(of_outcome[0]), style="dim"), (0, 0, 0, 2))
        yield Padding(_table(of_outcome), (0, 0, 0, 2))
    if rows:
        yield Padding(Text(" ".join(_notes(rows)), style="dim"), (0, 0, 0, 2))


def _notes(rows: Sequence[Expectation]) -> Iterator[str]:
    yield "In brackets: where 8 of 10 such people end."
    counted = _counted(rows)
    if counted is not None:
        yield f"Better, same, worse and nearly free are counts of 100 such people after {counted:g} months."
    if any(row.baseline is None for row in rows):
        yield "Where the score now is not known, nobody can say how many get better."
    yield "Comes anyway: the part of the gain that going on as now would bring too."


def _what(row: Expectation) -> str:
    what, unit = outcome_words(row.outcome)
    now = "not known now" if row.baseline is None else f"now {row.baseline:g}"
    return f"{what} ({row.outcome}, {unit}), {now}"


def _table(rows: Sequence[Expectation]) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("option")
    months = sorted({row.months for row in rows if row.months is not None})
    counted = _counted(rows)
    told = ["better/\nsame/\nworse", "nearly\nfree"] if counted is not None else []
    for heading in [*(f"{month:g} months" for month in months), *told, "comes\nanyway"]:
        table.add_column(heading, justify="right")
    for _, of_option in groupby(rows, key=lambda row: row.treatment):
        at = {row.months: row for row in of_option}
        table.add_row(*_cells(at, months, counted))
    return table


def _counted(rows: Sequence[Expectation]) -> float | None:
    """The horizon at which people are counted: the usual one, else the last; None where nobody can be counted."""
    found = [row.months for row in rows if row.months is not None and _people(row)]
    return SHOWN_MONTHS if SHOWN_MONTHS in found else max(found, default=None)


def _cells(at: Mapping[float | None, Expectation], months: Sequence[float], counted: float | None) -> list[str]:
    last = at[max(month for month in months if month in at)]
    cells = [_name(last), *(_course(at[month]) if month in at else "" for month in months)]
    if counted is not None:
        row = at.get(counted, last)
        cells += [_people(row) or "?", "?" if row.symptom_free is None else f"{100 * row.symptom_free:.0f}"]
    return [*cells, _anyway(last)]


def _people(row: Expectation) -> str:
    people = people_of_100(row)
    return f"{people['much_better'] + people['better']}/{people['same']}/{people['worse']}" if people else ""


def _course(row: Expectation) -> str:
    """The median and the ends of the 80 % interval, as finely as somebody could report them."""
    assert row.median is not None
    assert row.interval80 is not None
    width = scale(row.outcome).range
    low, high = (f"{value:.{0 if width > NARROW else 2}f}" for value in row.interval80)
    return f"{row.median:.{0 if width > WIDE else 1 if width > NARROW else 2}f} ({low}–{high})"


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
