"""The entries of a Bundle, Bundles inside Bundles included, and what the Bundle says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spinecourse.fhir.element import Element, Json
from spinecourse.fhir.json_text import DuplicateKey, JsonFault, decode


@dataclass(frozen=True, slots=True)
class Item:
    """One thing met in a document: a resource with its place, a deletion, or a problem for the report.

    ``path`` is the place the resource stands in (``Bundle.entry[3].resource``), empty for a document that is one
    resource. ``problem`` is reason code, element name and detail. ``deletes`` is the type and id of a resource
    that the document says was deleted. ``frame`` is the part around a resource, for the report of what it holds.
    """

    path: str
    resource: Json | None = None
    full_url: str | None = None
    problem: tuple[str, str, str] | None = None
    deletes: str | None = None
    frame: Element | None = None


def problem(code: str, path: str, element: str, detail: str = "") -> Item:
    """An item that only goes into the report."""
    return Item(path, problem=(code, element, detail))


def entries_of(head: Json, raw_entries: Iterable[bytes] | None, place: str) -> Iterator[Item]:
    """The items of a Bundle; ``raw_entries`` are its entries not yet decoded, else they stand in ``head``."""
    bundle = Element.resource(head, place)
    yield from _about(bundle)
    if raw_entries is None:
        entries = head.get("entry")
        bundle.take("entry")
        decoded: Iterable[object] = entries if isinstance(entries, list) else []
    else:
        decoded = map(_decoded, raw_entries)
    matches = 0
    for at, entry in enumerate(decoded):
        matches += _is_match(entry)
        yield from _entry(entry, f"{bundle.path}.entry[{at}]")
    total = head.get("total")
    if isinstance(total, int) and total > matches:
        yield problem("bundle_total", f"{bundle.path}.total", "Bundle.total")


def _is_match(entry: object) -> bool:
    """Whether an entry counts towards the total: what a search included besides does not."""
    search = entry.get("search") if isinstance(entry, dict) else None
    return not isinstance(search, dict) or search.get("mode", "match") == "match"


def _decoded(raw: bytes) -> object:
    try:
        return decode(raw)
    except JsonFault as fault:
        return fault


def _about(bundle: Element) -> Iterator[Item]:
    """What the Bundle itself says: further pages, a total, and elements of its own."""
    bundle.take("type", "total", "link", "entry")
    links = bundle.value.get("link")
    for at, link in enumerate(links if isinstance(links, list) else []):
        if isinstance(link, dict) and link.get("relation") == "next":
            yield problem("page_of_many", f"{bundle.path}.link[{at}]", "Bundle.link")
    yield Item(bundle.path, frame=bundle)


def _entry(entry: object, path: str) -> Iterator[Item]:
    if isinstance(entry, DuplicateKey):
        yield problem("json_duplicate_key", path, "Bundle.entry")
    elif isinstance(entry, JsonFault):
        yield problem("structure", path, "Bundle.entry", str(entry))
    elif not isinstance(entry, dict):
        yield problem("structure", path, "Bundle.entry", "should be an object")
    elif entry.get("modifierExtension"):
        yield problem("modifier_extension", f"{path}.modifierExtension", "Bundle.entry.modifierExtension")
    else:
        yield from _good_entry(Element(entry, path, "Bundle.entry"))


def _good_entry(entry: Element) -> Iterator[Item]:
    entry.take("fullUrl", "resource")
    yield Item(entry.path, frame=entry)
    resource, url = entry.value.get("resource"), entry.value.get("fullUrl")
    place = f"{entry.path}.resource"
    deleted = _deleted(entry.value)
    if deleted is not None:
        yield Item(f"{entry.path}.request", deletes=deleted)
    elif resource is None:
        yield problem("entry_empty", entry.path, "Bundle.entry")
    elif not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        yield problem("structure", place, "Bundle.entry.resource", "should be an object with a resourceType")
    elif resource["resourceType"] == "Bundle":
        yield from entries_of(resource, None, place)
    else:
        yield Item(place, resource, url if isinstance(url, str) else None)


def _deleted(entry: Json) -> str | None:
    """The type and id that an entry says was deleted; None where it deletes nothing."""
    request = entry.get("request")
    if isinstance(request, dict) and request.get("method") == "DELETE":
        return str(request.get("url", "")).partition("/_history")[0]
    return None
