"""A FHIR element that remembers which of its parts were read, so that whatever is left can be reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeVar

from spinecourse.fhir.limits import limit
from spinecourse.fhir.report import ReportBuilder
from spinecourse.knowledge.tables import load

_PLAIN_NAME: Final = re.compile(r"_?[A-Za-z][A-Za-z0-9]*")

Json = dict[str, object]

T = TypeVar("T")


class StructureFault(Exception):
    """An element that is not built as FHIR R4 says; the resource it stands in is set aside."""

    def __init__(self, path: str, element: str, wanted: str) -> None:
        self.path, self.element, self.wanted = path, element, wanted
        super().__init__(f"{path} should be {wanted}")


class Element:
    """A JSON object of a resource, with its place, and with a note of every part that was asked for.

    ``path`` leads to it in the document, ``name`` is the same without positions (``Observation.code.coding``).
    Asking for a part that is not there gives None or nothing; a part of the wrong shape raises StructureFault.
    """

    __slots__ = ("_children", "_taken", "name", "path", "value")

    def __init__(self, value: Json, path: str, name: str) -> None:
        self.value, self.path, self.name = value, path, name
        self._taken: set[str] = set()
        self._children: list[Element] = []

    @classmethod
    def resource(cls, value: Json, path: str) -> Element:
        """The root element of a resource; ``path`` is that of the place it stands in, empty for the document."""
        kind = str(value.get("resourceType", "Resource"))
        element = cls(value, f"{path}/{kind}" if path else kind, kind)
        element._taken.add("resourceType")
        return element

    def has(self, key: str) -> bool:
        """Whether the part is there, without counting as reading it."""
        return self.value.get(key) is not None

    def place(self, key: str) -> tuple[str, str]:
        """Path and name of a part, for a report."""
        return f"{self.path}.{key}", f"{self.name}.{key}"

    def take(self, *keys: str) -> None:
        """Count parts as dealt with, all they hold included."""
        self._taken.update(keys)

    def text(self, key: str) -> str | None:
        """A part that is a string."""
        return self._typed(key, str, "a string")

    def flag(self, key: str) -> bool | None:
        """A part that is true or false."""
        return self._typed(key, bool, "true or false")

    def number(self, key: str) -> float | None:
        """A part that is a number."""
        self._taken.add(key)
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise StructureFault(*self.place(key), "a number")
        return float(value)

    def child(self, key: str) -> Element | None:
        """A part that is an object."""
        self._taken.add(key)
        value = self.value.get(key)
        return None if value is None else self._made(value, *self.place(key))

    def each(self, key: str) -> list[Element]:
        """The objects of a part that is a list; none where it is missing."""
        self._taken.add(key)
        value = self.value.get(key)
        if value is None:
            return []
        path, name = self.place(key)
        if not isinstance(value, list):
            raise StructureFault(path, name, "a list")
        return [self._made(item, f"{path}[{at}]", name) for at, item in enumerate(value)]

    def _made(self, value: object, path: str, name: str) -> Element:
        if not isinstance(value, dict):
            raise StructureFault(path, name, "an object")
        element = Element(value, path, name)
        self._children.append(element)
        return element

    def _typed(self, key: str, kind: type[T], wanted: str) -> T | None:
        self._taken.add(key)
        value = self.value.get(key)
        if value is not None and not isinstance(value, kind):
            raise StructureFault(*self.place(key), wanted)
        return value

    def read_names(self) -> Iterator[str]:
        """The names of all parts that were asked for and are there, this element's and its children's."""
        yield from (f"{self.name}.{key}" for key in self._taken if key in self.value and key != "resourceType")
        for child in self._children:
            yield from child.read_names()

    def report_rest(self, report: ReportBuilder) -> None:
        """Report every part nobody asked for: by table as passed over on purpose, else as unknown."""
        for key in self.value:
            if key in self._taken:
                continue
            if key == "extension":
                self._report_extensions(report)
                continue
            path, name = self.place(shown(key))
            why = why_ignored(name)
            if why is None:
                report.note("element_unknown", path, name)
            else:
                report.passed_over(name, why)
        for child in self._children:
            child.report_rest(report)

    def _report_extensions(self, report: ReportBuilder) -> None:
        path, name = self.place("extension")
        value = self.value["extension"]
        for at, item in enumerate(value if isinstance(value, list) else [value]):
            url = str(item.get("url", "")) if isinstance(item, dict) else ""
            why = why_ignored(f"{name}:{url}")
            if why is None:
                report.note("extension_unknown", f"{path}[{at}]", name, shown_url(url))
            else:
                report.passed_over(f"{name}:{url}", why)


def shown(key: str) -> str:
    """A key as a report may show it: FHIR names as they are, anything else without its content."""
    if _PLAIN_NAME.fullmatch(key) and len(key) <= limit("shown_key_characters"):
        return key
    return "(a key that is no FHIR name)"


def shown_url(url: str) -> str:
    """An extension's address as a report may show it, without query and cut to a bearable length."""
    return ascii(url.partition("?")[0])[1:-1][: 2 * int(limit("shown_key_characters"))]


@lru_cache(maxsize=4096)
def why_ignored(name: str) -> str | None:
    """Why an element is passed over on purpose; None where the table ``fhir/elements`` does not know it.

    The most exact row wins: that of the resource, then that for all resources, then that for the last two names,
    then for the last name, wherever they stand.
    """
    resource, _, path = name.partition(".")
    if ".extension:" in name:
        return _ignored().get(("*", "extension:" + name.partition(".extension:")[2]))
    parts = path.split(".")
    for key in ((resource, path), ("*", path), ("*", "*." + ".".join(parts[-2:])), ("*", "*." + parts[-1])):
        if key in _ignored():
            return _ignored()[key]
    return None


@lru_cache(maxsize=1)
def _ignored() -> dict[tuple[str, str], str]:
    rows = (row for row in load("fhir/elements") if row["handling"] == "ignored")
    return {(row["resource"], row["path"]): row["why"] for row in rows}


def modifier_at(value: object, path: str) -> str | None:
    """The path of the first modifier extension inside a JSON value; None where there is none."""
    if isinstance(value, dict):
        if value.get("modifierExtension"):
            return f"{path}.modifierExtension"
        for key, part in value.items():
            if isinstance(part, dict | list):
                found = modifier_at(part, f"{path}.{shown(key)}")
                if found:
                    return found
    elif isinstance(value, list):
        for at, item in enumerate(value):
            found = modifier_at(item, f"{path}[{at}]")
            if found:
                return found
    return None
