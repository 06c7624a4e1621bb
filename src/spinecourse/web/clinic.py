"""The clinic behind the pages: every patient of the store with an assessment, made once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Course
from spinecourse.store import Entry, Store

log = logging.getLogger(__name__)

Assess = Callable[[Course], Assessment]


@dataclass(frozen=True, slots=True)
class Seen:
    """A patient, and the assessment; None where assessing failed, which the pages say in so many words."""

    course: Course
    entry: Entry
    assessment: Assessment | None


class Clinic:
    """Patients by id. An assessment is kept until the record of its patient changes."""

    def __init__(self, store: Store, assess: Assess) -> None:
        self.store = store
        self._assess = assess
        self._seen: dict[str, tuple[int, Seen]] = {}
        self._lock = Lock()

    def patients(self) -> list[Seen]:
        """Everybody, in the order of entry."""
        return [self._current(course_id, revision) for course_id, revision in self.store.revisions().items()]

    def patient(self, course_id: str) -> Seen:
        """One patient; raises NotFound where there is none."""
        return self._current(course_id, self.store.revision(course_id))

    def preview(self, course: Course) -> Assessment | None:
        """The assessment of facts that are in no record yet; None where assessing failed."""
        return self._assessed(course)

    def _current(self, course_id: str, revision: int) -> Seen:
        with self._lock:
            kept = self._seen.get(course_id)
            if kept is None or kept[0] != revision:
                course, entry = self.store.course(course_id), self.store.entry(course_id)
                kept = revision, Seen(course, entry, self._assessed(course))
                self._seen[course_id] = kept
            return kept[1]

    def _assessed(self, course: Course) -> Assessment | None:
        """The assessment, or None after a fault of ours, of which the log gets the place and no content."""
        try:
            return self._assess(course)
        except Exception as error:
            log.error("an assessment failed: %s", place_of(error))
            return None


def place_of(error: BaseException) -> str:
    """Kind of an error, and file and line it came from: what a log may hold without holding a patient."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
    return f"{type(error).__name__} at {where}"
