"""Reading course files and case sets from disk or standard input, strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Final

from spinecourse.course.checking import CourseReading, check_course
from spinecourse.course.complaints import Complaints
from spinecourse.course.documents import Document, documents
from spinecourse.course.model import Course
from spinecourse.course.positions import Within
from spinecourse.course.sources import open_source
from spinecourse.course.values import described
from spinecourse.errors import CourseError, Problem
from spinecourse.knowledge import vocabulary

MOST_FACTS_HELD: Final = 100_000
"""Courses with so many facts together are kept while a file is checked; a longer file is read a second time."""

MOST_PROBLEMS: Final = 200
"""A file with so many problems is not checked any further."""


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a case set: its course, with the facts marked ``after`` kept, and the answer to compare with."""

    id: str
    course: Course
    gold: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Read:
    """A reading, and what else its line said where it is of a case set."""

    reading: CourseReading
    case: Mapping[str, object]


def read_courses(
    path: Path, *, keep_going: bool = False, today: date | None = None, allow_after: bool = False
) -> Iterator[CourseReading]:
    """The courses of a YAML, JSON or JSON Lines file (``-`` for standard input), in the order of the file.

    Without ``keep_going`` every course is checked before the first is handed out, and CourseError names all problems
    of all courses. With it, readings come one by one, those not accepted with their problems. Lines of a case set
    are read as courses; their facts marked ``after`` are left out unless ``allow_after``. A file that cannot be
    opened, or is too large, raises NotFound or CourseError either way.
    """
    for read in _read(path, keep_going, today or date.today(), allow_after):
        yield read.reading


def read_cases(path: Path, *, today: date | None = None) -> Iterator[Case]:
    """The cases of a case set, facts marked ``after`` included and marked.

    Raises CourseError, naming every problem, where any case cannot be accepted or has no ``id`` or ``gold``.
    """
    for read in _read(path, False, today or date.today(), True, _lacking):
        gold, course = read.case["gold"], read.reading.course
        assert isinstance(gold, Mapping)
        assert course is not None
        yield Case(str(read.case["id"]), course, gold)


def _read(
    path: Path, keep_going: bool, today: date, allow_after: bool, more: Callable[[_Read], _Read] = lambda read: read
) -> Iterator[_Read]:
    with open_source(path) as source:

        def from_the_beginning() -> Iterator[_Read]:
            seen = _Seen()
            for document in documents(source):
                yield seen.checked(more(_read_document(document, today, allow_after)))

        if keep_going:
            yield from from_the_beginning()
        else:
            yield from _all_or_none(from_the_beginning)


def _all_or_none(from_the_beginning: Callable[[], Iterator[_Read]]) -> Iterator[_Read]:
    """Every reading of a file without problems; raises CourseError, before the first, for a file with some."""
    held: list[_Read] | None = []
    facts, problems = 0, list[Problem]()
    for read in from_the_beginning():
        problems += read.reading.problems
        if len(problems) >= MOST_PROBLEMS:
            raise CourseError([*problems, _stopped(read.reading, len(problems))])
        facts += 1 + len(read.reading.course.facts if read.reading.course else ())
        if problems or facts > MOST_FACTS_HELD:
            held = None
        elif held is not None:
            held.append(read)
    if problems:
        raise CourseError(problems)
    yield from from_the_beginning() if held is None else held


def _stopped(last: CourseReading, count: int) -> Problem:
    message = f"{count} problems so far: nothing after course {last.number} was checked"
    return Problem(last.file, last.line, None, message, str(last.number))


def _read_document(document: Document, today: date, allow_after: bool) -> _Read:
    if document.content is None and document.problems:
        reading = CourseReading(None, document.problems, document.file, document.number, document.line)
        return _Read(reading, {})
    content, positions, case = document.content, document.positions, dict[str, object]()
    outer = Complaints(document.file, document.number, document.positions, list(document.problems))
    if isinstance(content, Mapping) and isinstance(content.get("course"), Mapping):
        case = {key: value for key, value in content.items() if key != "course"}
        _check_wrapping(content, outer)
        content, positions = content["course"], Within(positions, ("course",))
    reading = check_course(
        content, file=document.file, today=today, positions=positions, number=document.number,
        allow_after=allow_after or "gold" in case or "source" in case,
    )  # fmt: skip
    problems = (*outer.problems, *reading.problems)
    course = _without_after(reading.course, allow_after) if not problems else None
    return _Read(replace(reading, course=course, problems=problems, line=document.line), case)


def _check_wrapping(content: Mapping[str, object], outer: Complaints) -> None:
    known = vocabulary.head_keys("case")
    for key in content:
        if key not in known:
            outer.unknown_key((), key, known)


def _without_after(course: Course | None, allow_after: bool) -> Course | None:
    if course is None or allow_after or not any(fact.after for fact in course.facts):
        return course
    return replace(course, facts=tuple(fact for fact in course.facts if not fact.after))


def _lacking(read: _Read) -> _Read:
    """The reading, with problems for what a line of a case set must have besides its course."""
    reading = read.reading
    if reading.problems:
        return read
    outer = Complaints(reading.file, reading.number)
    if not isinstance(read.case.get("id"), str):
        outer.add((), f"a case needs an id (text), this has {described(read.case.get('id'))}")
    if not isinstance(read.case.get("gold"), Mapping):
        outer.add((), f"a case needs gold (a mapping), this has {described(read.case.get('gold'))}")
    problems = tuple(replace(problem, line=reading.line) for problem in outer.problems)
    return replace(read, reading=replace(reading, problems=problems, course=None)) if problems else read


class _Seen:
    """Notices a patient who stands twice in a file, at about a hundred bytes of memory a course."""

    def __init__(self) -> None:
        self._places: dict[bytes, str] = {}

    def checked(self, read: _Read) -> _Read:
        """The reading, refused where its patient's id stood in the file before."""
        reading = read.reading
        if reading.course is None:
            return read
        digest = blake2b(reading.course.id.encode(), digest_size=16).digest()
        here = f"course {reading.number}" if reading.line is None else f"line {reading.line}"
        first = self._places.setdefault(digest, here)
        if first is here:
            return read
        message = f"the patient's id stands in {first} already: join the two courses, or tell the patients apart"
        problem = Problem(reading.file, reading.line, None, message, str(reading.number))
        return replace(read, reading=replace(reading, course=None, problems=(problem,)))
