"""Opening what a person named: a file, or ``-`` for standard input; refused before reading where that is safer.

Memory stays bounded: a document above ``LARGEST_DOCUMENT`` bytes is refused by its size, JSON Lines are read line by
line with the same bound on a line, and standard input goes to a temporary file first.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from spinecourse.errors import CourseError, NotFound, Problem

LARGEST_DOCUMENT: Final = 64 * 1024 * 1024
"""Bytes a JSON document, or a line of JSON Lines, may have."""

LARGEST_YAML: Final = 8 * 1024 * 1024
"""Bytes a YAML file may have: YAML takes many times its size to read."""

FORMATS: Final = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}

_BEGINNINGS: Final = {
    b"\x1f\x8b": "is compressed with gzip: unpack it first (gunzip)",
    b"PK\x03\x04": "is a zip archive: unpack it first",
    b"%PDF": "is a PDF, not a course file",
    b"\xff\xfe\x00\x00": "is UTF-32: convert it with iconv -f UTF-32 -t UTF-8",
    b"\xff\xfe": "is UTF-16, found at its first byte: convert it with iconv -f UTF-16 -t UTF-8",
    b"\xfe\xff": "is UTF-16, found at its first byte: convert it with iconv -f UTF-16 -t UTF-8",
}


@dataclass(frozen=True, slots=True)
class Source:
    """An open file: its bytes, the name to call it by in messages, and its format."""

    stream: BinaryIO
    file: str
    format: str

    @property
    def largest(self) -> int:
        """The bytes that one document of it may have."""
        return LARGEST_YAML if self.format == "yaml" else LARGEST_DOCUMENT


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The file of that name, or standard input for ``-``, open and able to be read twice.

    Raises NotFound where there is no such file, and CourseError where it is a folder, must not be read, has an
    ending that says nothing, or is too large.
    """
    if str(path) == "-":
        with _spooled(sys.stdin.buffer) as stream:
            yield _checked(Source(stream, "standard input", _guess(stream)), _size(stream))
        return
    with _opened(path) as found:
        if stat.S_ISFIFO(os.fstat(found.fileno()).st_mode):
            with _spooled(found) as stream:
                yield _checked(Source(stream, str(path), _format(path) or _guess(stream)), _size(stream))
            return
        known = _format(path)
        if known is None:
            raise refused(str(path), "has no ending that tells its format: name it .yaml, .json or .jsonl")
        yield _checked(Source(found, str(path), known), os.fstat(found.fileno()).st_size)


def refused(file: str, message: str) -> CourseError:
    """An error about a file as a whole."""
    return CourseError([Problem(file, None, None, message)])


def not_text(head: bytes) -> str | None:
    """Why a file that begins like this is not text in UTF-8; None where it may be."""
    for beginning, message in _BEGINNINGS.items():
        if head.startswith(beginning):
            return message
    if b"\0" not in head:
        return None
    if head[:64].count(0) * 3 > len(head[:64]) and len(head.replace(b"\0", b"")) * 4 > len(head):
        return "looks like UTF-16 without a mark: convert it with iconv -f UTF-16LE -t UTF-8 (or UTF-16BE)"
    return f"is not text: byte {head.index(0) + 1} is a zero byte"


def _opened(path: Path) -> BinaryIO:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise refused(str(path), "is a folder: name a file in it")
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise refused(str(path), "is a device, not a file")
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"{path}: there is no such file") from None
    except PermissionError:
        raise refused(str(path), "may not be read by you: ask its owner for permission") from None
    except (OSError, ValueError) as error:
        raise refused(str(path), f"cannot be opened: {getattr(error, 'strerror', None) or 'not a file name'}") from None


def _format(path: Path) -> str | None:
    return FORMATS.get(path.suffix.lower())


def _checked(source: Source, size: int) -> Source:
    if source.format != "jsonl" and size > source.largest:
        message = (
            f"has {size // 2**20:,} MB in one document, more than the {source.largest // 2**20} MB that are read at "
            "once: write one course a line into a file named .jsonl"
        )
        raise refused(source.file, message)
    return source


@contextmanager
def _spooled(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The bytes of a stream that cannot go back, in a temporary file that can."""
    with tempfile.TemporaryFile() as spool:
        try:
            shutil.copyfileobj(stream, spool)
        except OSError as error:
            raise refused("standard input", f"cannot be kept in the temporary folder: {error.strerror}") from None
        spool.seek(0)
        yield spool


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def _guess(stream: BinaryIO) -> str:
    """JSON where the first sign is a bracket, JSON Lines where a line is closed and another follows, else YAML."""
    first = b""
    while not first and (line := stream.readline(LARGEST_DOCUMENT)):
        first = line.strip(b"\xef\xbb\xbf \t\r\n")
    following = stream.readline(4096).strip()
    stream.seek(0)
    if first[:1] not in {b"{", b"["}:
        return "yaml"
    return "jsonl" if first.startswith(b"{") and first.endswith(b"}") and following[:1] in {b"{", b""} else "json"
