"""Reading an examination from a YAML or JSON file, strictly: what is not understood is refused with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from spinecourse.course.complaints import Complaints
from spinecourse.course.documents import Document, load_documents, shown_key
from spinecourse.course.values import described
from spinecourse.errors import CourseError, Problem
from spinecourse.isncsci.model import Answer, Examination, Side
from spinecourse.isncsci.scores import Modality, score
from spinecourse.isncsci.standard import SIDES, non_key_movements, standard

VERSION: Final = 1
"""The version of the file format, which the key ``isncsci`` of a file gives."""
RANGE: Final = " to "
"""Between two levels, in the order of the cord, for a key that holds for all of them."""
LONGEST_COMMENTS: Final = 2000

_ANSWERS: Final[dict[str, Answer]] = {"yes": "yes", "no": "no", "NT": "NT"}
_ANORECTAL: Final = ("voluntary_anal_contraction", "deep_anal_pressure")
_HEAD: Final = ("isncsci", "id", "comments", *_ANORECTAL, *SIDES)
_PARTS: Final[dict[str, Modality]] = {"motor": "motor", "light_touch": "sensation", "pin_prick": "sensation"}
_NON_KEY: Final = "lowest_non_key_muscle"

_Place = tuple[str | int, ...]


def read_examination(path: Path) -> Examination:
    """The examination in a YAML or JSON file, or on standard input for ``-``.

    Raises NotFound for a file that is not there, and CourseError with every problem and its line for one that is not
    a whole examination: an unknown key, a score that is none, a level left out or given twice.
    """
    found = list(load_documents(path))
    document = found[0]
    if len(found) > 1:
        message = f"holds {len(found)} documents; a file holds one examination"
        raise CourseError([Problem(document.file, found[1].line, None, message)])
    if document.content is None and document.problems:
        raise CourseError([*document.problems])
    return _examination(document)


def _examination(document: Document) -> Examination:
    problems = Complaints(document.file, document.number, document.positions, list(document.problems))
    raw = _mapping(document.content, (), problems, "an examination")
    _known_keys(raw, (), _HEAD, problems)
    _version(raw, problems)
    values: dict[str, Any] = {name: _answer(raw, name, problems) for name in _ANORECTAL}
    values |= {name: _side(raw, name, problems) for name in SIDES}
    values |= {name: _text(raw, name, problems) for name in ("id", "comments")}
    if problems.problems:
        raise CourseError(problems.problems)
    return Examination(**values)


def _version(raw: Mapping[str, object], problems: Complaints) -> None:
    version = raw.get("isncsci")
    if isinstance(version, bool) or version != VERSION:
        problems.add(("isncsci",), f"isncsci should be {VERSION}, the version of the format, is {described(version)}")


def _mapping(raw: object, path: _Place, problems: Complaints, what: str) -> Mapping[str, object]:
    if isinstance(raw, Mapping):
        return raw
    name = ".".join(map(str, path)) or "the file"
    problems.add(path, f"{name} should be {what}, written as keys and values, is {described(raw)}")
    return {}


def _known_keys(raw: Mapping[str, object], path: _Place, known: tuple[str, ...], problems: Complaints) -> None:
    for key in raw:
        if key not in known:
            problems.unknown_key(path, key, known)


def _text(raw: Mapping[str, object], name: str, problems: Complaints) -> str | None:
    value = raw.get(name)
    if value is None or (isinstance(value, str) and len(value) <= LONGEST_COMMENTS):
        return value
    problems.add((name,), f"{name} should be text of at most {LONGEST_COMMENTS} characters, is {described(value)}")
    return None


def _answer(raw: Mapping[str, object], name: str, problems: Complaints) -> Answer:
    value = raw.get(name)
    if isinstance(value, str) and value in _ANSWERS:
        return _ANSWERS[value]
    given = described(value) if name in raw else "missing"
    problems.add((name,), f"{name} should be yes, no or NT (not testable), is {given}")
    return "NT"


def _side(raw: Mapping[str, object], name: str, problems: Complaints) -> Side:
    path: _Place = (name,)
    if name not in raw:
        problems.add((), f"the {name} side is missing: an examination has both")
        return Side({}, {}, {})
    side = _mapping(raw[name], path, problems, "a side")
    _known_keys(side, path, (*_PARTS, _NON_KEY), problems)
    parts = {part: _scores(side, (*path, part), modality, problems) for part, modality in _PARTS.items()}
    return Side(**parts, lowest_non_key_muscle=_non_key(side, path, problems))


def _non_key(side: Mapping[str, object], path: _Place, problems: Complaints) -> str | None:
    value = side.get(_NON_KEY)
    if value is None or (isinstance(value, str) and value in non_key_movements()):
        return value
    known = ", ".join(non_key_movements())
    problems.add((*path, _NON_KEY), f"{_NON_KEY} should be one of {known}, is {described(value)}")
    return None


def _scores(side: Mapping[str, object], path: _Place, modality: Modality, problems: Complaints) -> dict[str, str]:
    """The scores of one column by level, every level once."""
    part = str(path[-1])
    levels = tuple(standard().key_muscles) if modality == "motor" else standard().dermatomes
    if part not in side:
        problems.add(path[:-1], f"the {path[0]} side lacks {part}: give every level, NT where not testable")
        return {}
    found: dict[str, str] = {}
    for key, value in _mapping(side[part], path, problems, "scores by level").items():
        place = (*path, key)
        text = _score(value, modality, place, problems)
        for level in _levels(key, levels, place, problems):
            if level in found:
                problems.add(place, f"{'.'.join(map(str, path))} has {level} twice; leave one out")
            found[level] = text
    missing = [level for level in levels if level not in found]
    if missing:
        problems.add(path, f"{'.'.join(map(str, path))} lacks {', '.join(missing)}: write NT where not testable")
    return {level: found[level] for level in levels if level in found}


def _levels(key: str, levels: tuple[str, ...], place: _Place, problems: Complaints) -> tuple[str, ...]:
    """The levels a key stands for: itself, or all from one to another."""
    first, _, last = str(key).partition(RANGE)
    last = last or first
    if first not in levels or last not in levels:
        problems.unknown_key(place[:-1], key, levels)
        return ()
    ends = levels.index(first), levels.index(last)
    if ends[0] > ends[1]:
        problems.add(place, f"{shown_key(key)} runs upwards; write {last}{RANGE}{first}")
    return levels[ends[0] : ends[1] + 1]


def _score(value: object, modality: Modality, place: _Place, problems: Complaints) -> str:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    try:
        return score(modality, text).text
    except ValueError as error:
        given = f", is {described(value)}" if str(error).startswith("should") else ""
        problems.add(place, f"{'.'.join(map(str, place))} {error}{given}")
        return text
