"""The pathway written out as one SQL query: the same rows, for another engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spinecourse.knowledge.conditions import Condition
from spinecourse.pathway.conditions import condition_rules
from spinecourse.pathway.gate import PURPOSES, openings, requirements_of, targets
from spinecourse.pathway.options import GATED, STANDINGS
from spinecourse.pathway.rows import cautions, condition_of, rules_of, treatments
from written import SQL, fails, holds


def met(condition: Condition | None) -> str:
    return "true" if condition is None else holds(condition, SQL)


def denied(condition: Condition | None) -> str:
    return "false" if condition is None else fails(condition, SQL)


def some(parts: list[str]) -> str:
    return f"({' OR '.join(parts)})" if parts else "false"


def every(parts: list[str]) -> str:
    return f"({' AND '.join(parts)})" if parts else "true"


def first_columns() -> Iterator[str]:
    """Conditions held, the gate's parts, and what each row about a treatment says."""
    for name, entries in condition_rules().items():
        yield f"{some([met(rule.when) for rule in entries])} AS h_{name}"
        yield f"{every([denied(rule.when) for rule in entries])} AS n_{name}"
    for opens in ("at_once", "open"):
        yield f"{some([met(rule.condition) for rule in openings(opens)])} AS opens_{opens}"
    for purpose in PURPOSES:
        aimed = [rule.condition for rule in targets() if rule.row["purpose"] == purpose]
        asked = [entry for entry in requirements_of(purpose) if entry.blocks]
        ready = [f"({met(entry.met)} OR {denied(entry.applies)})" for entry in asked]
        yield f"{some([met(part) for part in aimed])} AS aim_{purpose}"
        yield f"{every([denied(part) for part in aimed])} AS none_{purpose}"
        yield f"{every(ready)} AS ready_{purpose}"
        yield f"{some([f'({denied(entry.met)} AND {met(entry.applies)})' for entry in asked])} AS lacks_{purpose}"


def gate_columns() -> Iterator[str]:
    aim = {name: f"aim_{name}" for name in PURPOSES}
    mine, before = {}, "false"
    for name in PURPOSES:
        mine[name] = f"({aim[name]} AND NOT ({before}))"
        before = f"{before} OR {aim[name]}"
    left = "NOT opens_at_once AND NOT opens_open"
    passed = some([f"({mine[name]} AND ready_{name})" for name in PURPOSES])
    failed = some([f"({mine[name]} AND lacks_{name})" for name in PURPOSES])
    waits = some([f"({mine[name]} AND NOT ready_{name} AND NOT lacks_{name})" for name in PURPOSES])
    nothing = every([f"none_{name}" for name in PURPOSES])
    yield f"(opens_at_once OR opens_open OR ({passed} AND {left})) AS gate_open"
    yield f"({failed} AND {left}) AS gate_later"
    yield f"({left} AND ({waits} OR (NOT ({before}) AND NOT {nothing}))) AS gate_unknown"


def voices(name: str) -> Iterator[str]:
    """What the rows about one treatment say, as in ``options``."""
    said: dict[str, list[str]] = {word: [] for word in ("rec", "pos", "unc", "aga", "wai", "wwk", "ope", "els")}
    for rule in rules_of(name):
        base, off = f"h_{rule.condition}", f"n_{rule.condition}"
        here = f"({base} AND {met(rule.requires)})"
        if rule.direction == "against":
            said["aga"].append(here)
        elif rule.supports:
            ready, waits = f"({here} AND {met(rule.after)})", f"({here} AND {denied(rule.after)})"
            word = "unc" if rule.direction == "uncertain" else "rec" if rule.supports == "recommended" else "pos"
            said[word].append(ready)
            open_ = f"(NOT {off} AND NOT {denied(rule.requires)} AND NOT {ready} AND NOT {waits})"
            said["wwk" if word == "unc" else "wai"].append(waits)
            said["els"].append(open_ if word == "unc" else f"({open_} AND NOT {base})")
            if word != "unc":
                said["ope"].append(f"({open_} AND {base})")
    for weight, word in (("contraindicated", "bad"), ("defer", "dfr")):
        chosen = [met(caution.condition) for caution in cautions().get(name, ()) if caution.weight == weight]
        yield f"{some(chosen)} AS {word}_{name}"
    again = condition_of(treatments()[name], "not_again_when")
    yield f"{met(again) if again is not None else 'false'} AS vain_{name}"
    for word, parts in said.items():
        yield f"{some(parts)} AS {word}_{name}"


def standing(name: str) -> str:
    row = treatments()[name]
    rec, aga = f"rec_{name}", f"aga_{name}"
    recommended = f"({rec} AND NOT {aga})"
    possible = f"(({rec} AND {aga}) OR pos_{name} OR (unc_{name} AND NOT {aga}))"
    ready, waits = f"({recommended} OR {possible})", f"(wai_{name} OR (wwk_{name} AND NOT {aga}))"
    open_ = f"(ope_{name} OR (els_{name} AND NOT {aga}))"
    if row["kind"] in GATED and row["bleeding"] != "emergency":
        waits, open_ = f"({waits} OR ({ready} AND gate_later))", f"({open_} OR ({ready} AND gate_unknown))"
        ready = f"({ready} AND gate_open)"
    waits = f"({waits} OR ({ready} AND dfr_{name}))"
    ready = f"({ready} AND NOT dfr_{name})"
    code = {word: number for number, word in enumerate(STANDINGS)}
    return (
        f"CASE WHEN bad_{name} THEN {code['contraindicated']} WHEN vain_{name} THEN {code['not_indicated']} "
        f"WHEN {ready} AND {recommended} THEN {code['recommended']} WHEN {ready} THEN {code['possible']} "
        f"WHEN {waits} THEN {code['later']} WHEN {open_} THEN {code['unknown']} "
        f"ELSE {code['not_indicated']} END AS s_{name}"
    )


def query() -> str:
    """The whole pathway as one SQL query: conditions, gate and rows first, then the standings."""
    first, gate = ", ".join(first_columns()), ", ".join(gate_columns())
    rows = ", ".join(text for name in treatments() for text in voices(name))
    last = ", ".join(standing(name) for name in treatments())
    return (
        f"WITH held AS MATERIALIZED (SELECT *, {first} FROM patients), gated AS (SELECT *, {gate} FROM held), "
        f"spoken AS (SELECT *, {rows} FROM gated) SELECT {last} FROM spoken ORDER BY number"
    )


def columns_asked(text: str) -> list[int]:
    return sorted({int(number) for number in re.findall(r"\bc(\d+) = ", text)})
