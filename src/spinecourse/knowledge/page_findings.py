"""Pages of findings: movements, muscles, reflexes, areas of skin, signs and every other name of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from spinecourse.knowledge import anatomy, vocabulary
from spinecourse.knowledge.anatomy import Leaf
from spinecourse.knowledge.conditions import Combination, Condition, atoms
from spinecourse.knowledge.page_evidence import by_item, frequencies_of, pain_felt_in, rate, signs_for, studies_of
from spinecourse.knowledge.page_parts import (
    EVERY,
    Line,
    Page,
    build,
    lines_of,
    percent,
    sentences,
    shares,
    site_words,
    words,
)
from spinecourse.knowledge.rules import rules
from spinecourse.knowledge.tables import Row, by_column, load

LEAST_SHARE: Final = 0.05
"""Smaller shares are left out of the pages of findings."""

MOST_RATES: Final = 12
"""How many lesions a page names in which the model expects a finding."""

Lines = Iterator[Line]


@cache
def finding_keys() -> tuple[str, ...]:
    """Every name of the vocabulary, everything the anatomy names, and every sign that was studied."""
    named = [f"{kind}:{name}" for kind, name in vocabulary.names()]
    leaves = [f"{kind}:{name}" for kind, name in anatomy.leaves()]
    muscles = [f"muscle:{row['muscle']}" for row in load("anatomy/muscles")]
    reflexes = [f"reflex:{row['reflex']}" for row in load("anatomy/reflexes")]
    studied = [f"{row['kind']}:{row['sign']}" for row in load("anatomy/signs")]
    counted = [f"{row['finding_kind']}:{row['finding']}" for row in load("anatomy/finding_likelihoods")]
    known = [key for key in counted if key.partition(":")[0] in vocabulary.KINDS]
    return tuple(dict.fromkeys([*named, *leaves, *muscles, *reflexes, *studied, *known]))


def finding_page(key: str) -> Page:
    """What the tables say of a finding, named by kind and name."""
    kind, _, name = key.partition(":")
    if kind == "muscle":
        return _muscle_page(key, name)
    return build(
        key,
        f"{kind} {words(name)}",
        (
            ("What it is", _meaning(kind, name), 8),
            ("Muscles", _muscles(kind, name), 3),
            ("Supply", _supply(kind, name), 3),
            ("What loss and briskness mean", _reflex_meaning(kind, name), 5),
            ("Studies", _studies(kind, name), 7),
            ("How often seen", frequencies_of(kind, name), 5),
            ("Which pain is felt here", pain_felt_in(name) if kind == "sensation" else iter(()), 1),
            ("What the model expects", _expected(kind, name), 2),
            ("Which warnings ask for it", _warnings(kind, name), 5),
        ),
    )


def _meaning(kind: str, name: str) -> Lines:
    for row in load("vocabulary/names"):
        if (row["kind"], row["name"]) == (kind, name):
            unit = f"in {row['unit']}" if row["unit"] else ""
            yield Line(sentences(row["meaning"], unit), (row,))
    if kind == "sensation":
        yield from _area(name)
    synonyms = [
        known for (of, known), target in vocabulary.synonyms().items() if (target.kind, target.name) == (kind, name)
    ]
    if synonyms:
        yield Line(f"also called {', '.join(words(synonym) for synonym in synonyms)}")
    for row in load("clinical/functional_signs"):
        if (row["kind"], row["name"]) == (kind, name):
            yield Line(f"{row['meaning']}; reported without a verdict", (row,))
    for row in load("vocabulary/groups"):
        if (row["kind"], row["group"]) == (kind, name):
            yield Line(f"stands for {', '.join(words(member) for member in row.items_of('members'))}", (row,))


def _area(name: str) -> Lines:
    """A skin area with its landmark; a dermatome with its key point and the areas it reaches."""
    for row in load("anatomy/skin"):
        if row["area"] == name:
            yield Line(sentences(f"{row['aspect']} of the {row['body_region']}", row["landmark"], row["note"]), (row,))
        elif row["isncsci_key_point"] == "yes" and name in _levels_of(row):
            yield Line(f"key point of the international standards: {sentences(row['landmark'], row['note'])}", (row,))
    parts = [(row, row.weights("dermatome_weights").get(name, 0.0)) for row in load("anatomy/skin")]
    reached = [(row["area"], share) for row, share in parts if share and row["isncsci_key_point"] != "yes"]
    if reached:
        yield Line(
            f"reaches {shares(reached, LEAST_SHARE)}", tuple(row for row, share in parts if share >= LEAST_SHARE)
        )


def _levels_of(row: Row) -> tuple[str, ...]:
    """The segments a key point tests; the lowest tests two."""
    return ("S4", "S5") if row["isncsci_level"] == "S4-5" else (row["isncsci_level"],)


def _muscles(kind: str, name: str) -> Lines:
    if kind != "power":
        return
    rows = by_item("anatomy/movements", "movement", name)
    told = ", ".join(f"{words(row['muscle'])} {percent(float(row['contribution']))}" for row in rows)
    yield from lines_of(Line(told, rows))
    keyed = [row["isncsci_level"] for row in rows if row["isncsci_key"] == "yes"]
    tested = dict.fromkeys(row["how_tested"] for row in rows if row["how_tested"])
    key = f"key movement of {keyed[0]} in the international standards" if keyed else ""
    yield from lines_of(Line(sentences(*(f"tested {how}" for how in tested), key), rows[:1]))


def _supply(kind: str, name: str) -> Lines:
    leaf = anatomy.leaves().get((kind, name))
    if leaf is None:
        return
    yield Line(f"roots {shares(list(leaf.roots.items()), LEAST_SHARE)}", _leaf_rows(leaf))
    for prefix, what in (("nerve:", "nerves"), ("plexus:", "plexus")):
        parts = [(node.partition(":")[2], share) for node, share in leaf.shares.items() if node.startswith(prefix)]
        told = shares(parts, LEAST_SHARE)
        yield from lines_of(Line(f"{what} {told}" if told else ""))


def _leaf_rows(leaf: Leaf) -> tuple[Row, ...]:
    """The rows that give a leaf its roots."""
    if leaf.kind == "power":
        muscles = by_column(load("anatomy/muscles"), "muscle")
        return tuple(muscles[row["muscle"]] for row in by_item("anatomy/movements", "movement", leaf.name))
    table, column = {"reflex": ("reflexes", "reflex"), "sensation": ("skin", "area")}[leaf.kind]
    return by_item(f"anatomy/{table}", column, leaf.name)


def _reflex_meaning(kind: str, name: str) -> Lines:
    for row in by_item("anatomy/reflexes", "reflex", name) if kind == "reflex" else ():
        nerves = ", ".join(words(nerve) for nerve in row.items_of("nerve"))
        yield Line(sentences(f"{words(row['muscle'])} by {nerves}", row["technique"]), (row,))
        for what, column in (("lost", "lower_motor_meaning"), ("brisk", "upper_motor_meaning")):
            told = row[column] if ": " in row[column] or not row[column] else f"{what}: {row[column]}"
            yield from lines_of(Line(told, (row,)))
        yield from lines_of(Line(row["normal_variation"] and f"in health: {row['normal_variation']}", (row,)))


def _studies(kind: str, name: str) -> Lines:
    rows = [row for row in by_item("anatomy/signs", "sign", name) if row["kind"] == kind]
    for how in dict.fromkeys(row["positive_when"] for row in rows if row["positive_when"]):
        yield Line(f"positive when: {how}", tuple(row for row in rows if row["positive_when"] == how)[:1])
    if rows:
        yield from studies_of(kind, name)
    for row in load("clinical/myelopathy"):
        if row["row_type"] == "sign" and row["key"].startswith(name):
            figures = [
                f"{what} {row[what]}" for what in ("sensitivity", "specificity", "lr_plus", "lr_minus") if row[what]
            ]
            yield Line(sentences("for myelopathy: " + (", ".join(figures) or "no figure"), row["note"]), (row,))


def _expected(kind: str, name: str) -> Lines:
    """In which lesions the model expects the finding, the likeliest first."""
    for row in load("model/regional_findings"):
        if (row["kind"], row["name"]) == (kind, name):
            leaves = ", ".join(words(leaf.replace(":", " ")) for leaf in row.items_of("leaves"))
            yield Line(f"follows from {words(row['effect'])} in {leaves}", (row,))
    rows = [row for row in load("model/finding_rates") if (row["kind"], row["name"]) == (kind, name)]
    ordered = sorted(rows[1:], key=lambda row: -float(row["p"]))[:MOST_RATES]
    if rows:
        told = "; ".join(f"{percent(float(row['p']))} in {_who(row)}" for row in ordered)
        background = f"{percent(float(rows[0]['p']))} in people with any other lesion"
        yield Line(sentences(told, background), (*ordered, rows[0]))


def _who(row: Row) -> str:
    return ", ".join(site_words(who) for who in row.items_of("who"))


def _warnings(kind: str, name: str) -> Lines:
    """The red flags whose condition asks for the finding."""
    found = [rule.row for rule in rules("clinical/red_flags", "finding") if _asks(rule.condition, kind, name)]
    for row in found:
        yield Line(f"{words(row['condition'])} ({row['urgency']}): {row['plain']}", (row,))


def _asks(condition: Condition, kind: str, name: str) -> bool:
    """Whether a condition asks for the finding to be there; what it must not be does not count."""
    if isinstance(condition, Combination) and condition.combiner in ("not", "none"):
        return False
    if isinstance(condition, Combination):
        return any(_asks(part, kind, name) for part in condition.parts)
    return any((atom.kind, atom.name) == (kind, name) for atom in atoms(condition))


def _muscle_page(key: str, name: str) -> Page:
    row = by_column(load("anatomy/muscles"), "muscle")[name]
    return build(
        key,
        f"muscle {words(name)}",
        (
            ("Supply", _muscle_supply(row), EVERY),
            ("What it does", _muscle_use(row), EVERY),
            ("How often affected", _muscle_evidence(name), EVERY),
            ("Signs", signs_for(key), EVERY),
        ),
    )


def _muscle_supply(row: Row) -> Lines:
    yield Line(f"roots {shares(list(row.weights('root_weights').items()), 0.0)}", (row,))
    yield Line(f"nerve {words(row['nerve'])}; {row['nerve_path'].replace(' > ', ', then ')}", (row,))
    yield from lines_of(Line(row["evidence_note"], (row,)))


def _muscle_use(row: Row) -> Lines:
    rows = by_item("anatomy/movements", "muscle", row["muscle"])
    told = ", ".join(f"{words(use['movement'])} ({percent(float(use['contribution']))} of it)" for use in rows)
    yield from lines_of(Line(told, rows), Line(row["testing_note"] and f"tested {row['testing_note']}", (row,)))


def _muscle_evidence(name: str) -> Lines:
    for row in by_item("anatomy/finding_likelihoods", "finding", name):
        yield Line(f"{site_words(row['target'])}, {words(row['finding_kind'])}, {row['state']}: {rate(row)}", (row,))
