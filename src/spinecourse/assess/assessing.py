"""From courses to assessments: one batch through every reasoner, then the reasons row by row."""

from __future__ import annotations

from collections.abc import Sequence

from spinecourse import localise, mechanism, triage
from spinecourse.assess.answer import Assessment, Follow, Pathway
from spinecourse.course.model import Course
from spinecourse.findings.batch import Batch, build_batch
from spinecourse.knowledge.tables import by_column, load


def assess_course(course: Course) -> Assessment:
    """The assessment of one course; the same code as for many."""
    return assess_courses([course])[0]


def assess_courses(courses: Sequence[Course]) -> list[Assessment]:
    """The assessments of many courses, in their order.

    Facts known only ``after`` the first assessment are left out. A course without facts is answered with what
    nobody asked, never with reassurance.
    """
    if not courses:
        return []
    batch = build_batch(courses)
    triaged, located, kinds = triage.triage_batch(batch), localise.posterior(batch), mechanism.mechanism_batch(batch)
    return [
        _assessment(
            batch,
            row,
            triage.explain(batch, triaged, row),
            localise.explain(batch, located, row),
            mechanism.explain(batch, kinds, row),
        )
        for row in range(len(courses))
    ]


def _assessment(
    batch: Batch, row: int, urgency: triage.Triage, site: localise.Localisation, kind: mechanism.Mechanism
) -> Assessment:
    later = {name: entry["why"] for name, entry in by_column(load("model/later_parts"), "part").items()}
    return Assessment(
        id=batch.ids[row],
        triage=urgency,
        localisation=site,
        mechanism=kind,
        pathway=Pathway(condition=None, surgery=None, options=[], why=later["pathway"]),
        expectation=[],
        follow=Follow(status=None, because=[], why=later["follow"]),
        notes=list(batch.notes[row]),
        why={"triage": urgency.why, "localisation": site.why, "mechanism": kind.why} | later,
    )
