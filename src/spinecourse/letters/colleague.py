"""The letter to a colleague: one page, the urgent things first, every judgement with its facts."""

from __future__ import annotations

from datetime import date
from typing import Final

from spinecourse import __version__
from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Course
from spinecourse.expect.expectation_answer import Expectation
from spinecourse.letters.letter import Letter, Section
from spinecourse.letters.wording import speaker
from spinecourse.pictures import plain, probability, site_words
from spinecourse.triage import Concern

MOST_FACTS: Final = 3
"""A letter of one page names the strongest facts and says how many more there are."""
MOST_SITES: Final = 2
MOST_OPTIONS: Final = 6
STANDINGS: Final = ("recommended", "possible", "later", "contraindicated")
"""The standings a colleague's page has room for; those not indicated or not known stand on the assessment page."""

say = speaker("colleague")


def colleague_letter(course: Course, assessment: Assessment, on: date) -> Letter:
    """One assessment for a clinician: urgency, site, kind of pain, imaging, measures, and what nobody asked."""
    sections = (
        _urgency(assessment),
        _site(assessment),
        _kind(assessment),
        _scan(assessment),
        _measures(course),
        _next(assessment),
        _surgery(assessment),
        _hopes(assessment),
        _follow(assessment),
        _unasked(assessment),
    )
    return Letter(
        title=say("title"),
        about=about(course),
        on=on,
        opening=(say("opening"),),
        sections=tuple(section for section in sections if not section.is_empty),
        closing=say("closing", version=__version__),
        signature=say("signature"),
    )


def about(course: Course) -> str:
    """Id, age and sex, each said to be unknown where it is."""
    patient = course.patient
    age = f"{patient.age_years:g} years" if patient.age_years is not None else "age not known"
    return f"{patient.id}, {age}, {patient.sex or 'sex not known'}"


def _urgency(assessment: Assessment) -> Section:
    triage = assessment.triage
    so_far = " on what is known" if triage.urgency == "routine" and triage.open else ""
    pressing = [entry for entry in triage.concerns if entry.urgency == triage.urgency]
    rest = [plain(entry.condition) for entry in triage.concerns if entry not in pressing]
    said = () if pressing else (plain(triage.why),)
    also = (f"Also raised, less pressing: {', '.join(rest)}.",) if rest else ()
    rows = tuple(row for concern in pressing for row in _concern(concern))
    return Section(f"{say('urgency_heading')}: {triage.urgency}{so_far}", (*said, *also), rows=rows)


def _concern(concern: Concern) -> list[tuple[str, str]]:
    rows = [
        (plain(concern.condition), f"{plain(concern.action)} ({concern.within})"),
        ("because", some(concern.because)),
    ]
    if concern.against:
        rows.append(("against", some(concern.against)))
    return rows


def some(texts: list[str], most: int = MOST_FACTS) -> str:
    """The first few in plain words, and how many more there are."""
    rest = len(texts) - most
    return "; ".join(map(plain, texts[:most])) + (f"; and {rest} more" if rest > 0 else "")


def _site(assessment: Assessment) -> Section:
    where = assessment.localisation
    if not where.sites:
        return Section(say("site_heading"), (where.why,))
    rows = []
    for site in where.sites[:MOST_SITES]:
        side = f", {site.side}" if site.side else ""
        rows.append((f"{site_words(site.site)}{side}", f"{probability(site.probability)}; {some(site.because)}"))
    if where.examine_next:
        rows.append(("examine next", some([entry.finding for entry in where.examine_next], 3)))
    return Section(say("site_heading"), rows=tuple(rows))


def _kind(assessment: Assessment) -> Section:
    kinds = {name: getattr(assessment.mechanism, name) for name in ("nociceptive", "neuropathic", "nociplastic")}
    shares = [f"{name} {share:.0%}" for name, share in kinds.items() if share is not None]
    text = ", ".join(shares) + "." if shares else assessment.mechanism.why
    return Section(say("kind_heading"), (text,))


def _scan(assessment: Assessment) -> Section:
    if not (assessment.structure.levels or assessment.structure.clear):
        return Section(say("scan_heading"), (plain(assessment.exam_image.why),))
    still = assessment.exam_image.still_pain
    more = (f"{plain(still.says)}: {some([entry.consider for entry in still.consider], 3)}.",) if still else ()
    return Section(say("scan_heading"), (plain(assessment.exam_image.why), *more))


def _measures(course: Course) -> Section:
    """The first and the last score of every measure, with their days."""
    scores: dict[str, list[tuple[int, float]]] = {}
    for fact in course.facts:
        if fact.kind == "measure" and fact.value is not None and fact.day is not None:
            scores.setdefault(fact.name, []).append((fact.day, fact.value))
    rows = tuple((plain(name), _span(sorted(found))) for name, found in scores.items())
    return Section(say("measures_heading"), rows=rows)


def _span(scores: list[tuple[int, float]]) -> str:
    (first_day, first), (last_day, last) = scores[0], scores[-1]
    if len(scores) == 1:
        return f"{first:g} (day {first_day})"
    return f"{first:g} (day {first_day}), now {last:g} (day {last_day}); {len(scores)} scores"


def _next(assessment: Assessment) -> Section:
    """Conditions, what was tried, the standing of the options, and to whom to refer."""
    pathway = assessment.pathway
    rows = [("condition", some([f"{entry.condition} ({entry.sureness})" for entry in pathway.conditions]))]
    rows.append(("tried", some([entry.why for entry in pathway.tried])))
    for standing in STANDINGS:
        named = [option.treatment for option in pathway.options if option.standing == standing and option.in_question]
        rows.append((plain(standing), some(named, MOST_OPTIONS)))
    rows.append(("refer to", some([f"{entry.whom} ({entry.how_fast})" for entry in pathway.referrals], 3)))
    return Section(say("next_heading"), rows=tuple(row for row in rows if row[1]))


def _surgery(assessment: Assessment) -> Section:
    gate = assessment.pathway.surgery
    return Section(say("surgery_heading"), (plain(gate.says),) if gate else ())


def _hopes(assessment: Assessment) -> Section:
    """What the patient hopes for beside what is realistic."""
    hopes = [entry for entry in assessment.expectation if entry.patient_expects is not None]
    return Section(say("expect_heading"), rows=tuple((plain(entry.treatment), _hope(entry)) for entry in hopes))


def _hope(entry: Expectation) -> str:
    hoped = f"hopes for {plain(entry.outcome)} {entry.patient_expects:g}"
    if entry.months is None or entry.median is None or entry.interval80 is None or entry.chance_of_that is None:
        return f"{hoped}; {entry.why}"
    low, high = entry.interval80
    realistic = f"after {entry.months:g} months realistic {entry.median:g} (eight of ten {low:g} to {high:g})"
    return f"{hoped}; {realistic}; chance of at least that {entry.chance_of_that:.0%}; certainty {entry.certainty}"


def _follow(assessment: Assessment) -> Section:
    """Whether it goes as expected, what endangers, and the likely causes of pain after an operation."""
    follow = assessment.follow
    rows = [(plain(follow.status), plain(follow.why))]
    rows += [("opioids", danger.meaning) for danger in (follow.opioids.dangers if follow.opioids else [])[:2]]
    if follow.failed_surgery is not None:
        rows.append(("after surgery", some([cause.cause for cause in follow.failed_surgery.causes])))
    return Section(say("follow_heading"), rows=tuple(rows))


def _unasked(assessment: Assessment) -> Section:
    rows = tuple((plain(entry.condition), some(entry.unasked)) for entry in assessment.triage.open)
    return Section(say("unasked_heading"), rows=rows)
