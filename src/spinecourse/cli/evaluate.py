"""``spinecourse evaluate``: what the system says beside known answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from spinecourse.assess.evaluation import Evaluation, evaluate
from spinecourse.assess.mechanism_evaluation import evaluate_mechanism
from spinecourse.course import read_cases


def evaluate_cases(
    path: Annotated[Path, Parameter(help="A case set: one case a line with its course and the gold answer.")],
    /,
    *,
    with_later_facts: Annotated[
        bool, Parameter(negative="", help="Also use the facts marked `after`, learned after the first assessment.")
    ] = False,
) -> None:
    """Compare urgency, localisation and condition with the answers of a case set; the last line is one JSON object.

    Cases are told apart by their line alone: neither the case's id nor the patient's reaches a reasoner.
    """
    result = evaluate(list(read_cases(path)), with_later_facts=with_later_facts)
    print(_text(result))
    print(msgspec.json.encode(result).decode())


def evaluate_mechanisms(
    path: Annotated[Path, Parameter(help="A CSV with a column a criterion (1, 0 or empty) and a column mechanism.")], /
) -> None:
    """Compare the kind of pain with clinicians' verdicts: accuracy and log loss; the last line is one JSON object."""
    result = evaluate_mechanism(path)
    print(f"{result.patients} patients: accuracy {result.accuracy:.4f}, log loss {result.log_loss:.4f}")
    print("rows are the verdict, columns what was said")
    for verdict, row in result.confusion.items():
        print(f"  {verdict:12}" + "".join(f"{name:>13} {count:3}" for name, count in row.items()))
    print(msgspec.json.encode(result).decode())


def _text(result: Evaluation) -> str:
    names = list(result.confusion)
    lines = [f"{result.cases} cases", "", "urgency: rows are the answer, columns what was said"]
    lines.append(" " * 12 + "".join(f"{name:>11}" for name in names))
    lines += [
        f"{gold:12}" + "".join(f"{count:>11}" for count in row.values()) for gold, row in result.confusion.items()
    ]
    lines += ["", "localisation"]
    lines += [
        f"  right site first          {result.site_first:.1%}",
        f"  among the first three     {result.site_first_three:.1%}",
        f"  side right where first    {result.side_right:.1%}",
        f"  Brier score of the first  {result.brier_first:.3f}",
    ]
    figures = result.conditions
    lines += ["", f"condition, where the tables carry the diagnosis ({figures.carried} cases)"]
    lines += [f"  among those named         {figures.named:.1%}", f"  named first               {figures.first:.1%}"]
    lines += [f"  {text}" for text in figures.misses]
    lines += ["", "misses", *(f"  line {miss.line}: {miss.text}" for miss in result.misses), ""]
    return "\n".join(lines)
