"""The resources of a document, one at a time: from a Bundle, a single resource, an NDJSON file or a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec

from spinecourse.errors import FhirError
from spinecourse.fhir.element import Json
from spinecourse.fhir.entries import Item, entries_of, problem
from spinecourse.fhir.json_text import (
    JsonFault,
    check_encoding,
    check_utf8,
    decode,
    decode_list,
    decode_outline,
)
from spinecourse.fhir.limits import limit
from spinecourse.knowledge.tables import load

NDJSON_ENDINGS: Final = (".ndjson", ".jsonl")
_BOM: Final = b"\xef\xbb\xbf"


class Source(Protocol):
    """Something to read resources from, as often as needed and always in the same order."""

    file: str

    def __iter__(self) -> Iterator[Item]: ...


def open_source(path: Path) -> Source:
    """The source behind a path: a JSON file, an NDJSON file, or a folder of NDJSON files.

    Raises FhirError where there is nothing to read, where a document is too large, or where it is not FHIR JSON.
    """
    if not path.exists():
        raise FhirError(f"{path}: there is no such file or folder; check the path")
    if path.is_dir():
        return _folder(path)
    if path.stat().st_size == 0:
        raise FhirError(f"{path}: the file is empty; fetch it again")
    if path.suffix.lower() in NDJSON_ENDINGS:
        return NdjsonFiles(str(path), [path], [])
    return Document.open(path)


def _folder(path: Path) -> NdjsonFiles:
    files = sorted(entry for entry in path.iterdir() if entry.is_file())
    wanted = [entry for entry in files if entry.suffix.lower() in NDJSON_ENDINGS]
    if not wanted:
        raise FhirError(f"{path}: no .ndjson file in this folder; give the folder of a bulk export or one file")
    return NdjsonFiles(str(path), wanted, [entry for entry in files if entry not in wanted])


@dataclass(slots=True)
class Document:
    """One JSON document, held as bytes; each entry becomes objects only while it is read."""

    file: str
    outline: dict[str, msgspec.Raw]
    entries: list[msgspec.Raw] | None
    starts_with_mark: bool

    @classmethod
    def open(cls, path: Path) -> Document:
        """Read a JSON file. Raises FhirError where it is too large, not UTF-8, not JSON or not FHIR."""
        size, most = path.stat().st_size, int(limit("document_bytes"))
        if size > most:
            message = f"the file has {size} bytes, more than the {most} that one JSON document may have"
            raise FhirError(f"{path}: {message}; export it as NDJSON, which is read line by line")
        data = path.read_bytes()
        check_encoding(data, str(path))
        check_utf8(data, str(path))
        marked = data.startswith(_BOM)
        return cls._outlined(data.removeprefix(_BOM), str(path), marked)

    @classmethod
    def _outlined(cls, data: bytes, file: str, marked: bool) -> Document:
        if not data.strip():
            raise FhirError(f"{file}: the file is empty; fetch it again")
        outline = decode_outline(data, file)
        kind = _text(outline.get("resourceType"))
        if kind is None:
            raise FhirError(f"{file}: JSON, but not FHIR: there is no resourceType; give a FHIR R4 Bundle or resource")
        entries = None
        if kind == "Bundle":
            entries = decode_list(outline.pop("entry"), file) if "entry" in outline else []
        return cls(file, outline, entries, marked)

    def __iter__(self) -> Iterator[Item]:
        if self.starts_with_mark:
            yield problem("byte_order_mark", "", "")
        try:
            head = {key: decode(bytes(raw)) for key, raw in self.outline.items()}
        except JsonFault as fault:
            raise FhirError(f"{self.file}: {fault}; check how the document was made") from None
        if self.entries is None:
            yield Item("", head)
            return
        _check_bundle(head, self.file)
        yield from entries_of(head, map(bytes, self.entries), "")


def _text(raw: msgspec.Raw | None) -> str | None:
    value = None if raw is None else decode(bytes(raw))
    return value if isinstance(value, str) else None


def _check_bundle(head: Json, file: str) -> None:
    """Refuse a Bundle of no known type, or one with rules of its own.

    Raises FhirError saying what to do.
    """
    known = [row["type"] for row in load("fhir/bundle_types")]
    if head.get("type") not in known:
        raise FhirError(f"{file}: Bundle.type is none of {', '.join(known)}; check how the Bundle was made")
    if head.get("implicitRules"):
        raise FhirError(f"{file}: Bundle.implicitRules may change what everything means; export without it")


@dataclass(slots=True)
class NdjsonFiles:
    """NDJSON files read line by line; a bad line is reported and the rest is read."""

    file: str
    paths: list[Path]
    others: list[Path]

    def __iter__(self) -> Iterator[Item]:
        for other in self.others:
            yield problem("file_not_read", other.name, "File")
        good = 0
        for path in self.paths:
            for item in _lines(path):
                good += item.problem is None
                yield item
        if not good:
            raise FhirError(f"{self.file}: no line is a FHIR resource in JSON; a Bundle belongs into a .json file")


def _lines(path: Path) -> Iterator[Item]:
    most = int(limit("line_bytes"))
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(most + 1):
            number += 1
            if number == 1:
                check_encoding(line, str(path))
                line = line.removeprefix(_BOM)
            place = f"{path.name}:{number}"
            if len(line) > most and not line.endswith(b"\n"):
                _skip_line(stream.readline, most)
                yield problem("line_too_long", place, "Line")
            elif line.strip():
                yield from _line(line, place)


def _skip_line(readline, most: int) -> None:  # type: ignore[no-untyped-def]
    while (rest := readline(most)) and not rest.endswith(b"\n"):
        pass


def _line(line: bytes, place: str) -> Iterator[Item]:
    try:
        line.decode("utf-8")
        value = decode(line)
    except UnicodeDecodeError:
        yield problem("line_encoding", place, "Line")
    except JsonFault as fault:
        cut = not line.endswith(b"\n")
        yield problem("line_truncated" if cut else "line_not_json", place, "Line", "" if cut else str(fault))
    else:
        if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
            yield problem("line_not_fhir", place, "Line")
        elif value["resourceType"] == "Bundle":
            yield from entries_of(value, None, place)
        else:
            yield Item(place, value)
