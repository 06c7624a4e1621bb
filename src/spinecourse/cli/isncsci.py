"""``spinecourse isncsci``: the grade of a spinal cord injury from an examination."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter


def isncsci(
    file: Annotated[Path, Parameter(help="An examination (YAML or JSON); - reads standard input.")],
    /,
    *,
    format: Annotated[Literal["text", "json"], Parameter(help="A page for a reader, or one JSON object.")] = "text",
) -> None:
    """Classify a spinal cord injury by the International Standards (ISNCSCI 2019), with the reason for every step.

    What was not testable stays open: a result that depends on it lists every value that is possible.
    """
    import msgspec

    from spinecourse.isncsci import classify, read_examination, render

    classification = classify(read_examination(file))
    if format == "json":
        sys.stdout.write(msgspec.json.encode(classification).decode() + "\n")
    else:
        sys.stdout.write(render(classification))
