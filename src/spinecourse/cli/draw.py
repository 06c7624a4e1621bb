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
    view: Annotated[Literal["front", "back", "both"], Parameter(help="Seen from where.")] = "both",
    layer: Annotated[
        Literal["dermatome", "skin", "region"], Parameter(help="What the fine lines part: skin stands for nerves.")
    ] = "dermatome",
    patient: Who = None,
) -> None:  # fmt: skip
    """Draw pain, numbness and weakness on the body, over dermatomes, areas of cutaneous nerves or plain regions."""
    from spinecourse import pictures

    course = one_course(file, patient)
    _write(pictures.draw_body(course.facts, title="Where it hurts and what is lost", view=view, layer=layer))


def _write(svg: str) -> None:
    sys.stdout.write(svg + "\n")
