"""What was tried: every course of treatment on record, whether it was long enough, and what nobody wrote down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spinecourse.course.model import Fact
from spinecourse.findings.trials import adequate, needed, weeks_of
from spinecourse.knowledge.tables import Row
from spinecourse.pathway.answer import Trial
from spinecourse.pathway.rows import source_text


def trials(facts: Sequence[Fact]) -> list[Trial]:
    """The courses of treatment among the facts, in the order of their days; those denied are left out."""
    had = [fact for fact in facts if fact.kind == "treatment" and fact.present and not fact.after]
    return [_trial(fact) for fact in sorted(had, key=lambda fact: fact.order)]


def _trial(fact: Fact) -> Trial:
    row, weeks, enough = needed(fact.name), weeks_of(fact), adequate(fact)
    worth = _worth_repeating(fact, enough)
    gaps = list(_gaps(fact, row))
    return Trial(
        treatment=fact.name,
        fact=fact.text,
        dose=fact.dose,
        weeks=None if weeks is None else round(weeks, 1),
        sessions=fact.sessions,
        response=fact.response,
        relief_pct=fact.relief_pct,
        complication=fact.complication,
        stopped=fact.stopped,
        adequate=enough,
        needed=needed_words(row) if row is not None else "no row says what is adequate",
        gaps=gaps,
        worth_repeating=worth,
        why=_why(fact, enough, worth, gaps),
        source=source_text(row) if row is not None else "",
    )


def needed_words(row: Row) -> str:
    """What an adequate trial takes, such as *6 weeks and 6 sessions*."""
    weeks, sessions = row["least_weeks"], row["least_sessions"]
    parts = [
        f"{weeks} weeks" if weeks else "",
        f"{sessions} session{'' if sessions == '1' else 's'}" if sessions else "",
    ]
    return " and ".join(part for part in parts if part) or "having had it"


def _gaps(fact: Fact, row: Row | None) -> Iterator[str]:
    """What nobody wrote down and somebody would want to know."""
    if row is not None and row["least_weeks"] and weeks_of(fact) is None:
        yield "weeks not recorded"
    if row is not None and row["least_sessions"] not in ("", "1") and fact.sessions is None:
        yield "sessions not recorded"
    if row is not None and row["least_weeks"] and not row["least_sessions"] and fact.dose is None:
        yield "dose not recorded"
    if fact.response is None and fact.relief_pct is None:
        yield "effect not recorded"


def _worth_repeating(fact: Fact, enough: bool | None) -> bool | None:
    if fact.response in ("good", "partial"):
        return True
    if fact.complication is not None or fact.stopped == "side_effect":
        return False
    if fact.response == "none":
        return None if enough is None else not enough
    return None


def _why(fact: Fact, enough: bool | None, worth: bool | None, gaps: Sequence[str]) -> str:
    name = fact.name.replace("_", " ")
    lacking = f"{name}, {', '.join(gaps)}" if gaps else name
    if worth is False:
        harmed = fact.complication is not None or fact.stopped == "side_effect"
        ended = "it did harm" if harmed else "it was given long enough and did nothing"
        return f"{lacking}: not worth repeating, because {ended}"
    if worth is True and fact.response == "none":
        return f"{lacking}: too short to say that it does not work"
    if worth is True:
        return f"{lacking}: it helped ({fact.response})"
    if enough is None:
        return f"{lacking}: whether it was long enough is not known"
    return f"{lacking}: {'long enough' if enough else 'too short'}, effect not recorded"
