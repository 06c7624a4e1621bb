"""The pathway as FHIR: a CarePlan in draft with every option and its standing, and proposed referrals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spinecourse.fhir_write.resources import (
    Resource,
    Subject,
    concept,
    narrative,
    notes_of,
    urgencies,
    with_values,
)
from spinecourse.pathway import Option, Pathway, Referral, Surgery
from spinecourse.pictures import plain

NEVER: Final = ("contraindicated",)
"""Standings that are written as an activity not to perform."""


def care_plan(subject: Subject, pathway: Pathway) -> Iterator[tuple[str, Resource]]:
    """One plan with an activity an option, and a proposal a referral; nothing where no option is answered."""
    if pathway.options:
        yield subject.address("CarePlan"), _plan(subject, pathway)
    for number, referral in enumerate(pathway.referrals):
        yield subject.address("ServiceRequest", "referral", number), _referral(subject, referral)


def _plan(subject: Subject, pathway: Pathway) -> Resource:
    held = [entry for entry in pathway.conditions if entry.belongs != "elsewhere"]
    shown = [option for option in pathway.options if option.in_question]
    return with_values(
        {
            "resourceType": "CarePlan",
            "text": narrative([pathway.why, *map(_spoken, shown), pathway.surgery.says if pathway.surgery else ""]),
            "status": "draft",
            "intent": "proposal",
            "title": "Options and their standing",
            "description": pathway.why,
            "subject": subject.reference,
            "created": subject.recorded,
            "addresses": [{"display": plain(entry.condition)} for entry in held],
            "activity": [{"detail": _activity(option)} for option in shown],
            "note": notes_of(_of_surgery(pathway.surgery)),
        }
    )


def _spoken(option: Option) -> str:
    return f"{plain(option.treatment)}: {plain(option.standing)}"


def _activity(option: Option) -> Resource:
    """One option; what it waits for and what speaks against it stand in its description."""
    return with_values(
        {
            "kind": "ServiceRequest",
            "code": {"text": plain(option.treatment)},
            "reasonCode": [concept(entry) for entry in dict.fromkeys(item.condition for item in option.evidence[:1])],
            "status": "not-started",
            "statusReason": {"text": plain(option.standing)},
            "doNotPerform": option.standing in NEVER,
            "description": _described(option),
        }
    )


def _described(option: Option) -> str:
    parts = [
        f"Standing: {plain(option.standing)}.",
        _named("Because", option.because),
        _named("After", option.after),
        _named("Not known", [*option.until, *option.check_first]),
        _named("Cautions", [caution.says for caution in option.cautions]),
        _named("Guidance differs", option.disagreements),
        _named("Sources", option.sources),
    ]
    return " ".join(part for part in parts if part)


def _named(heading: str, texts: list[str]) -> str:
    return f"{heading}: {'; '.join(map(plain, texts))}." if texts else ""


def _of_surgery(surgery: Surgery | None) -> list[str]:
    """Whether surgery's turn has come, and everything that is missing: a gate never refuses in silence."""
    if surgery is None:
        return []
    missing = [f"{entry.what} ({entry.state}; {entry.who}; {entry.takes})" for entry in surgery.missing]
    return [plain(surgery.says), _named("Missing before an operation", missing)]


def _referral(subject: Subject, referral: Referral) -> Resource:
    return with_values(
        {
            "resourceType": "ServiceRequest",
            "text": narrative([f"Referral to {plain(referral.whom)}, {referral.how_fast}"]),
            "status": "draft",
            "intent": "proposal",
            "priority": urgencies()[referral.how_fast]["priority"],
            "code": {"text": f"referral to {plain(referral.whom)}"},
            "subject": subject.reference,
            "authoredOn": subject.recorded,
            "reasonCode": [{"text": plain(text)} for text in referral.because],
            "note": notes_of([f"How fast: {referral.how_fast}.", _named("Attach", [referral.attach])]),
        }
    )
