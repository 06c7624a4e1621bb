"""Conditions of the pathway over a batch: what the facts answer joined with what other reasoners handed in."""

from __future__ import annotations

from functools import cache

from spinecourse.findings import Batch
from spinecourse.findings.evaluate import combined
from spinecourse.knowledge.conditions import Atom, Condition, atoms
from spinecourse.knowledge.rules import derived_conditions
from spinecourse.pathway.handed import ASSESSED, Handed, Planes, assessed_planes, group_share, likeliest_site

UNKNOWN_PLANES: Planes = (0, 0)


class Asked:
    """The planes of conditions over one batch; every condition is evaluated once."""

    def __init__(self, batch: Batch, handed: Handed) -> None:
        self.batch = batch
        self.handed = handed
        self.everyone = (1 << len(batch.states)) - 1
        self._facts = batch.conditions
        self._found = assessed_planes(handed)

    def of(self, condition: Condition | None) -> Planes:
        """For whom the condition is known to hold, and for whom it is known not to; None holds for everybody."""
        if condition is None:
            return self.everyone, 0
        found = self._found.get(condition)
        if found is None:
            found = self._found[condition] = self._evaluated(condition)
        return found

    def _evaluated(self, condition: Condition) -> Planes:
        if not _asks_reasoners(condition):
            return self._facts.true(condition), self._facts.false(condition)
        if isinstance(condition, Atom):
            return UNKNOWN_PLANES if condition.kind == ASSESSED else self.of(derived_conditions()[condition.name])
        return combined(condition.combiner, condition.count, [self.of(part) for part in condition.parts], self.everyone)

    def site_named(self, group: str, row: int) -> str:
        """The likeliest site of a group of sites for one patient, or nothing where none was handed in."""
        return likeliest_site(self.handed, group, row)

    def site_share(self, group: str, row: int) -> float:
        """The share of a group of sites in the posterior of one patient; 0 for any other name."""
        return group_share(self.handed, group, row)

    def state(self, condition: Condition | None, row: int) -> bool | None:
        """Whether a condition holds for one patient: true, false, or None for unknown."""
        true, false = self.of(condition)
        return True if true >> row & 1 else False if false >> row & 1 else None


@cache
def _asks_reasoners(condition: Condition) -> bool:
    """Whether a condition, derived conditions opened up, asks for what another reasoner found."""
    return any(
        atom.kind == ASSESSED or (atom.kind == "derived" and _derived_asks_reasoners(atom.name))
        for atom in atoms(condition)
    )


def _derived_asks_reasoners(name: str) -> bool:
    opened = derived_conditions().get(name)
    return opened is not None and _asks_reasoners(opened)
