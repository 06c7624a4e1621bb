"""What a published calculator says, beside our own answer, and where the two part."""

from __future__ import annotations

from collections.abc import Sequence

from spinecourse.course.model import Course
from spinecourse.expect.calculators import Calculator, calculated, calculators
from spinecourse.expect.expectation_answer import Expectation, SecondOpinion
from spinecourse.knowledge.parameters import parameter


def second_opinions(course: Course, condition: str, expectations: Sequence[Expectation]) -> list[SecondOpinion]:
    """Every calculator whose population holds this condition and one of the treatments told; none outside it."""
    found = []
    for chosen in calculators():
        for treatment in dict.fromkeys(row.treatment for row in expectations):
            row = _beside(chosen, treatment, expectations)
            if row is not None and row.studied_as and chosen.speaks_for(condition, row.studied_as):
                found.append(_opinion(chosen, course, row))
    return found


def _beside(chosen: Calculator, treatment: str, rows: Sequence[Expectation]) -> Expectation | None:
    """Our row for the treatment that comes closest: the calculator's outcome if it is told, and its month."""
    months, outcome = chosen.row.number("months") or 0.0, chosen.row["outcome"]
    own = [row for row in rows if row.treatment == treatment and row.months is not None]
    return min(own, key=lambda row: (row.outcome != outcome, abs((row.months or 0.0) - months)), default=None)


def _opinion(chosen: Calculator, course: Course, row: Expectation) -> SecondOpinion:
    found = calculated(chosen, course)
    same = row.outcome == chosen.row["outcome"]
    ours = {"nearly free of it": row.symptom_free, "much better": row.much_better, "better": row.better} if same else {}
    validation = [
        f"{each['metric']} {each['value']} ({each['validation']}; {each['source_url']})" for each in chosen.performance
    ]
    return SecondOpinion(
        chosen.name, row.treatment, chosen.row["predicts"], chosen.row.number("months") or 0.0,
        chosen.row["population"], int(chosen.row.number("people") or 0),
        {level: round(share, 3) for level, share in found.shares.items()},
        {name: value for name, value in ours.items() if value is not None},
        list(found.known), list(found.average), _apart(found.shares, row.much_better if same else None),
        validation or ["no validation is on record"], chosen.row["source_url"],
    )  # fmt: skip


def gone_or_much_better(shares: dict[str, float]) -> float:
    """The two best levels of pain together: what comes closest to our *much better*."""
    return shares["completely gone"] + shares["much better"]


def _apart(theirs: dict[str, float], ours: float | None) -> str:
    """Where the answers part and why, or that they agree; empty where nothing of ours compares."""
    if ours is None or "much better" not in theirs:
        return ""
    good = gone_or_much_better(theirs)
    if abs(good - ours) <= parameter("calculator_agrees_within"):
        return f"agrees: {good:.0%} gone or much better there, {ours:.0%} much better here"
    return (
        f"parts: {good:.0%} gone or much better there, {ours:.0%} much better here; there people judge the pain "
        "themselves a year after an operation in one country's registry, here a change of the score counts, from "
        "studies of many countries"
    )
