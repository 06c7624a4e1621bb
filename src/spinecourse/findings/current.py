"""What holds now: of all that was said about a finding, the newest valid word, with contradictions kept.

The newer day wins. On the same day the finding named on its own overrides a summary, a grade overrides weakness
without a grade, and otherwise the more abnormal word wins and the contradiction is reported. Background (history,
diagnosis) that was present once stays present: a later denial is a contradiction, not a cure. A fact whose day is
unknown may be older or newer than any other, so it is settled as if it were of the same day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from spinecourse.course.model import Fact
from spinecourse.findings.catalogue import GRADED, NORMAL, states_of
from spinecourse.findings.cells import Cell, cells_of
from spinecourse.knowledge import anatomy
from spinecourse.knowledge.parameters import parameter

LASTING: Final = ("history", "diagnosis", "treatment", "event", "imaging")
"""Kinds in which a later denial does not undo an earlier presence."""

EXAMINED: Final = ("symptom", "sign", *GRADED)
"""Kinds that a new deficit puts in doubt again."""

LOOKED_AT: Final = ("sign", *GRADED)
"""Kinds that only an examination finds; how long ago it was, matters."""

Key = tuple[str, str, str]


class Current:
    """The cells that hold now, by kind, name and side, and what contradicted them."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.cells: dict[Key, Cell] = {}
        self.contradictions: list[str] = []
        for fact in sorted(facts, key=lambda fact: fact.order):
            for cell in cells_of(fact):
                self._put(cell)
        self.outdated = self._drop_outdated()

    def _drop_outdated(self) -> list[str]:
        """Forget normal findings from before a newer deficit: they say nothing of the examination now."""
        deficits = [cell for cell in self.cells.values() if cell.state != NORMAL and _is_deficit(cell)]
        newest = max((_day(cell.fact) for cell in deficits), default=-(10**9))
        old = [
            key
            for key, cell in self.cells.items()
            if cell.state == NORMAL and cell.kind in EXAMINED and _day(cell.fact) < newest
        ]
        dropped = list(dict.fromkeys(self.cells.pop(key).fact.text for key in old))
        return [f"'{text}' is older than the newest deficit and no longer counts as normal" for text in dropped]

    def long_since_examined(self, newest: int) -> list[str]:
        """Deficits and signs found so long before the newest fact (a day) that somebody should look again.

        They still count: nothing heard since is not the same as better.
        """
        limit = newest - parameter("findings_old_after_days")
        old = [
            cell.fact
            for cell in self.cells.values()
            if cell.state != NORMAL and cell.kind in LOOKED_AT and cell.fact.day is not None and cell.fact.day < limit
        ]
        texts = [f"'{fact.text}'" for fact in dict.fromkeys(sorted(old, key=lambda fact: fact.order))]
        return [f"nobody has looked at these for months, and they still count: {', '.join(texts)}"] if texts else []

    def _put(self, cell: Cell) -> None:
        key = (cell.kind, cell.name, cell.side)
        held = self.cells.get(key)
        self.cells[key] = cell if held is None else self._settle(held, cell)

    def _settle(self, held: Cell, new: Cell) -> Cell:
        """Which of two words about the same finding holds; ``new`` is never the older one."""
        if held.state == new.state:
            return new
        if held.kind in LASTING and NORMAL in (held.state, new.state):
            self._contradict(held, new)
            return held if new.state == NORMAL else new
        if None not in (new.fact.day, held.fact.day) and _day(new.fact) > _day(held.fact):
            return new
        return self._same_day(held, new)

    def _same_day(self, held: Cell, new: Cell) -> Cell:
        if held.summary != new.summary:
            return held if new.summary else new
        graded = [cell for cell in (held, new) if not _ungraded(cell)]
        if len(graded) == 1 and graded[0].state != NORMAL:
            return graded[0]
        self._contradict(held, new)
        return max(held, new, key=lambda cell: cell.state)

    def _contradict(self, one: Cell, other: Cell) -> None:
        facts = sorted((one.fact, other.fact), key=lambda fact: (_day(fact), fact.text))
        message = f"'{facts[0].text}' contradicts '{facts[1].text}'"
        if message not in self.contradictions:
            self.contradictions.append(message)


def _is_deficit(cell: Cell) -> bool:
    """Weakness, lost feeling, a changed reflex, or a symptom of weakness or of the sphincters."""
    if cell.kind in GRADED:
        return True
    groups = anatomy.groups("any")
    return cell.kind == "symptom" and cell.name in (*groups["symptom", "weakness"], *groups["symptom", "sphincter"])


def _day(fact: Fact) -> int:
    """The day for ordering: a fact whose day is unknown is held to be the oldest."""
    return -(10**9) if fact.day is None else fact.day


def _ungraded(cell: Cell) -> bool:
    return cell.kind == "power" and cell.state == 1 + states_of("power").index("ungraded")
