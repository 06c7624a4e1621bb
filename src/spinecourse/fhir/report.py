"""The import report: every element that was not read, or read with care, with its path and the reason.

Paths and codes only: no name, no free text and no value of the patient ever enters the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from spinecourse.knowledge.tables import by_column, load

ACTIONS: Final = ("set_aside", "not_read", "read_with_care")
"""What became of the element: no fact was made of it; it was passed over; a fact was made, with a caveat."""

_HEADINGS: Final = {
    "set_aside": "Set aside, no fact was made of it",
    "not_read": "Not read",
    "read_with_care": "Read, with a caveat",
}


@cache
def reasons() -> dict[str, tuple[str, str]]:
    """Action and meaning of every reason code, from the table ``fhir/reasons``."""
    return {code: (row["action"], row["meaning"]) for code, row in by_column(load("fhir/reasons"), "code").items()}


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One element: where it stands, what it is, why it is here and what became of it.

    ``path`` leads to the element in the document, such as ``Bundle.entry[12].resource/Observation.bodySite``;
    ``element`` is the same without positions, such as ``Observation.bodySite``. ``detail`` names a code, unit,
    linkId or extension where that helps to mend the tables.
    """

    path: str
    element: str
    code: str
    detail: str = ""

    @property
    def action(self) -> str:
        """What became of the element, one of ``ACTIONS``."""
        return reasons()[self.code][0]

    @property
    def reason(self) -> str:
        """Why, in words."""
        meaning = reasons()[self.code][1]
        return f"{meaning} ({self.detail})" if self.detail else meaning

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """An element passed over on purpose, how often it occurred, and why no reasoner misses it."""

    element: str
    why: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a document: resources met, facts made, and every element that was not simply read."""

    entries: tuple[ReportEntry, ...]
    ignored: tuple[Ignored, ...]
    resources: dict[str, int]
    patients: int
    facts: int

    @property
    def counts(self) -> dict[str, int]:
        """How many entries there are of each reason code."""
        return dict(sorted(Counter(entry.code for entry in self.entries).items()))

    @property
    def actions(self) -> dict[str, int]:
        """How many entries there are of each action."""
        found = Counter(entry.action for entry in self.entries)
        return {action: found[action] for action in ACTIONS}

    def of(self, code: str) -> tuple[ReportEntry, ...]:
        """The entries of one reason code."""
        return tuple(entry for entry in self.entries if entry.code == code)

    def text(self) -> str:
        """The report as a page of text, every element listed."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        met = ", ".join(f"{count} {name}" for name, count in sorted(self.resources.items())) or "none"
        yield f"Resources: {met}"
        yield f"Patients: {self.patients}, facts: {self.facts}"
        for action in ACTIONS:
            entries = [entry for entry in self.entries if entry.action == action]
            if entries:
                yield f"\n{_HEADINGS[action]}: {len(entries)}"
                yield from (f"  {entry}" for entry in entries)
        if self.ignored:
            yield f"\nPassed over on purpose: {sum(item.count for item in self.ignored)}"
            yield from (f"  {item.element} ({item.count}): {item.why}" for item in self.ignored)

    def data(self) -> dict[str, object]:
        """The report as plain data, ready for JSON."""
        return {
            "resources": dict(sorted(self.resources.items())),
            "patients": self.patients,
            "facts": self.facts,
            "counts": self.counts,
            "actions": self.actions,
            "entries": [
                {
                    "path": entry.path,
                    "element": entry.element,
                    "code": entry.code,
                    "action": entry.action,
                    "reason": entry.reason,
                }
                for entry in self.entries
            ],
            "ignored": [{"element": item.element, "why": item.why, "count": item.count} for item in self.ignored],
        }


class ReportBuilder:
    """Collects entries while a document is read."""

    def __init__(self) -> None:
        self._entries: list[ReportEntry] = []
        self._known: set[ReportEntry] = set()
        self._ignored: Counter[tuple[str, str]] = Counter()
        self.resources: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._entries)

    def mentions(self, path: str, *, since: int) -> bool:
        """Whether an entry after the first ``since`` lies in an element."""
        return any(entry.path.startswith(path) for entry in self._entries[since:])

    def note(self, code: str, path: str, element: str, detail: str = "") -> None:
        """Add an entry; the same one twice is one.

        Raises KeyError for a reason code that the table does not have.
        """
        reasons()[code]
        entry = ReportEntry(path, element, code, detail)
        if entry not in self._known:
            self._known.add(entry)
            self._entries.append(entry)

    def passed_over(self, element: str, why: str) -> None:
        """Count an element that is left out on purpose."""
        self._ignored[element, why] += 1

    def build(self, patients: int, facts: int) -> ImportReport:
        """The finished report, entries in the order in which they were met."""
        ignored = tuple(Ignored(element, why, count) for (element, why), count in sorted(self._ignored.items()))
        return ImportReport(tuple(self._entries), ignored, dict(self.resources), patients, facts)
