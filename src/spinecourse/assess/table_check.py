"""``knowledge check`` as a whole: the rules of the tables, and whether the reasoners can use every row.

A row that no reasoner reaches and no page shows is idle: it looks like knowledge and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from spinecourse.errors import Problem
from spinecourse.findings.catalogue import catalogue, columns
from spinecourse.findings.derived import DERIVED
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.checks import check_tables
from spinecourse.knowledge.pages import page_keys, whole_page
from spinecourse.knowledge.tables import Row, load, table_names
from spinecourse.localise.hypotheses import hypotheses
from spinecourse.localise.likelihood import likelihood
from spinecourse.pathway import assessed_names

CHECKED_BY_ROW: Final = ("anatomy", "clinical")
"""Folders of tables whose every row must stand on a page; so must the rows of ``_REACHED``, or a reasoner must come to
them. Of every other table it is enough that a module loads it."""


def check_all() -> list[Problem]:
    """Every problem of the tables, with those that only the reasoners can see.

    Raises KnowledgeError where a table cannot be loaded at all.
    """
    known = frozenset(f"{kind}:{name}" for kind, name, _ in catalogue() if kind not in vocabulary.KINDS)
    known |= frozenset(f"assessed:{name}" for name in assessed_names())
    found = check_tables(frozenset(DERIVED), known)
    findings = {(kind, name) for kind, name, _ in catalogue()} | set(vocabulary.names())
    found += check_rates(load("model/finding_rates"), hypothesis_names(), findings)
    found += check_known(load("model/regional_findings"), findings)
    found += check_known(load("model/examinations"), used_names())
    found += check_spared(load("model/nerve_variants"), used_names())
    return [*found, *check_idle()]


@cache
def hypothesis_names() -> frozenset[str]:
    """Everything a row of rates may call the lesions it means: any, a class, a class with its variant, a site."""
    found = {"any"}
    for hypothesis in hypotheses():
        found |= {hypothesis.site_class, hypothesis.site, f"{hypothesis.site_class}/{hypothesis.variant['variant']}"}
    return frozenset(found)


@cache
def used_names() -> frozenset[tuple[str, str]]:
    """Kind and name of every finding about which localise has something to say."""
    first = likelihood().first
    return frozenset((column.kind, column.name) for column in columns() if first[column.number] >= 0)


def check_rates(
    rows: Iterable[Row], lesions: Collection[str], findings: Collection[tuple[str, str]]
) -> Iterator[Problem]:
    """Rates of findings that nobody knows, rates that mean no lesion, and findings without a background rate."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row["kind"], row["name"])
        if key not in seen and row["who"] != "any":
            yield row.problem(f"the first rate of {row['kind']} {row['name']} should be the background, for any")
        seen.add(key)
        yield from check_known([row], findings)
        for pattern in row["who"].split(";"):
            if not any(fnmatchcase(lesion, pattern) for lesion in lesions):
                yield row.problem(f"who {pattern!r} means no lesion of the model")


def check_known(rows: Iterable[Row], known: Collection[tuple[str, str]]) -> Iterator[Problem]:
    """Rows whose kind and name are not among those known."""
    for row in rows:
        if (row["kind"], row["name"]) not in known:
            yield row.problem(f"{row['kind']} {row['name']!r} is no finding that the model uses")


def check_spared(rows: Iterable[Row], known: Collection[tuple[str, str]]) -> Iterator[Problem]:
    """Places of compression that spare something the model does not know."""
    for row in rows:
        for leaf in row.items_of("spared"):
            kind, _, name = leaf.partition(":")
            if (kind, name) not in known:
                yield row.problem(f"spared names {leaf!r}, which the model does not use")


def check_idle() -> Iterator[Problem]:
    """Rows that no reasoner reaches and no page shows."""
    shown = {row for key in page_keys() for row in whole_page(key).rows}
    for table in table_names():
        if table in _REACHED or table.split("/")[0] in CHECKED_BY_ROW:
            yield from idle(load(table), shown, _REACHED.get(table, _never))
        elif f'"{table}"' not in _code():
            yield Problem(f"{table}.csv", None, None, "is idle: no module loads it")


def idle(rows: Sequence[Row], shown: Collection[Row], reached: Callable[[Row], bool]) -> Iterator[Problem]:
    """Rows that are neither shown nor reached."""
    return (
        row.problem("is idle: no reasoner reads it and no page shows it")
        for row in rows
        if row not in shown and not reached(row)
    )


def _never(row: Row) -> bool:
    return False


def _is_finding(row: Row) -> bool:
    return (row["kind"], row["name"]) in used_names()


def _is_class(row: Row) -> bool:
    return row["class"] in hypothesis_names()


def _is_variant(row: Row) -> bool:
    """Whether some lesion at the site has the variant; classes of one site are called as the site is."""
    return f"{row['site']}/{row['variant']}" in hypothesis_names()


def _is_in_code(column: str) -> Callable[[Row], bool]:
    """Whether the program asks for the row by name."""
    return lambda row: any(stem in _code() for stem in _stems(row[column]))


def _stems(name: str) -> tuple[str, str]:
    """How code may write a name: whole, or with its last word filled in."""
    return f'"{name}"', f'"{name.rpartition("_")[0]}_{{'


@cache
def _code() -> str:
    """The text of every module of the package."""
    return "\n".join(_texts(files("spinecourse")))


def _texts(folder: Traversable) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts(entry)
        elif entry.name.endswith(".py"):
            yield entry.read_text(encoding="utf-8")


def _is_effect(row: Row) -> bool:
    return row["effect"] in {found["effect"] for found in load("model/regional_findings")} or _is_in_code("effect")(row)


def _is_movement(row: Row) -> bool:
    return row["movement"] == "default" or ("power", row["movement"]) in used_names()


_REACHED: Final[dict[str, Callable[[Row], bool]]] = {
    "model/asymmetry": _is_class,
    "model/detection": _is_effect,
    "model/diffuse_effects": _is_variant,
    "model/examinations": _is_finding,
    "model/finding_rates": _is_finding,
    "model/imaging_relations": _is_in_code("relation"),
    "model/nerve_variants": lambda row: row["site"] in hypothesis_names(),
    "model/parameters": _is_in_code("name"),
    "model/pyramidal_pattern": _is_movement,
    "model/regional_findings": _is_finding,
    "model/sacral_reach": _is_variant,
    "model/sensory_level_offsets": _is_class,
}
"""For tables from which the reasoners pick rows by name, whether they come to a row."""
