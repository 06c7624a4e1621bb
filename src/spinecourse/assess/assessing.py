"""From courses to assessments: one batch through every reasoner, then the reasons row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spinecourse import follow, localise, mechanism, pathway, structure, triage
from spinecourse.assess.answer import Assessment
from spinecourse.assess.exam_image import exam_against_image, signs_only
from spinecourse.assess.exam_image_answer import ExamImage
from spinecourse.assess.follow_bands import bands
from spinecourse.assess.handing import handed_over
from spinecourse.assess.realistic import realistic
from spinecourse.course.model import Course
from spinecourse.findings.batch import Batch, build_batch
from spinecourse.findings.catalogue import PRESENT, catalogue
from spinecourse.knowledge.tables import load


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
    images = list(_against_images(courses))
    handed = handed_over(batch, triaged, located, kinds, [compared for _, compared in images])
    planned = pathway.pathway_batch(batch, handed)
    plans = [pathway.explain(planned, course.facts, row) for row, course in enumerate(courses)]
    followed = follow.follow_courses(courses, batch, bands=bands(courses, plans))
    return [
        _assessment(
            batch,
            row,
            triage.explain(batch, triaged, row),
            localise.explain(batch, located, row),
            mechanism.explain(batch, kinds, row),
            seen,
            compared,
            followed[row],
            plans[row],
            courses[row],
        )
        for row, (seen, compared) in enumerate(images)
    ]


def planned_courses(courses: Sequence[Course]) -> pathway.PathwayBatch:
    """The pathways of many courses, without the rest of the assessment and without explanations."""
    batch = build_batch(courses)
    compared = [entry for _, entry in _against_images(courses)]
    triaged, kinds = triage.triage_batch(batch), mechanism.mechanism_batch(batch)
    handed = handed_over(batch, triaged, localise.posterior(batch), kinds, compared)
    return pathway.pathway_batch(batch, handed)


def follow_only(courses: Sequence[Course], as_of_day: int | None = None) -> list[follow.Follow]:
    """Whether each course goes as expected by ``as_of_day``, without the other answers."""
    if not courses:
        return []
    shown = list(courses) if as_of_day is None else [course.until(as_of_day) for course in courses]
    planned = planned_courses(shown)
    plans = [pathway.explain(planned, course.facts, row) for row, course in enumerate(shown)]
    return follow.follow_courses(shown, build_batch(shown), as_of_day=as_of_day, bands=bands(shown, plans))


def _functional_signs(batch: Batch, row: int) -> list[str]:
    """Signs of a functional part, reported without a verdict: they neither prove it nor exclude a lesion."""
    found = []
    for entry in load("clinical/functional_signs"):
        for side in ("", "left", "right"):
            column = catalogue().get((entry["kind"], entry["name"], side))
            if column is not None and batch.states[row, column.number] == PRESENT:
                found.append(f"{column.text}: {entry['meaning']}; it excludes no lesion ({entry['source']})")
    return found


def _against_images(courses: Sequence[Course]) -> Iterator[tuple[structure.Structure, ExamImage]]:
    """What imaging showed in each course, and whether it explains the signs; only imaged courses are located twice."""
    seen = [structure.read_structure(course) for course in courses]
    imaged = [row for row, found in enumerate(seen) if found.levels or found.clear]
    alone = dict(zip(imaged, _located([signs_only(courses[row]) for row in imaged]), strict=True))
    for row, (course, found) in enumerate(zip(courses, seen, strict=True)):
        yield found, exam_against_image(course, found, alone.get(row))


def _located(courses: Sequence[Course]) -> list[localise.Localisation]:
    if not courses:
        return []
    batch = build_batch(courses)
    located = localise.posterior(batch)
    return [localise.explain(batch, located, row, examinations=False) for row in range(len(courses))]


def _assessment(
    batch: Batch,
    row: int,
    urgency: triage.Triage,
    site: localise.Localisation,
    kind: mechanism.Mechanism,
    seen: structure.Structure,
    compared: ExamImage,
    followed: follow.Follow,
    next_steps: pathway.Pathway,
    course: Course,
) -> Assessment:
    hopes = realistic(course, urgency, next_steps)
    return Assessment(
        id=batch.ids[row],
        triage=urgency,
        localisation=site,
        mechanism=kind,
        structure=seen,
        exam_image=compared,
        pathway=next_steps,
        expectation=hopes.expectation,
        risks=hopes.risks,
        second_opinions=hopes.second_opinions,
        follow=followed,
        notes=[*batch.notes[row], *_functional_signs(batch, row)],
        why={
            "triage": urgency.why,
            "localisation": site.why,
            "mechanism": kind.why,
            "structure": seen.why,
            "exam_image": compared.why,
            "follow": followed.why,
            "pathway": next_steps.why,
            "expectation": hopes.why,
        },
    )
