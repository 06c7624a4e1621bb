"""What the form shows beside itself while it is filled in: the assessment so far, and what to ask and examine next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spinecourse.assess.answer import Assessment
from spinecourse.web.intake import layout
from spinecourse.web.words import question
from spinecourse.web.worklist import unasked


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something to ask or examine next; ``row`` is the id of its row, empty where the form has none."""

    words: str
    row: str
    bits: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a part have an answer in every cell."""

    part: str
    done: int
    all: int


def to_examine(answer: Assessment) -> list[Proposal]:
    """The examinations in order of what they would tell, each with its row."""
    return [
        Proposal(question(item.finding), row_of(item.finding), item.gain_bits)
        for item in answer.localisation.examine_next
    ]


def to_ask(answer: Assessment) -> list[Proposal]:
    """The decisive questions nobody asked, the most urgent concern's first."""
    return [Proposal(question(text), row_of(text)) for text in unasked(answer)]


def row_of(finding: str) -> str:
    """The id of the row for a finding such as ``sensation S3[grade=reduced]``; empty where the form has none."""
    kind, _, rest = finding.partition(" ")
    row = layout.rows().get((kind, rest.split("[")[0].split(" ")[0]))
    return row.id if row else ""


def counts(content: Mapping[str, str]) -> list[Count]:
    """For history and examination, how many rows are answered."""
    found = []
    for part in ("history", "examination"):
        rows = [row for block in layout.blocks() if block.part == part for row in block.rows]
        done = sum(all(content.get(cell.field) for cell in row.cells) for row in rows)
        found.append(Count(part, done, len(rows)))
    return found
