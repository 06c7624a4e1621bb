"""An assessment as a page for a clinician's eye: half a minute from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from spinecourse.assess import Assessment
from spinecourse.assess.exam_image_answer import LevelVerdict
from spinecourse.cli.blocks import some, table
from spinecourse.cli.expectation_page import expectation_part
from spinecourse.cli.follow_page import follow_part
from spinecourse.cli.pathway_page import pathway_section
from spinecourse.course import Course
from spinecourse.localise import Site
from spinecourse.triage import Concern, Stage

STYLES: Final = {
    "emergency": "bold white on red",
    "urgent": "bold black on yellow",
    "soon": "bold cyan",
    "routine": "bold",
}
MARKS: Final = {"emergency": "!!!", "urgent": "!!", "soon": "!", "routine": "-"}
MOST_SITES: Final = 4
MOST_REASONS: Final = 5
BAR_WIDTH: Final = 12


def assessment_page(course: Course, assessment: Assessment, width: int) -> RenderableType:
    """One course's page; ``width`` is that of the terminal in characters."""
    parts = [
        _head(course, assessment),
        *_concerns(assessment),
        *_open(assessment),
        *_where(assessment),
        *_image(assessment),
        *_kind(assessment),
        *pathway_section(assessment.pathway),
        *expectation_part(assessment.expectation, assessment.why["expectation"]),
        *follow_part(assessment.follow),
        *_notes(assessment),
        Text(""),
    ]
    return Group(*parts)


def _head(course: Course, assessment: Assessment) -> RenderableType:
    patient, urgency = course.patient, assessment.triage.urgency
    who = [patient.id, f"{patient.age_years:g} y" if patient.age_years is not None else "age unknown"]
    who.append(patient.sex or "sex unknown")
    # A calm class with open questions must not read as reassurance.
    so_far = " on what is known" if urgency == "routine" and assessment.triage.open else ""
    line = Text.assemble((f" {MARKS[urgency]} {urgency.upper()}{so_far} ", STYLES[urgency]), "  ", ", ".join(who))
    return Group(Rule(style="dim"), line)


def _concerns(assessment: Assessment) -> Iterator[RenderableType]:
    if not assessment.triage.concerns:
        yield Padding(Text(assessment.triage.why), (0, 0, 0, 2))
    pressing = [entry for entry in assessment.triage.concerns if entry.urgency == assessment.triage.urgency]
    for concern in pressing:
        yield Padding(_concern(concern), (0, 0, 0, 2))
    rest = [entry for entry in assessment.triage.concerns if entry not in pressing]
    if rest:
        yield table([(f"also {entry.urgency}", f"{_words(entry)}: {_some(entry.because, 3)}") for entry in rest], 2)


def _words(concern: Concern) -> str:
    return concern.condition.replace("_", " ")


def _concern(concern: Concern) -> RenderableType:
    chance = "" if concern.probability is None else f"  probability {concern.probability:.2g}"
    if concern.threshold is not None and chance:
        chance += f" (worth acting above {concern.threshold:.2g})"
    title = Text.assemble((_words(concern), "bold"), f"  {concern.urgency}{chance}")
    rows = [("do", f"{concern.action} ({concern.within})"), ("because", _some(concern.because))]
    if concern.stage is not None:
        rows.append(("stage", _stage(concern.stage)))
    if concern.against:
        rows.append(("against", _some(concern.against)))
    if concern.unasked:
        rows.append(("not asked", _some([_plain(text) for text in concern.unasked])))
    rows.append(("source", f"{_short(concern.sources[0])}"))
    rows += [("disagreed", text) for text in concern.disagreements[:1]]
    return Group(title, table(rows))


def _stage(stage: Stage) -> str:
    """Such as *at least incomplete: the bladder is altered ... Not excluded: retention*."""
    if not stage.not_excluded:
        return f"{stage.stage}: {stage.meaning}"
    return f"at least {stage.stage}: {stage.meaning}. Not excluded: {', '.join(stage.not_excluded)}"


def _open(assessment: Assessment) -> Iterator[RenderableType]:
    shown = {concern.condition for concern in assessment.triage.concerns}
    rows = [
        (question.condition.replace("_", " "), _some([_plain(text) for text in question.unasked]))
        for question in assessment.triage.open
        if question.condition not in shown
    ]
    if rows:
        yield Text("Not asked, so not cleared", style="bold")
        yield table(rows)
    if assessment.triage.denied:
        yield Text("Asked and denied", style="bold")
        yield table([("", _some(assessment.triage.denied, 8))])


def _where(assessment: Assessment) -> Iterator[RenderableType]:
    yield Text("Where", style="bold")
    if not assessment.localisation.sites:
        yield Padding(Text(assessment.localisation.why), (0, 0, 0, 2))
    for site in assessment.localisation.sites[:MOST_SITES]:
        yield Padding(_site(site), (0, 0, 0, 2))
    second = assessment.localisation.second
    if second is not None:
        rest = f"{second.site} {second.side} would explain what {assessment.localisation.sites[0].site} does not"
        yield table([("second?", f"{rest} ({second.probability:.0%} that there are two lesions)")])
    if assessment.localisation.examine_next:
        wanted = [_plain(entry.finding) for entry in assessment.localisation.examine_next]
        yield table([("examine next", _some(wanted, 5))])


def _site(site: Site) -> RenderableType:
    bar = "█" * round(site.probability * BAR_WIDTH)
    name = f"{site.site}{' ' + site.side if site.side else ''}"
    title = Text.assemble(f"{site.probability:4.0%} ", (f"{bar:<{BAR_WIDTH}}", "dim"), " ", (name, "bold"))
    rows = [("for", _some(site.because))] if site.because else []
    rows += [("against", _some(site.against, 3))] if site.against else []
    return Group(title, table(rows, indent=6)) if rows else title


def _image(assessment: Assessment) -> Iterator[RenderableType]:
    """Whether what was seen explains the signs; nothing where nothing was imaged."""
    if not assessment.structure.levels and not assessment.structure.clear:
        return
    yield Text("Exam against image", style="bold")
    yield Padding(Text(assessment.exam_image.why), (0, 0, 0, 2))
    rows = [(entry.level or "", _verdict(entry)) for entry in assessment.exam_image.levels[:MOST_REASONS]]
    unstable = [
        (level.level or "", f"moves: {level.stability}") for level in assessment.structure.levels if level.motion
    ]
    look = [look.look for look in assessment.exam_image.look_next]
    rows += unstable + ([("look at", _some(look))] if look else [])
    still = assessment.exam_image.still_pain
    rows += [("consider", still.says), ("", _some([entry.consider for entry in still.consider], 3))] if still else []
    rows += [("not used", note) for note in assessment.structure.notes]
    if rows:
        yield table(rows)


def _verdict(entry: LevelVerdict) -> str:
    finding = " ".join(part for part in (entry.finding.replace("_", " "), entry.side, entry.severity) if part)
    return f"{finding}: {entry.verdict.replace('_', ' ')}{f' {entry.site}' if entry.site else ''} ({entry.how})"


def _kind(assessment: Assessment) -> Iterator[RenderableType]:
    kind = assessment.mechanism
    yield Text("Kind of pain", style="bold")
    if kind.nociceptive is None or kind.neuropathic is None or kind.nociplastic is None:
        yield Padding(Text(kind.why), (0, 0, 0, 2))
        return
    shares = (
        f"nociceptive {kind.nociceptive:.0%}, neuropathic {kind.neuropathic:.0%}, nociplastic {kind.nociplastic:.0%}"
    )
    yield Padding(Text(shares), (0, 0, 0, 2))
    if kind.because:
        yield table([("because", _some(kind.because, 3))])


def _notes(assessment: Assessment) -> Iterator[RenderableType]:
    if assessment.notes:
        yield Text("Notes on the record", style="bold")
        yield table([("", note) for note in assessment.notes])


def _some(texts: Sequence[str], most: int = MOST_REASONS) -> str:
    return some(texts, most)


def _plain(text: str) -> str:
    """A finding's name as words: kind left out where the name speaks for itself."""
    kind, _, name = text.partition(" ")
    words = name.replace("_", " ")
    return words if kind in {"symptom", "history", "sign"} else f"{kind} {words}"


def _short(source: str) -> str:
    """A source without its address, which the JSON form and the web page carry."""
    return source.rsplit(" http", 1)[0]
