"""What next, as a page: the conditions, what was tried, the options, and whether surgery's turn has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from spinecourse.assess.procedure import Procedure
from spinecourse.cli.blocks import some, table
from spinecourse.expect.expectation_answer import Expectation
from spinecourse.pathway import Option, Pathway, Surgery

MOST: Final = 3
SHOWN: Final = {"recommended": "recommended", "possible": "possible", "later": "later", "unknown": "not yet known"}
"""Standings that the short page shows, with their words; the long page shows every option."""


def pathway_section(pathway: Pathway) -> Iterator[RenderableType]:
    """The section of the assessment page: what may be done now, what waits, and the gate to surgery."""
    yield Text("What next", style="bold")
    if not pathway.conditions:
        yield Padding(Text(pathway.why), (0, 0, 0, 2))
        return
    rows = [("condition", _some([f"{_plain(entry.condition)} ({entry.sureness})" for entry in pathway.conditions]))]
    rows += [("tried", _some([entry.why for entry in pathway.tried]))] if pathway.tried else []
    rows += [
        (word, _some([_plain(entry.treatment) for entry in _asked(pathway, standing)], 6))
        for standing, word in SHOWN.items()
        if _asked(pathway, standing)
    ]
    rows += [("surgery", pathway.surgery.says)] if pathway.surgery else []
    rows += [("refer to", _some([f"{entry.whom} ({entry.how_fast})" for entry in pathway.referrals]))]
    yield table(rows)


def _asked(pathway: Pathway, standing: str) -> list[Option]:
    return [entry for entry in pathway.options if entry.standing == standing and entry.in_question]


def pathway_page(who: str, pathway: Pathway) -> RenderableType:
    """The long page of one course: every option that something on record points to, with its reasons."""
    parts: list[RenderableType] = [Text(who, style="bold"), Text(pathway.why)]
    parts += [Text("Conditions", style="bold")]
    parts += [
        table([(entry.sureness, f"{_plain(entry.condition)}: {_some(entry.because)}")]) for entry in pathway.conditions
    ]
    if pathway.tried:
        parts += [Text("What was tried", style="bold"), table([("", entry.why) for entry in pathway.tried])]
    if pathway.surgery is not None:
        parts += [Text("Surgery", style="bold"), _surgery(pathway.surgery)]
    if pathway.after_failed_surgery:
        ways = [
            (entry.verdict, f"{entry.option}: {_some(entry.because or [f'not known: {_some(entry.until)}'])}")
            for entry in pathway.after_failed_surgery
        ]
        parts += [Text("After failed surgery, by a panel", style="bold"), table(ways)]
    parts += [Text("Options", style="bold"), *(_option(entry) for entry in pathway.options if entry.in_question)]
    parts.append(_rest([entry for entry in pathway.options if not entry.in_question]))
    parts += [Text("Referral", style="bold")]
    parts.append(
        table(
            [
                (entry.how_fast, f"{entry.whom}: {_some(entry.because)}. Send: {entry.attach}")
                for entry in pathway.referrals
            ]
        )
    )
    return Group(*parts)


def _surgery(gate: Surgery) -> RenderableType:
    rows = [(gate.standing.replace("_", " "), gate.says), ("purpose", gate.purpose.replace("_", " "))]
    rows += [("because", _some(gate.because))] + [("do", text) for text in gate.what_now]
    rows += [
        (
            "missing" if entry.blocks else "prepare",
            f"{entry.what} ({entry.state}): {entry.who}, {entry.takes}; {entry.how}",
        )
        for entry in gate.missing
    ]
    rows += [
        ("risk" if entry.known else "ask", f"{_plain(entry.factor)}: {entry.effect}; {entry.what_helps}")
        for entry in gate.prehabilitation
    ]
    return table(rows)


def _option(option: Option) -> RenderableType:
    title = Text.assemble((_plain(option.treatment), "bold"), f"  {_plain(option.standing)}")
    rows = [("because", _some(option.because))] if option.because else []
    rows += [("after", text) for text in option.after] + [("until", text) for text in option.until]
    rows += [(entry.weight, f"{entry.says}: {_some(entry.because)}") for entry in option.cautions]
    rows += [("hold", f"{entry.drug}: {entry.rule}") for entry in option.holds]
    rows += [("ask first", _some(option.check_first))] if option.check_first else []
    rows += [("disagreed", text) for text in option.disagreements]
    rows += [("source", _short(option.sources[0]))] if option.sources else []
    return Padding(Group(title, table(rows)), (0, 0, 0, 2))


def _rest(options: Sequence[Option]) -> RenderableType:
    """Treatments that nothing on record points to, in one line a standing."""
    words = dict.fromkeys(entry.standing for entry in options)
    rows = [
        (_plain(word), ", ".join(_plain(entry.treatment) for entry in options if entry.standing == word))
        for word in words
    ]
    return Group(Text("Nothing on record points to these", style="bold"), table(rows))


def procedure_page(procedure: Procedure) -> RenderableType:
    """*Is this right for me?* for one procedure."""
    option = procedure.option
    parts: list[RenderableType] = [
        Text.assemble((_plain(procedure.treatment), "bold"), f"  {_plain(option.standing)}"),
        Text(f"What it is: {procedure.meaning}"),
        Text(f"Who does it, and whom to ask: {procedure.whom}"),
        table(
            [("because", text) for text in option.because]
            + [("after", text) for text in option.after]
            + [("until", text) for text in option.until]
            + [("disagreed", text) for text in option.disagreements]
        ),
    ]
    told = list(dict.fromkeys(text for entry in procedure.expectation if (text := _expectation(entry))))
    parts += [
        Text("What it can realistically do", style="bold"),
        table([("", text) for text in told or [procedure.why]]),
    ]
    for known, title in ((False, "Questions that decide, without an answer"), (True, "Already answered")):
        chosen = [entry for entry in procedure.questions if (entry.answer != "not known") is known]
        if chosen:
            rows = [
                (entry.answer, f"{entry.question} ({entry.wanted} speaks for it; ask {entry.whom})") for entry in chosen
            ]
            parts += [Text(title, style="bold"), table(rows)]
    return Group(*parts)


def _expectation(entry: Expectation) -> str:
    """Such as *nrs leg after 12 months: half at 2.1 or less, 90 of 100 from 0 to 6.8 (moderate)*; why where refused."""
    if entry.median is None or entry.interval90 is None or entry.months is None:
        return entry.why
    low, high = entry.interval90
    told = f"half at {entry.median:g} or less, 90 of 100 from {low:g} to {high:g}"
    if entry.better is not None and entry.worse is not None:
        told += f"; {entry.better * 100:.0f} of 100 better than now, {entry.worse * 100:.0f} worse"
    return f"{_plain(entry.outcome)} after {entry.months:g} months: {told} ({entry.certainty})"


def _some(texts: Sequence[str], most: int = MOST) -> str:
    return some(texts, most)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _short(source: str) -> str:
    return source.rsplit(" http", 1)[0]
