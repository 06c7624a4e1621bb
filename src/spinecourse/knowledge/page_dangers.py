"""Pages of dangers, mechanisms of pain, syndromes of the cord, and codes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from spinecourse.knowledge.conditions import atoms, parse
from spinecourse.knowledge.page_evidence import by_item, how_common
from spinecourse.knowledge.page_parts import EVERY, Line, Page, build, lines_of, percent, sentences, site_words, words
from spinecourse.knowledge.tables import URGENCIES, Row, load

CRITERIA: Final = {
    "cauda_equina_syndrome": "clinical/ces_criteria",
    "myelopathy": "clinical/myelopathy",
}
"""Tables of criteria that belong to one danger."""

Lines = Iterator[Line]


@cache
def danger_keys() -> tuple[str, ...]:
    """Every danger that a red flag raises or that has a known frequency; mechanisms, syndromes and systems of codes."""
    tables = (("clinical/red_flags", "condition"), ("clinical/priors", "condition"))
    dangers = [f"danger:{row[column]}" for table, column in tables for row in load(table)]
    mechanisms = [f"mechanism:{row['mechanism']}" for row in load("clinical/mechanisms")]
    syndromes = [f"syndrome:{row['syndrome']}" for row in load("anatomy/cord_syndromes")]
    codes = [f"codes:{row['system']}" for row in load("clinical/billing_free_codes")]
    return tuple(dict.fromkeys([*dangers, *mechanisms, *syndromes, *codes]))


def danger_page(key: str) -> Page:
    """What raises a danger, how common it is, what must be asked, and the criteria for it."""
    name = key.partition(":")[2]
    flags = sorted(by_item("clinical/red_flags", "condition", name), key=lambda row: URGENCIES.index(row["urgency"]))
    return build(
        key,
        f"danger: {words(name)}",
        (
            ("What to do", _actions(flags), 2),
            ("Red flags", (Line(_flag(row), (row,)) for row in flags), 10),
            ("What must be asked before it counts as cleared", _questions(name), 2),
            ("Stages, the most advanced first", _stages(name), EVERY),
            ("How common", _priors(name), 4),
            ("When acting is worth its harm", _thresholds(name), EVERY),
            ("Where guidance differs", _disagreements(name), 2),
            ("Criteria and figures", (Line(_criterion(row), (row,)) for row in _criteria(name)), 0),
        ),
    )


def _actions(flags: list[Row]) -> Lines:
    """The actions, each once, under the most urgent class that has it."""
    seen: dict[str, Row] = {}
    for row in flags:
        seen.setdefault(row["action"], row)
    return (Line(f"{row['urgency']}, {row['within']}: {row['action']}", (row,)) for row in seen.values())


def _flag(row: Row) -> str:
    ratios = [f"{name} {row[column]}" for name, column in (("LR+", "lr_plus"), ("LR-", "lr_minus")) if row[column]]
    figures = f" ({', '.join(ratios)}, {words(row['setting'])})" if ratios else ""
    return f"{row['urgency']}: {row['plain']}{figures}"


def _questions(name: str) -> Lines:
    for row in by_item("model/decisive_questions", "condition", name):
        asked = ", ".join(words(f"{atom.kind} {atom.name}") for atom in atoms(parse(row["questions"])))
        yield Line(asked, (row,))


def _stages(name: str) -> Lines:
    return (Line(f"{row['stage']}: {row['meaning']}", (row,)) for row in by_item("model/danger_stages", "danger", name))


def _priors(name: str) -> Lines:
    for row in by_item("model/triage_priors", "condition", name):
        bounds = f"{percent(float(row['lowest']))} to {percent(float(row['highest']))}"
        yield Line(f"used here: {percent(float(row['prior']))} ({bounds}), {row['population']}", (row,))
    for row in by_item("clinical/priors", "condition", name):
        low, high = row["prevalence_low_pct"], row["prevalence_high_pct"]
        figure = low if low == high else f"{low} to {high}"
        yield Line(sentences(f"{words(row['setting'])}: {figure} % ({row['population']})", row["note"]), (row,))


def _thresholds(name: str) -> Lines:
    for row in by_item("clinical/decision_thresholds", "condition", name):
        harms = f"{row['harm_of_missing']}, against {row['harm_of_acting']}"
        yield Line(sentences(f"above {percent(float(row['threshold']))}: {harms}", row["note"]), (row,))


def _disagreements(name: str) -> Lines:
    for row in by_item("clinical/guideline_disagreements", "condition", name):
        one = f"{row['one_side']} ({row['one_source']}, {row['one_year']})"
        other = f"{row['other_side']} ({row['other_source']}, {row['other_year']})"
        yield Line(sentences(f"{row['question']}: {one}; {other}", f"here: {row['here']}"), (row,))


def _criteria(name: str) -> tuple[Row, ...]:
    return load(CRITERIA[name]) if name in CRITERIA else ()


def _criterion(row: Row) -> str:
    figures = [f"{what} {row[what]}" for what in ("sensitivity", "specificity", "lr_plus", "lr_minus") if row.get(what)]
    value = f"{row['value']} {words(row['value_unit'])}" if row["value"] else ""
    meaning = row["note"] or words(row["definition"])
    advice = row.get("action") or row.get("recommendation") or ""
    return sentences(f"{words(row['row_type'])} {words(row['key'])}: {meaning}", value, ", ".join(figures), advice)


def _telling(row: Row, column: str) -> float:
    """How much likelier a criterion is under its mechanism than under the likeliest of the others."""
    others = [float(row[other]) for other in row if other.startswith("p_") and other != column]
    return float(row[column]) / max(others)


def mechanism_page(key: str) -> Page:
    """The criteria, grades and cut-offs of one mechanism of pain, and how often each criterion was met."""
    name = key.partition(":")[2]
    own = [*by_item("clinical/mechanisms", "mechanism", name), *by_item("clinical/mechanisms", "mechanism", "any")]
    kinds = dict.fromkeys(row["row_type"] for row in own)
    sections = [(words(kind).capitalize(), _mechanism_lines(own, kind), 4) for kind in kinds]
    return build(key, f"mechanism: {words(name)}", [("What moves the answer", _evidence(name), 8), *sections])


def _mechanism_lines(rows: list[Row], kind: str) -> Lines:
    return (Line(_mechanism(row), (row,)) for row in rows if row["row_type"] == kind)


def _mechanism(row: Row) -> str:
    figures = [f"{what} {row[what]}" for what in ("sensitivity", "specificity", "lr_plus", "lr_minus") if row[what]]
    return sentences(f"{words(row['key'])}: {row['criterion'] or row['rule']}", row["criterion"] and row["rule"],
                     ", ".join(figures), row["note"])  # fmt: skip


def _evidence(name: str) -> Lines:
    """Criteria with how often clinicians ticked them under each mechanism, those that tell this one apart first."""
    column = f"p_{name}"
    rows = [row for row in load("clinical/mechanism_evidence") if column in row]
    for row in sorted(rows, key=lambda row: -_telling(row, column)):
        others = ", ".join(
            f"{other[2:]} {percent(float(row[other]))}" for other in row if other.startswith("p_") and other != column
        )
        yield Line(f"{percent(float(row[column]))} {row['plain']} ({others})", (row,))


def syndrome_page(key: str) -> Page:
    """The findings of one syndrome of the cord or cauda equina by domain, and how common it is."""
    name = key.partition(":")[2]
    rows = by_item("anatomy/cord_syndromes", "syndrome", name)
    domains = dict.fromkeys(row["domain"] for row in rows)
    sections = [(words(domain).capitalize(), _domain_lines(rows, domain), 6) for domain in domains]
    common = ("How common", how_common(name), EVERY)
    return build(key, f"syndrome: {words(name)} ({site_words(rows[0]['site'])})", [*sections, common])


def _domain_lines(rows: tuple[Row, ...], domain: str) -> Lines:
    return (Line(_finding(row), (row,)) for row in rows if row["domain"] == domain)


def _finding(row: Row) -> str:
    place = " ".join(part for part in (words(row["where"]), row["side"]) if part)
    told = f"{words(row['feature'])}: {row['state']}" + (f" ({place})" if place else "")
    return sentences(told, row["likelihood"] if row["likelihood"] != "usual" else "", row["note"])


def code_page(key: str) -> Page:
    """Every code of one system of codes, by what it stands for."""
    system = key.partition(":")[2]
    rows = by_item("clinical/billing_free_codes", "system", system)
    kinds = dict.fromkeys(row["kind"] for row in rows)
    sections = [
        (kind.capitalize(), lines_of(*(_code(row) for row in rows if row["kind"] == kind)), 5) for kind in kinds
    ]
    return build(key, f"codes of {system}", sections)


def _code(row: Row) -> Line:
    return Line(sentences(f"{row['code']} {row['display']}: {words(row['term'])}", row["note"]), (row,))
