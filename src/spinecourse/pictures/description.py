"""The drawing in words: for those who cannot see it, and for what has no place on the spine."""

from __future__ import annotations

from collections.abc import Iterable

from spinecourse.pictures.marks import Lesion, Marks


def describe_marks(marks: Marks) -> list[str]:
    """One sentence for each thing drawn or listed, and one for what was left out."""
    lines = ["The spine seen from the front: the patient’s right is on the viewer’s left."]
    lines += [f"Likely site: {_sided(lesion)} {lesion.probability:.2f}." for lesion in marks.lesions]
    lines += [f"{_group(lesion)}: {_sided(lesion)} {lesion.probability:.2f}." for lesion in marks.elsewhere]
    if not marks.lesions and not marks.elsewhere:
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
    outside = [lesion for lesion in marks.elsewhere if lesion.place == "outside"]
    inside = [lesion for lesion in marks.elsewhere if lesion.place == "unlevelled"]
    groups = [
        ("Outside the spine", [f"{_sided(lesion)} {lesion.probability:.2f}" for lesion in outside]),
        ("In the spine, level not told", [f"{_sided(lesion)} {lesion.probability:.2f}" for lesion in inside]
         + list(marks.unlevelled)),
        ("Looked for on imaging and not found", list(marks.not_found)),
        ("Not labelled above for want of room", [f"{unlabelled} more, in the text beside"] if unlabelled else []),
        ("Less likely", [f"{_counted(marks.less_likely)} not drawn"] if marks.less_likely else []),
    ]  # fmt: skip
    return [(heading, rows) for heading, rows in groups if rows]


def _counted(number: int) -> str:
    return f"{number} less likely site{'' if number == 1 else 's'}"


def _group(lesion: Lesion) -> str:
    return "Outside the spine" if lesion.place == "outside" else "In the spine, level not told"


def _sided(lesion: Lesion) -> str:
    """``L5 root, left``; a root without a side says that the side is not known."""
    if lesion.side == "both":
        return f"{lesion.words}, both sides"
    if lesion.side:
        return f"{lesion.words}, {lesion.side}"
    return f"{lesion.words}, side not known," if lesion.place == "root" else f"{lesion.words},"
