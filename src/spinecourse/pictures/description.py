"""The drawing in words: for those who cannot see it, and for what has no place on the spine."""

from __future__ import annotations

from collections.abc import Iterable

from spinecourse.pictures.lesions import Group
from spinecourse.pictures.marks import Marks
from spinecourse.pictures.words import probability

_VIEWS = {
    "front": "The spine seen from the front: the patient’s right is on the viewer’s left.",
    "side": "The spine seen from the patient’s left: the front of the body is on the viewer’s left.",
}


def describe_marks(marks: Marks, view: str = "front") -> list[str]:
    """One sentence for each thing drawn or listed, and one for what was left out."""
    lines = [_VIEWS[view]]
    lines += [f"Likely site: {_sided(group)} {probability(group.probability)}{_each(group)}." for group in marks.groups]
    lines += [f"{_group(group)}: {_sided(group)} {probability(group.probability)}." for group in marks.elsewhere]
    if not marks.groups and not marks.elsewhere:
        lines.append("No likely site to mark.")
    for mark in marks.levels:
        kind = {"imaging": "Imaging", "operation": "Operated", "injection": "Injected"}[mark.kind]
        side = f" {mark.side}" if mark.side else ""
        lines.append(f"{kind} at {mark.level}{side}: {', '.join(mark.words)}.")
    lines += [f"Level not told, {words}." for words in marks.unlevelled]
    lines += [f"Looked for on imaging and not found: {words}." for words in marks.not_found]
    if marks.less_likely:
        lines.append(f"{_counted(marks.less_likely)} not drawn.")
    return lines


def listed(marks: Marks, unlabelled: int) -> Iterable[tuple[str, list[str]]]:
    """The lists below the drawing: heading and rows; a list without rows is left out."""
    outside = [group for group in marks.elsewhere if group.place == "outside"]
    inside = [group for group in marks.elsewhere if group.place == "unlevelled"]
    groups = [
        ("Outside the spine", [f"{_sided(group)} {probability(group.probability)}" for group in outside]),
        ("In the spine, level not told", [f"{_sided(group)} {probability(group.probability)}" for group in inside]
         + list(marks.unlevelled)),
        ("Looked for on imaging and not found", list(marks.not_found)),
        ("Not labelled above for want of room", [f"{unlabelled} more, in the text beside"] if unlabelled else []),
        ("Less likely", [f"{_counted(marks.less_likely)} not drawn"] if marks.less_likely else []),
    ]  # fmt: skip
    return [(heading, rows) for heading, rows in groups if rows]


def _counted(number: int) -> str:
    return f"{number} less likely site{'' if number == 1 else 's'}"


def _each(group: Group) -> str:
    """The segments of a group with the probability of each."""
    if len(group.lesions) == 1:
        return ""
    return " together: " + ", ".join(f"{lesion.name} {probability(lesion.probability)}" for lesion in group.lesions)


def _group(group: Group) -> str:
    return "Outside the spine" if group.place == "outside" else "In the spine, level not told"


def _sided(group: Group) -> str:
    """``L5 root, left``; a root without a side says that the side is not known."""
    if group.side == "both":
        return f"{group.words}, both sides"
    if group.side:
        return f"{group.words}, {group.side}"
    return f"{group.words}, side not known," if group.place == "root" else f"{group.words},"
