"""The rules of the tables: conditions with the names reconciled, and every atom they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.errors import KnowledgeError
from spinecourse.knowledge.conditions import Atom, Condition, ConditionError, atoms, parse
from spinecourse.knowledge.tables import Row, load

RULE_COLUMNS: Final = (
    ("clinical/red_flags", "finding"),
    ("clinical/mechanism_evidence", "finding"),
    ("clinical/mechanism_evidence", "stated_by"),
    ("model/derived_conditions", "condition"),
    ("model/danger_stages", "condition"),
    ("model/decisive_questions", "questions"),
    ("model/decisive_questions", "relevant_when"),
    ("model/questions_answered", "question"),
    ("model/questions_answered", "answered_when"),
    ("model/triage_priors", "applies_when"),
    ("follow/failed_surgery", "applies_when"),
    ("follow/failed_surgery_evidence", "finding"),
    ("follow/failed_surgery_context", "applies_when"),
    ("follow/opioid_dangers", "condition"),
    ("pathway/condition_rules", "when"),
    ("pathway/treatments", "not_again_when"),
    ("pathway/ladder", "requires"),
    ("pathway/ladder", "after"),
    ("pathway/indications", "requires"),
    ("pathway/indications", "after"),
    ("pathway/cautions", "when"),
    ("pathway/gate_opens", "when"),
    ("pathway/gate_targets", "when"),
    ("pathway/gate_requirements", "applies_when"),
    ("pathway/gate_requirements", "met_when"),
    ("pathway/after_surgery", "when"),
    ("pathway/referrals", "when"),
    ("pathway/risk_factors", "when"),
    ("pathway/medications", "age_when"),
    ("pathway/medications", "renal_when"),
    ("pathway/medications", "pregnancy_when"),
)
"""Every column of every table that holds conditions."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table together with the condition it states."""

    row: Row
    condition: Condition


@cache
def rules(table: str, column: str) -> tuple[Rule, ...]:
    """The rules that one column of a table states, in the order of the rows; empty cells state none.

    Raises KnowledgeError naming file and line for a condition that cannot be read.
    """
    found, problems = [], []
    for row in load(table):
        if not row[column]:
            continue
        try:
            found.append(Rule(row, parse(row[column])))
        except ConditionError as error:
            problems.append(row.problem(str(error)))
    if problems:
        raise KnowledgeError(problems)
    return tuple(found)


@cache
def all_conditions() -> tuple[Condition, ...]:
    """Every condition of every table."""
    return tuple(rule.condition for place in RULE_COLUMNS for rule in rules(*place))


@cache
def rule_atoms() -> tuple[Atom, ...]:
    """Every different atom of every rule, in the order of the tables, and those for which localise knows rates."""
    found = (atom for place in RULE_COLUMNS for rule in rules(*place) for atom in atoms(rule.condition))
    rated = (row["name"] for row in load("model/finding_rates") if row["kind"] == "condition")
    return tuple(dict.fromkeys((*found, *(atom for name in rated for atom in atoms(parse(name))))))


@cache
def derived_conditions() -> dict[str, Condition]:
    """Conditions that other conditions name as ``derived:name``."""
    return {rule.row["name"]: rule.condition for rule in rules("model/derived_conditions", "condition")}
