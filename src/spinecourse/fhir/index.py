"""The index of a document: its patients, medicines and other resources, and how references find them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from spinecourse.fhir.element import Json

_TAIL: Final = re.compile(r"(?:^|.*/)([A-Za-z]+/[A-Za-z0-9\-.]{1,64})")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Known:
    """A resource that others may refer to; ``content`` is kept for medicines only."""

    number: int
    kind: str
    id: str | None
    full_url: str | None
    path: str
    content: Json | None = None


@dataclass(slots=True)
class Index:
    """Resources by full address, by type and id, and patients by identifier."""

    _by_url: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    _by_id: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    _by_identifier: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))
    _held: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)

    def add(self, known: Known, resource: Json) -> None:
        """Make a resource known under every name others may use for it."""
        if known.full_url:
            self._by_url[known.full_url].append(known)
        elif known.id and _UUID.fullmatch(known.id):
            self._by_url[f"urn:uuid:{known.id}"].append(known)
        if known.id:
            self._by_id[f"{known.kind}/{known.id}"].append(known)
        if known.kind == "Patient":
            for pair in _identifiers(resource.get("identifier")):
                self._by_identifier[pair].append(known)

    def hold(self, kind: str, id: str | None, full_url: str | None) -> None:
        """Make known that a resource is there, without keeping anything else of it."""
        self._held.update(hash(name) for name in (full_url, f"{kind}/{id}" if id else None) if name)

    def find(self, reference: str, base: str | None) -> list[Known]:
        """The resources a reference may mean; none where it leads out of the document, several where it is vague.

        ``base`` is the full address of the resource that refers, against which a relative reference counts.
        """
        reference = reference.partition("/_history/")[0]
        if reference in self._by_url:
            return self._by_url[reference]
        if "?" in reference:
            return self._conditional(reference)
        tail = _TAIL.fullmatch(reference)
        if tail is None:
            return []
        own = self._by_url.get(_resolved(tail[1], base)) if tail[1] == reference else None
        return own or [known for known in self._by_id.get(tail[1], ()) if _same_server(reference, known)]

    def holds(self, reference: str) -> bool:
        """Whether a reference seems to stay inside the document; a contained resource does."""
        if reference.startswith("#"):
            return True
        reference = reference.partition("/_history/")[0]
        tail = _TAIL.fullmatch(reference)
        return hash(reference) in self._held or (tail is not None and hash(tail[1]) in self._held)

    def identified(self, system: str, value: str) -> list[Known]:
        """The patients that carry an identifier."""
        return self._by_identifier.get((system, value), [])

    def _conditional(self, reference: str) -> list[Known]:
        kind, _, query = reference.partition("?")
        name, _, token = query.partition("=")
        if kind.rpartition("/")[2] != "Patient" or name != "identifier" or "&" in token:
            return []
        system, _, value = token.rpartition("|")
        return self.identified(system, value)


def _resolved(tail: str, base: str | None) -> str:
    """A relative reference in full, as the address of the resource that holds it says."""
    if base is None or base.startswith("urn:"):
        return ""
    return "/".join([*base.split("/")[:-2], tail])


def _same_server(reference: str, known: Known) -> bool:
    """Whether an absolute reference may mean a resource: its address, where it has one, must not be another's."""
    if "://" not in reference or known.full_url is None or known.full_url.startswith("urn:"):
        return True
    return known.full_url == reference


def _identifiers(value: object) -> Iterator[tuple[str, str]]:
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict) and isinstance(item.get("value"), str):
            yield str(item.get("system", "")), item["value"]
