"""*Is this right for me?* for one procedure and one course: what it is, where it stands, what decides, whom to ask."""

from __future__ import annotations

from msgspec import Struct

from spinecourse import pathway
from spinecourse.assess.assessing import planned_courses
from spinecourse.course.model import Course
from spinecourse.pathway.asking import procedure_named, questions


class Procedure(Struct, frozen=True):
    """One procedure for one course. ``option`` carries standing, cautions and what sources say for and against.

    ``questions`` are in order: those without an answer first. ``whom`` is who does it and can be asked.
    """

    id: str
    treatment: str
    meaning: str
    whom: str
    option: pathway.Option
    questions: list[pathway.Question]


def ask_procedure(course: Course, name: str) -> Procedure:
    """The questions that decide about a procedure for one course, which may hold no facts at all.

    Raises NotFound for a procedure the tables do not have.
    """
    row = procedure_named(name)
    found = planned_courses([course])
    answer = pathway.explain(found, course.facts, 0)
    option = next(entry for entry in answer.options if entry.treatment == row["treatment"])
    return Procedure(
        course.id, row["treatment"], row["means"], row["whom"], option, questions(found, row["treatment"], 0)
    )
