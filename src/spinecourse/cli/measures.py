"""``spinecourse measures``: instruments, how they are scored, and the scores of answers in a file."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from spinecourse.errors import UserError


def list_instruments() -> None:
    """List every instrument that can be scored or kept: name, range, against what its rule was verified."""
    from spinecourse.measures.page import list_lines

    print("\n".join(list_lines()))


def show_instrument(name: Annotated[str, Parameter(help="Such as odi; the list names them all.")], /) -> None:
    """Show how an instrument is scored, what its score means, and how sure each of these is."""
    from spinecourse.measures.page import page_lines

    print("\n".join(page_lines(name)))


def score_file(
    file: Annotated[Path, Parameter(help="Answers: CSV with columns such as odi_1 (empty is not answered).")],
    /,
    *,
    instrument: Annotated[str | None, Parameter(help="Only this instrument.")] = None,
    variant: Annotated[str, Parameter(help="Coding, sex or value set of all lines, where one is needed.")] = "",
    format: Annotated[
        Literal["csv", "jsonl"], Parameter(help="Comma-separated lines, or one JSON object each.")
    ] = "csv",
) -> int:
    """Score the answers of a file, each line for each instrument whose questions it has.

    A score from fewer answers says so; a line without a score says why. Cells that are no numbers go to standard error
    and make the exit code 2, and the other lines are still scored.
    """
    import msgspec

    from spinecourse.measures.answer_files import ScoredForm, read_answers, score_answers

    answers = read_answers(file)
    for problem in answers.problems:
        print(problem, file=sys.stderr)
    if answers.not_read:
        print(f"{file}:1: columns left alone: {', '.join(answers.not_read)}", file=sys.stderr)
    scored = score_answers(answers, instrument, variant)
    if format == "jsonl":
        sys.stdout.writelines(msgspec.json.encode(form).decode() + "\n" for form in scored)
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(ScoredForm.__struct_fields__)
        writer.writerows(msgspec.structs.astuple(form) for form in scored)
    return UserError.exit_code if answers.problems else 0
