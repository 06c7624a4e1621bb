"""YAML as a course file may use it: plain values only, with the line of each.

Only ``true`` and ``false`` are booleans, keys are always text, dates stay text, and there are no anchors, aliases or
tags: the surprises of YAML 1.1 (``on:`` read as *true*, ``no`` read as *false*) and its bombs are left out. Values are
built from the stream of events without recursion, so nesting costs nothing before it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from spinecourse.course.positions import DEEPEST_KEPT, MOST_REPEATED, Frame, LineTable, Path

DEEPEST: Final = 20
"""Mappings and lists may be nested this deep; a course needs four."""

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, object]] = {
    "": None, "~": None, "null": None, "true": True, "false": False,
    ".nan": float("nan"), ".inf": float("inf"), "-.inf": float("-inf"),
}  # fmt: skip


class YamlRefused(Exception):
    """The text is not YAML, or uses a part of YAML that course files do without."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(slots=True)
class YamlDocument:
    """One document of a YAML text: its value, the lines of its parts, and keys that stand twice."""

    content: Any = None
    line: int = 1
    positions: LineTable = field(default_factory=LineTable)
    repeated: list[tuple[Path, int]] = field(default_factory=list)


def yaml_documents(text: str) -> Iterator[YamlDocument]:
    """The documents of a YAML text, in order.

    Raises YamlRefused, with a line, at the first thing that cannot be read.
    """
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            finished = builder.take(event)
            if finished is not None:
                yield finished
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"is not YAML: {error.problem or error.context or 'not understood'}"
        raise YamlRefused(message, mark.line + 1 if mark else 1) from None
    except yaml.reader.ReaderError as error:
        raise YamlRefused(f"is not YAML: {error.reason}", text.count("\n", 0, error.position) + 1) from None


class _Builder:
    """Takes events in turn and puts the value together."""

    def __init__(self) -> None:
        self.document = YamlDocument()
        self.stack: list[Frame] = []
        self.open: list[Any] = []

    def take(self, event: Any) -> YamlDocument | None:
        """The document, when this event ended it."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.document = YamlDocument(line=line)
        elif isinstance(event, yaml.DocumentEndEvent):
            return self.document
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            self.open.pop()
            self._next()
        return None

    def _node(self, event: Any, line: int) -> None:
        _refuse_extras(event, line)
        frame = self.stack[-1] if self.stack else None
        if frame is not None and frame.keys is not None and frame.key is None:
            self._key(frame, event, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._put(_value(event), line)
            self._next()
        else:
            self._opened(isinstance(event, yaml.MappingStartEvent), line)

    def _key(self, frame: Frame, event: Any, line: int) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise YamlRefused("has a list or mapping as a key; a key is a word", line)
        assert frame.keys is not None
        frame.key = event.value
        if event.value in frame.keys:
            self.document.repeated.append(((*frame.path, event.value), line))
            if len(self.document.repeated) > MOST_REPEATED:
                raise YamlRefused(f"has more than {MOST_REPEATED} keys that stand twice", line)
        frame.keys.add(event.value)

    def _opened(self, mapping: bool, line: int) -> None:
        if len(self.stack) >= DEEPEST:
            raise YamlRefused(f"is nested more than {DEEPEST} deep, a course needs four", line)
        path = self.stack[-1].here if self.stack else ()
        value: Any = {} if mapping else []
        self._put(value, line)
        self.stack.append(Frame(path, set() if mapping else None))
        self.open.append(value)

    def _put(self, value: Any, line: int) -> None:
        if not self.stack:
            self.document.content, self.document.line = value, line
            self.document.positions.lines[()] = line
            return
        frame, holder = self.stack[-1], self.open[-1]
        if len(frame.path) < DEEPEST_KEPT:
            self.document.positions.lines[frame.here] = line
        if frame.keys is None:
            holder.append(value)
        else:
            holder[frame.key] = value

    def _next(self) -> None:
        if self.stack:
            self.stack[-1].key = None
            self.stack[-1].index += 1


def _refuse_extras(event: Any, line: int) -> None:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        mark = "*" if isinstance(event, yaml.AliasEvent) else "&"
        raise YamlRefused(
            f"uses an anchor or alias ({mark}{event.anchor[:40]}); write the value out, or put the text in quotes", line
        )
    if event.tag:
        raise YamlRefused("uses a tag (!...); course files hold plain values only: leave the tag out", line)


def _value(event: Any) -> object:
    """A quoted scalar as text; a plain one as the number, boolean or nothing that it looks like."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
