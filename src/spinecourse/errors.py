"""Every error a caller may want to catch, in one tree, with the exit code the command line gives it.

::

    SpinecourseError
    ├── UserError            the user's mistake: no traceback           exit 2
    │   ├── CourseError      a course file that cannot be accepted      exit 3
    │   ├── FhirError        a FHIR document that cannot be read        exit 4
    │   ├── NotFound         a name, file or page that does not exist   exit 5
    │   └── Conflict         somebody else was there first              exit 2
    └── KnowledgeError       a table row of ours that is wrong          exit 6

Messages name file, line, fact number and key. They repeat what a person typed into the course file's *names*
(never free text), because the reader of the message is the person who typed it; logs only ever get the location.
"""

from __future__ import annotations

from dataclasses import dataclass


class SpinecourseError(Exception):
    """Root of the tree."""

    exit_code = 1


class UserError(SpinecourseError):
    """Something the user can put right; shown without a traceback."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one place of an input: where it is, what is wrong, and what to do about it.

    ``line`` is counted from 1 and ``fact`` from 1; either is None where the place has none.
    """

    file: str
    line: int | None
    fact: int | None
    message: str
    course: str | None = None

    @property
    def place(self) -> str:
        """The location alone, safe to log."""
        parts = [self.file if self.line is None else f"{self.file}:{self.line}"]
        if self.fact is not None:
            parts.append(f"fact {self.fact}")
        return ", ".join(parts)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class CourseError(UserError):
    """A course file, or one course in it, that cannot be accepted; carries every problem found, not only the first."""

    exit_code = 3

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class FhirError(UserError):
    """A document that is not FHIR R4, or not FHIR at all."""

    exit_code = 4


class NotFound(UserError):
    """A name, file or page that does not exist."""

    exit_code = 5


class Conflict(UserError):
    """What was to be changed was changed or closed by somebody else in the meantime; nothing was overwritten."""


class KnowledgeError(SpinecourseError):
    """A row of a knowledge table that breaks a rule; carries every problem found."""

    exit_code = 6

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
