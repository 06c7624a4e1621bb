"""Pain drawn on the body with a finger, a mouse or the keyboard; without JavaScript the same as a list to tick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from spinecourse.knowledge.tables import load
from spinecourse.pictures import draw_body
from spinecourse.pictures.body_facts import Drawn, drawn_facts
from spinecourse.web.clinic import Clinic, Seen
from spinecourse.web.posting import Fields, posted
from spinecourse.web.rendering import page
from spinecourse.web.worklist import name_of

WHO: Final = "the patient"
WHY: Final = "pain drawn on the body"


@dataclass(frozen=True, slots=True)
class Region:
    """One region to tick: its field, and its words; ``field`` names view, region and side."""

    field: str
    words: str


class DrawingPages:
    """The patient draws where it hurts; the areas become facts."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def routes(self) -> list[Route]:
        """The addresses, which have to stand before the patient's own."""
        return [
            Route("/patient/{id:path}/draw", posted(self.save), methods=["POST"]),
            Route("/patient/{id:path}/draw", self.show),
        ]

    def show(self, request: Request) -> Response:
        """The empty body: what was drawn before stands on the record, and is not taken to hold still."""
        return self._page(self._seen(request), missing=False)

    def save(self, request: Request, fields: Fields) -> Response:
        """Enters what was drawn, signed as the patient's own report; an empty drawing denies nothing."""
        seen = self._seen(request)
        facts = drawn_facts(_drawn(fields), _day(seen, date.today()))
        if not facts:
            return self._page(seen, missing=True, status=422)
        signature = self._clinic.store.append(seen.course.id, facts, by=WHO, why=WHY)
        return RedirectResponse(f"/patient/{quote(seen.course.id, safe='')}?entered={signature}#record", 303)

    def _seen(self, request: Request) -> Seen:
        return self._clinic.patient(request.path_params["id"])

    def _page(self, seen: Seen, *, missing: bool, status: int = 200) -> Response:
        body = draw_body([], title="Where does it hurt?", layer="region", view="both", interactive=True)
        values = {"seen": seen, "name": name_of(seen), "body": body, "regions": regions(), "missing": missing}
        return page("draw.html", values, status)


def regions() -> dict[str, list[Region]]:
    """The regions that become facts, by view; those the vocabulary has no symptom for cannot be ticked."""
    found: dict[str, list[Region]] = {"front": [], "back": []}
    for row in load("pictures/body_regions"):
        if row["symptom"]:
            for side in ("right", "left"):
                field = f"{row['view']}.{row['region']}.{side}"
                found[row["view"]].append(Region(field, f"{row['words']}, {side}"))
    return found


def _drawn(fields: Fields) -> list[Drawn]:
    """What was ticked; a field that is no region is passed over."""
    known = {region.field for of_view in regions().values() for region in of_view}
    parts = [field.split(".") for field in fields if field in known]
    return [(view, region, side) for view, region, side in parts]


def _day(seen: Seen, today: date) -> int:
    """Today counted from presentation; where day 0 has no date, the day of the newest fact."""
    if seen.entry.presented_on is not None:
        return (today - seen.entry.presented_on).days
    return max([0, *(fact.day for fact in seen.course.facts if fact.day is not None)])
