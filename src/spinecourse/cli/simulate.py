"""``spinecourse simulate``: simulated patients as course files."""

from __future__ import annotations

import sys
from typing import Annotated

import msgspec
from cyclopts import Parameter, validators


def simulate_following(
    *,
    people: Annotated[int, Parameter(validator=validators.Number(gte=1), help="How many people, about.")] = 2000,
    seed: Annotated[int, Parameter(help="The same people for the same seed.")] = 1,
) -> None:
    """Write a clinic of followed people as course files with later truth inside, one JSON object a line.

    The last score of each course is its end; `spinecourse evaluate follow` compares with it.
    """
    from spinecourse.simulate.followed import followed_documents, simulate_followed

    for document in followed_documents(simulate_followed(people, seed)):
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
