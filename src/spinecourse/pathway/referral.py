"""To whom, how fast, and with what attached: rows of ``pathway/referrals``."""

from __future__ import annotations

from spinecourse.knowledge.rules import rules
from spinecourse.knowledge.tables import URGENCIES
from spinecourse.pathway.answer import Referral
from spinecourse.pathway.planes import Asked
from spinecourse.pathway.reasons import because
from spinecourse.pathway.rows import source_text


def referrals(asked: Asked, row: int) -> list[Referral]:
    """The referrals of one patient, the most urgent first; one entry a person or service."""
    found: dict[str, Referral] = {}
    met = [rule for rule in rules("pathway/referrals", "when") if asked.state(rule.condition, row)]
    for rule in sorted(met, key=lambda rule: URGENCIES.index(rule.row["how_fast"])):
        reasons = [f"{rule.row['because']}: {'; '.join(because(rule.condition, asked, row))}"]
        entry = Referral(rule.row["whom"], rule.row["how_fast"], reasons, rule.row["attach"], source_text(rule.row))
        found.setdefault(rule.row["whom"], entry)
    return list(found.values())
