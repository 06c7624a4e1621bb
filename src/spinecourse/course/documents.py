"""From a file to its documents: parsed values that know in which line they stand, not yet checked as courses.

A document may be a course, a line of a case set, or something else altogether, such as a FHIR resource; telling them
apart is the reader's task. What is wrong with the text of a document is carried by it, so that others may go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path as FilePath

from spinecourse.course.json_text import JsonRefused, read_json
from spinecourse.course.positions import MOST_REPEATED, JsonText, OneLine, Path, Positions, Within, entry_lines
from spinecourse.course.sources import Source, not_text, open_source
from spinecourse.errors import Problem

HEAD = 4096
"""Bytes looked at to tell text from something else."""


@dataclass(frozen=True, slots=True)
class Document:
    """One value of a file, the ``number``-th counted from 1, with the line it begins in.

    ``content`` is None and ``problems`` says why where it could not be parsed. A document with keys that stand twice
    has both: the later value, and a problem.
    """

    content: object
    file: str
    number: int
    line: int | None
    positions: Positions
    problems: tuple[Problem, ...] = ()


def load_documents(path: FilePath) -> Iterator[Document]:
    """The documents of a YAML, JSON or JSON Lines file, or of standard input for ``-``, one at a time.

    A list at the top of a JSON or YAML document is taken as one document an entry. Raises NotFound and CourseError
    for a file that cannot be opened or is too large.
    """
    with open_source(path) as source:
        yield from documents(source)


def documents(source: Source) -> Iterator[Document]:
    """The documents of an open source from its beginning; may be called again for a second pass."""
    source.stream.seek(0)
    wrong = not_text(source.stream.read(HEAD))
    source.stream.seek(0)
    if wrong is not None:
        yield _broken(source.file, 1, None, wrong)
        return
    found = False
    for document in _numbered({"jsonl": _lines, "json": _json, "yaml": _yaml}[source.format](source)):
        found = True
        yield document
    if not found:
        yield _broken(source.file, 1, None, "is empty: there is no course in it")


def _numbered(unnumbered: Iterable[Document]) -> Iterator[Document]:
    for number, document in enumerate(unnumbered, start=1):
        problems = tuple(
            Problem(found.file, found.line, found.fact, found.message, str(number)) for found in document.problems
        )
        yield Document(
            document.content, document.file, number, document.line, document.positions, problems,
        )  # fmt: skip


def _broken(file: str, number: int, line: int | None, message: str) -> Document:
    problem = Problem(file, line, None, message, str(number))
    return Document(None, file, number, line, OneLine(line), (problem,))


def _lines(source: Source) -> Iterator[Document]:
    """JSON Lines: never more than one line in memory, an empty line passed over."""
    line = 0
    while raw := source.stream.readline(source.largest + 1):
        line += 1
        if len(raw) > source.largest and not raw.endswith(b"\n"):
            _skip_line(source)
            limit = source.largest // 2**20
            yield _broken(source.file, 0, line, f"is a line of more than {limit} MB: one line holds one course")
        elif raw.strip():
            yield _line(source, line, raw)


def _line(source: Source, line: int, raw: bytes) -> Document:
    text = _decoded(raw, line == 1)
    if isinstance(text, _Misread):
        return _broken(source.file, 0, line, text.message)
    try:
        value = read_json(text)
    except JsonRefused as error:
        hint = "" if raw.endswith(b"\n") or not error.cut_off else " (the last line of the file)"
        several = "" if raw.strip() not in {b"{", b"["} else "; a line of a .jsonl file holds a whole course"
        return _broken(source.file, 0, line, error.message + hint + several)
    repeated = islice(JsonText(text).repeated(), MOST_REPEATED) if value.repeated else ()
    again = _repeats(source.file, ((path, line) for path, _ in repeated))
    return Document(value.content, source.file, 0, line, OneLine(line), again)


def _skip_line(source: Source) -> None:
    while (more := source.stream.readline(HEAD * HEAD // 16)) and not more.endswith(b"\n"):
        pass


def _json(source: Source) -> Iterator[Document]:
    text = _decoded(source.stream.read(), True)
    if isinstance(text, _Misread):
        yield _broken(source.file, 0, text.line, text.message)
    elif text.strip():
        try:
            value = read_json(text)
        except JsonRefused as error:
            yield _broken(source.file, 0, error.line, error.message)
            return
        positions = JsonText(text)
        repeated = list(islice(positions.repeated(), MOST_REPEATED + 1)) if value.repeated else []
        if len(repeated) > MOST_REPEATED:
            yield _broken(source.file, 0, repeated[0][1], f"has more than {MOST_REPEATED} keys that stand twice")
            return
        if isinstance(value.content, list):
            yield from _entries(source.file, value.content, entry_lines(text), repeated)
        else:
            yield Document(value.content, source.file, 0, positions.first, positions, _repeats(source.file, repeated))


def _yaml(source: Source) -> Iterator[Document]:
    from spinecourse.course.yaml_text import YamlRefused, yaml_documents

    text = _decoded(source.stream.read(), True)
    if isinstance(text, _Misread):
        yield _broken(source.file, 0, text.line, text.message)
        return
    try:
        for found in yaml_documents(text):
            if isinstance(found.content, list):
                lines = (Within(found.positions, (index,)) for index in range(len(found.content)))
                yield from _entries(source.file, found.content, lines, found.repeated)
            elif found.content is not None:
                problems = _repeats(source.file, found.repeated)
                yield Document(found.content, source.file, 0, found.line, found.positions, problems)
    except YamlRefused as error:
        yield _broken(source.file, 0, error.line, error.message)


def _entries(
    file: str, content: list[object], lines: Iterable[Positions], repeated: list[tuple[Path, int]]
) -> Iterator[Document]:
    """The entries of a list one by one, each with its own positions."""
    for index, (entry, positions) in enumerate(zip(content, lines, strict=True)):
        inside = [(path[1:], at) for path, at in repeated if path[0] == index]
        yield Document(entry, file, 0, positions.line(()), positions, _repeats(file, inside))


def _repeats(file: str, repeated: Iterable[tuple[Path, int]]) -> tuple[Problem, ...]:
    return tuple(
        Problem(file, line, fact_at(path), f"{shown_key(path[-1])} stands twice in the same place; leave one out")
        for path, line in repeated
    )


def fact_at(path: Path) -> int | None:
    """The number of the fact, from 1, that a path leads into; None where it leads elsewhere."""
    for step, following in pairwise(path):
        if step == "facts" and isinstance(following, int):
            return following + 1
    return None


def shown_key(key: object) -> str:
    """A key or name as a message repeats it: cut short, and with nothing that a terminal would obey."""
    text = str(key)
    text = text if len(text) <= 60 else text[:57] + "..."
    return text if text.isprintable() and text else ascii(text)


@dataclass(frozen=True, slots=True)
class _Misread:
    message: str
    line: int


def _decoded(raw: bytes, first: bool) -> str | _Misread:
    """The text of UTF-8 bytes, a byte order mark before the first left out."""
    try:
        text = raw.decode("utf-8-sig" if first else "utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        byte = raw[error.start]
        return _Misread(
            f"is not UTF-8: byte {column} of the line is 0x{byte:02x}; if the file is Latin-1 (Windows-1252), "
            "convert it with iconv -f WINDOWS-1252 -t UTF-8", line,
        )  # fmt: skip
    return text
