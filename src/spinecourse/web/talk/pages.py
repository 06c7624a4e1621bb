"""The pages of the talk, and of what to expect: read together, printed, and what comes of the talk entered."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from spinecourse.assess.procedure import ask_procedure
from spinecourse.course.model import Course, Fact
from spinecourse.expect.plain import counts_of_100, outcome_words
from spinecourse.knowledge import vocabulary
from spinecourse.knowledge.parameters import parameter
from spinecourse.knowledge.tables import by_column, load
from spinecourse.pathway import Option, Question, treatments
from spinecourse.pictures import plain
from spinecourse.web import figures, realistic
from spinecourse.web.clinic import Clinic, Seen
from spinecourse.web.drawings import size_of
from spinecourse.web.posting import Fields, posted
from spinecourse.web.rendering import page
from spinecourse.web.talk.saving import HELD, LONGEST, OWN_GOAL, ROWS, Talk, Wrong, read_talk
from spinecourse.web.words import when
from spinecourse.web.worklist import name_of

NOT_ASSESSED: Final = "this record could not be assessed, so nothing can be said about what is realistic"


class TalkPages:
    """The talk before the decision, what to expect, and its figures."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def routes(self) -> list[Route]:
        """The addresses, which have to stand before the patient's own."""
        return [
            Route("/patient/{id:path}/talk", posted(self.save), methods=["POST"]),
            Route("/patient/{id:path}/talk", self.talk),
            Route("/patient/{id:path}/expect", self.expect),
            Route("/patient/{id:path}/expect/course/{outcome}.svg", self.course_figure),
            Route("/patient/{id:path}/expect/hundred/{option}.svg", self.hundred_figure),
        ]

    def talk(self, request: Request) -> Response:
        """The page to talk at, with the hopes on record filled in."""
        seen = self._seen(request)
        return self._page(seen, _on_record(seen.course), ())

    def save(self, request: Request, fields: Fields) -> Response:
        """Enters the talk under one signature; what cannot be read is said and nothing entered."""
        seen = self._seen(request)
        told: Talk = read_talk(fields, seen.course, seen.entry.presented_on, date.today())
        if told.wrong:
            return self._page(seen, fields, told.wrong, 422)
        signature = self._clinic.store.append(seen.course.id, told.facts, by=fields.get("by", ""), why=told.why)
        return RedirectResponse(f"/patient/{quote(seen.course.id, safe='')}?entered={signature}#what-next", 303)

    def expect(self, request: Request) -> Response:
        """What is realistic under every open option, for the patient to keep."""
        seen = self._seen(request)
        values = common(seen)
        return page("talk/expect.html", values | {"sizes": _sizes(values)})

    def course_figure(self, request: Request) -> Response:
        """The expected course of the options shown first; 404 where there is none."""
        return _svg(_course(common(self._seen(request)), request.path_params["outcome"]))

    def hundred_figure(self, request: Request) -> Response:
        """A hundred people under one option; 404 where nobody knows."""
        for option in common(self._seen(request))["options"]:
            if option.key == request.path_params["option"]:
                return _svg(figures.hundred_figure(option))
        raise HTTPException(404)

    def _seen(self, request: Request) -> Seen:
        return self._clinic.patient(request.path_params["id"])

    def _page(self, seen: Seen, given: Fields, wrong: tuple[Wrong, ...], status: int = 200) -> Response:
        values = common(seen) | {
            "rows": ROWS,
            "given": given,
            "wrong": wrong,
            "measures": load("talk/measures"),
            "values": load("talk/values"),
            "choices": load("talk/choices"),
            "treatments": treatments_named(seen),
            "most_goals": int(parameter("talk_most_goals")),
            "longest": LONGEST,
            "before": _before(seen.course),
            "questions": _questions(seen),
            "today": date.today().isoformat(),
            "by": given.get("by", "") or self._clinic.store.last_signed_by(),
        }
        return page("talk/talk.html", values, status)


def _course(values: dict[str, Any], outcome: str) -> str:
    shown = [option for option in values["options"] if option.first]
    return figures.expected_figure(outcome, shown, values["hopes"]) if outcome in values["outcomes"] else ""


def _sizes(values: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Width and height of every figure of the page, so that it keeps their place while they load."""
    drawn = {outcome: _course(values, outcome) for outcome in values["outcomes"]}
    drawn |= {option.key: figures.hundred_figure(option) for option in values["options"] if option.first}
    return {name: size_of(svg) for name, svg in drawn.items() if svg}


def _svg(drawn: str) -> Response:
    if not drawn:
        raise HTTPException(404)
    return Response(drawn, media_type="image/svg+xml")


def common(seen: Seen) -> dict[str, Any]:
    """What both pages show: options, hopes, and why there is nothing where there is nothing."""
    answer = seen.assessment
    options = realistic.options(seen.course, answer) if answer else []
    return {
        "seen": seen,
        "course": seen.course,
        "name": name_of(seen),
        "answer": answer,
        "why": answer.why.get("expectation", "") if answer else NOT_ASSESSED,
        "options": options,
        "outcomes": realistic.outcomes(answer) if answer else [],
        "hopes": realistic.hopes(seen.course, options),
        "outcome_words": outcome_words,
        "counts_of_100": counts_of_100,
        "sentences": realistic.sentences,
        "fates": figures.FATES,
        "month": parameter("talk_shown_month"),
        "own_goal": OWN_GOAL,
    }


def treatments_named(seen: Seen) -> dict[str, str]:
    """What may be hoped of and decided about: the vocabulary's name and the words for it, those in question first."""
    found: dict[str, str] = {}
    for option in seen.assessment.pathway.options if seen.assessment else []:
        if option.in_question and option.kind != "investigation" and (name := _vocabulary_name(option)):
            found.setdefault(name, plain(option.treatment))
    for fact in seen.course.facts:
        if fact.kind == "expectation" and fact.name != OWN_GOAL:
            found.setdefault(fact.name, plain(fact.name))
    return found


def _vocabulary_name(option: Option) -> str | None:
    """The name under which a treatment of the pathway is kept in a course; None where it has none."""
    names = (option.treatment, *treatments()[option.treatment].items_of("had_as"))
    return next((name for name in names if vocabulary.find("treatment", name)), None)


def _on_record(course: Course) -> Fields:
    """The hopes on record as the form has them, as many as it has rows, the newest first."""
    newest = sorted(realistic.newest_hopes(course), key=lambda fact: fact.order, reverse=True)
    found: Fields = {}
    for row, fact in zip(ROWS, newest, strict=False):
        found |= {
            f"hope.{row}.measure": fact.measure or "",
            f"hope.{row}.value": "" if fact.value is None else f"{fact.value:g}",
            f"hope.{row}.months": "" if fact.months is None else f"{fact.months:g}",
            f"hope.{row}.treatment": "" if fact.name == OWN_GOAL else fact.name,
        }
    return found


def _before(course: Course) -> list[str]:
    """What earlier talks left: goals and decisions with their time, the newest first."""
    facts = [fact for fact in course.facts if fact.kind in ("goal", "decision") or fact.name == HELD]
    return [_said(fact) for fact in sorted(facts, key=lambda fact: fact.order, reverse=True)]


def _said(fact: Fact) -> str:
    if fact.kind == "goal":
        row = by_column(load("talk/values"), "goal").get(fact.name)
        return f"{row['label'] if row else plain(fact.name)} ({when(fact.day)})"
    if fact.kind == "decision":
        choice = by_column(load("talk/choices"), "choice")[fact.choice or "later"]["meaning"]
        return f"{plain(fact.name)[:1].upper()}{plain(fact.name)[1:]}: {choice} ({when(fact.day)})"
    return f"A talk was held ({when(fact.day)})"


def _questions(seen: Seen) -> list[tuple[str, str, list[str]]]:
    """What to ask before deciding, for the options shown first: key, words, and what nobody has answered."""
    found = []
    most = int(parameter("talk_questions_shown"))
    for option in realistic.options(seen.course, seen.assessment) if seen.assessment else []:
        if option.first and option.key in treatments():
            asked = [entry.question for entry in ask_procedure(seen.course, option.key).questions if _open(entry)]
            found.append((option.key, option.name, asked[:most]))
    return [entry for entry in found if entry[2]]


def _open(entry: Question) -> bool:
    return entry.answer == "not known"
