"""Pain that persists or returns after an operation: recognised as such, and its likely causes in order.

Each cause begins with the share it has in published series (``follow/failed_surgery`` prior_pct) and is moved by what
is known (``follow/failed_surgery_evidence``). Findings of one cause are not independent: the strongest counts in full,
every further one in part. A cause that cannot be (no fusion, no non-union) is left out only where that is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spinecourse.course.model import Course, Fact
from spinecourse.findings import Batch, denying_facts, supporting_facts, unknown_atoms
from spinecourse.findings.operations import Operated, operated
from spinecourse.follow.answer import Cause, Context, FailedSurgery, PainAfter, Repeat
from spinecourse.follow.parameters import parameter
from spinecourse.knowledge.conditions import Atom
from spinecourse.knowledge.rules import Rule, rules
from spinecourse.knowledge.tables import Row, load


def failed_surgery(course: Course, batch: Batch, row: int) -> FailedSurgery | None:
    """Pain after the newest operation of one patient; None where there was no operation, or no pain since.

    Pain that is known to be improving, and pain denied by the newest word, is not called persistent.
    """
    facts = sorted((fact for fact in course.facts if not fact.after), key=lambda fact: fact.order)
    found = operated(facts)
    if found is None or not found.after or _is_over(found):
        return None
    causes = _causes(batch, row)
    pattern = _pattern(found)
    return FailedSurgery(
        kind=pattern,
        operation=[fact.text for fact in found.facts],
        operations=found.count,
        since_day=_since(found),
        days_after=_days_after(found),
        pain_free_days=None if found.pain_free_days is None else int(found.pain_free_days),
        same_pain=found.same_pain,
        pain=list(dict.fromkeys(fact.text for fact in found.after)),
        structure=_structure(found, facts),
        causes=causes,
        work_up=list(dict.fromkeys(cause.work_up for cause in causes[:_SEPARATED])),
        do_not_repeat=_not_again(causes),
        unasked=_unasked(found),
        context=list(_contexts(batch, row)),
        why=_why(pattern, found, causes),
    )


_SEPARATED = 3
"""Causes between which the work-up is chosen: the first and its rivals."""


def _is_over(found: Operated) -> bool:
    """Whether the newest word of the pain is that it is gone, or that it improves."""
    last = found.after[-1]
    relieved = [fact for fact in found.relief if fact.kind != "treatment" and (fact.day or 0) >= (last.day or 0)]
    return bool(relieved) or last.trend == "improving"


def _since(found: Operated) -> int | None:
    """The day of the operation where the record says that it never helped, else the first day of pain on record."""
    if found.never_relieved:
        return found.day
    return found.returned.day if found.returned is not None and found.day is not None else None


def _days_after(found: Operated) -> int | None:
    """Days from the operation to the newest word of pain; None where the day of the operation is unknown."""
    last = found.after[-1].day
    return None if found.day is None or last is None else last - found.day


def _pattern(found: Operated) -> PainAfter:
    days = _days_after(found)
    if days is None:
        return "new_pain" if found.same_pain is False else "timing_unknown"
    if found.pain_free_days:
        return "new_pain" if found.same_pain is False else "recurrent"
    if days < parameter("persistent_days"):
        return "early"
    return "new_pain" if found.same_pain is False else "persistent"


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One cause with its logarithmic weight and what moved it."""

    row: Row
    weight: float
    held: tuple[Rule, ...]
    denied: tuple[Rule, ...]
    open: tuple[Rule, ...]


def _causes(batch: Batch, row: int) -> list[Cause]:
    """Every cause that is not excluded, the heaviest first; small ones only where something speaks for them."""
    weighed = [_weigh(entry, batch, row) for entry in load("follow/failed_surgery") if not _excluded(entry, batch, row)]
    total = sum(math.exp(entry.weight) for entry in weighed) + parameter("cause_unknown_weight")
    found = [_cause(entry, math.exp(entry.weight) / total, batch, row) for entry in weighed]
    shown = [cause for cause in found if cause.because or cause.share >= parameter("cause_least_share")]
    return sorted(shown, key=lambda cause: (-cause.share, cause.cause))


@cache
def _applies() -> dict[str, Rule]:
    return {rule.row["id"]: rule for rule in rules("follow/failed_surgery", "applies_when")}


def _excluded(entry: Row, batch: Batch, row: int) -> bool:
    """Whether the cause needs something that is not on record; treatments of an operated patient are on record."""
    rule = _applies().get(entry["id"])
    return rule is not None and not batch.conditions.true(rule.condition) >> row & 1


@cache
def _evidence() -> dict[str, tuple[Rule, ...]]:
    every = rules("follow/failed_surgery_evidence", "finding")
    return {
        cause: tuple(rule for rule in every if rule.row["cause"] == cause)
        for cause in {rule.row["cause"] for rule in every}
    }


def _weigh(entry: Row, batch: Batch, row: int) -> _Weighed:
    held, denied, opened, ratios = [], [], [], []
    for rule in _evidence().get(entry["cause"], ()):
        if batch.conditions.true(rule.condition) >> row & 1:
            held.append(rule)
            ratios.append(math.log(rule.row.number("ratio_present") or 1.0))
        elif batch.conditions.false(rule.condition) >> row & 1:
            denied.append(rule)
            ratios.append(math.log(rule.row.number("ratio_absent") or 1.0))
        else:
            opened.append(rule)
    prior = math.log(entry.number("prior_pct") or parameter("cause_default_weight"))
    return _Weighed(entry, prior + _joined(ratios), tuple(held), tuple(denied), tuple(opened))


def _joined(ratios: Sequence[float]) -> float:
    """The strongest ratio for and the strongest against in full, every further one in part."""
    up, down = [ratio for ratio in ratios if ratio > 0], [ratio for ratio in ratios if ratio < 0]
    part = parameter("cause_dependence")
    return sum(
        strongest + part * (sum(group) - strongest)
        for group, strongest in ((up, max(up, default=0.0)), (down, min(down, default=0.0)))
    )


def _cause(entry: _Weighed, share: float, batch: Batch, row: int) -> Cause:
    for_it = [rule for rule in entry.held if _ratio(rule, "ratio_present") > 1]
    against = [rule for rule in entry.held if _ratio(rule, "ratio_present") < 1]
    speaking = [rule for rule in entry.denied if _ratio(rule, "ratio_absent") > 1]
    missing = [rule for rule in entry.denied if _ratio(rule, "ratio_absent") < 1]
    because = [fact for rule in for_it for fact in supporting_facts(rule.condition, batch, row)]
    because += [fact for rule in speaking for fact in denying_facts(rule.condition, batch, row)]
    contrary = [fact for rule in against for fact in supporting_facts(rule.condition, batch, row)]
    contrary += [fact for rule in missing for fact in denying_facts(rule.condition, batch, row)]
    opened = [_question(atom) for rule in entry.open for atom in unknown_atoms(rule.condition, batch, row)]
    cells = entry.row
    return Cause(
        cause=cells["cause"],
        share=round(share, 3),
        because=_texts(because),
        against=[text for text in _texts(contrary) if text not in _texts(because)],
        unasked=list(dict.fromkeys(opened)),
        onset_pattern=cells["onset_pattern"],
        work_up=cells["work_up"],
        treatment=cells["treatment"],
        repeat_surgery=_repeat(cells["repeat_surgery"]),
        do_not_repeat=cells["do_not_repeat"],
        note=cells["note"],
        sources=[f"{cells['source']} ({cells['checked']}; {cells.table} {cells['id']}) {cells['source_url']}"],
        checked=cells["checked"],
    )


def _repeat(word: str) -> Repeat:
    return "yes" if word == "yes" else "no" if word == "no" else "selected"


def _ratio(rule: Rule, column: str) -> float:
    return rule.row.number(column) or 1.0


def _question(atom: Atom) -> str:
    """What would have to be asked or done, in words."""
    terms = [f"{term.key} {term.operator} {term.value}" for terms in atom.alternatives for term in terms]
    if atom.kind == "derived":
        return _DERIVED_QUESTIONS.get(atom.name, atom.name.replace("_", " "))
    return " ".join([atom.kind, atom.name, *dict.fromkeys(terms)])


_DERIVED_QUESTIONS = {
    "pain_free_days": "was there any time without pain after the operation, and how long",
    "same_pain": "is it the same pain as before the operation",
    "other_side": "is it on the other side than before",
    "pain_return_days": "how long after the operation did the pain begin",
    "operated_level_herniation": "a scan of the operated level since the operation",
    "adjacent_level_changed": "a scan of the levels next to the operated one since the operation",
    "operation_days": "when was the operation",
    "fusion_days": "when was the fusion",
    "opioid_mme": "which opioid, how much and how often",
    "gain_below_expected": "what did the patient expect of the operation, and what was reached",
}


def _unasked(found: Operated) -> list[str]:
    """What the pattern still lacks."""
    asked = {
        "operation_days": found.day,
        "pain_free_days": found.pain_free_days,
        "same_pain": found.same_pain,
    }
    return [_DERIVED_QUESTIONS[name] for name, known in asked.items() if known is None]


def _structure(found: Operated, facts: Sequence[Fact]) -> list[str]:
    """What scans since the operation show, whether something or nothing."""
    levels = {fact.level for fact in found.facts if fact.level}
    seen = [fact for fact in facts if fact.kind == "imaging" and found.day is not None and (fact.day or 0) > found.day]
    near = [fact for fact in seen if not levels or fact.level in levels or fact.level is None]
    return _texts([*near, *(fact for fact in seen if fact not in near)])


def _contexts(batch: Batch, row: int) -> Iterator[Context]:
    conditions = {rule.row["id"]: rule.condition for rule in rules("follow/failed_surgery_context", "applies_when")}
    for entry in load("follow/failed_surgery_context"):
        condition = conditions.get(entry["id"])
        if condition is None or batch.conditions.true(condition) >> row & 1:
            because = _texts(supporting_facts(condition, batch, row)) if condition is not None else []
            source = f"{entry['source']} ({entry['checked']}; {entry.table} {entry['id']}) {entry['source_url']}"
            yield Context(entry["topic"], entry["says"], entry["do"], because, [source], entry["checked"])


def _not_again(causes: Sequence[Cause]) -> list[str]:
    """What is no answer to the likeliest causes, each with the cause it belongs to."""
    said = [(cause, cause.do_not_repeat) for cause in causes[:_SEPARATED] if cause.do_not_repeat]
    return [f"{text} ({cause.cause.replace('_', ' ')})" for cause, text in said]


def _why(pattern: PainAfter, found: Operated, causes: Sequence[Cause]) -> str:
    """One sentence that a clinician can read out."""
    when = "" if found.day is None else f" on day {found.day}"
    said = {
        "persistent": "pain has lasted since the operation",
        "recurrent": "pain has come back after a time without it, following the operation",
        "new_pain": "there is a pain that was not there before the operation",
        "early": "there is pain within the time of healing after the operation",
        "timing_unknown": "there is pain after an operation whose day is not on record",
    }[pattern]
    operation = found.facts[0].name.replace("_", " ")
    first = causes[0] if causes else None
    likely = (
        f"; most weight lies on {first.cause.replace('_', ' ')}, which is an order to look in and no verdict"
        if first
        else ""
    )
    return f"{said} ({operation}{when}){likely}"


def _texts(facts: Sequence[Fact]) -> list[str]:
    return list(dict.fromkeys(fact.text for fact in facts))
