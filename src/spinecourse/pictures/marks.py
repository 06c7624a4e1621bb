"""What of a patient is marked on the spine: likely sites, imaged, operated and injected levels.

What has no place on the spine is listed, never left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from spinecourse.course.model import Fact
from spinecourse.knowledge import vocabulary
from spinecourse.pictures.geometry import level_height
from spinecourse.pictures.lesions import Group, LikelySite, likely_groups
from spinecourse.pictures.words import imaging_words, plain, treatment_marks

MarkKind = Literal["imaging", "operation", "injection"]


@dataclass(frozen=True, slots=True)
class LevelMark:
    """Everything of one kind at one level and side: imaging findings, operations or injections."""

    kind: MarkKind
    level: str
    side: str | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks: those with a place on the spine, those without, findings looked for and absent, sites left out."""

    groups: tuple[Group, ...]
    elsewhere: tuple[Group, ...]
    levels: tuple[LevelMark, ...]
    unlevelled: tuple[str, ...]
    not_found: tuple[str, ...]
    less_likely: int


def collect(sites: Iterable[LikelySite], imaging: Iterable[Fact], treatments: Iterable[Fact]) -> Marks:
    """All marks of one patient from the likely sites, the imaging facts and the treatments."""
    groups, less_likely = likely_groups(sites)
    seen = list(imaging)
    levels, unlevelled = _levels(seen, treatments)
    return Marks(
        tuple(group for group in groups if group.place not in {"outside", "unlevelled"}),
        tuple(group for group in groups if group.place in {"outside", "unlevelled"}),
        tuple(levels),
        tuple(unlevelled),
        tuple(_with_level(imaging_words(fact.name), fact) for fact in seen if not fact.present),
        less_likely,
    )


def _levels(imaging: Sequence[Fact], treatments: Iterable[Fact]) -> tuple[list[LevelMark], list[str]]:
    """Marks grouped by kind, level and side, and those whose level is not told or not drawn, in words."""
    grouped: dict[tuple[MarkKind, str, str | None], list[str]] = {}
    unlevelled = []
    for kind, words, fact in _marked(imaging, treatments):
        if fact.level is None or level_height(fact.level) is None:
            unlevelled.append(f"{_KIND_WORDS[kind]}: {_with_level(words, fact)}")
        else:
            place = grouped.setdefault((kind, fact.level, _real_side(fact)), [])
            if words not in place:
                place.append(words)
    found = [LevelMark(kind, level, side, _without_shorter(words)) for (kind, level, side), words in grouped.items()]
    return sorted(found, key=lambda mark: level_height(mark.level) or 0.0), list(dict.fromkeys(unlevelled))


def _without_shorter(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a level without those that another only adds to, such as ``slip`` beside ``slip 38 %``."""
    return tuple(word for word in words if not any(other != word and other.startswith(f"{word} ") for other in words))


_KIND_WORDS = {"imaging": "imaging", "operation": "operated", "injection": "injected"}


def _marked(imaging: Sequence[Fact], treatments: Iterable[Fact]) -> Iterable[tuple[MarkKind, str, Fact]]:
    for fact in imaging:
        if fact.present:
            yield "imaging", _graded(fact), fact
    for fact in treatments:
        row = treatment_marks().get(fact.name)
        if row:
            yield ("operation" if row["mark"] == "operation" else "injection"), row["label"], fact
        elif fact.level:
            yield "injection" if "injection" in fact.name else "operation", plain(fact.name), fact


def _graded(fact: Fact) -> str:
    """A finding with its severity, its measurement and its named grade, where the record has them."""
    entry = vocabulary.find("imaging", fact.name)
    unit = fact.unit or (entry.unit if entry else "")
    value = f"{fact.value:g}\u202f{unit}".strip() if fact.value is not None else None
    return " ".join(part for part in (fact.severity, imaging_words(fact.name), value, plain(fact.grade or "")) if part)


def _real_side(fact: Fact) -> str | None:
    return None if fact.side == "midline" else fact.side


def _with_level(words: str, fact: Fact) -> str:
    return " ".join(part for part in (words, fact.level or "(level not told)", fact.side) if part)
