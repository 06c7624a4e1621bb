"""JSON read strictly: keys that stand twice are noticed, and errors say where and what probably happened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


class JsonRefused(Exception):
    """The text is not JSON; ``line`` and ``column`` count from 1 within the text."""

    def __init__(self, message: str, line: int, column: int, cut_off: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.cut_off = cut_off


@dataclass(slots=True)
class JsonValue:
    """A value read from JSON, and whether some mapping in it has a key twice."""

    content: Any
    repeated: bool


def read_json(text: str) -> JsonValue:
    """The value of a JSON text.

    Raises JsonRefused where the text is not JSON, ends early, or is nested too deep to be read.
    """
    value = JsonValue(None, False)

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        value.repeated |= len(found) < len(pairs)
        return found

    try:
        value.content = json.loads(text, object_pairs_hook=mapping)
    except json.JSONDecodeError as error:
        raise _explained(text, error) from None
    except RecursionError:
        raise JsonRefused("is nested too deep to be read", 1, 1) from None
    except ValueError:
        raise JsonRefused("holds a number too long to be read", 1, 1) from None
    return value


def _explained(text: str, error: json.JSONDecodeError) -> JsonRefused:
    end = len(text.rstrip())
    if error.pos >= end or error.msg.startswith("Unterminated string"):
        line = text.count("\n", 0, end) + 1
        column = end - text.rfind("\n", 0, end)
        return JsonRefused(f"ends early, at column {column}: it looks cut off", line, column, True)
    return JsonRefused(
        f"is not JSON at column {error.colno}: {error.msg[0].lower()}{error.msg[1:]}{_hint(text, error)}",
        error.lineno, error.colno,
    )  # fmt: skip


def _hint(text: str, error: json.JSONDecodeError) -> str:
    rest = text[error.pos : error.pos + 2]
    before = text[: error.pos].rstrip()[-1:]
    if error.msg.startswith("Extra data"):
        return "; several values in one file, one a line, belong in a file named .jsonl"
    if rest[:1] == "'":
        return "; JSON takes double quotes only"
    if rest[:1] == "#" or rest == "//":
        return "; JSON has no comments (YAML has)"
    if before == "," or rest[:1] == ",":
        return "; is there a comma too many?"
    return ""
