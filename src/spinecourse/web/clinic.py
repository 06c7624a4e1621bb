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
    """Patients by id. A course in the store never changes, so its assessment is kept."""

    def __init__(self, store: Store, assess: Assess) -> None:
        self._store = store
        self._assess = assess
        self._seen: dict[str, Seen] = {}
        self._lock = Lock()

    def patients(self) -> list[Seen]:
        """Everybody, in the order of entry."""
        return [self.patient(course_id) for course_id in self._store.ids()]

    def patient(self, course_id: str) -> Seen:
        """One patient; raises NotFound where there is none."""
        with self._lock:
            if course_id not in self._seen:
                course, entry = self._store.course(course_id), self._store.entry(course_id)
                self._seen[course_id] = Seen(course, entry, self._assessed(course))
            return self._seen[course_id]

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
