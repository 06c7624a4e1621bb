"""What is realistic, ordered for a page that clinician and patient read together.

Every option is told at one month, with the same hundred people as denominator; what nobody has studied is told as such
and keeps its place. Nothing is calculated here but the chance of the patient's hope under the options it was not said
of, which the same reasoner answers.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from spinecourse.assess.answer import Assessment
from spinecourse.course.model import Course, Fact
from spinecourse.expect.certainty import LEVELS
from spinecourse.expect.expectation_answer import Expectation, Harm, TreatmentRisks
from spinecourse.expect.expecting import expected
from spinecourse.expect.names import treatment_named
from spinecourse.expect.plain import in_plain_words, outcome_words, people_of_100, probability_words, treatment_words
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import by_column, load
from spinecourse.pictures import plain


@dataclass(frozen=True, slots=True)
class Told:
    """One outcome under one option: the answers by month, and the one the page compares by; None where refused.

    ``people`` counts a hundred people by what becomes of them; empty where that is not known.
    """

    outcome: str
    course: tuple[Expectation, ...]
    at: Expectation | None
    people: dict[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """One option. ``refused`` says why there are no figures, empty where there are. ``first`` is false for what stands
    behind the others: nothing on record points to it.

    ``harms`` has each harm once, the period most people were counted in; ``uncounted`` usual harms nobody counted.
    """

    key: str
    name: str
    what: str
    as_now: bool
    first: bool
    told: tuple[Told, ...]
    refused: str
    harms: tuple[Harm, ...]
    uncounted: tuple[str, ...]
    harms_known: bool

    @property
    def main(self) -> Told | None:
        """The first outcome with figures."""
        return next((told for told in self.told if told.at is not None), None)

    def of(self, outcome: str) -> Told | None:
        """What is told of an outcome; None where nothing is."""
        return next((told for told in self.told if told.outcome == outcome and told.at is not None), None)


@dataclass(frozen=True, slots=True)
class Hoped:
    """A hope in numbers: for what, how much, in how many months (None: not said), of which treatment (None: of any)."""

    outcome: str
    value: float
    months: float | None
    treatment: str | None
    words: str
    gap: tuple[str, ...]


def outcomes(answer: Assessment) -> list[str]:
    """The outcomes with figures, in the order of the answer."""
    return list(dict.fromkeys(told.outcome for told in answer.expectation if told.months is not None))


def with_hopes(course: Course, answer: Assessment) -> list[Expectation]:
    """The expectation, with the chance of what the patient hopes for under every option and not under one alone.

    Without a hope, or without an answer, it is given as it is.
    """
    hopes = newest_hopes(course)
    if not hopes or not answer.expectation:
        return answer.expectation
    asked = list(dict.fromkeys(told.treatment for told in answer.expectation if not told.going_on_as_now))
    studied = {told.studied_as for told in answer.expectation if told.studied_as}
    said = {(hope.measure, treatment_named(hope.name)) for hope in hopes}
    added = [
        replace(hope, name=name)
        for hope in hopes
        for name in sorted(studied)
        if (hope.measure, name) not in said and hope.measure in outcomes(answer)
    ]
    told_all = replace(course, facts=(*course.facts, *added))
    return expected(told_all, answer.expectation[0].condition, asked).expectation


def newest_hopes(course: Course) -> list[Fact]:
    """The newest hope in numbers for each measure and treatment."""
    found: dict[tuple[str | None, str], Fact] = {}
    for fact in sorted(course.facts, key=lambda fact: fact.order):
        if fact.kind == "expectation" and fact.value is not None:
            found[fact.measure, fact.name] = fact
    return list(found.values())


def options(course: Course, answer: Assessment) -> list[Shown]:
    """Every option of the expectation: going on as now first, then those in question, then the others."""
    told = with_hopes(course, answer)
    by_option: dict[str, list[Expectation]] = {}
    for each in told:
        by_option.setdefault(each.treatment, []).append(each)
    risks = {entry.treatment: entry for entry in answer.risks}
    asked = {option.treatment for option in answer.pathway.options if option.in_question}
    hoped = {treatment_named(hope.name) for hope in newest_hopes(course)} - {None}
    found = [
        _shown(name, rows, risks.get(name), name in asked or treatment_named(name) in hoped)
        for name, rows in by_option.items()
    ]
    found.sort(key=lambda each: _rank(each, hoped))
    return _limited(found)


def _rank(option: Shown, hoped: Set[str | None]) -> tuple[bool, bool, bool, int]:
    """Going on as now, what the patient hopes for, what is in question, and of these the surest figures first."""
    main = option.main
    sure = LEVELS.index(main.at.certainty) if main and main.at and main.at.certainty in LEVELS else -1
    return not option.as_now, treatment_named(option.key) not in hoped, not option.first, -sure


def _limited(found: Sequence[Shown]) -> list[Shown]:
    """Those in question stay first as far as the page has room; the others are shown when asked for."""
    most = int(parameter("talk_first_options"))
    return [replace(each, first=each.first and place < most) for place, each in enumerate(found)]


def _shown(name: str, rows: Sequence[Expectation], risks: TreatmentRisks | None, asked: bool) -> Shown:
    first = rows[0]
    told = tuple(_told(outcome, rows) for outcome in dict.fromkeys(row.outcome for row in rows))
    words = "Going on as now" if first.going_on_as_now else _upper(plain(name))
    what = "no new treatment" if first.going_on_as_now else _what(first)
    refused = "" if any(each.at for each in told) else first.why
    return Shown(
        name, words, what, first.going_on_as_now, asked or first.going_on_as_now, told, refused,
        _harms(risks), _uncounted(risks), risks is not None,
    )  # fmt: skip


def _what(told: Expectation) -> str:
    words = treatment_words(told)
    return "" if words.casefold() == plain(told.treatment).casefold() else words


def _told(outcome: str, rows: Sequence[Expectation]) -> Told:
    course = tuple(
        sorted(
            (row for row in rows if row.outcome == outcome and row.median is not None), key=lambda row: row.months or 0
        )
    )
    month = parameter("talk_shown_month")
    at = min(course, key=lambda row: abs((row.months or 0) - month), default=None)
    return Told(outcome, course, at, people_of_100(at) if at else {})


def _harms(risks: TreatmentRisks | None) -> tuple[Harm, ...]:
    found: dict[str, Harm] = {}
    for harm in risks.harms if risks else []:
        if harm.label not in found or harm.people > found[harm.label].people:
            found[harm.label] = harm
    return tuple(found.values())


def _uncounted(risks: TreatmentRisks | None) -> tuple[str, ...]:
    known = by_column(load("synthesis/risks"), "risk")
    return tuple(
        known[name]["label"] if name in known else plain(name) for name in (risks.not_counted if risks else ())
    )


def hopes(course: Course, shown: Sequence[Shown]) -> list[Hoped]:
    """What the patient hopes for, each with the gap to what is realistic, a sentence for each option."""
    return [_hoped(fact, shown) for fact in newest_hopes(course)]


def _hoped(fact: Fact, shown: Sequence[Shown]) -> Hoped:
    assert fact.value is not None
    assert fact.measure is not None
    what, unit = outcome_words(fact.measure)
    of = None if fact.name == "own_goal" else fact.name
    after = f" after {plain(of)}" if of else ""
    when = "" if fact.months is None else f", {fact.months:g} months from now"
    words = f"{what} of {fact.value:g} {unit}".strip() + when + after
    first = [option for option in shown if option.first]
    named = [option for option in shown if of and _same(option, of)]
    compared = [option for option in first if option.as_now] if named else first
    gap = [_gap(option, fact) for option in [*named, *(each for each in compared if each not in named)]]
    if of and shown and not named:
        gap.insert(0, f"{_upper(plain(of))} is not among the options that are open to you now.")
    return Hoped(fact.measure, fact.value, fact.months, of, words, tuple(gap))


def _same(option: Shown, treatment: str) -> bool:
    return option.key == treatment or treatment_named(option.key) == treatment_named(treatment)


def _gap(option: Shown, fact: Fact) -> str:
    """The gap between hope and course under one option, in one sentence."""
    told = option.of(fact.measure or "")
    chances = [each for each in (told.course if told else ()) if each.chance_of_that is not None]
    if not chances:
        return f"{option.name}: nobody can say how likely that is."
    at = chances[0]
    assert at.chance_of_that is not None
    count = round(at.chance_of_that * 100)
    words = probability_words(at.chance_of_that)
    return f"{option.name}: {_few(count)} of 100 people like you reach it in {at.months:g} months. That is {words}."


def _few(count: int) -> str:
    return "fewer than 1" if count == 0 else "more than 99" if count == 100 else str(count)


def sentences(option: Shown) -> list[str]:
    """The main outcome in the patient's words."""
    main = option.main
    return in_plain_words(main.at) if main and main.at else []


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
