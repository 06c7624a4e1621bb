"""What the pathway answers: conditions, what was tried, options, whether surgery's turn has come, whom to ask."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Sureness = Literal["established", "likely", "possible"]
Belongs = Literal["danger", "ladder", "elsewhere"]
Standing = Literal["recommended", "possible", "later", "unknown", "not_indicated", "contraindicated"]
State = Literal["met", "unmet", "unknown"]
Purpose = Literal["decompress", "stabilise", "protect", "relieve_pain", "none"]
SurgeryStanding = Literal["at_once", "open", "later", "unknown", "not_indicated"]
Verdict = Literal["appropriate", "uncertain", "inappropriate", "unknown"]


class ConditionHeld(Struct, frozen=True):
    """One condition that the facts speak for; several may hold at once.

    ``belongs`` is ``danger``, ``ladder`` (a condition of the spine with steps of treatment) or ``elsewhere`` (not a
    condition of the spine: the likely thing is named). ``because`` holds facts, ``site`` the likeliest site.
    """

    condition: str
    belongs: Belongs
    meaning: str
    sureness: Sureness
    because: list[str]
    sources: list[str]


class Trial(Struct, frozen=True):
    """One course of treatment that is on record. None means that nobody wrote it down.

    ``adequate`` is None where weeks or sessions are missing, or no row says what is adequate; ``gaps`` names what is
    missing. ``worth_repeating`` is False where it was long enough and did nothing, None where that is not known.
    """

    treatment: str
    fact: str
    dose: str | None
    weeks: float | None
    sessions: int | None
    response: str | None
    relief_pct: float | None
    complication: str | None
    stopped: str | None
    adequate: bool | None
    needed: str
    gaps: list[str]
    worth_repeating: bool | None
    why: str
    source: str


class Requirement(Struct, frozen=True):
    """One thing a rule asks for, met, unmet or unknown, with the facts that say so."""

    what: str
    state: State
    because: list[str]
    rule: str


class Warned(Struct, frozen=True):
    """One caution that applies; ``weight`` is contraindicated, defer (settle something first) or caution."""

    weight: str
    says: str
    because: list[str]
    source: str


class Evidence(Struct, frozen=True):
    """What one guideline, payer, label or trial says about a treatment in a condition, whether it speaks here or not.

    ``state`` is met where it speaks for this patient, unknown where facts are missing, unmet where it does not.
    """

    direction: str
    condition: str
    strength: str
    state: State
    year: str
    note: str
    source: str


class Drug(Struct, frozen=True):
    """One drug of a class of drugs, with doses as the label gives them and the cautions that apply here."""

    drug: str
    start_dose: str
    usual_dose: str
    max_dose: str
    trial_weeks: float | None
    cautions: list[str]
    note: str
    source: str


class Hold(Struct, frozen=True):
    """What to do before a procedure with a drug that lets bleed. ``days`` is None where none or no number is given."""

    drug: str
    rule: str
    days: float | None
    restart_hours: float | None
    because: list[str]
    disagreement: str
    source: str


class Option(Struct, frozen=True):
    """One treatment with its standing.

    ``after`` says what a *later* waits for, ``until`` what an *unknown* waits for; both are complete.
    ``check_first`` are contraindications nobody has asked about. ``in_question`` is false where nothing on record
    points to a condition the treatment is for. ``disagreements`` shows both sides where sources differ.
    """

    treatment: str
    kind: str
    meaning: str
    standing: Standing
    because: list[str]
    in_question: bool
    after: list[str]
    until: list[str]
    requirements: list[Requirement]
    cautions: list[Warned]
    check_first: list[str]
    holds: list[Hold]
    drugs: list[Drug]
    evidence: list[Evidence]
    disagreements: list[str]
    whom: str
    sources: list[str]


class Missing(Struct, frozen=True):
    """What still stands before an operation: what, in which state, who can supply it, how long it takes, and how.

    ``blocks`` is false for what is worth doing but holds nothing up.
    """

    what: str
    state: State
    who: str
    takes: str
    how: str
    blocks: bool
    because: list[str]
    source: str


class Prehabilitation(Struct, frozen=True):
    """One risk before an operation, how large it is by which study, and what helps; ``known`` is false where nobody
    has asked whether the patient has it."""

    factor: str
    known: bool
    effect: str
    target: str
    what_helps: str
    how_sure: str
    because: list[str]
    source: str


class Surgery(Struct, frozen=True):
    """Whether surgery's turn has come, and for which purpose.

    ``at_once``: a danger opens the gate; ``open``: it may be decided; ``later``: something is missing; ``unknown``:
    not known whether something is missing; ``not_indicated``: no structural target that agrees with the signs.
    ``missing`` names what holds it up or is worth doing. ``says`` is one sentence to read out.
    """

    standing: SurgeryStanding
    purpose: Purpose
    because: list[str]
    what_now: list[str]
    missing: list[Missing]
    prehabilitation: list[Prehabilitation]
    says: str
    sources: list[str]


class FourWay(Struct, frozen=True):
    """One of the four ways to go on after failed surgery, as a European panel rated them."""

    option: str
    verdict: Verdict
    because: list[str]
    until: list[str]
    sources: list[str]


class Referral(Struct, frozen=True):
    """To whom, how fast, why, and what to send along."""

    whom: str
    how_fast: str
    because: list[str]
    attach: str
    source: str


class Question(Struct, frozen=True):
    """One question that decides whether a procedure is right for somebody, what is known, and whom to ask."""

    question: str
    answer: Literal["yes", "no", "not known"]
    wanted: Literal["yes", "no"]
    whom: str
    because: list[str]
    rule: str


class Pathway(Struct, frozen=True):
    """What next. ``condition`` is the first of ``conditions``, or None where nothing speaks for any.

    ``after_failed_surgery`` is empty where nobody was operated on, or nobody said so. ``why`` is one sentence.
    """

    condition: str | None
    surgery: Surgery | None
    options: list[Option]
    why: str
    conditions: list[ConditionHeld] = []
    tried: list[Trial] = []
    after_failed_surgery: list[FourWay] = []
    referrals: list[Referral] = []
