"""Pages of lesion sites: where a site lies, what runs through it, what tells it from its neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

from spinecourse.knowledge import anatomy
from spinecourse.knowledge.page_evidence import (
    by_item,
    frequencies,
    how_common,
    pain,
    pooled_names,
    pooled_with,
    signs_for,
)  # fmt: skip
from spinecourse.knowledge.page_parts import Line, Page, build, lines_of, percent, sentences, site_words, words
from spinecourse.knowledge.page_supply import supply
from spinecourse.knowledge.tables import Row, by_column, load

ASKED: Final = ("symptom", "sign", "history", "event")
"""Kinds of finding that point to a site before anybody has tested or imaged anything."""

MOST_EXPECTED: Final = 6
"""How many of the findings typical of a site a page names."""

Lines = Iterator[Line]


@cache
def site_keys() -> tuple[str, ...]:
    """Every site of the model, every node of the nervous system, and every name under which sites were studied."""
    sites = [row["site"] for row in load("model/site_weights")]
    segments = [f"{kind}:{segment}" for kind in ("root", "cord") for segment in anatomy.segments()]
    nodes = [node for row in load("anatomy/plexus") for node in (row["from"], row["to"])]
    nerves = [f"{row['kind']}:{row['nerve']}" for row in load("anatomy/nerves")]
    pooled = [name for name in pooled_names() if not name.startswith("muscle:")]
    return tuple(dict.fromkeys([*sites, *segments, *nodes, *nerves, *pooled]))


def site_page(site: str) -> Page:
    """What the tables say of a site."""
    return build(site, f"{site}: {site_words(site)}", _sections(site))


def _sections(site: str) -> Iterable[tuple[str, Lines, int]]:
    """The sections of a site's page, the most important first; each with how many lines a short page shows."""
    nerve = _nerve(site)
    return (
        ("Where it lies", _place(site), 5),
        ("What runs through it", supply(site), 5),
        ("Where its pain is felt", pain(site), 2),
        ("What tells it apart", _apart(site, nerve), 3),
        ("How often findings are seen", frequencies(site), 5),
        ("Signs", signs_for(site), 5),
        ("What else points to it", _expected(site), 1),
        ("How common", _common(site), 2),
        ("Syndromes", _syndromes(site), 1),
    )


def _nerve(site: str) -> Row | None:
    kind, _, name = site.partition(":")
    row = anatomy.nerves().get(name)
    return row if row is not None and row["kind"] == kind else None


# --- where it lies ---


def _place(site: str) -> Lines:
    kind, _, name = site.partition(":")
    places: dict[str, Callable[[str], Lines]] = {"root": _root_place, "cord": _cord_place}
    if kind in places and name in anatomy.segments():
        yield from places[kind](name)
    if (nerve := _nerve(site)) is not None:
        yield Line(
            sentences(
                f"roots {nerve['roots']}", f"at risk: {nerve['entrapment_site']}" if nerve["entrapment_site"] else ""
            ),
            (nerve,),
        )
    yield from _meaning(site)
    yield from _landmarks(site)
    yield from _connections(site)


def _segment(name: str) -> Row:
    return next(row for row in load("anatomy/levels") if row["kind"] == "cord_segment" and row["name"] == name)


def _root_place(name: str) -> Lines:
    row = _segment(name)
    opposite = f"its cord segment lies opposite {row['vertebra_opposite']}" if row["vertebra_opposite"] else ""
    yield Line(sentences(f"leaves at {row['exit_rule']}" if row["exit_rule"] else "", opposite, row["note"]), (row,))
    segments = anatomy.motion_segments().values()
    crossing = [level for level in segments if level["root_paracentral"] == name]
    exiting = [level for level in segments if level["root_foraminal"] == name]
    hits = {"a paracentral disc": crossing, "a foraminal or far lateral disc": exiting}
    if crossing == exiting:
        hits = {"a disc, paracentral or foraminal,": crossing}
    for how, found in hits.items():
        if found:
            yield Line(f"hit by {how} at {', '.join(level['name'] for level in found)}", tuple(found))


def _cord_place(name: str) -> Lines:
    row = _segment(name)
    if row["vertebra_opposite"]:
        yield Line(sentences(f"lies opposite {row['vertebra_opposite']}", row["note"]), (row,))


_LANDMARKS: Final = {
    "conus": ("conus_medullaris", "conus_tip", "epiconus"),
    "cauda_equina": ("cauda_equina_begins", "dural_sac_end"),
}


def _landmarks(site: str) -> Lines:
    marks = by_column([row for row in load("anatomy/levels") if row["kind"] == "landmark"], "name")
    for name in _LANDMARKS.get(site, ()):
        row = marks[name]
        told = sentences(row["cord_segment_opposite"], f"opposite {row['vertebra_opposite']}", row["note"])
        yield Line(f"{words(name)}: {told}", (row,))


@cache
def _classes() -> dict[str, tuple[tuple[Row, Row], ...]]:
    """For every site of the model its rows of weights, each with the row of its class."""
    classes = by_column(load("model/site_classes"), "class")
    found: dict[str, list[tuple[Row, Row]]] = defaultdict(list)
    for row in load("model/site_weights"):
        found[row["site"]].append((row, classes[row["class"]]))
    return {site: tuple(pairs) for site, pairs in found.items()}


def _meaning(site: str) -> Lines:
    """What a site without a place in the nervous system means, and what studies took together."""
    for row in load("pooled_sites"):
        if row["name"] == site:
            yield Line(row["meaning"], (row,))
    if "+" in site:
        yield Line(f"see {' and '.join(site.split('+'))}")
    if site in _classes() and (":" not in site or "+" in site):
        yield from (Line(found["meaning"], (found,)) for _, found in _classes()[site])


def _connections(site: str) -> Lines:
    """What feeds a node and what it feeds; variants are named as such."""
    ends = (("to", "from", "fed by"), ("from", "to", "gives"))
    for column, other, verb in ends[1:] if site.startswith(("root:", "cord:")) else ends:
        rows = by_item("anatomy/plexus", column, site)
        told = [_connection(row, other) for row in rows]
        if told:
            yield Line(f"{verb} {', '.join(told)}", rows)


def _connection(row: Row, end: str) -> str:
    name = row[end].partition(":")[2] or row[end]
    return words(name) if row["constancy"] == "constant" else f"{words(name)} ({row['constancy']})"


# --- what tells it apart, what else points to it, how common ---


def _apart(site: str, nerve: Row | None) -> Lines:
    """What a lesion here spares or has that one of its mimics has not, both ways."""
    if nerve is not None:
        mimics = ", ".join(site_words(mimic) for mimic in nerve.items_of("mimics"))
        told = sentences(nerve["spared_vs_root"], f"mistaken for {mimics}" if mimics else "")
        yield from lines_of(Line(told, (nerve,)))
        yield from lines_of(Line(f"causes: {nerve['typical_causes']}" if nerve["typical_causes"] else "", (nerve,)))
    rows = [row for row in by_item("anatomy/nerves", "mimics", site) if row["spared_vs_root"]]
    for row in sorted(rows, key=lambda row: -_prior(f"{row['kind']}:{row['nerve']}")):
        yield Line(f"against {site_words(row['kind'] + ':' + row['nerve'])}: {row['spared_vs_root']}", (row,))


def _prior(site: str) -> float:
    """How probable the model holds a site before any finding; 0 for what it does not know."""
    pairs = _classes().get(site, ())
    total = sum(float(found["prior"]) for found in load("model/site_classes"))
    return sum(float(weight["weight"]) * float(found["prior"]) for weight, found in pairs) / total


def _expected(site: str) -> Lines:
    """The findings of the model that are most typical of the site, compared with the background."""
    if site not in _classes():
        return
    name = _classes()[site][0][0]["class"]
    found: list[tuple[float, Row]] = []
    for rows in _rates().values():
        if rows[0]["kind"] not in ASKED:
            continue
        fitting = [row for row in rows[1:] if _fits(row, site, name)]
        if fitting:
            found.append((float(fitting[-1]["p"]) / max(float(rows[0]["p"]), 1e-3), fitting[-1]))
    best = sorted(found, key=lambda pair: -pair[0])[:MOST_EXPECTED]
    told = ", ".join(f"{words(row['name'])} {percent(float(row['p']))}" for ratio, row in best if ratio > 1)
    yield from lines_of(Line(told, tuple(row for ratio, row in best if ratio > 1)))


@cache
def _rates() -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in load("model/finding_rates"):
        found[row["kind"], row["name"]].append(row)
    return found


def _fits(row: Row, site: str, site_class: str) -> bool:
    """Whether a row of rates speaks of this site or its class; one variant of a class does not count."""
    return any(fnmatchcase(site, part) or part == site_class for part in row.items_of("who"))


def _common(site: str) -> Lines:
    yield from pooled_with(site)
    yield from how_common(site)
    if site in _classes():
        rows = tuple(row for pair in _classes()[site] for row in pair)
        yield Line(f"before any finding the model gives it {percent(_prior(site))}", rows)


def _syndromes(site: str) -> Lines:
    names = dict.fromkeys(row["syndrome"] for row in by_item("anatomy/cord_syndromes", "site", _syndrome_site(site)))
    if names:
        yield Line("see " + ", ".join(f"syndrome:{name}" for name in names))


def _syndrome_site(site: str) -> str:
    """The site under which the syndromes of the cord are filed."""
    regions = {"cord:C": "cord:cervical", "cord:T": "cord:thoracic"}
    return regions.get(site[:6], site) if site.startswith("cord:") and site[6:].isdigit() else site
