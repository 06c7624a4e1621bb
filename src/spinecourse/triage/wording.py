"""What triage asks and tells, in words."""

from __future__ import annotations

from collections.abc import Iterable

from spinecourse.course.model import Fact
from spinecourse.knowledge.conditions import Atom, Term


def ask(atom: Atom) -> str:
    """What to ask, such as ``symptom leg_pain both sides`` or ``test post_void_residual_ml > 200``."""
    terms = [term for alternative in atom.alternatives for term in alternative]
    asked = [_term(term) for term in terms]
    return " ".join([atom.kind, atom.name, *dict.fromkeys(asked)])


def _term(term: Term) -> str:
    if (term.key, term.value) == ("side", "both"):
        return "both sides"
    return term.value if term.operator == "=" else f"{term.operator} {term.value}"


def texts(facts: Iterable[Fact]) -> list[str]:
    """The facts as written, each once, in their order."""
    return list(dict.fromkeys(fact.text for fact in facts))
