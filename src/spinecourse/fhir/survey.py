"""The first pass over a document: who is in it, what may be referred to, and which version of a thing counts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from spinecourse.errors import FhirError
from spinecourse.fhir.dates import Moment, parse
from spinecourse.fhir.element import Json, modifier_at
from spinecourse.fhir.entries import Item
from spinecourse.fhir.index import Index, Known
from spinecourse.fhir.releases import Mark, mark_of, refuse_other_release
from spinecourse.fhir.source import Source

_DIGEST_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Version:
    """One copy of a resource: its number in the document, a digest of its content and what dates it."""

    number: int
    digest: bytes
    updated: datetime | None
    version: int | None
    path: str


@dataclass(slots=True)
class Survey:
    """What the first pass found.

    ``verdicts`` says of a resource's number why it is not simply read; ``patients`` gives for a patient's number
    the number under which its facts are gathered; ``births`` the birth dates by that number.
    """

    index: Index = field(default_factory=Index)
    verdicts: dict[int, str] = field(default_factory=dict)
    patients: dict[int, int] = field(default_factory=dict)
    births: dict[int, Moment | None] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    _first: dict[str, Version] = field(default_factory=dict)
    _again: dict[str, list[Version]] = field(default_factory=dict)
    _marks: list[tuple[str, Mark]] = field(default_factory=list)
    _clinical: int = 0


def survey(source: Source, clinical: frozenset[str]) -> Survey:
    """Look through a document once.

    Raises FhirError where the document is of another release, or where two different patients share an id.
    """
    found = Survey()
    number = 0
    for item in source:
        if item.deletes is not None:
            found.deleted.add("/".join(item.deletes.split("/")[-2:]))
        if item.resource is not None:
            number += 1
            _look_at(found, item, item.resource, number, clinical)
    refuse_other_release(found._marks, found._clinical, source.file)
    for key, copies in found._again.items():
        _judge(found, key, copies, source.file)
    return found


def blocked(resource: Json, path: str) -> tuple[str, str] | None:
    """Why a resource must not be read as it stands, and where: rules or modifiers nobody here knows."""
    if resource.get("implicitRules"):
        return "implicit_rules", f"{path}.implicitRules"
    modifier = modifier_at(resource, path)
    return ("modifier_extension", modifier) if modifier else None


def _look_at(found: Survey, item: Item, resource: Json, number: int, clinical: frozenset[str]) -> None:
    kind = str(resource["resourceType"])
    mark = mark_of(resource)
    if mark is not None:
        found._marks.append((item.path or kind, mark))
    found._clinical += kind in clinical or mark is not None
    identity = resource.get("id")
    known = Known(
        number, kind, identity if isinstance(identity, str) else None, item.full_url,
        f"{item.path}/{kind}" if item.path else kind,
    )  # fmt: skip
    first = _remember(found, known, resource, item)
    found.index.hold(kind, known.id, known.full_url)
    if kind == "Patient":
        _admit(found, known, resource, first)
    elif kind == "Medication" and first == number and blocked(resource, known.path) is None:
        kept = Known(number, kind, known.id, known.full_url, item.path, resource)
        found.index.add(kept, resource)


def _admit(found: Survey, known: Known, resource: Json, first: int) -> None:
    found.patients[known.number] = first
    text = resource.get("birthDate")
    found.births[known.number] = parse(text) if isinstance(text, str) else None
    if first == known.number and blocked(resource, known.path) is None:
        found.index.add(known, resource)


def _remember(found: Survey, known: Known, resource: Json, item: Item) -> int:
    """Note the copy; the number of the first copy of the same resource."""
    key = item.full_url or (f"{known.kind}/{known.id}" if known.id else None)
    if key is None:
        return known.number
    text = json.dumps(resource, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()
    version = Version(known.number, digest, *_stamp(resource), known.path)
    first = found._first.setdefault(key, version)
    if first is not version:
        found._again.setdefault(key, [first]).append(version)
    return first.number


def _stamp(resource: Json) -> tuple[datetime | None, int | None]:
    meta = resource.get("meta")
    if not isinstance(meta, dict):
        return None, None
    updated, version = None, meta.get("versionId")
    try:
        updated = datetime.fromisoformat(str(meta["lastUpdated"]))
    except (KeyError, ValueError):
        updated = None
    if updated is not None and updated.tzinfo is None:
        updated = None
    return updated, int(version) if isinstance(version, str) and version.isdecimal() else None


def _judge(found: Survey, key: str, copies: list[Version], file: str) -> None:
    """Say of each copy of one resource whether it counts."""
    newest = _newest(copies)
    kept = {newest.digest} if newest else {copy.digest for copy in copies}
    seen: set[bytes] = set()
    for copy in copies:
        if copy.digest not in kept:
            found.verdicts[copy.number] = "older_version"
        elif copy.digest in seen:
            found.verdicts[copy.number] = "duplicate"
        elif len(kept) > 1:
            found.verdicts[copy.number] = "same_id_differs"
        seen.add(copy.digest)
    if len(kept) > 1 and copies[0].number in found.patients:
        places = ", ".join(copy.path for copy in copies)
        raise FhirError(
            f"{file}: different patients share one id ({places}); their facts cannot be told apart: "
            "give each patient an id of its own, or a meta.lastUpdated if they are versions of one"
        )
    if newest and newest.number in found.births:
        found.births[copies[0].number] = found.births[newest.number]


def _newest(copies: list[Version]) -> Version | None:
    """The newest copy by date of change, else by version number; None where neither tells."""
    for stamp in ("updated", "version"):
        values = [getattr(copy, stamp) for copy in copies]
        if None not in values and len(set(values)) == len({copy.digest for copy in copies}) > 1:
            return max(copies, key=lambda copy: getattr(copy, stamp))
    return None
