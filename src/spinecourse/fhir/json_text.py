"""JSON out of bytes, with errors that name the place and never the content."""

from __future__ import annotations

import codecs
import json
from typing import Final, NoReturn

import msgspec

from spinecourse.errors import FhirError
from spinecourse.fhir.limits import limit

_WRONG_START: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_CHUNK: Final = 1 << 20
_LOOKED_AT: Final = 64


class JsonFault(Exception):
    """Bytes that are not JSON; the message says where and what, without the content."""


class DuplicateKey(JsonFault):
    """An object with the same key twice, of which a reader would lose one."""


def check_encoding(start: bytes, file: str) -> None:
    """Refuse what is plainly not UTF-8 JSON, judging by the first bytes.

    Raises FhirError saying what to do.
    """
    for mark, name in _WRONG_START:
        if start.startswith(mark):
            raise FhirError(f"{file}: the text is {name}; FHIR JSON is UTF-8: save the file as UTF-8 and try again")
    head = start[:_LOOKED_AT]
    if b"\0" in head:
        raise FhirError(f"{file}: the text is UTF-16 or no text at all; save the file as UTF-8 JSON and try again")
    if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<"):
        raise FhirError(f"{file}: this is XML; export the document as FHIR JSON and try again")


def check_utf8(data: bytes, file: str) -> None:
    """Refuse bytes that are not UTF-8, naming the line.

    Raises FhirError saying what to do.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _CHUNK):
        piece = data[start : start + _CHUNK]
        try:
            decoder.decode(piece, final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, start) + piece.count(b"\n", 0, max(error.start, 0)) + 1
            message = "not UTF-8 (perhaps Latin-1 or Windows-1252); save the file as UTF-8 and try again"
            raise FhirError(f"{file}:{line}: {message}") from None


def decode(data: bytes) -> object:
    """One JSON value, strictly: no key twice, no NaN, no endless nesting.

    Raises DuplicateKey or JsonFault, neither of which repeats the content.
    """
    try:
        value: object = json.loads(data, object_pairs_hook=_unique, parse_constant=_refuse)
    except JsonFault:
        raise
    except json.JSONDecodeError as error:
        raise JsonFault(f"line {error.lineno}, column {error.colno}: {_plain(error.msg)}") from None
    except RecursionError:
        raise JsonFault("nested too deeply") from None
    except ValueError:
        raise JsonFault("a number is too long, or the text is not UTF-8") from None
    if rb"\ud" in data.lower() and not _whole_characters(value):
        raise JsonFault("half a character (an unpaired surrogate)")
    most = int(limit("nesting"))
    if data.count(b"{") + data.count(b"[") > most and _depth(value, most) > most:
        raise JsonFault("nested too deeply")
    return value


def _whole_characters(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _depth(value: object, most: int) -> int:
    """How deep a value is nested, counted no further than just beyond ``most``."""
    level, depth = [value], 0
    while level and depth <= most:
        inner: list[object] = []
        for part in level:
            if isinstance(part, dict):
                inner.extend(part.values())
            elif isinstance(part, list):
                inner.extend(part)
        level, depth = [part for part in inner if isinstance(part, dict | list)], depth + 1
    return depth


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DuplicateKey("an object has the same key twice")
    return found


def _refuse(_: str) -> NoReturn:
    raise JsonFault("NaN and Infinity are not JSON numbers")


def _plain(message: str) -> str:
    return message[0].lower() + message[1:]


def decode_outline(data: bytes, file: str) -> dict[str, msgspec.Raw]:
    """The parts of a JSON object, not yet decoded, so that a large Bundle need never be held whole as objects.

    Raises FhirError naming the line where the text is not JSON, and where it is JSON but not an object.
    """
    try:
        outline: dict[str, msgspec.Raw] = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except RecursionError:
        raise FhirError(f"{file}: nested too deeply to be a FHIR document; check how it was made") from None
    except msgspec.ValidationError:
        raise FhirError(f"{file}: JSON, but not a FHIR resource (an object with a resourceType)") from None
    except msgspec.DecodeError as error:
        raise FhirError(_where(str(error), data, file)) from None
    if len(outline) != _count_keys(data, outline):
        raise FhirError(
            f"{file}: the outermost object has the same key twice; one of them would be lost: mend the export"
        )
    return outline


def decode_list(raw: msgspec.Raw, file: str) -> list[msgspec.Raw]:
    """The items of a JSON list, not yet decoded.

    Raises FhirError where it is not a list.
    """
    try:
        items: list[msgspec.Raw] = msgspec.json.decode(raw, type=list[msgspec.Raw])
    except msgspec.ValidationError:
        raise FhirError(f"{file}: Bundle.entry should be a list") from None
    return items


def _count_keys(data: bytes, outline: dict[str, msgspec.Raw]) -> int:
    """The number of keys of the outermost object: walk from value to value; stop where a key is met again."""
    at, count = data.index(b"{") + 1, 0
    while True:
        at = _skip(data, at, b" \t\r\n,")
        if data[at : at + 1] != b'"':
            return count
        end = _string_end(data, at)
        key = json.loads(data[at:end])
        count += 1
        at = _skip(data, end, b" \t\r\n:")
        value = memoryview(outline[key])
        if data[at : at + len(value)] != value:
            return count + 1
        at += len(value)


def _skip(data: bytes, at: int, what: bytes) -> int:
    while at < len(data) and data[at] in what:
        at += 1
    return at


def _string_end(data: bytes, at: int) -> int:
    end = data.index(b'"', at + 1)
    while _backslashes(data[at + 1 : end]) % 2:
        end = data.index(b'"', end + 1)
    return end + 1


def _backslashes(text: bytes) -> int:
    return len(text) - len(text.rstrip(b"\\"))


def _where(message: str, data: bytes, file: str) -> str:
    """Say in which line the JSON breaks; the decoder's message names a byte."""
    if "truncated" in message:
        line = data.count(b"\n") + 1
        return f"{file}:{line}: the JSON breaks off before its end; fetch or copy the file again"
    found = message.rpartition("(byte ")[2].rstrip(")")
    at = int(found) if found.isdigit() else 0
    line = data.count(b"\n", 0, at) + 1
    if "trailing characters" in message:
        return f"{file}:{line}: something follows the JSON document; if each line is a resource, name the file .ndjson"
    return f"{file}:{line}: not JSON (byte {at}); check how the file was made"
