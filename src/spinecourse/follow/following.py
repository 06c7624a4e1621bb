"""One course followed: how it goes, what may have failed, and what is taken."""

from __future__ import annotations

from spinecourse.course.model import Course
from spinecourse.findings import Batch
from spinecourse.findings.derived import assessment_day
from spinecourse.follow.answer import Follow
from spinecourse.follow.failed_surgery import failed_surgery
from spinecourse.follow.opioids import opioids

NOT_FOLLOWED = "no expected course is worked out yet: neither on course nor off course is said"


def follow_course(course: Course, batch: Batch, row: int) -> Follow:
    """Follow one patient, who stands in row ``row`` of the batch. Facts learned ``after`` are left out."""
    known = [fact for fact in course.facts if not fact.after]
    now = assessment_day(known) or 0
    failed = failed_surgery(course, batch, row)
    because = [] if failed is None or failed.kind == "early" else [failed.why]
    return Follow("unknown", because, NOT_FOLLOWED, None, failed, opioids(course, batch, row, now))
