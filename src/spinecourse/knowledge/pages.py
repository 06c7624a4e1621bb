"""What the tables say of one thing: a site, a level, a finding, a danger, a mechanism, a syndrome.

A page is plain data; ``page_text.render`` makes text of it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import cache
from typing import Final

from spinecourse.errors import NotFound
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.page_dangers import code_page, danger_keys, danger_page, mechanism_page, syndrome_page
from spinecourse.knowledge.page_findings import finding_keys, finding_page
from spinecourse.knowledge.page_levels import level_keys, level_page
from spinecourse.knowledge.page_parts import Line, Page, Section, Source
from spinecourse.knowledge.page_sites import site_keys, site_page

__all__ = ["Line", "Page", "Section", "Source", "page", "page_keys", "whole_page"]

_BUILDERS: Final[dict[str, Callable[[str], Page]]] = {
    "danger": danger_page,
    "mechanism": mechanism_page,
    "syndrome": syndrome_page,
    "codes": code_page,
    "level": level_page,
}
"""The builders that belong to one kind of key alone."""

WHOLE: Final = "all:"
"""What stands before a key to see every line of its page."""

OFFERED: Final = 5
"""How many like keys are offered for one that is unknown."""


@cache
def page_keys() -> tuple[str, ...]:
    """Every key that has a page: sites first, then levels, dangers and findings."""
    return tuple(dict.fromkeys([*site_keys(), *level_keys(), *danger_keys(), *finding_keys()]))


def page(key: str) -> Page:
    """The page of a key such as ``root:L5``, ``level:L4/5``, ``power:ankle_dorsiflexion`` or ``danger:fracture``.

    About a screen, the most important first; ``all:`` before the key gives every line. Other spellings of levels and
    synonyms of findings are accepted. Raises NotFound naming the nearest keys.
    """
    asked = key.strip()
    if asked.startswith(WHOLE):
        return whole_page(asked.removeprefix(WHOLE))
    return whole_page(asked).brief


def whole_page(key: str) -> Page:
    """Every line the tables have on a key.

    Raises NotFound naming the nearest keys.
    """
    known = _resolved(key)
    if known in site_keys():
        return site_page(known)
    return _BUILDERS.get(known.partition(":")[0], finding_page)(known)


def _resolved(key: str) -> str:
    """The key under which the page is kept."""
    kind, _, name = key.partition(":")
    if key in _known():
        return key
    if kind == "level" and name in vocabulary.levels():
        return f"level:{vocabulary.levels()[name]}"
    target = vocabulary.synonyms().get((kind, name))
    if target is not None and f"{target.kind}:{target.name}" in _known():
        return f"{target.kind}:{target.name}"
    raise NotFound(f"no page {key!r}; {_offer(key)}")


@cache
def _known() -> frozenset[str]:
    return frozenset(page_keys())


def _offer(key: str) -> str:
    """The keys most like one that is unknown: those of the same name first, so that ``L5`` offers ``root:L5``."""
    name = key.rpartition(":")[2]
    same = [known for known in page_keys() if name and known.rpartition(":")[2] == name]
    near = difflib.get_close_matches(key, page_keys(), n=OFFERED, cutoff=0.5)
    found = list(dict.fromkeys([*same, *near]))[:OFFERED]
    if found:
        return f"the nearest are {', '.join(found)}"
    return "keys look like root:L5, nerve:ulnar, level:L4/5, sign:hoffmann, danger:fracture, syndrome:brown_sequard"
