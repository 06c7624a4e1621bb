"""``knowledge check`` as far as the tables alone can tell: cells, names, sums, conditions.

What needs the reasoners (names they compute, lesions they know, rows nobody uses) is in ``assess.table_check``.
"""

from __future__ import annotations

from collections.abc import Iterator

from spinecourse.errors import Problem
from spinecourse.knowledge.check_columns import check_cells, check_header, columns, usual_columns
from spinecourse.knowledge.check_conditions import check_conditions
from spinecourse.knowledge.check_names import check_findings, check_vocabulary_names, name_sets
from spinecourse.knowledge.check_sums import (
    check_no_circles,
    check_parents,
    check_ranges,
    check_ratios,
    check_sources,
    check_sum,
)  # fmt: skip
from spinecourse.knowledge.tables import load, table_names


def check_tables(computed: frozenset[str] | None = None, known: frozenset[str] = frozenset()) -> list[Problem]:
    """Every row that breaks a rule, in the order of the tables.

    ``computed`` are the names of numbers that the program derives from facts, ``known`` findings as ``kind:name`` that
    it works out beside those of the vocabulary; without the former, conditions are left out.
    Raises KnowledgeError where a table cannot be loaded at all.
    """
    found = [*_cells(), *_sums(), *_names()]
    if computed is not None:
        found += _conditions(computed, known)
    return list(dict.fromkeys(found))


def _cells() -> Iterator[Problem]:
    for table in table_names():
        rows, described = load(table), columns().get(table)
        if described is not None:
            yield from check_header(table, rows, described)
        yield from check_cells(rows, described or usual_columns(rows), name_sets())
        yield from check_sources(rows)
    for table in columns().keys() - set(table_names()):
        yield Problem("columns.csv", None, None, f"describes {table}, which does not exist")


def _sums() -> Iterator[Problem]:
    yield from check_sum(load("anatomy/movements"), "movement", "contribution")
    yield from check_sum(load("model/site_weights"), "class", "weight")
    yield from check_sum(load("model/variants"), "class", "share")
    yield from check_sum(load("model/nerve_variants"), "site", "share", at_most=True)
    yield from check_sum(load("model/sensory_level_offsets"), "class", "p", at_most=True)
    suggested = [row for row in load("anatomy/priors") if row["context"].startswith("suggested_prior")]
    yield from check_sum(suggested, "context", "value")
    yield from check_no_circles(load("anatomy/plexus"))
    yield from check_parents(load("anatomy/nerves"), load("anatomy/plexus"))
    yield from check_ratios(load("clinical/red_flags"))
    yield from check_ranges(load("clinical/priors"), "prevalence_low_pct", "prevalence_high_pct")
    for table in ("vocabulary/names", "vocabulary/fact_keys", "vocabulary/head_keys"):
        yield from check_ranges(load(table), "lowest", "highest")


def _names() -> Iterator[Problem]:
    yield from check_findings(load("anatomy/signs"), "kind", "sign")
    yield from check_findings(load("anatomy/finding_likelihoods"), "finding_kind", "finding")
    bedside = [row for row in load("anatomy/movements") if row["kind"] != "reflex_only"]
    yield from check_vocabulary_names(bedside, "power", "movement")
    yield from check_vocabulary_names(load("anatomy/reflexes"), "reflex", "reflex")
    areas = [row for row in load("anatomy/skin") if row["isncsci_key_point"] == "no"]
    yield from check_vocabulary_names(areas, "sensation", "area")
    for kind in sorted({row["kind"] for row in load("intake/rows")}):
        asked = [row for row in load("intake/rows") if row["kind"] == kind]
        yield from check_vocabulary_names(asked, kind, "name")


def _conditions(computed: frozenset[str], known: frozenset[str]) -> Iterator[Problem]:
    for table, described in columns().items():
        for column in described:
            if column.holds == "condition":
                yield from check_conditions(load(table), column.name, computed, known)
