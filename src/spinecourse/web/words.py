"""How the pages word what the reasoners answer: facts, times, links, people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from spinecourse.course.model import Patient
from spinecourse.knowledge.vocabulary import KINDS
from spinecourse.pictures import plain, site_words

_FACT = re.compile(rf"(?:day (?P<day>-?\d+|unknown) )?(?P<kind>{'|'.join(KINDS)}) (?P<rest>\S.*)", re.DOTALL)
_FACT_WITHIN = re.compile(rf"\bday (?:-?\d+|unknown) ({'|'.join(KINDS)}) (?=\w+)")
_PLAIN_TERM = re.compile(r"\b(?:grade|side|level|severity|trend|modality)=")
_RESPONSE = re.compile(r" (?:response = )?(none|partial|good)$")
_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:)\]]")
_SITES = re.compile(r"\b[a-z_]+:[\w/]+(?:\+[a-z_]+:[\w/]+)*")
_SPELT_OUT: Final = {"symptom", "event", "sign", "expectation"}
"""Kinds whose names speak for themselves; the others are put in front (``reflex knee``, ``history cancer``)."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A fact in plain words, and when it was; ``when`` is empty where the text says nothing of time."""

    what: str
    when: str


def fact_wording(text: str) -> Wording:
    """A fact such as ``day -2 symptom urinary_retention`` in plain words; any other text as it is."""
    found = _FACT.fullmatch(text)
    if not found:
        return Wording(_tidy(text), "")
    kind = "" if found["kind"] in _SPELT_OUT else f"{found['kind']}: "
    rest = found["rest"]
    if found["kind"] == "treatment":
        rest = _RESPONSE.sub(r", response \1", rest)
    return Wording(kind + _tidy(rest), when(found["day"]) if found["day"] else "")


def sentence(text: str) -> str:
    """A reasoner's sentence with the facts in it put plainly, its first letter a capital."""
    plainly = _tidy(_FACT_WITHIN.sub(lambda found: "" if found[1] in _SPELT_OUT else f"{found[1]} ", text))
    return plainly[:1].upper() + plainly[1:]


def named_sites(text: str) -> str:
    """A sentence with the sites in it, such as ``root:L5+root:S1``, as a clinician would say them."""
    return sentence(_SITES.sub(lambda found: site_words(found[0]), text))


def question(text: str) -> str:
    """Something to ask or examine, such as ``sensation S3[grade=reduced]``."""
    return fact_wording(text).what


def _tidy(text: str) -> str:
    spaced = re.sub(r"(?<=\w)\[([^]]*)\]", lambda found: f" ({_PLAIN_TERM.sub('', found[1])})", text)
    spaced = spaced.replace("<=", " ≤ ").replace(">=", " ≥ ").replace("mrc", "MRC")
    return plain(re.sub(r"\bboth\b(?! sides)", "both sides", spaced))


def when(day: str | int | None) -> str:
    """A day counted from presentation in words; longer spans are rounded and say so."""
    if day is None or day == "unknown":
        return "when is not known"
    days = int(day)
    if days == 0:
        return "at presentation"
    return f"{span(abs(days))} {'before' if days < 0 else 'after'}"


def span(days: int) -> str:
    """A number of days in words, rounded to weeks, months or years as it grows."""
    if days < 14:
        return counted(days, "day")
    for length, unit, limit in ((7, "week", 60), (30.44, "month", 730)):
        if days < limit:
            return f"about {counted(round(days / length), unit)}"
    return f"about {counted(round(days / 365.25), 'year')}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 day``, ``2 days``; ``plural`` where it takes more than an s."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def moment(at: datetime, now: datetime | None = None) -> str:
    """How long ago a moment of the store (UTC) was, as far back as a day; then its date."""
    passed = (now or datetime.now(UTC).replace(tzinfo=None)) - at
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{counted(minutes, 'minute')} ago"
    return f"{counted(minutes // 60, 'hour')} ago" if minutes < 24 * 60 else date_words(at)


def date_words(day: date) -> str:
    """A date such as 3 March 2026."""
    return f"{day.day} {day:%B %Y}"


def who(patient: Patient) -> str:
    """Age and sex, each *not known* where it is not."""
    age = "age not known" if patient.age_years is None else f"{patient.age_years:g} years"
    return f"{age}, {patient.sex or 'sex not known'}"


def pieces(text: str) -> list[tuple[str, bool]]:
    """A text cut into pieces, each with whether it is a web address."""
    found: list[tuple[str, bool]] = []
    start = 0
    for match in _URL.finditer(text):
        found += [(text[start : match.start()], False), (match[0], True)]
        start = match.end()
    return [piece for piece in [*found, (text[start:], False)] if piece[0]]


def is_web_address(text: str) -> bool:
    """Whether a text may be linked: a web address, and nothing that a browser would run."""
    return text.startswith(("https://", "http://"))
