"""Pages of vertebrae, motion segments and landmarks: which root leaves, which crosses, which cord lies there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spinecourse.knowledge import anatomy
from spinecourse.knowledge.page_evidence import by_item, pain
from spinecourse.knowledge.page_parts import Line, Page, build, lines_of, percent, sentences, words
from spinecourse.knowledge.tables import Row, load

Lines = Iterator[Line]


@cache
def _rows() -> dict[str, Row]:
    return {row["name"]: row for row in load("anatomy/levels") if row["kind"] != "cord_segment"}


@cache
def level_keys() -> tuple[str, ...]:
    """Every vertebra, motion segment and landmark."""
    return tuple(f"level:{name}" for name in _rows())


def level_page(key: str) -> Page:
    """What the tables say of a level."""
    name = key.partition(":")[2]
    row = _rows()[name]
    return build(
        key,
        f"{words(row['kind'])} {words(name)}",
        (
            ("Roots and cord", _neighbours(row), 7),
            ("Pain of its facet joints", pain(f"facet:{name}"), 3),
            ("How often affected", _affected(name), 4),
            ("Rules of thumb", _rules(row), 4),
        ),
    )


def _neighbours(row: Row) -> Lines:
    told = {
        "root_exiting": "root leaving here: {}",
        "root_foraminal": "a foraminal or far lateral disc hits {}",
        "root_paracentral": "a paracentral disc hits {}",
        "cord_segment_opposite": "cord segment opposite: {}",
        "vertebra_opposite": "opposite {}",
        "exit_rule": "rule: {}",
        "note": "{}",
    }
    yield from lines_of(
        *(Line(text.format(words(row[column])), (row,)) for column, text in told.items() if row[column])
    )
    if row["kind"] == "motion_segment":
        yield from _upper(row)


def _upper(row: Row) -> Lines:
    """What lies opposite the upper vertebra of a motion segment."""
    upper = anatomy.vertebrae().get(row["name"].partition("/")[0])
    if upper is not None and upper["cord_segment_opposite"]:
        yield Line(f"in the canal behind {upper['name']}: {words(upper['cord_segment_opposite'])}", (upper,))


def _affected(name: str) -> Lines:
    """How often a lesion sits at this level, from the tables of priors."""
    for site in (f"facet:{name}",):
        for row in by_item("anatomy/priors", "site", site):
            yield Line(f"{words(row['context'])}: {_figure(row)} ({row['population']})", (row,))
    for row in by_item("anatomy/priors", "context", "lumbar_disc_herniation_level"):
        if row["measure"].endswith(name):
            yield Line(sentences(f"{row['measure']}: {_figure(row)}", row["population"], row["note"]), (row,))


def _figure(row: Row) -> str:
    value = float(row["value"])
    return percent(value) if row["unit"] == "proportion" else f"{value:g} {row['unit']}"


def _rules(row: Row) -> Lines:
    """The rules that hold for the whole region."""
    for other in _rows().values():
        general = other["name"].endswith(("_rule_lumbar", "_caveat")) or other["name"].startswith("offset_")
        if other is not row and general and other["region"] in (row["region"], "all") and row["kind"] != "landmark":
            yield Line(sentences(other["note"]), (other,))
