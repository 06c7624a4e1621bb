"""Why a patient was put into a class: facts for and against, what nobody asked, what to do, and whose rule it is.

Computed only for the rows asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

from spinecourse.findings import Batch, denying_facts, supporting_facts
from spinecourse.knowledge.tables import SURENESS, Row, by_column, load
from spinecourse.triage.answer import Concern, OpenQuestion, Triage
from spinecourse.triage.asking import unasked
from spinecourse.triage.model import TriageBatch
from spinecourse.triage.rules import ROUTINE, URGENCIES, DecisiveQuestion, RedFlag, decisive_questions, red_flags
from spinecourse.triage.stages import stage_reached
from spinecourse.triage.wording import texts


def explain(batch: Batch, triage: TriageBatch, row: int) -> Triage:
    """The triage of one patient of the batch, with every reason."""
    concerns = sorted(_concerns(batch, triage, row), key=_order)
    questions = _in_question(batch, row)
    denied = texts(fact for question in questions for fact in denying_facts(question.questions, batch, row))
    urgency = URGENCIES[triage.level[row]]
    opened = [opened for question in questions if (opened := _open(question, batch, row)).unasked]
    return Triage(urgency, concerns, opened, denied, _why(concerns, opened, bool(batch.deciding[row])))


def _concerns(batch: Batch, triage: TriageBatch, row: int) -> Iterable[Concern]:
    raised: dict[str, list[RedFlag]] = {}
    for number, flag in enumerate(red_flags()):
        if triage.fired[number, row] and flag.level < ROUTINE:
            raised.setdefault(flag.danger, []).append(flag)
    for danger, flags in raised.items():
        yield _concern(danger, sorted(flags, key=lambda flag: flag.level), batch, triage, row)


def _concern(danger: str, flags: list[RedFlag], batch: Batch, triage: TriageBatch, row: int) -> Concern:
    """One danger from the rules that raised it, the most urgent first."""
    first = flags[0]
    probability = float(triage.probability[danger][row])
    question = next((question for question in decisive_questions() if question.danger == danger), None)
    decisive = supporting_facts(question.questions, batch, row) if question else []
    supporting = [fact for flag in flags for fact in supporting_facts(flag.condition, batch, row)]
    because = texts([fact for fact in decisive if fact in supporting] + supporting)
    against = texts(denying_facts(question.questions, batch, row)) if question else []
    return Concern(
        condition=danger,
        urgency=URGENCIES[first.level],
        probability=None if math.isnan(probability) else round(probability, 4),
        because=because,
        against=[text for text in against if text not in because],
        unasked=unasked(question.questions, batch, row) if question else [],
        action=first.row["action"],
        within=first.row["within"],
        sources=[_source(flag) for flag in flags],
        certainty=max((flag.row["checked"] for flag in flags if flag.level == first.level), key=_sureness),
        threshold=_threshold(danger),
        trade=_trade(danger),
        disagreements=_disagreements(danger),
        stage=stage_reached(danger, batch, row),
    )


@cache
def _thresholds() -> dict[str, Row]:
    return by_column(load("clinical/decision_thresholds"), "condition")


def _threshold(danger: str) -> float | None:
    """The probability above which acting is worth its harm (Pauker 1980, doi 10.1056/NEJM198005153022003)."""
    row = _thresholds().get(danger)
    return row.number("threshold") if row else None


def _trade(danger: str) -> str:
    row = _thresholds().get(danger)
    return f"{row['harm_of_missing']}, against {row['harm_of_acting']} ({row['checked']})" if row else ""


def _disagreements(danger: str) -> list[str]:
    """Where guidance differs about a danger: both sides with their years, and what is done here."""
    return [
        f"{row['question']}: {row['one_side']} ({row['one_source']}, {row['one_year']}); {row['other_side']} "
        f"({row['other_source']}, {row['other_year']}). Here: {row['here']} ({row['checked']})"
        for row in load("clinical/guideline_disagreements")
        if row["condition"] == danger
    ]


def _open(question: DecisiveQuestion, batch: Batch, row: int) -> OpenQuestion:
    return OpenQuestion(question.danger, unasked(question.questions, batch, row))


def _in_question(batch: Batch, row: int) -> list[DecisiveQuestion]:
    """The dangers known to be in question for this patient; where none is known to be, all not known not to be."""
    conditions = batch.conditions
    known = [entry for entry in decisive_questions() if conditions.true(entry.relevant) >> row & 1]
    return known or [entry for entry in decisive_questions() if not conditions.false(entry.relevant) >> row & 1]


def _why(concerns: list[Concern], opened: list[OpenQuestion], known: bool) -> str:
    """One sentence a clinician can read out."""
    if concerns:
        first = concerns[0]
        return f"{first.condition.replace('_', ' ')}: {'; '.join(first.because[:3])}"
    if opened and not known:
        return "nothing is known by which a danger could be judged: ask the decisive questions first"
    if opened:
        count = len({text for question in opened for text in question.unasked})
        return f"no rule for a danger fired, but {count} decisive questions have no answer"
    return "no rule for a danger fired on what is known"


def _order(concern: Concern) -> tuple[int, float]:
    return URGENCIES.index(concern.urgency), -(concern.probability or 0.0)


def _sureness(checked: str) -> int:
    """A larger number for a surer source."""
    return -SURENESS.index(checked)


def _source(flag: RedFlag) -> str:
    row = flag.row
    return f"{row['source']} ({row['checked']}; {row.table} {row['id']}) {row['source_url']}"
