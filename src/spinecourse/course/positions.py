"""Where things stand in a document: from a path such as ``("facts", 3, "side")`` to a line counted from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Final, Protocol

Path = tuple[str | int, ...]
"""The way from the root of a document to a value: keys of mappings and places in lists, these from 0."""

DEEPEST_KEPT: Final = 6
"""Positions deeper than this are answered with the position of what holds them."""

MOST_REPEATED: Final = 100
"""So many keys that stand twice are named; a document with more is refused as a whole."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class Positions(Protocol):
    """Answers in which line a value stands; None where the document has no lines."""

    def line(self, path: Path) -> int | None:
        """The line of the value at ``path``, or of the nearest thing around it."""


@dataclass(frozen=True, slots=True)
class OneLine:
    """Everything in the same line, as in JSON Lines, or in no line at all."""

    number: int | None = None

    def line(self, path: Path) -> int | None:
        """The one line."""
        return self.number


@dataclass(slots=True)
class LineTable:
    """Lines noted one by one while a document was read."""

    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int | None:
        """The line of the value at ``path``, or of the nearest thing around it."""
        for end in range(min(len(path), DEEPEST_KEPT), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None


class JsonText:
    """Lines in a JSON text, found only when somebody asks."""

    def __init__(self, text: str) -> None:
        self._text = text

    @property
    def first(self) -> int:
        """The line in which the value begins."""
        return 1 + self._text.count("\n", 0, len(self._text) - len(self._text.lstrip()))

    @cached_property
    def _table(self) -> LineTable:
        table = LineTable({(): self.first})
        for path, line, _ in scan(self._text):
            if len(path) <= DEEPEST_KEPT:
                table.lines[path] = line
        return table

    def line(self, path: Path) -> int | None:
        """The line of the value at ``path``, or of the nearest thing around it."""
        return self._table.line(path)

    def repeated(self) -> Iterator[tuple[Path, int]]:
        """Every key that stands in its mapping for the second time or more often, with its line."""
        return ((path, line) for path, line, again in scan(self._text) if again)


def entry_lines(text: str) -> Iterator[LineTable]:
    """The positions within each entry of a JSON list, one after another: never those of the whole text at once."""
    for index, places in groupby(scan(text), key=lambda place: place[0][0]):
        yield LineTable({path[1:]: line for path, line, _ in places if len(path) <= DEEPEST_KEPT and path[0] == index})


@dataclass(frozen=True, slots=True)
class Within:
    """Positions of a part of a document, asked for by paths that begin at the part."""

    whole: Positions
    prefix: Path

    def line(self, path: Path) -> int | None:
        """The line of the value at ``path``, or of the nearest thing around it."""
        return self.whole.line(self.prefix + path)


@dataclass(slots=True)
class Frame:
    """An open mapping or list while a document is read from front to back."""

    path: Path
    keys: set[str] | None
    key: str | None = None
    index: int = 0

    @property
    def here(self) -> Path:
        """The path of the value that comes next; far inside, that of what holds it."""
        if len(self.path) > DEEPEST_KEPT:
            return self.path
        return (*self.path, self.index if self.keys is None else self.key or "")


def scan(text: str) -> Iterator[tuple[Path, int, bool]]:
    """Every key and list entry of a valid JSON text with its line, and whether the key stood there before.

    A mapping's value is placed where its key stands.
    """
    line, last, stack = 1, 0, list[Frame]()
    for token in _TOKEN.finditer(text):
        line, last = line + text.count("\n", last, token.start()), token.start()
        first = text[last]
        if stack and first not in ",:}]":
            yield from _place(stack[-1], token[0], line)
        if first in "{[":
            stack.append(Frame(stack[-1].here if stack else (), set() if first == "{" else None))
        elif first in "}]":
            stack.pop()
        elif first == ",":
            stack[-1].index += 1
            stack[-1].key = None


def _place(frame: Frame, token: str, line: int) -> Iterator[tuple[Path, int, bool]]:
    if frame.keys is None:
        yield frame.here, line, False
    elif frame.key is None:
        frame.key = _unquoted(token)
        again = frame.key in frame.keys
        frame.keys.add(frame.key)
        yield (*frame.path, frame.key) if again else frame.here, line, again


def _unquoted(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    import json

    return str(json.loads(token))
