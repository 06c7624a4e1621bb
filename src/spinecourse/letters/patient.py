"""The letter to the patient: plain words, one picture, what to watch for and when to come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Course
from spinecourse.expect.plain import in_plain_words
from spinecourse.knowledge.tables import load
from spinecourse.letters.letter import Letter, Section
from spinecourse.letters.wording import (
    of_surgery,
    plain_condition,
    plain_missing,
    plain_questions,
    plain_site,
    speaker,
    to_patient,
)
from spinecourse.pathway import Option
from spinecourse.pictures import describe_spine, draw_spine, plain

MOST_LIKELY: Final = 0.5
"""A site is called most likely where it is likelier than all the others together."""

HELPFUL: Final = ("recommended", "possible")
MOST_OPTIONS: Final = 6
"""A letter names the best supported options; all of them stand on the page that clinician and patient look at."""
MIDLINE: Final = ("cord", "conus", "cauda_equina")

say = speaker("patient")


def patient_letter(course: Course, assessment: Assessment, on: date) -> Letter:
    """One assessment in the patient's words.

    Nothing is promised: a site is called most likely only above one half, an unexamined danger is named as a question
    still to be asked, and the warning signs stand in every letter, the calmest included.
    """
    sections = (
        _soon(assessment),
        _where(assessment),
        _kind(assessment),
        _scan(assessment),
        _options(assessment),
        _operation(assessment),
        _expect(assessment),
        _unasked(assessment),
        *_watch(course, assessment),
        Section(say("end_heading"), (say("end"),)),
    )
    sites = [(site.site, site.side, site.probability) for site in assessment.localisation.sites]
    return Letter(
        title=say("title"),
        about=f"{course.patient.id}",
        on=on,
        opening=(say("greeting"), say("opening")),
        sections=tuple(section for section in sections if not section.is_empty),
        closing=say("closing"),
        signature=say("signature"),
        picture=draw_spine(sites, [], [], title=say("where_heading")),
        picture_words=" ".join(describe_spine(sites, [], [])),
    )


def _soon(assessment: Assessment) -> Section:
    """How soon, and for which danger: only a danger that calls for the same speed is named."""
    triage = assessment.triage
    pressing = [entry for entry in triage.concerns if entry.urgency == triage.urgency]
    dangers = list(dict.fromkeys(plain_condition(entry.condition) for entry in pressing))
    reason = (
        (say("danger", danger=listed_or(dangers)),) if triage.urgency in ("emergency", "urgent") and dangers else ()
    )
    return Section(say("soon_heading"), (to_patient(triage.urgency), *reason))


def listed_or(parts: list[str]) -> str:
    """``a, or b``."""
    return ", or ".join(parts)


def _where(assessment: Assessment) -> Section:
    heading = say("where_heading")
    if not assessment.localisation.sites:
        return Section(heading, (say("where_unknown"),))
    first = assessment.localisation.sites[0]
    key = "where_sure" if first.probability > MOST_LIKELY else "where_unsure"
    return Section(heading, (say(key, site=plain_site(first.site)), *_side(first.site, first.side)))


def _side(site: str, side: str | None) -> tuple[str, ...]:
    """On which side; nothing for what lies in the middle and has two sides only by name."""
    if side is None or (side == "both" and site.partition(":")[0] in MIDLINE):
        return ()
    return (say("both_sides") if side == "both" else say("side", side=side),)


def _kind(assessment: Assessment) -> Section:
    """The likeliest kind of pain, where one is likelier than the others together."""
    kinds = {name: getattr(assessment.mechanism, name) for name in ("nociceptive", "neuropathic", "nociplastic")}
    likely = [name for name, share in kinds.items() if share is not None and share > MOST_LIKELY]
    return Section(say("kind_heading"), tuple(say(f"kind_{name}") for name in likely))


def _scan(assessment: Assessment) -> Section:
    """Whether the pictures fit; nothing where there are none."""
    found = assessment.exam_image
    if found.still_pain is not None:
        return Section(say("scan_heading"), (say("scan_right_pain_there"),))
    if not found.sites or not (assessment.structure.levels or assessment.structure.clear):
        return Section(say("scan_heading"))
    return Section(say("scan_heading"), (say(f"scan_{found.sites[0].verdict}"),))


def _options(assessment: Assessment) -> Section:
    """What may help now, the best supported first; what nobody knows to be possible is not promised."""
    helpful = [entry for standing in HELPFUL for entry in assessment.pathway.options if _offered(entry, standing)]
    items = tuple(_described(entry) for entry in helpful[:MOST_OPTIONS])
    return Section(say("options_heading"), (say("options"),) if items else (), items)


def _offered(entry: Option, standing: str) -> bool:
    return entry.standing == standing and entry.in_question


def _described(entry: Option) -> str:
    """The treatment and what it is; a drug whose name says no more than itself is called a medicine."""
    name = plain(entry.treatment)
    what = "a medicine" if entry.meaning.lower() == name.lower() else entry.meaning
    return f"{name[:1].upper()}{name[1:]}: {what}."


def _operation(assessment: Assessment) -> Section:
    """Whether an operation's turn has come, and what is missing: never a refusal in silence."""
    gate = assessment.pathway.surgery
    if gate is None:
        return Section(say("operation_heading"))
    missing = tuple(dict.fromkeys(plain_missing(entry.what) for entry in gate.missing if entry.blocks))
    return Section(say("operation_heading"), (of_surgery(gate.standing),), missing)


def _expect(assessment: Assessment) -> Section:
    """What going on as now brings and what the hoped-for treatment brings, in measure and time of the hope."""
    hopes = [entry for entry in assessment.expectation if entry.patient_expects is not None]
    asked = {(entry.outcome, entry.months) for entry in hopes}
    now = [
        entry for entry in assessment.expectation if entry.going_on_as_now and (entry.outcome, entry.months) in asked
    ]
    told = tuple(" ".join(in_plain_words(entry)) for entry in [*now, *hopes])
    return Section(say("expect_heading"), (say("expect"), *told) if told else ())


def _unasked(assessment: Assessment) -> Section:
    questions = tuple(dict.fromkeys(plain_questions(entry.condition) for entry in assessment.triage.open))
    if not questions:
        return Section(say("unasked_heading"))
    return Section(say("unasked_heading"), (say("unasked"),), questions)


def _watch(course: Course, assessment: Assessment) -> Iterator[Section]:
    """Warning signs of the patient's part of the spine, and those after what was done."""
    heading = say("watch_heading")
    for to_do in ("emergency", "urgent"):
        signs = tuple(
            row["sign"]
            for row in load("letters/warning_signs")
            if row["to_do"] == to_do and row["region"] in _regions(assessment) and row["after"] in _after(course)
        )
        yield Section(heading if to_do == "emergency" else "", (say(f"watch_{to_do}"),), signs)


def _regions(assessment: Assessment) -> set[str]:
    """Both regions unless every likely site is of one: too many warnings harm less than one too few."""
    sites = [site.site for site in assessment.localisation.sites if site.probability > 1 - MOST_LIKELY]
    cervical = [":C" in site or "brachial" in site for site in sites]
    if cervical and not any(cervical):
        return {"any", "lumbar"}
    return {"any", "lumbar", "cervical"}


def _after(course: Course) -> set[str]:
    """What was done that has warning signs of its own; ``any`` where nothing is known to have been done."""
    done = {fact.name for fact in course.facts if fact.kind == "treatment" and fact.present}
    kinds = {"operation": "spinal_operation", "procedure": "spinal_procedure"}
    return {"any"} | {name for name, group in kinds.items() if done & _members(group)}


def _members(group: str) -> set[str]:
    return {name for row in load("vocabulary/groups") if row["group"] == group for name in row.items_of("members")}
