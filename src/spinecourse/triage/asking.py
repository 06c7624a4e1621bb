"""What nobody asked: the parts of a condition without an answer, but for those that other findings answer with yes."""

from __future__ import annotations

from functools import cache

from spinecourse.findings import Batch, unknown_atoms
from spinecourse.knowledge.conditions import Condition
from spinecourse.knowledge.rules import rules
from spinecourse.triage.wording import ask


def unasked(condition: Condition, batch: Batch, row: int) -> list[str]:
    """The questions of a condition that are still open for one patient, in words.

    Only a finding that is known to be there answers a question about it in other words; a denial answers its own
    question and no other.
    """
    return [ask(atom) for atom in unknown_atoms(condition, batch, row) if not _answered(atom, batch, row)]


def _answered(question: Condition, batch: Batch, row: int) -> bool:
    answer = _answers().get(question)
    return answer is not None and bool(batch.conditions.true(answer) >> row & 1)


@cache
def _answers() -> dict[Condition, Condition]:
    questions, answers = (rules("model/questions_answered", column) for column in ("question", "answered_when"))
    return {question.condition: answer.condition for question, answer in zip(questions, answers, strict=True)}
