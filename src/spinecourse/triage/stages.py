"""How far a danger has gone: the most advanced stage that is known, and those that silence leaves open."""

from __future__ import annotations

from spinecourse.findings import Batch, supporting_facts
from spinecourse.knowledge.rules import Rule, rules
from spinecourse.triage.answer import Stage
from spinecourse.triage.asking import unasked
from spinecourse.triage.wording import texts


def stage_reached(danger: str, batch: Batch, row: int) -> Stage | None:
    """The most advanced stage of a danger that one patient is known to have reached, or None.

    The rows of ``model/danger_stages`` stand from the most advanced stage to the least.
    """
    stages = [rule for rule in rules("model/danger_stages", "condition") if rule.row["danger"] == danger]
    for number, rule in enumerate(stages):
        if batch.conditions.true(rule.condition) >> row & 1:
            return _stage(rule, stages[:number], batch, row)
    return None


def _stage(reached: Rule, worse: list[Rule], batch: Batch, row: int) -> Stage:
    left = [rule for rule in worse if not batch.conditions.false(rule.condition) >> row & 1]
    questions = [question for rule in left for question in unasked(rule.condition, batch, row)]
    return Stage(
        stage=reached.row["stage"],
        meaning=reached.row["meaning"],
        because=texts(supporting_facts(reached.condition, batch, row)),
        not_excluded=[rule.row["stage"] for rule in left],
        unasked=list(dict.fromkeys(questions)),
        source=f"{reached.row['source']} ({reached.row['checked']}) {reached.row['source_url']}",
        certainty=reached.row["checked"],
    )
