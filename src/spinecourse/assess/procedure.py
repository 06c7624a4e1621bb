"""*Is this right for me?* for one procedure and one course: what it is and can do, where it stands, what decides."""

from __future__ import annotations

from msgspec import Struct

from spinecourse import pathway
from spinecourse.assess.assessing import assess_course, planned_courses
from spinecourse.assess.realistic import realistic
from spinecourse.course.model import Course
from spinecourse.expect.expectation_answer import Expectation, TreatmentRisks
from spinecourse.pathway.asking import procedure_named, questions


class Procedure(Struct, frozen=True):
    """One procedure for one course. ``option`` carries standing, cautions and what sources say for and against.

    ``questions`` are in order: those without an answer first. ``whom`` is who does it and can be asked.
    ``expectation`` is what is realistic for this person, ``risks`` what may go wrong; where nothing can be said they
    are empty or refused, and ``why`` says what is missing.
    """

    id: str
    treatment: str
    meaning: str
    whom: str
    option: pathway.Option
    questions: list[pathway.Question]
    expectation: list[Expectation]
    risks: list[TreatmentRisks]
    why: str


def ask_procedure(course: Course, name: str) -> Procedure:
    """The questions that decide about a procedure for one course, which may hold no facts at all.

    Raises NotFound for a procedure the tables do not have.
    """
    row = procedure_named(name)
    answer = assess_course(course)
    option = next(entry for entry in answer.pathway.options if entry.treatment == row["treatment"])
    hopes = realistic(course, answer.triage, answer.pathway, [option.treatment])
    return Procedure(
        id=course.id,
        treatment=option.treatment,
        meaning=row["means"],
        whom=row["whom"],
        option=option,
        questions=questions(planned_courses([course]), option.treatment, 0),
        expectation=[entry for entry in hopes.expectation if not entry.going_on_as_now],
        risks=hopes.risks,
        why=hopes.why,
    )
