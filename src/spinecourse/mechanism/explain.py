"""Why a kind of pain is likely: the criteria met and denied, and those nobody asked about."""

from __future__ import annotations

from functools import cache

import numpy as np

from spinecourse.findings import Batch, denying_facts, supporting_facts
from spinecourse.knowledge.parameters import parameter
from spinecourse.mechanism.answer import Mechanism
from spinecourse.mechanism.model import MECHANISMS, Criterion, MechanismBatch, criteria, log_prior


def explain(batch: Batch, mechanism: MechanismBatch, row: int) -> Mechanism:
    """The mechanism of one patient of the batch, with reasons."""
    met = [c for number, c in enumerate(criteria()) if mechanism.present[number, row]]
    denied = [c for number, c in enumerate(criteria()) if mechanism.absent[number, row]]
    if not met and not denied:
        return Mechanism(
            None, None, None, [], _unasked(mechanism, row), [], "nothing is known that tells the mechanisms apart"
        )
    nociceptive, neuropathic, nociplastic = (round(float(value), 4) for value in mechanism.probability[row])
    because = [_met(criterion, batch, row) for criterion in _strongest(met)]
    because += [_denied(criterion, batch, row) for criterion in _strongest(denied)]
    sources = list(dict.fromkeys(_source(criterion) for criterion in (*met, *denied)))
    likeliest = MECHANISMS[int(mechanism.probability[row].argmax())]
    why = f"{likeliest} on {len(met)} criteria met and {len(denied)} denied of {len(criteria())}"
    return Mechanism(nociceptive, neuropathic, nociplastic, because, _unasked(mechanism, row), sources, why)


def _strongest(chosen: list[Criterion]) -> list[Criterion]:
    """The criteria that separate the mechanisms, the strongest first."""
    return sorted(chosen, key=lambda criterion: -float(np.ptp(criterion.present)))


def _met(criterion: Criterion, batch: Batch, row: int) -> str:
    facts = "; ".join(fact.text for fact in supporting_facts(criterion.condition, batch, row))
    return f"{criterion.row['plain']} ({facts})" if facts else criterion.row["plain"]


def _denied(criterion: Criterion, batch: Batch, row: int) -> str:
    facts = "; ".join(fact.text for fact in denying_facts(criterion.condition, batch, row))
    return f"not: {criterion.row['plain']} ({facts})" if facts else f"not: {criterion.row['plain']}"


def _unasked(mechanism: MechanismBatch, row: int) -> list[str]:
    """The unanswered criteria that would separate the mechanisms best, by how unevenly they are spread."""
    known = mechanism.present[:, row] | mechanism.absent[:, row]
    ordered = sorted(np.flatnonzero(~known), key=lambda number: -_spread(int(number)))
    return [criteria()[number].row["plain"] for number in ordered[: int(parameter("mechanism_unasked_shown"))]]


@cache
def _spread(number: int) -> float:
    """Expected bits from the criterion of this number before anything is known."""
    criterion = criteria()[number]
    prior = np.exp(log_prior())
    shares = np.array([float(criterion.row[f"p_{name}"]) for name in MECHANISMS])
    gain = 0.0
    for share in (shares, 1 - shares):
        joint = prior * share
        gain += float((joint * np.log2(joint / (prior * joint.sum()))).sum())
    return gain


def _source(criterion: Criterion) -> str:
    row = criterion.row
    return f"{row['source']} ({row['checked']}) {row['source_url']}"
