"""What triage answers: how fast somebody must act, for which dangers, and what nobody has asked."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Urgency = Literal["emergency", "urgent", "soon", "routine"]


class Stage(Struct, frozen=True):
    """How far a danger is known to have gone, at the least.

    ``because`` holds the facts that show it. ``not_excluded`` names the more advanced stages that are not known to be
    absent, ``unasked`` what would decide them: a stage is never called the whole truth on silence.
    """

    stage: str
    meaning: str
    because: list[str]
    not_excluded: list[str]
    unasked: list[str]
    source: str
    certainty: str


class Concern(Struct, frozen=True):
    """One dangerous condition that a rule has raised.

    ``probability`` is None where no prior or likelihood ratio is known: the rule then stands on guidance alone.
    ``because`` and ``against`` are facts; ``unasked`` are decisive questions without an answer; ``within`` is the
    time limit and ``action`` what to do. ``certainty`` is how far the rule's source was checked. ``threshold`` is the
    probability above which acting is worth its harm and ``trade`` the two harms weighed; None and empty where nobody
    set one. ``disagreements`` names guidance that differs, with the years of both sides. ``stage`` is None where the
    danger has no stages, or none of them is known to be reached.
    """

    condition: str
    urgency: Urgency
    probability: float | None
    because: list[str]
    against: list[str]
    unasked: list[str]
    action: str
    within: str
    sources: list[str]
    certainty: str
    threshold: float | None = None
    trade: str = ""
    disagreements: list[str] = []
    stage: Stage | None = None


class OpenQuestion(Struct, frozen=True):
    """A danger that stays open because nobody asked: the condition, and what would have to be asked."""

    condition: str
    unasked: list[str]


class Triage(Struct, frozen=True):
    """How fast somebody must act, and why.

    ``denied`` lists the decisive findings that were asked for and not there; ``open`` the dangers not cleared
    because decisive findings are unknown. ``why`` is one sentence that a clinician can read out.
    """

    urgency: Urgency
    concerns: list[Concern]
    open: list[OpenQuestion]
    denied: list[str]
    why: str
