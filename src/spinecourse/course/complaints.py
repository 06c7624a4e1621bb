"""Gathering what is wrong with one course, each with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from spinecourse.course.documents import fact_at, shown_key
from spinecourse.course.positions import OneLine, Path, Positions
from spinecourse.course.values import suggestion
from spinecourse.errors import Problem

MOST_A_COURSE: Final = 100
"""A course with so many problems is not checked any further."""


@dataclass(slots=True)
class Complaints:
    """The problems of one course so far; ``number`` is the course's place in its file, from 1."""

    file: str
    number: int = 1
    positions: Positions = field(default_factory=OneLine)
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        """Notes a problem of the value at a path from the root of the course."""
        line = self.positions.line(path)
        self.problems.append(Problem(self.file, line, fact_at(path), message, str(self.number)))

    @property
    def full(self) -> bool:
        """Whether the course has shown enough problems to stop."""
        return len(self.problems) >= MOST_A_COURSE

    def unknown_key(self, path: Path, key: object, known: Iterable[str]) -> None:
        """Notes a key that nobody knows, with the likeliest that was meant."""
        choices = frozenset(known)
        ending = suggestion(str(key), choices) or f"; known are {', '.join(sorted(choices))}"
        self.add((*path, str(key)), f"{shown_key(key)} is not a known key here{ending}")
