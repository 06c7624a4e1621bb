"""Why a treatment has its standing for one patient: rules for and against, requirements, cautions, what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from spinecourse.course.model import Fact
from spinecourse.knowledge.conditions import Condition
from spinecourse.knowledge.tables import Row
from spinecourse.pathway.answer import Evidence, Option, Requirement, Standing, State, Surgery, Warned
from spinecourse.pathway.bleeding import holds
from spinecourse.pathway.conditions import condition_rules
from spinecourse.pathway.handed import ASSESSED, Planes
from spinecourse.pathway.medicines import drugs
from spinecourse.pathway.options import GATED, STANDINGS, StandingPlanes
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.reasons import against, because, open_parts, requirements, signed_atoms
from spinecourse.pathway.rows import OptionRule, cautions, not_again_when, rules_of, source_text, treatments
from spinecourse.pathway.words import condition_words

ORDER: Final[tuple[Standing, ...]] = ("recommended", "possible", "later", "unknown", "not_indicated", "contraindicated")


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient of the batch, as the explanations of options need it; ``names`` are the conditions held."""

    asked: Asked
    held: Mapping[str, Planes]
    row: int
    facts: Sequence[Fact]
    names: frozenset[str]
    surgery: Surgery
    signs: dict[str, str] = field(default_factory=dict)
    _states: dict[int, State] = field(default_factory=dict)
    _open: dict[Condition | None, list[str]] = field(default_factory=dict)

    def has(self, condition: str) -> bool | None:
        """Whether the patient has a condition: true, false, or None for unknown."""
        true, false = self.held[condition]
        return True if true >> self.row & 1 else False if false >> self.row & 1 else None

    def state(self, rule: OptionRule) -> State:
        """Whether a rule speaks for this patient, what has to be tried first left aside."""
        found = self._states.get(id(rule))
        if found is None:
            states = (self.has(rule.condition), self.asked.state(rule.requires, self.row))
            found = self._states[id(rule)] = "unmet" if False in states else "unknown" if None in states else "met"
        return found

    def open_parts(self, condition: Condition | None) -> list[str]:
        """What would have to be asked before a condition is decided; many rules ask for the same."""
        if condition not in self._open:
            self._open[condition] = open_parts(condition, self.asked, self.row)
        return self._open[condition]


def options(planes: Mapping[str, StandingPlanes], patient: Patient) -> list[Option]:
    """Every treatment, those that may be done now first, those nothing points to last."""
    found = [_option(name, planes[name], patient) for name in treatments()]
    return sorted(found, key=lambda option: (ORDER.index(option.standing), not option.in_question))


def _option(name: str, planes: StandingPlanes, patient: Patient) -> Option:
    standing = cast(Standing, next(word for word in STANDINGS if getattr(planes, word) >> patient.row & 1))
    row, in_question = treatments()[name], bool(planes.in_question >> patient.row & 1)
    speaking = [rule for rule in rules_of(name) if patient.has(rule.condition)]
    warned = list(_warned(name, patient))
    evidence = [_evidence(rule, patient) for rule in speaking]
    return Option(
        treatment=name,
        kind=row["kind"],
        meaning=row["means"],
        standing=standing,
        because=list(_because(standing, row, speaking, warned, patient)),
        in_question=in_question,
        after=list(_after(row, speaking, warned, patient)) if standing == "later" else [],
        until=list(_until(row, name, patient)) if standing == "unknown" else [],
        requirements=[entry for rule in speaking if rule.supports for entry in _requirements(rule, patient)],
        cautions=warned,
        check_first=list(_check_first(name, patient)) if in_question else [],
        holds=holds(patient.facts, row["bleeding"]) if in_question else [],
        drugs=drugs(name, patient.names, patient.asked, patient.row) if in_question and row["kind"] == "drug" else [],
        evidence=evidence,
        disagreements=_disagreements(evidence),
        whom=row["whom"],
        sources=list(dict.fromkeys(entry.source for entry in evidence if entry.state == "met"))
        or [source_text(rule.row) for rule in rules_of(name)],
    )


def _because(
    standing: Standing, row: Row, speaking: Sequence[OptionRule], warned: Sequence[Warned], patient: Patient
) -> Iterator[str]:
    """What decides the standing, in sentences."""
    if standing == "contraindicated":
        yield from (_warning(entry) for entry in warned if entry.weight == "contraindicated")
        return
    again = not_again_when(row["treatment"])
    if again is not None and patient.asked.state(again, patient.row):
        yield f"tried long enough without effect: {'; '.join(because(again, patient.asked, patient.row))}"
        return
    voices = list(_voices(standing, speaking, patient))
    yield from voices or [_nothing(row["treatment"], standing, speaking)]


def _voices(standing: Standing, speaking: Sequence[OptionRule], patient: Patient) -> Iterator[str]:
    """What each row that concerns a condition held says here."""
    for rule in speaking:
        if patient.state(rule) == "met":
            yield f"{_says(rule)} ({_condition(rule)})"
        elif standing == "not_indicated" and rule.direction == "for" and patient.state(rule) == "unmet":
            asked, number = patient.asked, patient.row
            unmet = [part for part in requirements(rule.requires) if asked.state(part, number) is False]
            yield f"{_says(rule)}, but it asks for {'; '.join(condition_words(part) for part in unmet)}"


def _nothing(name: str, standing: Standing, speaking: Sequence[OptionRule]) -> str:
    here = dict.fromkeys(_condition(rule) for rule in speaking)
    if here and standing == "unknown":
        return f"it is for {', '.join(here)}, and what decides about it is not known yet"
    named = dict.fromkeys(rule.condition.replace("_", " ") for rule in rules_of(name))
    if standing == "unknown":
        return f"nothing on record points to what it is for ({', '.join(named)})"
    return f"not for what is known: it is for {', '.join(named)}"


def _says(rule: OptionRule) -> str:
    """Such as *NICE NG59 (2020): for, consider*."""
    row = rule.row
    who = row.get("guideline") or row["source"]
    year = f" ({row['year']})" if row["year"] and row["year"] not in who else ""
    return f"{who}{year}: {rule.direction}, {row.get('grade') or row.get('strength')}"


def _condition(rule: OptionRule) -> str:
    return rule.condition.replace("_", " ")


def _warning(entry: Warned) -> str:
    return f"{entry.says}: {'; '.join(entry.because)}" if entry.because else entry.says


def _after(row: Row, speaking: Sequence[OptionRule], warned: Sequence[Warned], patient: Patient) -> Iterator[str]:
    """What a later option waits for."""
    yield from (_warning(entry) for entry in warned if entry.weight == "defer")
    asked, number = patient.asked, patient.row
    for rule in speaking:
        if rule.supports and patient.state(rule) == "met" and asked.state(rule.after, number) is False:
            assert rule.after is not None
            facts = against(rule.after, asked, number)
            yield f"{condition_words(rule.after)}{f'; so far {facts[0]}' if facts else ''} ({_says(rule)})"
    if row["kind"] in GATED and patient.surgery.standing == "later":
        yield from (f"{entry.what}: {entry.who}, {entry.takes}" for entry in patient.surgery.missing if entry.blocks)


def _until(row: Row, name: str, patient: Patient) -> Iterator[str]:
    """Everything an unknown option waits for; where nothing points to its conditions, what would show one."""
    gate = [entry.what for entry in patient.surgery.missing if entry.blocks] if row["kind"] in GATED else []
    if any(_ready(rule, patient) for rule in rules_of(name)):
        yield from gate
        return
    found: list[str] = []
    for rule in rules_of(name):
        if not rule.supports or patient.state(rule) == "unmet":
            continue
        if patient.has(rule.condition) is None:
            found.append(f"whether there is {_condition(rule)}: {_sign_of(rule.condition, patient)}")
        found += [*patient.open_parts(rule.requires), *patient.open_parts(rule.after)]
    yield from dict.fromkeys(found)


def _ready(rule: OptionRule, patient: Patient) -> bool:
    """Whether a rule speaks for the treatment here and waits for nothing."""
    met = bool(rule.supports) and patient.state(rule) == "met"
    return met and patient.asked.state(rule.after, patient.row) is True


def _sign_of(condition: str, patient: Patient) -> str:
    """What is still open of the ways to know a condition, those that need no scan last in the table."""
    open_rules = [rule for rule in condition_rules()[condition] if patient.asked.state(rule.when, patient.row) is None]
    return "; ".join(patient.open_parts(open_rules[-1].when))


def _requirements(rule: OptionRule, patient: Patient) -> Iterator[Requirement]:
    for part in (*requirements(rule.requires), *requirements(rule.after)):
        state = patient.asked.state(part, patient.row)
        facts = because(part, patient.asked, patient.row) if state else against(part, patient.asked, patient.row)
        word: State = "met" if state else "unknown" if state is None else "unmet"
        yield Requirement(condition_words(part), word, facts if state is not None else [], rule.row["id"])


def _warned(name: str, patient: Patient) -> Iterator[Warned]:
    for caution in cautions().get(name, ()):
        if patient.asked.state(caution.condition, patient.row):
            facts = because(caution.condition, patient.asked, patient.row)
            yield Warned(caution.weight, caution.row["says"], facts, source_text(caution.row))


def _check_first(name: str, patient: Patient) -> Iterator[str]:
    """Contraindications nobody has asked about: they do not bar, and they are not absent."""
    for caution in cautions().get(name, ()):
        if caution.weight != "contraindicated" or patient.asked.state(caution.condition, patient.row) is not None:
            continue
        if any(atom.kind != ASSESSED for atom, _ in signed_atoms(caution.condition)):
            yield caution.row["says"]


def _evidence(rule: OptionRule, patient: Patient) -> Evidence:
    row = rule.row
    strength = row.get("grade") or row.get("strength") or ""
    note = "; ".join(text for text in (row.get("trial", ""), row["note"]) if text)
    return Evidence(rule.direction, rule.condition, strength, patient.state(rule), row["year"], note, source_text(row))


def _disagreements(evidence: Sequence[Evidence]) -> list[str]:
    """Both sides where some source speaks for and another against; a side that lacks facts is said to."""
    sides = {
        word: [_side(entry) for entry in evidence if entry.direction == word and entry.state != "unmet"]
        for word in ("for", "against")
    }
    if not sides["for"] or not sides["against"]:
        return []
    return [f"for: {'; '.join(sides['for'])} | against: {'; '.join(sides['against'])}"]


def _side(entry: Evidence) -> str:
    open_ = "" if entry.state == "met" else " if its conditions are met"
    return f"{entry.source.split(' (')[0]} {entry.year} ({entry.strength}{open_})"
