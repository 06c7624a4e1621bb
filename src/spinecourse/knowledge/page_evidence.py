"""Published figures as lines of a page: how often findings occur, how well signs tell, where pain is felt."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from spinecourse.knowledge.page_parts import Line, lines_of, percent, sentences, site_words, words
from spinecourse.knowledge.tables import Row, load

LABORATORY: Final = {
    "emg": "Denervated on electromyography",
    "stimulation": "Answers when the root is stimulated",
    "power_or_emg": "Weak or denervated",
}
"""Kinds of finding that are told in one line together."""


@cache
def _by(table: str, column: str) -> dict[str, tuple[Row, ...]]:
    """The rows of a table by every item of a column."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in load(table):
        for item in row.items_of(column):
            found[item].append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def by_item(table: str, column: str, item: str) -> tuple[Row, ...]:
    """The rows of a table that name the item in a column."""
    return _by(table, column).get(item, ())


def frequencies(target: str) -> Iterator[Line]:
    """How often each finding is seen in a lesion, and in whom else; what a laboratory found comes last."""
    rows = by_item("anatomy/finding_likelihoods", "target", target)
    bedside: dict[tuple[str, str], list[Row]] = defaultdict(list)
    measured: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["finding_kind"] in LABORATORY:
            measured[row["finding_kind"]].append(row)
        else:
            bedside[row["finding_kind"], row["finding"]].append(row)
    for (kind, finding), group in sorted(bedside.items(), key=lambda entry: _telling(entry[1])):
        yield Line(f"{_finding(kind, finding)}: {_rates(group)}", tuple(group))
    for kind, group in measured.items():
        told = "; ".join(f"{words(row['finding'])} {rate(row)}" for row in group)
        yield Line(f"{LABORATORY[kind]}: {told}", tuple(group))


def _finding(kind: str, finding: str) -> str:
    """A finding in words: movements need none for their kind."""
    return words(finding) if kind in ("power", "sign", "symptom", "test", "combination") else f"{words(finding)} {kind}"


def _telling(rows: Sequence[Row]) -> tuple[bool, float]:
    """A key by which the findings that tell most come first, those that only rest on memory last."""
    known = [row for row in rows if row["checked"] != "recalled"]
    return not known, -max((_strength(row) for row in known or rows), default=0.0)


def _strength(row: Row) -> float:
    """How far a finding moves the odds: the logarithm of its ratio, a little for a frequency alone."""
    p, without, ratio = row.number("p_given_lesion"), row.number("p_without"), row["lr_pos"]
    if p is not None and without is not None:
        return abs(math.log(max(p, LEAST_RATE) / max(without, LEAST_RATE)))
    return abs(math.log(float(ratio))) if _NUMBER.fullmatch(ratio) else (p or 0.0) * COUNTED_ALONE


LEAST_RATE: Final = 0.01
"""A frequency of nought is taken as this when findings are put in order."""

COUNTED_ALONE: Final = 0.1
"""A frequency that was compared with nobody counts little when findings are put in order."""

_NUMBER: Final = re.compile(r"\d*\.?\d+")


def frequencies_of(kind: str, finding: str) -> Iterator[Line]:
    """In which lesions one finding was counted, a line a lesion."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in by_item("anatomy/finding_likelihoods", "finding", finding):
        if row["finding_kind"] == kind:
            groups[row["target"]].append(row)
    for target, group in groups.items():
        yield Line(f"{site_words(target)}: {_rates(group)}", tuple(group))


def _rates(rows: Iterable[Row]) -> str:
    """The rates of several rows about one finding; the state is told where it changes."""
    parts, state = [], ""
    counted = [row for row in rows if rate(row) != NO_FIGURE]
    for row in counted or list(rows)[:1]:
        told = "" if row["state"] == state else _state(row["state"])
        parts.append(f"{told}{rate(row)}")
        state = row["state"]
    return "; ".join(parts)


def _state(state: str) -> str:
    """A state in front of its figure, set apart where it ends in a figure itself."""
    return f"{words(state)}: " if state[-1:].isdigit() else f"{words(state)} "


NO_FIGURE: Final = "no figure"


def rate(row: Row) -> str:
    """One row of finding_likelihoods: how often with the lesion, and without it in the people it was compared with."""
    p, without = row.number("p_given_lesion"), row.number("p_without")
    if p is None and without is not None and row["target"] == "none":
        return f"{percent(without)} of {row['comparator']}"
    told = percent(p) if p is not None else ""
    if without is not None:
        told += f"{' ' if told else ''}against {percent(without)}" + (
            f" in {row['comparator']}" if row["comparator"] else ""
        )
    return f"{told} {_ratios(row, 'lr_pos', 'lr_neg')}".strip() or NO_FIGURE


def _ratios(row: Row, positive: str, negative: str) -> str:
    """Likelihood ratios as far as they are given: LR+ 3.1, LR- 0.4."""
    named = [f"{name} {row[column]}" for name, column in (("LR+", positive), ("LR-", negative)) if row[column]]
    return f"({', '.join(named)})" if named else ""


def accuracy(row: Row) -> str:
    """Sensitivity, specificity and likelihood ratios of one row of signs, as far as they are known."""
    told = [f"{name} {row[column]}" for name, column in _ACCURACY if row[column]]
    return ", ".join(told) or NO_ACCURACY


NO_ACCURACY: Final = "no accuracy published"

_ACCURACY: Final = (
    ("sensitivity", "sensitivity"),
    ("specificity", "specificity"),
    ("LR+", "lr_pos"),
    ("LR-", "lr_neg"),
)


def signs_for(target: str) -> Iterator[Line]:
    """The signs studied for one lesion, a line a sign with its studies."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in by_item("anatomy/signs", "target", target):
        groups[row["sign"]].append(row)
    for sign, group in sorted(groups.items(), key=lambda entry: all(accuracy(row) == NO_ACCURACY for row in entry[1])):
        known = [accuracy(row) for row in group if accuracy(row) != NO_ACCURACY]
        yield Line(f"{words(sign)}: {'; '.join(known) or NO_ACCURACY}", tuple(group))


def studies_of(kind: str, sign: str) -> Iterator[Line]:
    """The studies of one sign, a line a target and study."""
    for row in by_item("anatomy/signs", "sign", sign):
        if row["kind"] != kind:
            continue
        people = f" ({row['population']})" if row["population"] else ""
        yield Line(f"for {site_words(row['target'])}: {accuracy(row)}{people}", (row,))


def pain(site: str) -> Iterator[Line]:
    """Where pain from a site is felt: counted, mapped or provoked; figures first."""
    rows = by_item("anatomy/pain_distribution", "source_site", site)
    for row in sorted(rows, key=lambda row: -(row.number("frequency") or 0.0)):
        counted = row.number("frequency")
        told = sentences(row["typical_location"] + (f" {percent(counted)}" if counted is not None else ""), row["note"])
        yield Line(told, (row,))


def pain_felt_in(area: str) -> Iterator[Line]:
    """Which sources of pain are felt in an area, with how often where that was counted."""
    rows = by_item("anatomy/pain_distribution", "area", area)
    return lines_of(_felt(rows))


def _felt(rows: Sequence[Row]) -> Line | None:
    if not rows:
        return None
    told = []
    for row in rows:
        counted = row.number("frequency")
        told.append(site_words(row["source_site"]) + (f" {percent(counted)}" if counted is not None else ""))
    return Line(", ".join(dict.fromkeys(told)), tuple(rows))


def how_common(site: str) -> Iterator[Line]:
    """How common a site is, a line a population."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in by_item("anatomy/priors", "site", site):
        groups[row["context"]].append(row)
    for context, group in groups.items():
        told = "; ".join(_share(row) for row in group)
        yield Line(f"{words(context)}: {told}", tuple(group))


def _share(row: Row) -> str:
    """One row of priors: the figure with its unit, and in whom."""
    value = float(row["value"])
    figure = percent(value) if row["unit"] == "proportion" else f"{value:g} {row['unit']}"
    measure = "" if row["measure"] == "share" else f"{row['measure']} "
    return sentences(f"{measure}{figure} ({row['population']})", row["note"])


def pooled_with(site: str) -> Iterator[Line]:
    """Where to look for studies that took sites like this one together."""
    for row in load("pooled_sites"):
        single = any(site.startswith(start) for start in row.items_of("begins"))
        if single and row["name"] != site and row["name"] in pooled_names():
            yield Line(f"studied together with others: see {row['name']}", (row,))


@cache
def pooled_names() -> tuple[str, ...]:
    """Every name under which the tables give figures for a lesion or a source of pain, in their order."""
    columns = (
        ("anatomy/finding_likelihoods", "target"),
        ("anatomy/signs", "target"),
        ("anatomy/pain_distribution", "source_site"),
        ("anatomy/priors", "site"),
    )
    return tuple(dict.fromkeys(name for table, column in columns for name in _by(table, column)))
