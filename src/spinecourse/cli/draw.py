"""``spinecourse draw``: one picture of one course, as SVG on standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from spinecourse.cli.inputs import Outcome, read_inputs
from spinecourse.course import Course
from spinecourse.errors import UserError

File = Annotated[Path, Parameter(help="A course file (YAML, JSON, JSONL) or FHIR; - reads standard input.")]
Who = Annotated[str | None, Parameter(help="The patient to draw, where the file holds several.")]

Mirror = Annotated[bool, Parameter(negative="", help="Mirror the picture for a page read from right to left.")]


def one_course(file: Path, patient: str | None) -> Course:
    """The course to draw. Raises UserError where the file holds several and none is chosen, or not the one chosen."""
    courses = list(read_inputs([file], keep_going=False, outcome=Outcome()))
    chosen = courses if patient is None else [course for course in courses if course.id == patient]
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise UserError(f"{file}: holds no such patient among {len(courses)}; look at the ids in the file")
    raise UserError(f"{file}: holds {len(chosen)} courses and a picture shows one; choose it with --patient ID")


def draw_spine(
    file: File, /, *, view: Annotated[Literal["front", "side"], Parameter(help="Seen from where.")] = "front",
    patient: Who = None,
) -> None:  # fmt: skip
    """Draw the spine with likely lesion sites, imaged findings, operated and injected levels."""
    from spinecourse import pictures
    from spinecourse.assess import assess_course

    course = one_course(file, patient)
    sites = [(site.site, site.side, site.probability) for site in assess_course(course).localisation.sites]
    _write(
        pictures.draw_spine(
            sites,
            [fact for fact in course.facts if fact.kind == "imaging"],
            [fact for fact in course.facts if fact.kind == "treatment"],
            title="Likely site of the lesion",
            view=view,
        )
    )


def draw_body(
    file: File, /, *,
    view: Annotated[Literal["front", "back", "both", "hands"], Parameter(help="Seen from where; or hands.")] = "both",
    layer: Annotated[
        Literal["dermatome", "skin", "region"], Parameter(help="What the fine lines part: skin stands for nerves.")
    ] = "dermatome",
    patient: Who = None,
) -> None:  # fmt: skip
    """Draw pain, numbness and weakness on the body, over dermatomes, areas of cutaneous nerves or plain regions."""
    from spinecourse import pictures

    course = one_course(file, patient)
    _write(pictures.draw_body(course.facts, title="Where it hurts and what is lost", view=view, layer=layer))


def draw_segment(
    file: File, /, *, level: Annotated[str | None, Parameter(help="Such as L4/5; by default the worst level imaged.")]
    = None, patient: Who = None,
) -> None:  # fmt: skip
    """Draw one motion segment enlarged, with the roots that a finding there can reach."""
    from spinecourse import pictures

    course = one_course(file, patient)
    imaging = [fact for fact in course.facts if fact.kind == "imaging"]
    chosen = level or pictures.worst_level(imaging)
    if chosen is None:
        raise UserError(f"{file}: no motion segment was imaged; choose one with --level, such as --level L4/5")
    _write(pictures.draw_segment(imaging, chosen, title=f"The segment {chosen}"))


def draw_supply(
    file: File, /, *,
    limb: Annotated[Literal["arm", "leg"] | None, Parameter(help="By default the one with most weakness.")] = None,
    side: Annotated[Literal["left", "right"] | None, Parameter(help="By default the weaker one.")] = None,
    right_to_left: Mirror = False,
    patient: Who = None,
) -> None:  # fmt: skip
    """Draw the supply of one limb from the roots to what was examined, with the likely lesion."""
    from spinecourse import pictures
    from spinecourse.assess import assess_course

    course = one_course(file, patient)
    sites = [(site.site, site.side, site.probability) for site in assess_course(course).localisation.sites]
    title = "From the roots to what was examined"
    _write(pictures.draw_supply(course.facts, sites, title=title, limb=limb, side=side, right_to_left=right_to_left))


def draw_chances(
    file: File, /, *,
    style: Annotated[Literal["dots", "bars"], Parameter(help="Dots among a hundred, or bars.")] = "dots",
    right_to_left: Mirror = False,
    patient: Who = None,
) -> None:  # fmt: skip
    """Draw how likely sites and dangers are among 100 such patients, and what the next examination would change."""
    from spinecourse import pictures
    from spinecourse.assess import assess_course

    course = one_course(file, patient)
    answer = assess_course(course)
    dangers = [
        pictures.Chance(pictures.plain(concern.condition), concern.probability, _unasked(concern.unasked))
        for concern in answer.triage.concerns
    ]
    sites = [(site.site, site.side, site.probability) for site in answer.localisation.sites]
    changes = pictures.what_if(course, answer.localisation.examine_next)
    _write(
        pictures.draw_chances(
            sites,
            dangers,
            changes,
            title="How likely, and what would change it",
            style=style,
            right_to_left=right_to_left,
        )
    )


def _unasked(findings: list[str]) -> str:
    from spinecourse import pictures

    words = [pictures.plain(finding.partition(" ")[2] or finding) for finding in findings[:3]]
    return f"Not asked: {', '.join(words)}{' and more' if len(findings) > 3 else ''}" if words else ""


def _write(svg: str) -> None:
    sys.stdout.write(svg + "\n")
