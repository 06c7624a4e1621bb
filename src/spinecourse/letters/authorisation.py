"""The summary for a payer: what the rules ask for before a procedure, and what the record says to each."""

from __future__ import annotations

from datetime import date

from spinecourse import __version__
from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Course
from spinecourse.errors import NotFound
from spinecourse.letters.colleague import about, some
from spinecourse.letters.letter import Letter, Section
from spinecourse.letters.wording import speaker
from spinecourse.pathway import Evidence, Option, Pathway
from spinecourse.pictures import plain

say = speaker("authorisation")


def authorisation_letter(course: Course, assessment: Assessment, procedure: str, on: date) -> Letter:
    """The criteria for one treatment, met, unmet or unknown, each with what the record says.

    Unknown is said as such and never counted as met. Raises NotFound for a treatment the tables do not have.
    """
    option = _option(assessment.pathway, procedure)
    sections = (_standing(option), _criteria(option), _against(option), _tried(assessment.pathway), _rules(option))
    return Letter(
        title=f"{say('title')}: {plain(option.treatment)}",
        about=about(course),
        on=on,
        opening=(say("opening", procedure=plain(option.treatment)),),
        sections=tuple(section for section in sections if not section.is_empty),
        closing=say("closing", version=__version__),
        signature=say("signature"),
    )


def _option(pathway: Pathway, procedure: str) -> Option:
    for option in pathway.options:
        if option.treatment == procedure:
            return option
    known = ", ".join(option.treatment for option in pathway.options)
    raise NotFound(f"{procedure!r} is no treatment of pathway/treatments; known are {known}")


def _standing(option: Option) -> Section:
    waits = [*option.after, *option.until]
    rows = [("because", some(option.because)), ("waits for", some(waits, len(waits)))]
    return Section(say("standing_heading", standing=plain(option.standing)), rows=tuple(row for row in rows if row[1]))


def _criteria(option: Option) -> Section:
    """Every requirement, the unmet first, each with the facts that say so."""
    order = {"unmet": 0, "unknown": 1, "met": 2}
    ranked = sorted(option.requirements, key=lambda entry: order[entry.state])
    rows = tuple((entry.state, f"{plain(entry.what)}{_facts(entry.because)} [{entry.rule}]") for entry in ranked)
    return Section(say("criteria_heading"), () if rows else (say("none_met"),), rows=rows)


def _facts(because: list[str]) -> str:
    return f": {some(because)}" if because else ""


def _against(option: Option) -> Section:
    rows = [(plain(entry.weight), f"{plain(entry.says)}{_facts(entry.because)}") for entry in option.cautions]
    rows += [("not asked", plain(text)) for text in option.check_first]
    return Section(say("against_heading"), rows=tuple(rows))


def _tried(pathway: Pathway) -> Section:
    rows = tuple((plain(entry.treatment), f"{plain(entry.why)} ({plain(entry.fact)})") for entry in pathway.tried)
    return Section(say("tried_heading"), rows=rows)


def _rules(option: Option) -> Section:
    return Section(say("rules_heading"), rows=tuple((_dated(entry), _rule(entry)) for entry in option.evidence))


def _dated(entry: Evidence) -> str:
    return f"{entry.direction} {entry.year}".strip()


def _rule(entry: Evidence) -> str:
    return f"{plain(entry.condition)}, {entry.strength}: {entry.state} for this patient. {entry.source}"
