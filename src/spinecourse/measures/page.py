"""An instrument on a page of text: how it is scored, what its score means, and how sure each of these is."""

from __future__ import annotations

from collections.abc import Iterator

from spinecourse.knowledge.tables import load
from spinecourse.measures.instruments import Instrument, Part, conversion, instrument, instruments


def list_lines() -> Iterator[str]:
    """Every instrument in a line: its name, range, against what it was verified, and what it measures."""
    for found in instruments().values():
        span = f"{found.lowest:g} to {found.highest:g} {found.row['unit']}"
        yield f"{found.name:<24}{span:<20}{found.verified_by:<18}{found.row['name']}"


def page_lines(name: str) -> Iterator[str]:
    """What the tables say of one instrument.

    Raises NotFound for an unknown one.
    """
    chosen = instrument(name)
    row = chosen.row
    yield f"{chosen.name}: {row['name']} ({row['measures']})"
    yield f"  range      {chosen.lowest:g} to {chosen.highest:g} {row['unit']}, {row['direction'].replace('_', ' is ')}"
    yield f"  form       {chosen.form}, {chosen.form_items} questions; {row['recall_period']}"
    yield f"  licence    {row['licence_note']}"
    yield f"  LOINC      {row['loinc_score'] or 'none known'} {row['loinc_checked']}".rstrip()
    yield f"  fact       measure: {chosen.fact}"
    yield from _rule(chosen)
    yield f"  verified   {chosen.verified_by}"
    if row["note"]:
        yield f"  note       {row['note']}"
    yield f"  source     {chosen.source} ({row['checked']})"
    yield from _meaning(name)


def _rule(chosen: Instrument) -> Iterator[str]:
    if chosen.row["whole_rule"] == "licensed":
        yield "  score      by its owner's program: give the score as a fact"
    if chosen.row["lookup"]:
        held = len(conversion(chosen.row["lookup"])[0])
        yield f"  table      {chosen.row['lookup']}: {f'{held} rows' if held else 'not in the package'}"
    for variant, parts in chosen.variants.items():
        if variant:
            yield f"  variant    {variant}"
        for part in parts:
            yield f"  part       {_part(part)}"
    if len(next(iter(chosen.variants.values()), ())) > 1:
        yield f"  whole      {chosen.row['whole_rule']} of the parts"
    if (chosen.multiply, chosen.add) != (1.0, 0.0):
        yield f"  scale      {chosen.add:g} + {chosen.multiply:g} x the whole"


def _part(part: Part) -> str:
    places = ", ".join(str(place + 1) for items in part.items for place in items.places)
    return f"{part.name}: {part.rule} of questions {places}; {part.may_miss} may be unanswered"


def _meaning(name: str) -> Iterator[str]:
    for row in load("measures/bands"):
        if row["instrument"] == name:
            official = "" if row["official"] == "yes" else ", not official"
            yield f"  from {row['from_score']:>6} {row['band']} ({row['checked']}{official})"
    for row in load("measures/change_thresholds"):
        if row["instrument"] == name:
            size = f"{row['amount']} points" if row["amount"] else f"{row['percent']} per cent"
            where = f" at a baseline of {row['baseline_from']} to {row['baseline_to']}" if row["baseline_from"] else ""
            default = "" if row["by_default"] == "yes" else ", beside the default"
            yield f"  {row['kind']}: {size}{where}; {row['population']} ({row['source']}, {row['checked']}{default})"
    for row in load("measures/item_alerts"):
        if row["instrument"] == name:
            yield f"  question {row['item']} above {row['above']}: {row['alert']}"
