"""Why the gate to surgery stands as it does for one patient: never a refusal without what is missing and who has it."""

from __future__ import annotations

from typing import Final, cast

from spinecourse.knowledge.conditions import Combination, Condition
from spinecourse.knowledge.rules import Rule, rules
from spinecourse.knowledge.tables import Row
from spinecourse.pathway.answer import Missing, Prehabilitation, Purpose, State, Surgery, SurgeryStanding
from spinecourse.pathway.gate import PURPOSES, GatePlanes, Needed, openings, requirements_of, targets
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.reasons import against, because, open_parts
from spinecourse.pathway.rows import source_text
from spinecourse.pathway.words import condition_words

STANDINGS: Final[tuple[SurgeryStanding, ...]] = ("at_once", "open", "later", "unknown", "not_indicated")
PROTECTS: Final = "it is for protecting nerve function; relief of pain is not what it is for"
SAID: Final[dict[str, str]] = {
    "at_once": "a danger opens the gate to surgery at once",
    "open": "the gate to surgery is open: it may be decided with the patient",
    "later": "surgery's turn has not come: something is missing",
    "unknown": "whether surgery's turn has come is not known",
    "not_indicated": "no structural target for an operation agrees with the signs",
}


def surgery(asked: Asked, gate: GatePlanes, row: int) -> Surgery:
    """The gate for one patient, with what opened it, what is missing, and what to prepare."""
    standing = next(name for name in STANDINGS if getattr(gate, name) >> row & 1)
    opened = [rule for rule in openings(standing) if asked.state(rule.condition, row)]
    if opened:
        return _opened(standing, opened, asked, row)
    return _planned(standing, asked, gate, row)


def _opened(standing: SurgeryStanding, opened: list[Rule], asked: Asked, row: int) -> Surgery:
    """The gate opened by a danger or to protect the cord: no pain rule is asked."""
    purposes = list(dict.fromkeys(rule.row["purpose"] for rule in opened))
    purpose = cast(Purpose, purposes[0])
    reasons = [f"{rule.row['says']}: {'; '.join(because(rule.condition, asked, row))}" for rule in opened]
    says = f"{SAID[standing]} ({', '.join(rule.row['says'] for rule in opened[:2])})"
    return Surgery(
        standing=standing,
        purpose=purpose,
        because=reasons,
        what_now=list(dict.fromkeys(rule.row["what_now"] for rule in opened)),
        missing=[],
        prehabilitation=[],
        says=f"{says}; {PROTECTS}" if "protect" in purposes else says,
        sources=list(dict.fromkeys(source_text(rule.row) for rule in opened)),
    )


def _planned(standing: SurgeryStanding, asked: Asked, gate: GatePlanes, row: int) -> Surgery:
    purpose = next((name for name in PURPOSES if gate.purpose[name] >> row & 1), "none")
    met = [rule for rule in targets() if rule.row["purpose"] == purpose and asked.state(rule.condition, row)]
    missing = [
        found for entry in requirements_of(purpose) if (found := _missing(entry, asked, row)) is not None
    ] or _no_target(standing, asked, row)
    sources = [source_text(rule.row) for rule in met] + [entry.source for entry in missing if entry.blocks]
    return Surgery(
        standing=standing,
        purpose=cast(Purpose, purpose),
        because=[f"{rule.row['says']}: {'; '.join(because(rule.condition, asked, row))}" for rule in met]
        or [SAID[standing]],
        what_now=[],
        missing=missing,
        prehabilitation=prehabilitation(asked, row) if purpose != "none" else [],
        says=_says(standing, purpose, missing),
        sources=list(dict.fromkeys(sources)),
    )


def _says(standing: SurgeryStanding, purpose: str, missing: list[Missing]) -> str:
    if purpose == "none" and missing:
        return f"{SAID[standing]}: whether there is a structural target that agrees with the signs"
    blocking = [f"{entry.what} ({entry.takes})" for entry in missing if entry.blocks]
    return f"{SAID[standing]}: {'; '.join(blocking)}" if blocking else SAID[standing]


def _missing(entry: Needed, asked: Asked, row: int) -> Missing | None:
    if asked.state(entry.met, row) or asked.state(entry.applies, row) is False:
        return None
    state: State = "unknown" if None in (asked.state(entry.met, row), asked.state(entry.applies, row)) else "unmet"
    return Missing(
        what=entry.row["says"],
        state=state,
        who=entry.row["who"],
        takes=entry.row["takes"],
        how=entry.row["how"],
        blocks=entry.blocks,
        because=against(entry.met, asked, row),
        source=source_text(entry.row),
    )


def _no_target(standing: SurgeryStanding, asked: Asked, row: int) -> list[Missing]:
    """What would show whether there is a target: asked of those for whom it is not known, and shown to the others.

    Targets whose complaint the patient has come first; the others are named only where no complaint points anywhere.
    """
    if standing == "not_indicated":
        return []
    undecided = [rule for rule in targets() if asked.state(rule.condition, row) is None]
    pointing = [rule for rule in undecided if asked.state(_complaint(rule.condition), row)]
    return [_undecided(rule, asked, row) for rule in pointing or undecided]


def _complaint(condition: Condition) -> Condition:
    """What the patient complains of: the first part of a target's condition."""
    return condition.parts[0] if isinstance(condition, Combination) else condition


def _undecided(rule: Rule, asked: Asked, row: int) -> Missing:
    left = "; ".join(open_parts(rule.condition, asked, row))
    return Missing(
        what=f"whether there is {rule.row['says']}",
        state="unknown",
        who="the clinician, with examination and imaging where it would change what is done",
        takes="one visit, and a scan where it is needed",
        how=f"not known yet: {left}",
        blocks=True,
        because=because(rule.condition, asked, row),
        source=source_text(rule.row),
    )


def prehabilitation(asked: Asked, row: int) -> list[Prehabilitation]:
    """The modifiable risks that are known, and those nobody has asked about; one entry a factor, the known first."""
    found: dict[str, Prehabilitation] = {}
    for known in (True, False):
        for rule in rules("pathway/risk_factors", "when"):
            state = asked.state(rule.condition, row)
            if rule.row["modifiable"] == "yes" and rule.row["what_helps"] and state is (known or None):
                found.setdefault(rule.row["factor"], _risk(rule, known, asked, row))
    return list(found.values())


def _risk(rule: Rule, known: bool, asked: Asked, row: int) -> Prehabilitation:
    return Prehabilitation(
        factor=rule.row["factor"],
        known=known,
        effect=effect_words(rule.row),
        target=rule.row["threshold_or_target"],
        what_helps=rule.row["what_helps"],
        how_sure=rule.row["help_evidence"] or "not graded",
        because=because(rule.condition, asked, row) if known else [f"not asked: {condition_words(rule.condition)}"],
        source=source_text(rule.row),
    )


def effect_words(row: Row) -> str:
    """The size of an effect as published, such as *surgical site infection: odds ratio 2.33 (1.94 to 2.79)*."""
    outcome = row["outcome"].replace("_", " ")
    if not row["effect"]:
        return f"{outcome}: size not given"
    between = f" ({row['effect_lo']} to {row['effect_hi']})" if row["effect_lo"] and row["effect_hi"] else ""
    return f"{outcome}: {row['effect_measure'].replace('_', ' ')} {row['effect']}{between}"
