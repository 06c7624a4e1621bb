"""``spinecourse measures``: instruments, how they are scored, and the scores of answers in a file."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from spinecourse.errors import UserError

if TYPE_CHECKING:
    from spinecourse.fhir_write import FormScore
    from spinecourse.measures.answer_files import BankForm, ScoredForm


def list_instruments() -> None:
    """List every instrument that can be scored or kept: name, range, against what its rule was verified."""
    from spinecourse.measures.page import list_lines

    print("\n".join(list_lines()))


def show_instrument(name: Annotated[str, Parameter(help="Such as odi; the list names them all.")], /) -> None:
    """Show how an instrument is scored, what its score means, and how sure each of these is."""
    from spinecourse.measures.page import page_lines

    print("\n".join(page_lines(name)))


def score_file(
    file: Annotated[Path, Parameter(help="Answers: CSV, or a FHIR QuestionnaireResponse together with --form.")],
    /,
    *,
    form: Annotated[Path | None, Parameter(help="The FHIR Questionnaire that a response answers.")] = None,
    bank: Annotated[Path | None, Parameter(help="A site's item bank; the answers have a column for each item.")] = None,
    instrument: Annotated[str | None, Parameter(help="Only this instrument.")] = None,
    variant: Annotated[str, Parameter(help="Coding, sex or value set of all lines, where one is needed.")] = "",
    format: Annotated[
        Literal["csv", "jsonl", "fhir"],
        Parameter(help="Comma-separated lines, a JSON object each, or with --form a bundle."),
    ] = "csv",
) -> int:
    """Score the answers of a file: each line for each instrument whose questions it has, or a response to a form.

    A score from fewer answers says so; a line without a score says why. Cells that are no numbers go to standard error
    and make the exit code 2, and the other lines are still scored.
    """
    from spinecourse.measures.answer_files import read_answers, score_answers

    if form is not None:
        _score_response(file, form, variant, format)
        return 0
    if bank is not None:
        return _score_by_bank(file, bank, format)
    if format == "fhir":
        raise UserError("--format fhir needs --form, the Questionnaire that the response answers")
    answers = read_answers(file)
    for problem in answers.problems:
        print(problem, file=sys.stderr)
    if answers.not_read:
        print(f"{file}:1: columns left alone: {', '.join(answers.not_read)}", file=sys.stderr)
    _write(score_answers(answers, instrument, variant), format)
    return UserError.exit_code if answers.problems else 0


def _score_by_bank(file: Path, bank: Path, format: str) -> int:
    from spinecourse.measures.answer_files import score_bank_file
    from spinecourse.measures.banks import read_bank

    scored, problems = score_bank_file(file, read_bank(bank))
    for problem in problems:
        print(problem, file=sys.stderr)
    _write(scored, format)
    return UserError.exit_code if problems else 0


def _score_response(file: Path, form: Path, variant: str, format: str) -> None:
    from spinecourse.fhir.forms import read_form_file, read_resource
    from spinecourse.fhir_write import form_scores
    from spinecourse.measures.answer_files import ScoredForm

    response = read_resource(file, "QuestionnaireResponse")
    scores = form_scores(read_form_file(form), response, variant or None)
    for found in scores:
        for alert in found.alerts:
            print(f"question {alert.item}: {'' if alert.asked else 'not answered: '}{alert.alert}", file=sys.stderr)
    if format == "fhir":
        _write_bundle(response, scores)
        return
    name = str(response.get("id", ""))
    lines = (
        ScoredForm(
            name, 1, found.measure or found.name, found.value, found.unit, found.answered, found.questions,
            found.prorated, found.why,
        )
        for found in scores
    )  # fmt: skip
    _write(lines, format)


def _write_bundle(response: dict[str, Any], scores: list[FormScore]) -> None:
    import msgspec

    from spinecourse.fhir_write import Subject, score_bundle

    subject = response.get("subject") or {}
    authored = str(response.get("authored") or datetime.now().astimezone().isoformat(timespec="seconds"))
    bundle = score_bundle(response, scores, Subject(str(subject.get("reference", "")), authored))
    sys.stdout.write(msgspec.json.encode(bundle).decode() + "\n")


def _write(scored: Iterable[ScoredForm | BankForm], format: str) -> None:
    import msgspec

    if format == "jsonl":
        sys.stdout.writelines(msgspec.json.encode(form).decode() + "\n" for form in scored)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for number, form in enumerate(scored):
        if number == 0:
            writer.writerow(form.__struct_fields__)
        writer.writerow(msgspec.structs.astuple(form))


def check_in(
    language: Annotated[str, Parameter(help="en, es or ar.")] = "en",
    /,
) -> None:
    """Print our own short check-in as a FHIR Questionnaire; it is not a licensed instrument."""
    import msgspec

    from spinecourse.fhir_write import checkin_questionnaire

    sys.stdout.write(msgspec.json.encode(checkin_questionnaire(language)).decode() + "\n")
