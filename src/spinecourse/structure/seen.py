"""From the imaging facts of a course to what was seen, level by level; the newest word on a finding holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, Literal, cast

from spinecourse.course.model import Course, Fact
from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.tables import by_column, load
from spinecourse.structure import gradings, motion
from spinecourse.structure.answer import Clear, Finding, Level, Motion, Severity, Structure
from spinecourse.structure.gradings import Grade
from spinecourse.structure.reach import region_of_level

SEVERITIES: Final[tuple[Severity, ...]] = ("none", "mild", "moderate", "severe")
"""From the least to the most."""

ZONE: Final = "zone"

Place = tuple[str, str | None, str | None]
"""Finding, level and side."""


def read_structure(course: Course) -> Structure:
    """What imaging showed in one course; facts known only ``after`` the first assessment are left out."""
    facts = [fact for fact in course.facts if fact.kind == "imaging" and not fact.after]
    facts.sort(key=lambda fact: -(10**9) if fact.day is None else fact.day)
    notes = [note for fact in facts if (note := _misplaced(fact))]
    said: dict[Place, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.name not in motion.measures():
            said[_finding_of(fact), fact.level, fact.side].append(fact)
    findings = {place: _finding(place, found, notes) for place, found in said.items() if _shows(found[-1])}
    clear = [_clear(place, found) for place, found in said.items() if not _shows(found[-1])]
    moved = [(fact.level, judged) for fact in facts if (judged := motion.judge(fact))]
    levels = _levels(findings, moved)
    return Structure(levels, clear, notes, _why(levels, clear))


def _finding_of(fact: Fact) -> str:
    """The finding a fact is about: a measurement is about the finding that it grades."""
    if fact.name in gradings.measures():
        return next(grade.findings[0] for grade in gradings.grades() if grade.measure == fact.name)
    return fact.name


def _shows(fact: Fact) -> bool:
    """Whether a fact says that its finding is there; a slip of 0 per cent says that it is not."""
    return fact.present and not (fact.name in gradings.measures() and fact.value == 0)


def _misplaced(fact: Fact) -> str | None:
    """What is wrong with a grade or number, in a sentence; None where nothing is."""
    grade = gradings.grade_named(fact.grade) if fact.grade else None
    measured = fact.name in gradings.measures() or fact.name in motion.measures()
    if grade and _finding_of(fact) not in grade.findings:
        return f"'{fact.text}': {grade.grading} grades {', '.join(grade.findings)} and says nothing of {fact.name}"
    if measured and fact.value is None:
        return f"'{fact.text}' is a measurement without its number and was not used"
    if not measured and fact.value is not None:
        return f"'{fact.text}': the number has no meaning for {fact.name} and was not used"
    if fact.name in motion.measures() and motion.judge(fact) is None:
        return f"'{fact.text}' needs a motion segment such as L4/5 to be judged"
    if measured and fact.value and fact.name in gradings.measures() and _measured(fact) is None:
        return f"'{fact.text}' needs a level of the region in which {fact.name} is graded"
    return None


def _named(facts: Iterable[Fact], finding: str) -> list[Grade]:
    """The grades that were given by name and belong to the finding, the newest last."""
    found = (gradings.grade_named(fact.grade) for fact in facts if fact.grade and fact.present)
    return [grade for grade in found if grade and finding in grade.findings]


def _measured(fact: Fact) -> Grade | None:
    if fact.value is None or fact.name not in gradings.measures():
        return None
    # A slip is graded alike everywhere, so a missing level does not keep it from its grade.
    region = region_of_level(fact.level) or "lumbar" if fact.name == "slip_percent" else region_of_level(fact.level)
    return gradings.grade_of_measure(fact.name, fact.value, region or "")


def _finding(place: Place, facts: Sequence[Fact], notes: list[str]) -> Finding:
    name, _, side = place
    facts = [fact for fact in facts if _shows(fact)]
    named = _named(facts, name)
    measured = [(fact, grade) for fact in facts if (grade := _measured(fact))]
    zone = next((grade.grade for grade in reversed(named) if grade.grading == ZONE), None)
    ranked = [grade for grade in named if grade.grading != ZONE] + [grade for _, grade in measured]
    _note_disagreement(ranked, facts, notes)
    grade = max(ranked, key=_rank, default=None)
    number = measured[-1][0] if measured else None
    return Finding(
        finding=name,
        side=side,
        severity=_severity(facts, grade),
        grade=grade.name if grade else None,
        zone=zone or ("central" if side == "midline" else None),
        value=number.value if number else None,
        unit=_unit(number) if number else None,
        meaning=grade.meaning if grade else "",
        because=[fact.text for fact in facts],
        sources=[f"{grade.name}: {grade.source} ({grade.checked})"] if grade else [],
        checked=grade.checked if grade else "",
    )


def _rank(grade: Grade) -> int:
    return -1 if grade.severity is None else SEVERITIES.index(grade.severity)


def _note_disagreement(grades: Sequence[Grade], facts: Sequence[Fact], notes: list[str]) -> None:
    """Two grades of one grading at one place: the worse one is kept, and both are named."""
    for grading in dict.fromkeys(grade.grading for grade in grades):
        names = list(dict.fromkeys(grade.name for grade in grades if grade.grading == grading))
        if len(names) > 1:
            notes.append(f"{' and '.join(names)} were both given for '{facts[-1].text}': the worse one counts")


def _severity(facts: Sequence[Fact], grade: Grade | None) -> Severity | None:
    """The newest word; without a word the severity of the grade."""
    words = [cast(Severity, fact.severity) for fact in facts if fact.severity]
    return words[-1] if words else grade.severity if grade else None


def _unit(fact: Fact) -> str:
    return vocabulary.names()[fact.kind, fact.name].unit


def _clear(place: Place, facts: Sequence[Fact]) -> Clear:
    name, level, _ = place
    row = by_column(load("structure/clean_scans"), "finding").get(name)
    extent = row["extent"] if row and level is None else "finding"
    region = region_of_level(level)
    return Clear(
        finding=name,
        level=level,
        regions=[region] if region else list(row.items_of("regions")) if row else [],
        extent=cast(Literal["whole", "compression", "finding"], extent),
        meaning=row["meaning"] if row else f"no {name.replace('_', ' ')} was seen",
        because=[facts[-1].text],
    )


def _levels(findings: dict[Place, Finding], moved: Sequence[tuple[str | None, Motion]]) -> list[Level]:
    """The levels from the head downwards, findings without a level last."""
    order = [*anatomy.vertebrae(), *anatomy.motion_segments()]
    names = {level for _, level, _ in findings} | {level for level, _ in moved}
    return [
        Level(
            level=name,
            region=region_of_level(name),
            findings=[finding for (_, level, _), finding in findings.items() if level == name],
            motion=(motions := [judged for level, judged in moved if level == name]),
            stability=motion.worst(motions),
        )
        for name in sorted(names, key=lambda name: _from_the_head(name, order))
    ]


def _from_the_head(name: str | None, order: Sequence[str]) -> tuple[int, int]:
    if name is None:
        return len(order), 0
    upper = name.split("/")[0]
    return order.index(upper), int("/" in name)


def _why(levels: Sequence[Level], clear: Sequence[Clear]) -> str:
    if not levels and not clear:
        return "no imaging is on record: nothing is known of the structure, which is not the same as normal"
    seen = sum(len(level.findings) for level in levels)
    unstable = [level.level for level in levels if level.stability == "unstable"]
    moves = f"; moves beyond the published limit at {', '.join(map(str, unstable))}" if unstable else ""
    return f"{seen} findings on imaging at {len(levels)} places, {len(clear)} looked for and not there{moves}"
