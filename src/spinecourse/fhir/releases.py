"""Telling FHIR R4 from other releases, by the tables ``fhir/release_marks`` and ``fhir/release_versions``."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.errors import FhirError
from spinecourse.fhir.element import Json
from spinecourse.knowledge.tables import Row, load

_IN_PROFILE: Final = re.compile(r"hl7\.org/fhir/(?:(\d\.\d)|(STU3|DSTU2|R5|R6)\b)")


@dataclass(frozen=True, slots=True)
class Mark:
    """What shows another release: which one, at which element, and why R4 has no such thing."""

    release: str
    element: str
    why: str


def mark_of(resource: Json) -> Mark | None:
    """The first sign that a resource is of another release; None where nothing speaks against R4."""
    return _declared(resource) or _built(resource)


def _built(resource: Json) -> Mark | None:
    for row in _marks().get(str(resource.get("resourceType")), ()):
        name = f"{row['resource']}.{row['element']}".rstrip(".")
        if not row["element"] or _shaped(resource.get(row["element"]), row["shape"]):
            return Mark(row["release"], name, row["why"])
    return None


def _shaped(value: object, shape: str) -> bool:
    if value is None:
        return False
    return shape == "any" or isinstance(value, {"object": dict, "string": str, "array": list}[shape])


def _declared(resource: Json) -> Mark | None:
    """A release the resource itself names, in ``fhirVersion`` or in the address of a profile."""
    kind = str(resource.get("resourceType"))
    version = resource.get("fhirVersion")
    if isinstance(version, str):
        release = _release_of(version)
        if release:
            return Mark(release, f"{kind}.fhirVersion", f"it says version {release}")
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    for profile in profiles if isinstance(profiles, list) else []:
        found = _IN_PROFILE.search(str(profile))
        release = found and (found[2] or _release_of(found[1]))
        if release:
            return Mark(str(release), f"{kind}.meta.profile", "its profile is of that release")
    return None


def _release_of(version: str) -> str | None:
    """The release of a version number; None for R4, R4B and numbers nobody knows."""
    for row in load("fhir/release_versions"):
        if version.startswith(row["prefix"]):
            return None if row["accepted"] == "yes" else row["release"]
    return None


@cache
def _marks() -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = defaultdict(tuple)
    for row in load("fhir/release_marks"):
        found[row["resource"]] = (*found[row["resource"]], row)
    return dict(found)


def refuse_other_release(marks: list[tuple[str, Mark]], clinical: int, file: str) -> None:
    """Refuse a document of which at least half of the clinical resources are of another release.

    ``marks`` are paths with their marks, ``clinical`` the number of clinical resources. Fewer marks are left to
    the reading of each resource. Raises FhirError naming the release and the first places.
    """
    if not marks or 2 * len(marks) < clinical:
        return
    releases = ", ".join(sorted({mark.release for _, mark in marks}))
    path, mark = marks[0]
    raise FhirError(
        f"{file}: this looks like FHIR {releases}, not R4: {len(marks)} of {clinical} clinical resources are built "
        f"so, the first at {path} ({mark.element}: {mark.why}). Export the data as FHIR R4 (4.0.1), or convert it."
    )
